//! A receptive field, drawn in its image.

use super::svg::Svg;
use crate::digit::SIDE;
use crate::html::Html;

/// A 28×28 image with the square of input pixels that one output value sees; `side` is its side.
pub fn field(side: usize) -> Html {
    let all = SIDE as f64;
    let side = side.min(SIDE) as f64;
    let start = (all - side) / 2.0;
    let mut svg = Svg::image(all, all, &format!("{side}×{side} of {all}×{all} pixels"));
    svg.rect("image", [0.0, 0.0], [all, all]);
    svg.rect("field", [start, start], [side, side]);
    svg.finish()
}
