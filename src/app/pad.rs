//! The sheet of paper: mouse, finger and pen become strokes.

use leptos::html::Canvas;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlCanvasElement, HtmlElement, PointerEvent};

use super::frame::once_a_frame;
use super::groups::Bands;
use super::ink;
use super::listener::{listen, on_resize};
use super::page::Page;
use super::picture_source::PictureOnPad;
use crate::state::{Event, PAD_SIDE, Sample, Sheet, State, Tool};

/// `PointerEvent.button` of the eraser's end of a pen.
const ERASER_BUTTON: i16 = 5;

#[wasm_bindgen]
extern "C" {
    /// A pointer's place with its fractions of a pixel, which web-sys cuts off.
    type Place;
    #[wasm_bindgen(method, getter, js_name = clientX)]
    fn client_x(this: &Place) -> f64;
    #[wasm_bindgen(method, getter, js_name = clientY)]
    fn client_y(this: &Place) -> f64;
}

#[component]
pub fn Pad(page: Page) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    redraw_when_needed(page, canvas);

    let pen_down = move |event: PointerEvent| {
        let Some(canvas) = canvas.get_untracked() else {
            return;
        };
        let eraser = event.button() == ERASER_BUTTON;
        if event.button() != 0 && !eraser {
            return;
        }
        event.prevent_default();
        // Whoever draws is done with the menu, which would keep the shortcuts to itself.
        let focused = document().active_element();
        if let Some(focused) = focused.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = focused.blur();
        }
        let pointer = event.pointer_id();
        // Without capture, as for a pointer that is gone already, the pen ends at the pad's edge.
        let _ = canvas.set_pointer_capture(pointer);
        page.apply(Event::PenDown {
            pointer,
            eraser,
            sample: sample(&canvas, &event),
        });
    };
    let pen_moved = move |event: PointerEvent| {
        let pointer = event.pointer_id();
        if let (Some(canvas), true) = (
            canvas.get_untracked(),
            page.untracked(|s| s.pen_is(pointer)),
        ) {
            let samples = coalesced(&event)
                .iter()
                .map(|event| sample(&canvas, event))
                .collect();
            page.apply(Event::PenMoved { pointer, samples });
        }
    };
    let pen_up = move |event: PointerEvent| {
        page.apply(Event::PenUp {
            pointer: event.pointer_id(),
        })
    };

    view! {
        <div class="pad">
            <Bands page />
            <canvas
                id="pad"
                node_ref=canvas
                role="img"
                aria-label=move || page.with(State::description)
                data-strokes=move || page.with(|s| s.strokes().len().to_string())
                class:erasing=move || page.with(|s| s.tool() == Tool::Eraser)
                on:pointerdown=pen_down
                on:pointermove=pen_moved
                on:pointerup=pen_up
                on:pointercancel=pen_up
                on:lostpointercapture=pen_up
                on:contextmenu=|event| event.prevent_default()
                // Otherwise a quick stroke is a fling to the browser, which swallows the next tap.
                on:touchstart=|event| event.prevent_default()
            ></canvas>
            <p class="hint" aria-hidden="true" class:gone=move || page.with(|s| !s.is_blank())>
                {move || page.with(|s| match s.sheet() {
                    Sheet::Digit => "Draw a digit",
                    Sheet::Number => "Write a number",
                    Sheet::Sample => "",
                })}
            </p>
            <PictureOnPad page />
        </div>
    }
}

/// Draws at the next frame after new ink, another size, another screen or another colour scheme.
fn redraw_when_needed(page: Page, canvas: NodeRef<Canvas>) {
    let redraw = once_a_frame(move || {
        if let Some(canvas) = canvas.get_untracked() {
            page.untracked(|state| ink::draw(&canvas, state.strokes()));
        }
    });
    let revision = page.memo(State::revision);
    let after_ink = redraw.clone();
    Effect::new(move |_| {
        revision.get();
        after_ink();
    });
    let after_resize = redraw.clone();
    canvas.on_load(move |canvas| on_resize(&canvas, after_resize));
    let after_zoom = redraw.clone();
    listen(window(), "resize", move |_: web_sys::Event| after_zoom());
    if let Ok(Some(dark)) = window().match_media("(prefers-color-scheme: dark)") {
        listen(dark, "change", move |_: web_sys::Event| redraw());
    }
}

/// Every place where the pointer was since the last event, for browsers that tell.
fn coalesced(event: &PointerEvent) -> Vec<PointerEvent> {
    let can_tell = js_sys::Reflect::has(event, &JsValue::from_str("getCoalescedEvents"));
    let events = if can_tell == Ok(true) {
        event.get_coalesced_events()
    } else {
        js_sys::Array::new()
    };
    if events.length() == 0 {
        return vec![event.clone()];
    }
    events.iter().map(JsCast::unchecked_into).collect()
}

/// The pointer's place in pad units. Only a pen's pressure is measured: a mouse always says 0.5, and
/// fingers say anything.
fn sample(canvas: &HtmlCanvasElement, event: &PointerEvent) -> Sample {
    let pad = canvas.get_bounding_client_rect();
    let place: &Place = event.unchecked_ref();
    let units_per_pixel = f64::from(PAD_SIDE) / pad.height().max(1.0);
    let is_measured = event.pointer_type() == "pen" && event.pressure() > 0.0;
    Sample {
        x: ((place.client_x() - pad.left()) * units_per_pixel) as f32,
        y: ((place.client_y() - pad.top()) * units_per_pixel) as f32,
        pressure: is_measured.then(|| event.pressure()),
    }
}
