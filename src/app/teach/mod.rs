//! The Teach page beside its pad: drawings, lesson, networks, symbols, and what is kept.

mod files;
mod keeping;
mod lesson;
mod networks;
mod prompt;
mod samples;
mod symbols;

use leptos::prelude::*;

pub use lesson::Undo;
pub use prompt::{Keep, Prompt};

use super::page::Page;
use super::parts::taught;
use keeping::Keeping;
use lesson::LessonCard;
use networks::Networks;
use samples::{Opened, Samples};
use symbols::Symbols;

use crate::hand::as_label;
use crate::state::Sheet;

#[component]
pub fn Teaching(page: Page) -> impl IntoView {
    let is_absent = taught(page, |s| s.sheet() != Sheet::Sample);
    view! {
        <section class="teaching" aria-label="What you teach" hidden=is_absent>
            <Samples page />
            <Opened page />
            <LessonCard page />
            <Networks page />
            <Symbols page />
            <Keeping page />
        </section>
    }
}

/// Asks for a name in the browser's own dialogue. For a field on the page, browsers would ask their vendor's servers
/// how to fill it in.
fn ask(what: &str, now: &str) -> Option<String> {
    as_label(&gloo_dialogs::prompt(what, Some(now))?)
}
