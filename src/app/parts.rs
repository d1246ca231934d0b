//! What the components of the zoo are made of, each compiled once however often it is used.

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

/// A part of the state that changes only with what is taught.
pub fn taught<T: PartialEq + Send + Sync + 'static>(
    page: Page,
    part: impl Fn(&State) -> T + Send + Sync + 'static,
) -> Memo<T> {
    let part: Part<T> = Box::new(part);
    page.memo_taught(part)
}

/// What was chosen in the menu that an event comes from.
pub fn chosen(event: &web_sys::Event) -> Option<String> {
    let menu = event.target()?.dyn_into::<HtmlSelectElement>().ok()?;
    Some(menu.value())
}

/// A button with words that change, for an action that depends on the state; without words it is not there.
pub fn button(class: &'static str, words: Memo<String>, act: impl Fn() + 'static) -> AnyView {
    let act: Box<dyn Fn()> = Box::new(act);
    let is_absent = Memo::new(move |_| words.with(String::is_empty));
    view! { <button class=class hidden=is_absent on:click=move |_| act()>{words}</button> }
        .into_any()
}

/// A paragraph; without words it is not there.
pub fn paragraph(class: &'static str, words: Memo<String>) -> AnyView {
    let is_absent = Memo::new(move |_| words.with(String::is_empty));
    view! { <p class=class hidden=is_absent>{words}</p> }.into_any()
}
