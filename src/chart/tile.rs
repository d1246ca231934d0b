//! One digit from a row of them.

use super::svg::Svg;
use crate::digit::SIDE;
use crate::html::Html;

/// The widest row that a tile is cut from, in tiles.
const MAX_TILES: usize = 64;

/// The tile at this place in a picture that is a row of 28×28 tiles.
pub fn tile(row: &str, place: usize, label: &str) -> Html {
    let side = SIDE as f64;
    let mut svg = Svg::image(side, side, label);
    svg.image_at(row, -side * place as f64, [side * MAX_TILES as f64, side]);
    svg.finish()
}
