//! Observes the size of an element. gloo has nothing for this.

use leptos::prelude::StoredValue;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};

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
        // The component's owner drops it.
        StoredValue::new_local(Resizing {
            observer,
            _seen: seen,
        });
    }
}
