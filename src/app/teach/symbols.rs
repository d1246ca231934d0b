//! The person's own symbols: their names, their examples, and the map of them.

use leptos::prelude::*;

use super::ask;
use super::samples::{open, row};
use crate::album;
use crate::app::page::Page;
use crate::app::parts::{button, chosen, paragraph, taught};
use crate::hand::digit;
use crate::state::{Sheet, State, TeachEvent};
use crate::symbols::Space;

/// Width and height of the map, in chart units.
const MAP: [f64; 2] = [460.0, 240.0];

#[component]
pub fn Symbols(page: Page) -> impl IntoView {
    let symbols = taught(page, |s| s.teach().symbols());
    let add = move |_| {
        let named = ask("Name of the symbol: a letter, ★, anything", "");
        if let Some(label) = named.filter(|label| digit(label).is_none()) {
            page.teach(TeachEvent::Subject(Some(label)));
        }
    };
    let trouble = taught(page, |s| s.trouble_of_symbols().to_owned());
    let retry = taught(page, |s| match s.trouble_of_symbols() {
        "" => String::new(),
        _ => "Try again".into(),
    });
    let again = move || page.choose_space(page.untracked(State::space));
    let map = taught(page, map);
    let is_absent = Memo::new(move |_| map.with(String::is_empty));
    let chosen_space = taught(page, State::space);
    let choose_space = move |event: web_sys::Event| {
        if let Some(space) = chosen(&event).and_then(|model| Space::of(&model)) {
            page.choose_space(space);
        }
    };
    let line = move |label: String| {
        let subject = label.clone();
        let draw = move |_| page.teach(TeachEvent::Subject(Some(subject.clone())));
        let forgotten = label.clone();
        let forget = move |_| page.forget_symbol(&forgotten);
        view! {
            <div class="symbol">
                {row(page, label.clone())}
                <button class="quiet small" on:click=draw>"Draw"</button>
                <button class="quiet small" aria-label=format!("Delete {label}") on:click=forget>"Delete"</button>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="symbols" aria-label="Your symbols">
            <h3>"Your symbols"</h3>
            <p class="lede">"Name a letter, a star or your signature, and draw it once or a few times. \
             Inkling then recognises it alongside the digits."</p>
            <div class="ways">
                <button id="add-symbol" class="quiet" on:click=add>"New symbol"</button>
            </div>
            <div class="asked">{paragraph("trouble", trouble)} {button("quiet", retry, again)}</div>
            <div class="rows" on:click=move |event| open(page, &event)>
                {move || symbols.get().into_iter().map(line).collect_view()}
            </div>
            <div hidden=is_absent>
                <figure class="map" inner_html=map></figure>
                <p class="lede">
                    "Symbols that are close together look alike to the network. ◎ is the drawing on the pad."
                </p>
                <label class="choice">
                    <span>"Seen by"</span>
                    <select id="space" on:change=choose_space>
                        {Space::ALL.map(|space| view! {
                            <option value=space.model() selected=move || chosen_space.get() == space>{space.model()}</option>
                        }).into_iter().collect_view()}
                    </select>
                </label>
            </div>
        </section>
    }
}

/// The map of the symbols and the drawing; empty if there is nothing to show.
fn map(state: &State) -> String {
    if state.sheet() != Sheet::Sample || !state.has_symbols() {
        return String::new();
    }
    match &*state.spots() {
        [] => String::new(),
        spots => album::map(spots, MAP[0], MAP[1]).into_string(),
    }
}
