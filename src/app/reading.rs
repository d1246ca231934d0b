//! What the network reads: the winner, ten probabilities, and the same for screen readers.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use super::nav::Nav;
use super::page::Page;
use super::parts::{button, is, paragraph, text};
use crate::digit::N_CLASSES;
use crate::route::Route;
use crate::state::{NO_DIGIT, Prediction, State, Verdict, latency, percent};

/// How long the pen must rest before screen readers announce a reading.
const REST_MS: u32 = 600;

#[component]
pub fn Winner(page: Page) -> impl IntoView {
    let verdict = page.memo(State::verdict);
    let digit = move || verdict.get().and_then(Verdict::digit);
    let symbol = page.memo(|s| {
        let is_it = s.verdict() == Some(Verdict::Symbol);
        s.symbol()
            .filter(|_| is_it)
            .map(|(name, found)| (name.to_owned(), found.confidence))
    });
    let kind = move || match verdict.get() {
        None => "",
        Some(Verdict::Digit(_)) => "digit",
        Some(Verdict::Symbol) => "symbol",
        Some(_) => "none",
    };
    let sign = move || match (verdict.get(), digit(), symbol.get()) {
        (_, _, Some((name, _))) => name,
        (_, Some(digit), _) => digit.to_string(),
        (Some(_), None, _) => NO_DIGIT.into(),
        (None, None, _) => "–".into(),
    };
    let words = move || verdict.get().map_or("", Verdict::words);
    let read = page.memo(|s| s.prediction().map(Prediction::winner));
    let nearest = move || read.get().map(|(digit, _)| digit);
    let confidence = move || {
        let of_symbol = symbol.get().map(|(_, confidence)| confidence);
        let of_digit = read.get().map(|(_, probability)| probability);
        of_symbol.or(of_digit).map(percent)
    };
    let is_long =
        move || symbol.with(|s| s.as_ref().is_some_and(|(name, _)| name.chars().count() > 2));
    let time = page.memo(|s| s.prediction().map(|read| latency(read.latency_ms)));
    let progress = page.memo(|s| s.progress());
    view! {
        <p
            id="winner"
            data-digit=move || digit().map(|digit| digit.to_string()).unwrap_or_default()
            data-verdict=kind
            class:word=is_long
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
            <SymbolBar page />
        </ol>
    }
}

#[component]
fn Bar(page: Page, digit: usize) -> impl IntoView {
    let probability = page.memo(move |s| s.prediction().map(|p| p.probabilities[digit]));
    let leads = page.memo(move |s| s.prediction().is_some_and(|p| p.winner().0 == digit));
    let wins = page.memo(move |s| s.verdict() == Some(Verdict::Digit(digit)));
    let share = move || probability.get().unwrap_or_default();
    let is_fixed = is(page, |s| !s.can_correct());
    view! {
        <li
            class="bar"
            class:leads=move || leads.get()
            class:wins=move || wins.get()
            data-digit=digit.to_string()
            data-probability=move || format!("{:.6}", share())
        >
            <button class="correct" disabled=is_fixed aria-label=format!("It is a {digit}: learn from it")
                on:click=move |_| page.correct(digit.to_string())></button>
            <span class="class">{digit}</span>
            <span class="track">
                <span class="fill" style:width=move || format!("{:.2}%", share() * 100.0)></span>
            </span>
            <span class="share">{move || probability.get().map(percent)}</span>
        </li>
    }
}

/// The nearest symbol, if the person has taught any.
#[component]
fn SymbolBar(page: Page) -> impl IntoView {
    let nearest = page.memo(|s| {
        s.symbol()
            .map(|(name, found)| (name.to_owned(), found.confidence))
    });
    let wins = is(page, |s| s.verdict() == Some(Verdict::Symbol));
    move || {
        let (name, confidence) = nearest.get()?;
        let (of_act, label) = (name.clone(), format!("It is {name}: learn from it"));
        Some(view! {
            <li class="bar nearest" class:leads=wins class:wins=wins data-symbol=name.clone()
                data-probability=format!("{confidence:.6}")>
                <button class="correct" aria-label=label on:click=move |_| page.correct(of_act.clone())></button>
                <span class="class">{name.clone()}</span>
                <span class="track"><span class="fill" style:width=format!("{:.2}%", confidence * 100.0)></span></span>
                <span class="share">{percent(confidence)}</span>
            </li>
        })
    }
}

/// Says how to correct a reading, and what the correction did.
#[component]
pub fn Correction(page: Page, nav: Nav) -> impl IntoView {
    let words = text(page, State::correction);
    let undo = text(page, |s| match s.corrected() {
        Some(_) => "Undo".into(),
        None => String::new(),
    });
    let teach = text(page, |s| match s.corrected() {
        Some(_) => "Teach".into(),
        None => String::new(),
    });
    view! {
        <div class="asked correction" role="status">
            {paragraph("", words)}
            {button("quiet", undo, move || page.uncorrect())}
            {button("quiet", teach, move || nav.go(&Route::Teach))}
        </div>
    }
}

/// Announces the reading to screen readers once the pen rests.
#[component]
pub fn Live(page: Page) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let reading = page.memo(|s| s.announcement());
    Effect::new(move |waiting: Option<Timeout>| {
        let text = reading.get();
        // The pen moved on before this was announced.
        drop(waiting);
        Timeout::new(REST_MS, move || said.set(text))
    });
    view! { <p id="live" class="unseen" role="status" aria-live="polite">{said}</p> }
}
