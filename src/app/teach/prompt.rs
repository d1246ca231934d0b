//! What to draw next, above the pad, and what to do with the drawing, below it.

use leptos::prelude::*;

use crate::app::page::Page;
use crate::app::parts::{button, is, taught, text};
use crate::state::{NO_DIGIT, Sheet, State, TeachEvent, Verdict};

#[component]
pub fn Prompt(page: Page) -> impl IntoView {
    let label = taught(page, |s| s.teach().label());
    let verb = taught(page, |s| match s.teach().subject() {
        Some(_) => "Draw ",
        None => "Write a ",
    });
    let n = taught(page, |s| match s.teach().of(&s.teach().label()).count() {
        0 => String::new(),
        1 => "1 so far".into(),
        n => format!("{n} so far"),
    });
    let reads = text(page, reads);
    let is_absent = taught(page, |s| s.sheet() != Sheet::Sample);
    view! {
        <div class="prompt" hidden=is_absent>
            <p id="prompt" data-label=label aria-live="polite">{verb}<b>{label}</b></p>
            <p class="so-far">{n}</p>
            <p class="reads">{reads}</p>
        </div>
    }
}

/// What the network makes of the drawing so far.
fn reads(state: &State) -> String {
    match state.verdict() {
        None => String::new(),
        Some(Verdict::Digit(digit)) => format!("reads as {digit}"),
        Some(_) => format!("reads as {NO_DIGIT}"),
    }
}

#[component]
pub fn Keep(page: Page) -> impl IntoView {
    let is_blank = is(page, |s| s.is_blank());
    let is_absent = taught(page, |s| s.sheet() != Sheet::Sample);
    let skip = taught(page, |s| match s.teach().subject() {
        None => "Skip".to_owned(),
        Some(_) => "Back to digits".to_owned(),
    });
    let skipped = move || {
        page.teach(match page.untracked(|s| s.teach().subject().is_none()) {
            true => TeachEvent::Skip,
            false => TeachEvent::Subject(None),
        });
    };
    view! {
        <div class="keep" hidden=is_absent>
            <button id="keep" class="loud" disabled=is_blank title="Keep the drawing (Enter)" aria-keyshortcuts="Enter"
                on:click=move |_| page.keep_sample()>"Keep it"</button>
            {button("quiet skip", skip, skipped)}
        </div>
    }
}
