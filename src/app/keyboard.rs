//! Keyboard shortcuts, and the list of them.

use leptos::html::Details;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::listener::listen;
use super::nav::Nav;
use super::page::Page;
use crate::route::Route;
use crate::state::{LIST_KEY, SHORTCUTS, Shortcut, shortcut};

/// Elements that use keys for writing or choosing.
const TAKES_KEYS: &str = "input:not([type=file]), select, textarea, [contenteditable]";
/// Elements that already use Enter.
const TAKES_ENTER: &str = "button, a, summary, label";

#[component]
pub fn Keyboard(page: Page, nav: Nav) -> impl IntoView {
    let list = NodeRef::<Details>::new();
    listen("keydown", move |event: &KeyboardEvent| {
        let is_taken = is_within(event, TAKES_KEYS)
            || (event.key() == "Enter" && is_within(event, TAKES_ENTER));
        if event.default_prevented() || event.is_composing() || is_taken {
            return;
        }
        let (command, alt) = (event.ctrl_key() || event.meta_key(), event.alt_key());
        if event.key() == LIST_KEY && !command && !alt {
            if let Some(list) = list.get_untracked() {
                list.set_open(!list.open());
                list.scroll_into_view();
            }
        } else if !nav.is_drawing_untracked() {
            // The pad is hidden.
        } else if event.key() == "Enter" && nav.route_untracked() == Route::Teach {
            page.keep_sample();
        } else if let Some(does) = shortcut(&event.key(), command, event.shift_key(), alt) {
            event.prevent_default();
            match does {
                Shortcut::Undo => page.undo(),
                Shortcut::Redo => page.redo(),
                Shortcut::Clear => page.clear(),
                Shortcut::Event(event) => page.apply(*event),
            }
        }
    });
    let rows = SHORTCUTS.map(|(keys, what)| view! { <dt>{keys}</dt><dd>{what}</dd> });
    view! {
        <details id="keyboard" node_ref=list>
            <summary title="Keyboard shortcuts (?)">"Keyboard"</summary>
            <dl>{rows.into_iter().collect_view()}</dl>
        </details>
    }
}

fn is_within(event: &KeyboardEvent, selector: &str) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| element.closest(selector).is_ok_and(|found| found.is_some()))
}
