//! How long a network takes for one image, measured in this browser.

use leptos::prelude::*;

use super::page::Page;
use super::parts::{button, text};
use crate::examiner::Event;
use crate::state::{measure_words, time};

/// The median time on the running engine, or the button that measures it.
#[component]
pub fn Latency(page: Page, #[prop(into)] id: String) -> impl IntoView {
    let (name, of_time, of_words) = (id.clone(), id.clone(), id.clone());
    let label = format!("Time of {id} for one image");
    let measure = move || page.examine(Event::Measure(id.clone()));
    view! {
        <span class="measured" role="group" aria-label=label data-latency=name>
            {text(page, move |s| time(s, &of_time))}
            {button("quiet small", text(page, move |s| measure_words(s, &of_words)), measure)}
        </span>
    }
    .into_any()
}
