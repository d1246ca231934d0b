//! `?backend=` and `?model=` in the page's address, which keep the chosen engine and network across reloads.

use leptos::prelude::window;
use wasm_bindgen::JsValue;
use web_sys::Url;

use crate::manifest::DEFAULT_MODEL;
use crate::protocol::base_model;
use crate::supervisor::Choice;

const BACKEND: &str = "backend";
const MODEL: &str = "model";

/// The choice in the address, and the name in the address if it is unknown.
pub fn choice() -> (Choice, Option<String>) {
    let Some(name) = get(BACKEND) else {
        return (Choice::Auto, None);
    };
    match Choice::from_name(&name) {
        Some(choice) => (choice, None),
        None => (Choice::Auto, Some(name)),
    }
}

/// Writes the choice into the address without a reload. The automatic choice is left out.
pub fn keep(choice: Choice) {
    set(
        BACKEND,
        Some(choice.name()).filter(|_| choice != Choice::Auto),
    );
}

/// The network in the address, whether or not it exists.
pub fn model() -> Option<String> {
    get(MODEL)
}

/// Whether the address asks for a network.
pub fn names_model() -> bool {
    get(MODEL).is_some()
}

/// Writes the network into the address without a reload. The default network is left out, and so is a taught one,
/// which exists only on this device.
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
        // Fails only if the page has no address of its own. The choice then lasts until a reload.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&url.href()));
    }
}

fn address() -> Option<Url> {
    Url::new(&window().location().href().ok()?).ok()
}
