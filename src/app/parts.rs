//! Building blocks of the components, each compiled once however often it is used.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;

use super::page::Page;
use crate::state::State;

type Part<T> = Box<dyn Fn(&State) -> T + Send + Sync>;

/// A text that follows the state.
pub fn text(page: Page, part: impl Fn(&State) -> String + Send + Sync + 'static) -> Memo<String> {
    follow(page, Box::new(part))
}

/// A condition that follows the state.
pub fn is(page: Page, part: impl Fn(&State) -> bool + Send + Sync + 'static) -> Memo<bool> {
    follow(page, Box::new(part))
}

fn follow<T: PartialEq + Send + Sync + 'static>(page: Page, part: Part<T>) -> Memo<T> {
    page.memo(part)
}

/// A part of the state that changes only when something about teaching does.
pub fn taught<T: PartialEq + Send + Sync + 'static>(
    page: Page,
    part: impl Fn(&State) -> T + Send + Sync + 'static,
) -> Memo<T> {
    let part: Part<T> = Box::new(part);
    page.memo_taught(part)
}

/// The option chosen in the menu that an event comes from.
pub fn chosen(event: &web_sys::Event) -> Option<String> {
    let menu = event.target()?.dyn_into::<HtmlSelectElement>().ok()?;
    Some(menu.value())
}

/// A button whose label follows the state; hidden if the label is empty.
pub fn button(class: &'static str, words: Memo<String>, act: impl Fn() + 'static) -> AnyView {
    let act: Box<dyn Fn()> = Box::new(act);
    let is_absent = Memo::new(move |_| words.with(String::is_empty));
    view! { <button class=class hidden=is_absent on:click=move |_| act()>{words}</button> }
        .into_any()
}

/// A paragraph whose text follows the state; hidden if the text is empty.
pub fn paragraph(class: &'static str, words: Memo<String>) -> AnyView {
    let is_absent = Memo::new(move |_| words.with(String::is_empty));
    view! { <p class=class hidden=is_absent>{words}</p> }.into_any()
}
