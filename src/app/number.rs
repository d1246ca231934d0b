//! The number on the wide pad as text, and the digit whose alternatives are shown.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::page::Page;
use super::parts::{button, is, text};
use crate::state::{Event, Sheet, State};

/// The number in large type, with a button that copies it.
#[component]
pub fn Number(page: Page) -> impl IntoView {
    let figures = page.memo(|s| {
        let figures = s.figures().iter();
        figures
            .map(|figure| (figure.text(), figure.kind()))
            .collect::<Vec<_>>()
    });
    let number = text(page, State::number);
    let is_blank = is(page, |s| s.figures().is_empty());
    let copied = RwSignal::new(false);
    Effect::new(move |_| {
        number.track();
        copied.set(false);
    });
    let copy = move || {
        if let Some(clipboard) = clipboard() {
            // If the browser forbids it, the number can still be selected and copied by hand.
            let _ = clipboard.write_text(&number.get_untracked());
            copied.set(true);
        }
    };
    let copy_words = Memo::new(move |_| match (is_blank.get(), copied.get()) {
        (true, _) => String::new(),
        (_, true) => "Copied".into(),
        (_, false) => "Copy".into(),
    });
    let corrected = text(page, |s| match s.is_corrected() {
        true => "Undo corrections".into(),
        false => String::new(),
    });
    let regroup = move || page.apply(Event::Regroup);
    let digit =
        |(digit, kind): (String, &'static str)| view! { <span data-kind=kind>{digit}</span> };
    view! {
        <div class="whole" hidden=move || page.with(|s| s.sheet() != Sheet::Number)>
            <p id="number" data-number=number style:--n=move || figures.with(Vec::len).max(4).to_string()>
                {move || figures.get().into_iter().map(digit).collect_view()}
                {move || is_blank.get().then(|| view! { <span class="empty">"–"</span> })}
            </p>
            <div class="asked">
                {button("quiet copy", copy_words, copy)}
                {button("quiet regroup", corrected, regroup)}
            </div>
        </div>
    }
}

/// The digit whose alternatives the bars show, and the button that splits it.
#[component]
pub fn LookedAt(page: Page) -> impl IntoView {
    let shown = |s: &State| Some((s.shown_figure()?, s.figures().len()));
    let words = text(page, move |s| match shown(s) {
        Some((index, n)) => format!("Digit {} of {n}", index + 1),
        None => "Alternatives for each digit".into(),
    });
    let parts = text(page, |s| {
        match s
            .shown_figure()
            .map(|index| s.figures()[index].group.n_strokes())
        {
            None | Some(1) => String::new(),
            Some(n) => format!("Split its {n} strokes"),
        }
    });
    let split = move || {
        if let Some(index) = page.untracked(State::shown_figure) {
            page.apply(Event::Split(index));
        }
    };
    view! {
        <div class="asked looked-at" hidden=move || page.with(|s| s.sheet() != Sheet::Number)>
            <p>{words}</p>
            {button("quiet split", parts, split)}
        </div>
    }
}

/// `None` unless the page was loaded over https.
fn clipboard() -> Option<web_sys::Clipboard> {
    let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into()).ok()?;
    clipboard.dyn_into().ok()
}
