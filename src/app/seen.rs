//! The 28×28 image that the network sees.

use leptos::html::Canvas;
use leptos::prelude::*;
use wasm_bindgen::Clamped;
use web_sys::{HtmlCanvasElement, ImageData};

use super::canvas::context;
use super::page::Page;
use crate::digit::{DigitImage, SIDE};

#[component]
pub fn Seen(page: Page) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let seen = Memo::new(move |_| page.seen());
    Effect::new(move |_| {
        let image = seen.get();
        if let Some(canvas) = canvas.get() {
            show(&canvas, image.as_ref());
        }
    });
    view! {
        <figure class="seen">
            <canvas id="seen" node_ref=canvas width=SIDE height=SIDE role="img" aria-label="28 by 28 pixels"></canvas>
            <figcaption>"What the network sees"</figcaption>
        </figure>
    }
}

/// Draws white ink on black as in MNIST; clears the canvas if there is no image.
fn show(canvas: &HtmlCanvasElement, image: Option<&DigitImage>) {
    let Some(context) = context(canvas) else {
        return;
    };
    let side = SIDE as f64;
    context.clear_rect(0.0, 0.0, side, side);
    let Some(image) = image else { return };
    let rgba: Vec<u8> = image
        .pixels()
        .iter()
        .flat_map(|&ink| [ink, ink, ink, 255])
        .collect();
    if let Ok(data) = ImageData::new_with_u8_clamped_array(Clamped(&rgba), SIDE as u32) {
        let _ = context.put_image_data(&data, 0.0, 0.0);
    }
}
