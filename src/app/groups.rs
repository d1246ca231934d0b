//! Shows which strokes make up which digit of a number: bands on the pad, and below it the digits with buttons that
//! join them.

use leptos::prelude::*;

use super::icons;
use super::page::Page;
use crate::state::{Event, Figure, Sheet, State};

/// A digit's part of the pad, as shown in the strip below it.
#[derive(Clone, PartialEq)]
struct Cell {
    /// Its left and right edges, as fractions of the pad's width.
    place: (f32, f32),
    text: String,
    /// The confidence; empty if it isn't a digit.
    share: String,
    kind: &'static str,
    is_shown: bool,
}

impl Cell {
    fn of(figure: &Figure, is_shown: bool) -> Self {
        let kind = figure.kind();
        let share = match kind {
            "none" => String::new(),
            _ => format!("{:.0}%", figure.confidence * 100.0),
        };
        Self {
            place: figure.cell,
            text: figure.text(),
            share,
            kind,
            is_shown,
        }
    }
}

fn cells(state: &State) -> Vec<Cell> {
    let shown = state.shown_figure();
    let figures = state.figures().iter().enumerate();
    figures
        .map(|(i, figure)| Cell::of(figure, shown == Some(i)))
        .collect()
}

fn percent(share: f32) -> String {
    format!("{:.2}%", share * 100.0)
}

/// A tint behind the ink of each digit, drawn on the pad.
#[component]
pub fn Bands(page: Page) -> impl IntoView {
    let places = page.memo(|s| match s.sheet() {
        Sheet::Digit | Sheet::Sample => Vec::new(),
        Sheet::Number => s.figures().iter().map(|figure| figure.cell).collect(),
    });
    let band = |(left, right): (f32, f32)| {
        view! { <i class="band" style:left=percent(left) style:width=percent(right - left)></i> }
    };
    view! {
        <div class="bands" aria-hidden="true">
            {move || places.get().into_iter().map(band).collect_view()}
        </div>
    }
}

/// The digits, each below its ink, and between two of them the button that joins them.
#[component]
pub fn Groups(page: Page) -> impl IntoView {
    let cells = page.memo(cells);
    let is_absent = page.memo(|s| s.sheet() != Sheet::Number);
    let digit = move |(index, cell): (usize, Cell)| {
        let look = move || page.apply(Event::LookAt(index));
        let (left, right) = cell.place;
        let text = cell.text.clone();
        let name = format!("Digit {}: {} {}", index + 1, cell.text, cell.share);
        view! {
            <button
                class="figure"
                data-digit=cell.text.clone()
                data-kind=cell.kind
                aria-pressed=cell.is_shown.to_string()
                aria-label=name
                style:left=percent(left)
                style:width=percent(right - left)
                on:click=move |_| look()
                on:focus=move |_| look()
                on:pointerenter=move |_| look()
            >
                <b>{text}</b>
                <span>{cell.share}</span>
            </button>
        }
    };
    let joint = move |(index, pair): (usize, [Cell; 2])| {
        let [a, b] = pair;
        let name = format!("Join {} and {}", a.text, b.text);
        view! {
            <button
                class="joint"
                title=name.clone()
                aria-label=name
                style:left=percent((a.place.1 + b.place.0) / 2.0)
                on:click=move |_| page.apply(Event::Join(index))
            >
                {icons::join()}
            </button>
        }
    };
    let pairs = move || {
        let cells = cells.get();
        let pairs = cells
            .windows(2)
            .map(|pair| [pair[0].clone(), pair[1].clone()]);
        pairs.enumerate().map(joint).collect_view()
    };
    view! {
        <div class="groups" role="group" aria-label="Digits of the number" hidden=is_absent>
            {move || cells.get().into_iter().enumerate().map(digit).collect_view()}
            {pairs}
        </div>
    }
}
