//! Shows the pages about networks. [`catalogue`](crate::catalogue) writes them in a wasm of its own.

mod load;
mod slots;

use leptos::html::Main;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, MouseEvent};

use super::nav::Nav;
use super::page::Page;
use super::resize::on_resize;
use crate::catalogue::{RETRY, USE, trouble, waiting};
use crate::route::Route;
use load::{Loading, load, load_again};
use slots::Slots;

/// Chart units in one `rem`.
const UNITS_PER_REM: f64 = 16.0;

/// The width that charts are drawn for before the page's width is known.
const LEAST_WIDTH: f64 = 320.0;

/// What the pages depend on.
#[derive(Default)]
struct Shown {
    catalogue: Loading,
    /// The page's width in chart units; 0 before it is known.
    width: f64,
}

#[component]
pub fn Models(page: Page, nav: Nav) -> impl IntoView {
    let main = NodeRef::<Main>::new();
    let shown = RwSignal::new_local(Shown::default());
    main.on_load(move |main| {
        let element = main.clone();
        on_resize(&main, move || {
            let width = f64::from(element.client_width()) / root_font_size() * UNITS_PER_REM;
            // Zero while the page is hidden.
            if width > 0.0 && width != shown.with_untracked(|shown| shown.width) {
                shown.update(|shown| shown.width = width);
            }
        });
    });
    // The components must outlive each run of the effect, which rewrites the page.
    let slots = StoredValue::new_local(Slots::new(Owner::current().unwrap_or_default()));
    let chosen = page.memo(|s| s.model().to_owned());
    Effect::new(move |_| {
        let (Some(main), false) = (main.get(), nav.is_drawing()) else {
            return;
        };
        load(shown);
        let (route, chosen) = (nav.route(), chosen.get());
        let html = shown.with(|Shown { catalogue, width }| match catalogue {
            Loading::Idle | Loading::Waiting => waiting(&route).into_string(),
            Loading::Failed(sentence) => trouble(&route, sentence).into_string(),
            Loading::Ready(catalogue) => {
                let written = catalogue.write(&route.hash(), &chosen, width.max(LEAST_WIDTH));
                written.unwrap_or_else(|error| trouble(&route, &error).into_string())
            }
        });
        show(&main, &html);
        slots.update_value(|slots| slots.fill(page, &main));
    });
    let clicked = move |event: MouseEvent| match button(&event).as_deref() {
        None => {}
        Some(RETRY) => load_again(shown),
        Some(USE) => {
            if let Route::Model(id) = nav.route_untracked() {
                page.use_network(id);
            }
        }
        Some(id) => shown.maybe_update(|shown| match &shown.catalogue {
            Loading::Ready(catalogue) => catalogue.click(id),
            _ => false,
        }),
    };
    view! { <main node_ref=main class="models" hidden=move || nav.is_drawing() on:click=clicked></main> }
}

/// The id of the clicked button, if it was a button.
fn button(event: &MouseEvent) -> Option<String> {
    let target: Element = event.target()?.dyn_into().ok()?;
    Some(target.closest("button[id]").ok()??.id())
}

/// Replaces what the page shows, and restores the focus and the table's horizontal scroll position.
fn show(main: &Element, html: &str) {
    let focused = document().active_element().map(|element| element.id());
    let scrolled = scroller(main).map(|element| element.scroll_left());
    main.set_inner_html(html);
    if let (Some(scroller), Some(left)) = (scroller(main), scrolled) {
        scroller.set_scroll_left(left);
    }
    let focused = focused.filter(|id| !id.is_empty());
    let focused = focused.and_then(|id| main.query_selector(&format!("[id=\"{id}\"]")).ok()?);
    if let Some(element) = focused.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

fn scroller(main: &Element) -> Option<Element> {
    main.query_selector(".scroller").ok()?
}

/// In pixels.
fn root_font_size() -> f64 {
    let root = document().document_element();
    let style = root.and_then(|root| window().get_computed_style(&root).ok()?);
    let size = style.and_then(|style| style.get_property_value("font-size").ok());
    // `parse_float` ignores the unit in `16px`.
    match js_sys::parse_float(&size.unwrap_or_default()) {
        size if size > 0.0 => size,
        _ => UNITS_PER_REM,
    }
}
