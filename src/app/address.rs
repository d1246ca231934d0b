//! `?backend=` and `?model=` in the page's address, which keep the wish for an engine and a network over a reload.

use leptos::prelude::window;
use wasm_bindgen::JsValue;
use web_sys::Url;

use crate::manifest::DEFAULT_MODEL;
use crate::protocol::base_model;
use crate::supervisor::Choice;

const BACKEND: &str = "backend";
const MODEL: &str = "model";

/// The choice in the address, and its name where there is no such choice.
pub fn choice() -> (Choice, Option<String>) {
    let Some(name) = get(BACKEND) else {
        return (Choice::Auto, None);
    };
    match Choice::from_name(&name) {
        Some(choice) => (choice, None),
        None => (Choice::Auto, Some(name)),
    }
}

/// Writes the choice into the address without a reload. The automatic one needs no word.
pub fn keep(choice: Choice) {
    set(
        BACKEND,
        Some(choice.name()).filter(|_| choice != Choice::Auto),
    );
}

/// The network in the address, whether there is one of this name or not.
pub fn model() -> Option<String> {
    get(MODEL)
}

/// Does the address ask for a network?
pub fn names_model() -> bool {
    get(MODEL).is_some()
}

/// Writes the network into the address without a reload. The default one needs no word, and a taught one is known on this device alone.
pub fn keep_model(model: &str) {
    let is_of_the_zoo = base_model(model) == model && model != DEFAULT_MODEL;
    set(MODEL, Some(model).filter(|_| is_of_the_zoo));
}

fn get(name: &str) -> Option<String> {
    address()?.search_params().get(name)
}

fn set(name: &str, value: Option<&str>) {
    let Some(url) = address() else { return };
    match value {
        Some(value) => url.search_params().set(name, value),
        None => url.search_params().delete(name),
    }
    if let Ok(history) = window().history() {
        // Refused only where the page has no address of its own; the choice holds until a reload.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&url.href()));
    }
}

fn address() -> Option<Url> {
    Url::new(&window().location().href().ok()?).ok()
}
