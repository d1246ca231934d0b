//! The pages about networks, as markup: all of them side by side, and each in depth.
//!
//! A page is a function of the data and of how the person views it. Nothing here touches the DOM, so all of it is
//! tested natively. `app/models` shows the pages, passes clicks on, and fills the slots with live components. The app
//! itself contains only [`waiting`] and [`trouble`]. The rest is in a wasm of its own, wrapped by `keeper`.

mod comparison;
mod confusion;
mod learning;
mod look;
mod mistakes;
mod model;
mod overview;

use crate::html::{Html, element, escaped, text};
use crate::manifest::{Entry, Manifest};
use crate::report::Report;
use crate::route::Route;

pub use look::{Click, Look, RETRY, USE};

/// The id of the heading, which gets the focus when a page opens.
pub const HEADING: &str = "models-heading";

/// What is known about all networks, and which weights can be fetched.
#[derive(Clone, Debug, PartialEq)]
pub struct Zoo {
    pub report: Report,
    pub manifest: Manifest,
}

impl Zoo {
    fn entry(&self, id: &str) -> Option<&Entry> {
        self.manifest.models.iter().find(|entry| entry.id == id)
    }
}

/// How much is known so far.
#[derive(Clone, Copy, Debug)]
pub enum Known<'a> {
    Nothing,
    /// The error, as a sentence without its full stop.
    Failed(&'a str),
    All(&'a Zoo),
}

/// What a page depends on besides the data.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    pub look: Look,
    /// The network in use.
    pub chosen: &'a str,
    /// The page's width, in chart units.
    pub width: f64,
}

/// Writes the page that the route asks for.
pub fn page(route: &Route, known: Known, frame: Frame) -> Html {
    match (known, route) {
        (Known::Nothing, _) => waiting(route),
        (Known::Failed(sentence), _) => trouble(route, sentence),
        (Known::All(zoo), Route::Model(id)) => below_heading(route, model::model(zoo, id, frame)),
        (Known::All(zoo), _) => below_heading(route, overview::overview(zoo, frame)),
    }
}

fn below_heading(route: &Route, body: Html) -> Html {
    let (back, title) = match route {
        Route::Model(id) => (back(), id.as_str()),
        _ => (Html::default(), "Networks"),
    };
    let heading = element(&format!("h2 id={HEADING} tabindex=-1"), &[text(title)]);
    [back, heading, body].into_iter().collect()
}

fn back() -> Html {
    let href = Route::Models.hash();
    element(
        &format!("a class=back href={href}"),
        &[text("All networks")],
    )
}

/// The page while the data are loading.
pub fn waiting(route: &Route) -> Html {
    let says = element(
        "span id=models-waiting",
        &[text("Loading data about the networks…")],
    );
    let progress = element("progress aria-labelledby=models-waiting", &[]);
    let body = element("div class=waiting role=status", &[says, progress]);
    below_heading(route, body)
}

/// The page if the data can't be shown; `sentence` has no full stop.
pub fn trouble(route: &Route, sentence: &str) -> Html {
    let says = format!("The data about the networks can’t be shown: {sentence}.");
    let again = element(
        &format!("button id={RETRY} class=loud"),
        &[text("Try again")],
    );
    let body = element(
        "div id=models-trouble role=alert",
        &[element("p", &[text(says)]), again],
    );
    below_heading(route, body)
}

/// Two buttons, one of them pressed.
fn choice(label: &str, buttons: [(&str, Click); 2], is_second: bool) -> Html {
    let button = |((name, click), is_pressed): ((&str, Click), bool)| {
        element(
            &format!("button id={} aria-pressed={is_pressed}", click.id()),
            &[text(name)],
        )
    };
    let buttons = buttons
        .into_iter()
        .zip([!is_second, is_second])
        .map(button)
        .collect();
    element(
        &format!("div class=choice-of-two role=group aria-label={label}"),
        &[buttons],
    )
}

/// A place that the app fills with a live component: its name, and the network it is for.
fn slot(name: &str, id: &str) -> Html {
    let id = escaped(id);
    element(
        &format!("div class=slot data-slot={name} data-id=\"{id}\""),
        &[],
    )
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub fn zoo() -> Zoo {
        let report = include_str!("../../tests/browser/fixtures/report.json");
        let manifest = include_str!("../../public/weights/manifest.json");
        Zoo {
            report: Report::parse(report).unwrap(),
            manifest: Manifest::parse(manifest).unwrap(),
        }
    }

    pub fn frame() -> Frame<'static> {
        Frame {
            look: Look::default(),
            chosen: "tiny-bn",
            width: 1000.0,
        }
    }

    fn shown(route: Route, known: Known) -> String {
        page(&route, known, frame()).into_string()
    }

    #[test]
    fn every_page_has_its_heading_whatever_is_known() {
        let zoo = zoo();
        for known in [Known::Nothing, Known::Failed("no"), Known::All(&zoo)] {
            assert!(shown(Route::Models, known).contains(">Networks</h2>"));
            assert!(shown(Route::Model("softmax".into()), known).contains(">softmax</h2>"));
        }
    }

    #[test]
    fn trouble_says_what_is_wrong_and_offers_the_way_out() {
        let page = shown(Route::Models, Known::Failed("the server answered <404>"));
        assert!(page.contains("the server answered &lt;404>."));
        assert!(page.contains("<button id=retry-models class=loud>Try again</button>"));
    }

    #[test]
    fn a_network_that_does_not_exist_is_named_and_leads_to_all() {
        let zoo = zoo();
        let page = shown(Route::Model("<lenet>".into()), Known::All(&zoo));
        assert!(
            page.contains("no network called “&lt;lenet>”") && page.contains("href=\"#models\"")
        );
        assert!(!page.contains("<lenet>"));
    }

    #[test]
    fn all_networks_are_side_by_side() {
        let zoo = zoo();
        let page = shown(Route::Models, Known::All(&zoo));
        for id in ["softmax", "siamese", "tiny-bn"] {
            assert!(page.contains(&format!("<a id=\"to-{id}\" href=\"#models/{id}\">{id}</a>")));
            assert!(page.contains(&format!("data-slot=latency data-id=\"{id}\"")));
        }
        assert_eq!(page.matches("<tr class=\"chosen\"").count(), 1);
    }

    #[test]
    fn a_network_is_shown_in_depth() {
        let zoo = zoo();
        let page = shown(Route::Model("tiny-bn".into()), Known::All(&zoo));
        for part in [
            "Its source",
            "Learning",
            "Confusion",
            "Mistakes",
            "Calibration",
            "Layers",
        ] {
            assert!(page.contains(&format!("<h3>{part}</h3>")), "{part}");
        }
        assert!(page.contains(".safetensors\" download"));
        assert!(!page.contains("A few examples"));
        let siamese = shown(Route::Model("siamese".into()), Known::All(&zoo));
        assert!(siamese.contains("A few examples"));
        // The page's Content-Security-Policy would refuse them.
        assert!(!page.contains("style="));
    }
}
