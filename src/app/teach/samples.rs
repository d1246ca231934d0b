//! The drawings of digits as thumbnails, and the actions for one of them.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

use crate::album;
use crate::app::page::Page;
use crate::app::parts::{chosen, taught};
use crate::hand::digit;
use crate::state::{State, TeachEvent};

#[component]
pub fn Samples(page: Page) -> impl IntoView {
    let advice = taught(page, |s| s.teach().advice());
    view! {
        <h2>"Teach it your handwriting"</h2>
        <p class="lede">
            "Inkling learns from your drawings right here in your browser. Nothing is sent anywhere."
        </p>
        <section class="samples" aria-label="Your digits">
            <h3>"Your digits"</h3>
            <p class="lede">{advice}</p>
            <div class="rows" on:click=move |event| open(page, &event)>
                {(0..10).map(|digit: u8| row(page, digit.to_string())).collect_view()}
            </div>
        </section>
    }
}

/// A label and the drawings that have it.
pub fn row(page: Page, label: String) -> AnyView {
    let (name, of_asked) = (label.clone(), label.clone());
    let thumbs = taught(page, move |s| thumbs(s, &label));
    let is_asked = taught(page, move |s| s.teach().label() == of_asked);
    view! {
        <div class="row" class:asked-for=is_asked data-row=name.clone()>
            <b>{name.clone()}</b>
            <span class="thumbs" inner_html=thumbs></span>
        </div>
    }
    .into_any()
}

fn thumbs(state: &State, label: &str) -> String {
    let teach = state.teach();
    let opened = teach.opened().map(|sample| &*sample.id);
    album::row(label, teach.of(label), opened).into_string()
}

/// Opens the clicked drawing, or closes it if it is open.
pub fn open(page: Page, event: &MouseEvent) {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let thumb = target.and_then(|target| target.closest("[data-sample]").ok()?);
    let id = thumb.and_then(|thumb| thumb.get_attribute("data-sample"));
    if id.is_some() {
        let is_open = page.untracked(|s| s.teach().opened().map(|sample| sample.id.clone()) == id);
        page.teach(TeachEvent::Open(id.filter(|_| !is_open)));
    }
}

/// The open drawing, which can be relabelled or deleted.
#[component]
pub fn Opened(page: Page) -> impl IntoView {
    let opened = taught(page, |s| s.teach().opened().cloned());
    let card = move |sample: crate::hand::Drawn| {
        let (of_change, of_delete) = (sample.id.clone(), sample.id.clone());
        let relabel = move |event: web_sys::Event| {
            if let Some(label) = chosen(&event) {
                page.relabel(of_change.clone(), label);
            }
        };
        let digits = (0..10).map(|digit: u8| digit.to_string());
        let labels = digits.chain(page.untracked(|s| s.teach().symbols()));
        let option = |label: String| {
            let is_chosen = label == sample.label;
            view! { <option value=label.clone() selected=is_chosen>{label.clone()}</option> }
        };
        let what = match digit(&sample.label) {
            Some(digit) => format!("This {digit} is really a"),
            None => format!("This {} is really a", sample.label),
        };
        view! {
            <div id="opened" role="group" aria-label="One drawing">
                <span class="large" inner_html=album::thumbnail(&sample.strokes()).into_string()></span>
                <label class="choice">
                    <span>{what}</span>
                    <select id="relabel" on:change=relabel>{labels.map(option).collect_view()}</select>
                </label>
                <button id="delete-sample" class="quiet" on:click=move |_| page.remove_samples(vec![of_delete.clone()])>"Delete it"</button>
                <button class="quiet" on:click=move |_| page.teach(TeachEvent::Open(None))>"Close"</button>
            </div>
        }
    };
    move || opened.get().map(card)
}
