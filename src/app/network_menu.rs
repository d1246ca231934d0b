//! The menu that chooses the network.

use leptos::prelude::*;

use super::page::Page;
use super::parts::{self, text};
use crate::state::State;

#[component]
pub fn NetworkMenu(page: Page) -> impl IntoView {
    let chosen = text(page, |s| s.model().into());
    let reads = text(page, State::reads);
    let names = page.memo(State::choices);
    let changed = move |event: web_sys::Event| {
        if let Some(id) = parts::chosen(&event) {
            page.use_network(id);
        }
    };
    let options = move || {
        let option = |(id, name): (String, String)| {
            let is_chosen = id == chosen.get_untracked();
            view! { <option value=id selected=is_chosen>{name}</option> }
        };
        // Until the manifest has loaded, list at least the requested network.
        let names = match names.get() {
            names if names.is_empty() => vec![(chosen.get(), chosen.get())],
            names => names,
        };
        names.into_iter().map(option).collect_view()
    };
    view! {
        <label class="choice">
            <span>"Network"</span>
            <select id="network-menu" data-reads=reads prop:value=chosen on:change=changed>
                {options}
            </select>
        </label>
    }
}
