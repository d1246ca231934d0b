//! Listeners that live as long as the component that made them.

use gloo_events::{EventListener, EventListenerOptions};
use leptos::prelude::{StoredValue, window};
use wasm_bindgen::JsCast;

/// Calls `heard` for each event of this name that reaches the window. The event must be of the type `E`.
pub fn listen<E: JsCast>(name: &'static str, mut heard: impl FnMut(&E) + 'static) {
    // gloo's listeners are passive by default, and a passive one cannot prevent what the browser does by itself.
    let options = EventListenerOptions::enable_prevent_default();
    let heard = move |event: &web_sys::Event| heard(event.unchecked_ref());
    let listener = EventListener::new_with_options(&window(), name, options, heard);
    // The component's owner drops it.
    StoredValue::new_local(listener);
}
