//! Turns a file into a [`Picture`], or returns a sentence that says why it can't.

use gloo_file::{File, ObjectUrl};
use js_sys::Promise;
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlCanvasElement, HtmlImageElement};

use super::canvas::context;
use crate::picture::digit_from_rgba;
use crate::state::{Picture, drawn_size, too_large};

/// Decodes a file and finds the digit in it.
pub async fn read(file: &File) -> Result<Picture, String> {
    // It must last until the end: the browser decodes the picture when it is drawn.
    let address = ObjectUrl::from(file.clone());
    match load(&address).await {
        Some(image) => digit(file, &image),
        None => Err(unreadable(file)),
    }
}

/// Loads an image element. Its size is known then, but the picture may not be decoded yet.
async fn load(address: &str) -> Option<HtmlImageElement> {
    let image = HtmlImageElement::new().ok()?;
    let loading = Promise::new(&mut |resolve, reject| {
        image.set_onload(Some(&resolve));
        image.set_onerror(Some(&reject));
    });
    image.set_src(address);
    JsFuture::from(loading).await.ok()?;
    (image.natural_width() > 0 && image.natural_height() > 0).then_some(image)
}

fn digit(file: &File, image: &HtmlImageElement) -> Result<Picture, String> {
    let (width, height) = (image.natural_width(), image.natural_height());
    if let Some(refusal) = too_large(&title(file), width, height) {
        return Err(refusal);
    }
    let (width, height) = drawn_size(width, height);
    let (canvas, rgba) = pixels(image, width, height).ok_or_else(|| unreadable(file))?;
    let image =
        digit_from_rgba(width as usize, height as usize, &rgba).map_err(|e| e.to_string())?;
    let thumbnail = canvas.to_data_url().map_err(|_| unreadable(file))?;
    Ok(Picture {
        name: file.name(),
        thumbnail,
        image,
    })
}

/// The picture on a canvas of this size, and its RGBA bytes.
fn pixels(
    image: &HtmlImageElement,
    width: u32,
    height: u32,
) -> Option<(HtmlCanvasElement, Vec<u8>)> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context = context(&canvas)?;
    context.set_image_smoothing_enabled(true);
    // In web-sys this property is still unstable.
    let _ = js_sys::Reflect::set(&context, &"imageSmoothingQuality".into(), &"high".into());
    let (w, h) = (f64::from(width), f64::from(height));
    context
        .draw_image_with_html_image_element_and_dw_and_dh(image, 0.0, 0.0, w, h)
        .ok()?;
    let data = context.get_image_data(0.0, 0.0, w, h).ok()?;
    Some((canvas, data.data().0))
}

fn unreadable(file: &File) -> String {
    format!(
        "{} is not a picture that this browser can show.",
        title(file)
    )
}

fn title(file: &File) -> String {
    match file.name() {
        name if name.is_empty() => "The file".into(),
        name => format!("“{name}”"),
    }
}
