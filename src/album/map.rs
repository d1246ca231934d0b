//! The map of symbols and digits, as the network that embeds them sees them.

use crate::chart::{Anchor, Svg};
use crate::html::Html;

/// Something that was embedded.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    pub label: String,
    /// The place in the projection, in any unit.
    pub place: [f32; 2],
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A digit's prototype.
    Digit,
    /// An example of a symbol.
    Example,
    /// The drawing on the pad.
    Drawing,
}

const MARGIN: f64 = 22.0;

/// Draws the spots in a picture of this width and height, each as its label.
pub fn map(spots: &[Spot], width: f64, height: f64) -> Html {
    let label = "Map of symbols: those close together look alike to the network";
    let mut svg = Svg::image(width, height, label);
    let range = |axis: usize| {
        let values = spots.iter().map(|spot| f64::from(spot.place[axis]));
        let least = values.clone().fold(f64::INFINITY, f64::min);
        (least, values.fold(f64::NEG_INFINITY, f64::max))
    };
    let place = |value: f32, (least, most): (f64, f64), length: f64| {
        let share = (f64::from(value) - least) / (most - least).max(1e-9);
        MARGIN + share * (length - 2.0 * MARGIN)
    };
    let (across, down) = (range(0), range(1));
    for spot in spots {
        let [x, y] = spot.place;
        let at = [place(x, across, width), place(y, down, height) + 5.0];
        let class = match spot.kind {
            Kind::Digit => "place digit",
            Kind::Example => "place example",
            Kind::Drawing => "place drawing",
        };
        let text: String = match spot.kind {
            Kind::Drawing => "◎".into(),
            _ => spot.label.chars().take(8).collect(),
        };
        svg.text(class, at, Anchor::Middle, &text);
    }
    svg.finish()
}
