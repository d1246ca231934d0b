//! Ink on the pad's canvas, drawn anew from the strokes, so that it is sharp on every screen.

use leptos::prelude::window;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::state::PAD_SIDE;
use crate::strokes::{Point, Stroke};

/// Draws the strokes in the canvas' CSS colour, one canvas pixel for each pixel of the screen.
pub fn draw(canvas: &HtmlCanvasElement, strokes: &[Stroke]) {
    let pixels = |length: i32| (f64::from(length) * window().device_pixel_ratio()).round() as u32;
    let (width, height) = (
        pixels(canvas.client_width()),
        pixels(canvas.client_height()),
    );
    if canvas.width() != width || canvas.height() != height {
        canvas.set_width(width);
        canvas.set_height(height);
    }
    let Some(context) = context(canvas) else {
        return;
    };
    let pixels_per_unit = f64::from(height) / f64::from(PAD_SIDE);
    let _ = context.set_transform(pixels_per_unit, 0.0, 0.0, pixels_per_unit, 0.0, 0.0);
    context.clear_rect(
        0.0,
        0.0,
        f64::from(width) / pixels_per_unit,
        PAD_SIDE.into(),
    );
    context.set_line_cap("round");
    context.set_line_join("round");
    if let Ok(Some(style)) = window().get_computed_style(canvas) {
        context.set_stroke_style_str(&style.get_property_value("color").unwrap_or_default());
    }
    for stroke in strokes {
        draw_stroke(&context, &stroke.points);
    }
}

/// The canvas' 2D context, which only a browser out of memory refuses.
pub fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// A curve through the middles between points, which rounds the corners that samples make. A path
/// has one width, so a change of pressure begins a new one.
fn draw_stroke(context: &CanvasRenderingContext2d, points: &[Point]) {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return;
    };
    let xy = |point: &Point| (f64::from(point.x), f64::from(point.y));
    let middle = |a: &Point, b: &Point| (f64::from(a.x + b.x) / 2.0, f64::from(a.y + b.y) / 2.0);
    let begin = |point: &Point, (x, y): (f64, f64)| {
        context.set_line_width(f64::from(2.0 * point.radius));
        context.begin_path();
        context.move_to(x, y);
    };
    begin(first, xy(first));
    let mut radius = first.radius;
    for pair in points.windows(2) {
        let (point, (x, y), (middle_x, middle_y)) =
            (&pair[0], xy(&pair[0]), middle(&pair[0], &pair[1]));
        context.quadratic_curve_to(x, y, middle_x, middle_y);
        if pair[1].radius != radius {
            context.stroke();
            radius = pair[1].radius;
            begin(&pair[1], middle(point, &pair[1]));
        }
    }
    // For a dot this is a line of no length, whose round caps are the dot.
    let (x, y) = xy(last);
    context.line_to(x, y);
    context.stroke();
}
