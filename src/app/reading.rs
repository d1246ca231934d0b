//! What the network reads: the winner, ten probabilities, and the same said aloud.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use super::page::Page;
use crate::digit::N_CLASSES;
use crate::state::{announcement, latency, percent};
use crate::supervisor::Prediction;

/// How long the pen rests before a reading is said aloud.
const REST: Duration = Duration::from_millis(600);

#[component]
pub fn Winner(page: Page) -> impl IntoView {
    let winner = page.memo(|s| s.prediction().map(Prediction::winner));
    let digit = move || winner.get().map(|(digit, _)| digit.to_string());
    let confidence = move || winner.get().map(|(_, probability)| percent(probability));
    let time = page.memo(|s| {
        s.prediction()
            .map(|prediction| latency(prediction.latency_ms))
    });
    let progress = page.memo(|s| s.progress());
    view! {
        <p id="winner" data-digit=move || digit().unwrap_or_default()>
            {move || digit().unwrap_or_else(|| "–".into())}
        </p>
        <div class="certainty">
            <p class="sure" class:gone=move || winner.get().is_none()>
                <span id="confidence">{move || confidence().unwrap_or_default()}</span>
                " sure"
            </p>
            <p class="took" class:gone=move || winner.get().is_none()>
                "in "<span id="latency">{move || time.get().unwrap_or_default()}</span>
            </p>
            {move || {
                progress.get().map(|progress| view! {
                    <div id="progress">
                        <span id="progress-text">{progress.text}</span>
                        <progress aria-labelledby="progress-text" max="1" value=progress.fraction></progress>
                    </div>
                })
            }}
        </div>
    }
}

#[component]
pub fn Bars(page: Page) -> impl IntoView {
    view! {
        <ol class="bars" aria-label="Probability of each digit">
            {(0..N_CLASSES).map(|digit| view! { <Bar page digit /> }).collect_view()}
        </ol>
    }
}

#[component]
fn Bar(page: Page, digit: usize) -> impl IntoView {
    let probability = page.memo(move |s| s.prediction().map(|p| p.probabilities[digit]));
    let wins = page.memo(move |s| s.prediction().is_some_and(|p| p.winner().0 == digit));
    let share = move || probability.get().unwrap_or_default();
    view! {
        <li
            class="bar"
            class:wins=move || wins.get()
            data-digit=digit.to_string()
            data-probability=move || format!("{:.6}", share())
        >
            <span class="class">{digit}</span>
            <span class="track">
                <span class="fill" style:width=move || format!("{:.2}%", share() * 100.0)></span>
            </span>
            <span class="share">{move || probability.get().map(percent)}</span>
        </li>
    }
}

/// Tells screen readers the reading once the pen rests.
#[component]
pub fn Live(page: Page) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let reading = page.memo(|s| s.prediction().map(announcement).unwrap_or_default());
    Effect::new(move |waiting: Option<Option<TimeoutHandle>>| {
        let text = reading.get();
        // The pen moved on before this was said.
        if let Some(handle) = waiting.flatten() {
            handle.clear();
        }
        set_timeout_with_handle(move || said.set(text), REST).ok()
    });
    view! { <p id="live" class="unseen" role="status" aria-live="polite">{said}</p> }
}
