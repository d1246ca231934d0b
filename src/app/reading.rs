//! What the network reads: the winner, ten probabilities, and the same said aloud.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use super::page::Page;
use crate::digit::N_CLASSES;
use crate::state::{NO_DIGIT, Prediction, State, Verdict, latency, percent};

/// How long the pen rests before a reading is said aloud.
const REST: Duration = Duration::from_millis(600);

#[component]
pub fn Winner(page: Page) -> impl IntoView {
    let verdict = page.memo(State::verdict);
    let digit = move || verdict.get().and_then(Verdict::digit);
    let kind = move || match verdict.get() {
        None => "",
        Some(Verdict::Digit(_)) => "digit",
        Some(_) => "none",
    };
    let sign = move || match (verdict.get(), digit()) {
        (_, Some(digit)) => digit.to_string(),
        (Some(_), None) => NO_DIGIT.into(),
        (None, None) => "–".into(),
    };
    let words = move || verdict.get().map_or("", Verdict::words);
    let read = page.memo(|s| s.prediction().map(Prediction::winner));
    let nearest = move || read.get().map(|(digit, _)| digit);
    let confidence = move || read.get().map(|(_, probability)| percent(probability));
    let time = page.memo(|s| s.prediction().map(|read| latency(read.latency_ms)));
    let progress = page.memo(|s| s.progress());
    view! {
        <p
            id="winner"
            data-digit=move || digit().map(|digit| digit.to_string()).unwrap_or_default()
            data-verdict=kind
        >
            {sign}
        </p>
        <div class="certainty">
            <p id="no-digit" hidden=move || words().is_empty()>{words}</p>
            <p class="sure" class:gone=move || verdict.get().is_none()>
                <span hidden=move || words().is_empty()>"closest: " <b id="closest">{nearest}</b></span>
                <span hidden=move || !words().is_empty()><span id="confidence">{confidence}</span> " sure"</span>
            </p>
            <p class="took" class:gone=move || verdict.get().is_none()>
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
    let leads = page.memo(move |s| s.prediction().is_some_and(|p| p.winner().0 == digit));
    let wins = page.memo(move |s| s.verdict() == Some(Verdict::Digit(digit)));
    let share = move || probability.get().unwrap_or_default();
    view! {
        <li
            class="bar"
            class:leads=move || leads.get()
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
    let reading = page.memo(|s| s.announcement());
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
