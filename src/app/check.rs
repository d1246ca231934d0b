//! Checks a network on the test digits in this browser, and compares the score with the manifest.

use leptos::prelude::*;

use super::page::Page;
use super::parts::{button, paragraph, text};
use crate::examiner::{Check as Stage, Event};
use crate::state::{State, check_text, check_words};

/// A button that makes a network read the 10,000 test digits, its progress, and the score.
#[component]
pub fn Check(page: Page, #[prop(into)] id: String) -> impl IntoView {
    let name = id.clone();
    let with = move |s: &State, part: &dyn Fn(&Stage) -> String| {
        let network = s.exam().network(&id);
        part(network.map_or(&Stage::None, |network| &network.check))
    };
    let told = |part: fn(&Stage) -> String| {
        let with = with.clone();
        text(page, move |s| with(s, &part))
    };
    let stage = told(|check| check.stage().into());
    let fraction = told(|check| format!("{:.3}", check.fraction()));
    let (words, progress) = (told(|check| check_words(check).into()), told(check_text));
    let is_still = Memo::new(move |_| stage.get() != "under-way");
    let of_act = name.clone();
    let act = move || {
        let id = of_act.clone();
        page.examine(match is_still.get_untracked() {
            true => Event::Check(id),
            false => Event::Cancel(id),
        });
    };
    view! {
        <div class="check" data-check=name data-stage=stage>
            <progress aria-label="Test digits read" max="1" hidden=is_still value=fraction></progress>
            {paragraph("check-text", progress)}
            {button("quiet", words, act)}
        </div>
    }
    .into_any()
}
