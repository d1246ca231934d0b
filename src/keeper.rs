//! The wasm of the pages about networks: keeps the data about the networks and the view settings, and has
//! [`catalogue`](crate::catalogue) write the markup.
//!
//! `app/models` fetches it when such a page is first opened, and calls its exports. Nothing here uses Leptos or the
//! DOM.

use wasm_bindgen::prelude::*;
use web_sys::RequestCache;

use crate::catalogue::{Click, Frame, Known, Look, Zoo, page};
use crate::fetch::{FOLDER, fetch_json};
use crate::manifest::Manifest;
use crate::report::Report;
use crate::route::Route;

/// Makes panics readable in the console.
pub fn start() {
    console_error_panic_hook::set_once();
}

#[wasm_bindgen]
pub struct Catalogue {
    zoo: Zoo,
    look: Look,
}

/// Fetches the report and the manifest. The error's message is a sentence without its full stop.
#[wasm_bindgen(js_name = openCatalogue)]
pub async fn open(cache: RequestCache) -> Result<Catalogue, js_sys::Error> {
    let zoo = zoo(cache).await;
    let zoo = zoo.map_err(|sentence| js_sys::Error::new(&sentence))?;
    let look = Look::default();
    Ok(Catalogue { zoo, look })
}

async fn zoo(cache: RequestCache) -> Result<Zoo, String> {
    let report = fetch_json(FOLDER, "report.json", cache).await?;
    let report = Report::parse(&report).map_err(|error| error.to_string())?;
    let manifest = fetch_json(FOLDER, "manifest.json", cache).await?;
    let manifest = Manifest::parse(&manifest).map_err(|error| error.to_string())?;
    Ok(Zoo { report, manifest })
}

#[wasm_bindgen]
impl Catalogue {
    /// The markup of an address's page, such as `#models/tiny-bn`. `chosen` is the network in use; the width is in
    /// chart units.
    pub fn page(&self, hash: &str, chosen: &str, width: f64) -> String {
        let known = Known::All(&self.zoo);
        let look = self.look;
        let frame = Frame {
            look,
            chosen,
            width,
        };
        page(&Route::from_hash(hash), known, frame).into_string()
    }

    /// Handles a click on the button with this id; returns whether the page must be rewritten.
    pub fn click(&mut self, id: &str) -> bool {
        let click = Click::from_id(id);
        if let Some(click) = click {
            self.look.apply(click);
        }
        click.is_some()
    }
}
