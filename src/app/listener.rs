//! Listeners that live as long as the component that made them.

use leptos::prelude::StoredValue;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, EventTarget, ResizeObserver};

struct Listener {
    target: EventTarget,
    name: &'static str,
    heard: Closure<dyn FnMut(web_sys::Event)>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let heard = self.heard.as_ref().unchecked_ref();
        let _ = self
            .target
            .remove_event_listener_with_callback(self.name, heard);
    }
}

/// Calls `heard` for each event of this name, which must be of the type `E`.
pub fn listen<E: JsCast>(
    target: impl Into<EventTarget>,
    name: &'static str,
    mut heard: impl FnMut(E) + 'static,
) {
    let target = target.into();
    let heard =
        Closure::<dyn FnMut(_)>::new(move |event: web_sys::Event| heard(event.unchecked_into()));
    let _ = target.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
    // The component's owner drops it.
    StoredValue::new_local(Listener {
        target,
        name,
        heard,
    });
}

struct Resizing {
    observer: ResizeObserver,
    _seen: Closure<dyn FnMut()>,
}

impl Drop for Resizing {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Calls `seen` whenever the element changes its size, and once at the start.
pub fn on_resize(element: &Element, seen: impl FnMut() + 'static) {
    let seen = Closure::<dyn FnMut()>::new(seen);
    if let Ok(observer) = ResizeObserver::new(seen.as_ref().unchecked_ref()) {
        observer.observe(element);
        StoredValue::new_local(Resizing {
            observer,
            _seen: seen,
        });
    }
}
