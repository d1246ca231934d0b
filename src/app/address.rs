//! `?backend=` in the page's address, which keeps the wish for an engine over a reload.

use leptos::prelude::window;
use wasm_bindgen::JsValue;
use web_sys::Url;

use crate::supervisor::Choice;

const BACKEND: &str = "backend";

/// The choice in the address, and its name where there is no such choice.
pub fn choice() -> (Choice, Option<String>) {
    let Some(name) = address().and_then(|url| url.search_params().get(BACKEND)) else {
        return (Choice::Auto, None);
    };
    match Choice::from_name(&name) {
        Some(choice) => (choice, None),
        None => (Choice::Auto, Some(name)),
    }
}

/// Writes the choice into the address without a reload. The automatic one needs no word.
pub fn keep(choice: Choice) {
    let Some(url) = address() else { return };
    match choice {
        Choice::Auto => url.search_params().delete(BACKEND),
        Choice::Forced(_) => url.search_params().set(BACKEND, choice.name()),
    }
    if let Ok(history) = window().history() {
        // Refused only where the page has no address of its own; the choice holds until a reload.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&url.href()));
    }
}

fn address() -> Option<Url> {
    Url::new(&window().location().href().ok()?).ok()
}
