//! A contact sheet of misread strokes, as SVG: each as it was written, with its label and the prediction.

use crate::data::PenDigit;
use crate::html::{Html, element, text};
use crate::strokes::{Extent, Stroke};

const N_COLUMNS: usize = 10;
/// A tile's size, in pixels.
const WIDTH: usize = 120;
const HEIGHT: usize = 150;
/// Side of the drawing in a tile.
const DRAWING: usize = 88;
/// More tiles would be too many to look at.
const N_TILES: usize = 500;

/// A prediction to show.
pub struct Tile<'a> {
    pub digit: &'a PenDigit,
    pub read: usize,
    /// Probability of the prediction, 0 to 1.
    pub probability: f32,
    /// Whether it was rejected as not a digit.
    pub rejected: bool,
}

/// The most confident mistakes first, in rows of ten.
pub fn svg(title: &str, mut tiles: Vec<Tile>) -> String {
    tiles.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    let title = match tiles.len() {
        n if n > N_TILES => format!("{title}; the {N_TILES} most confident"),
        _ => title.to_string(),
    };
    tiles.truncate(N_TILES);
    let height = 40 + tiles.len().div_ceil(N_COLUMNS) * HEIGHT;
    let width = N_COLUMNS * WIDTH;
    let place = |i: usize| (i % N_COLUMNS * WIDTH, 40 + i / N_COLUMNS * HEIGHT);
    let tile = |(i, tile): (usize, &Tile)| {
        let (x, y) = place(i);
        element(
            &format!("g transform=\"translate({x} {y})\""),
            &[drawing(tile.digit), caption(tile)],
        )
    };
    let paper = element("rect width=\"100%\" height=\"100%\" fill=\"white\"", &[]);
    let heading = element("text x=\"12\" y=\"26\" font-size=\"16\"", &[text(title)]);
    let tiles = tiles.iter().enumerate().map(tile).collect();
    let svg = format!(
        "svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" \
         font-size=\"12\""
    );
    element(&svg, &[paper, heading, tiles]).into_string()
}

/// The strokes in a square, as thick as the network sees them.
fn drawing(digit: &PenDigit) -> Html {
    let extent = Extent::of(&digit.strokes);
    let (left, right, top, bottom) = (extent.left, extent.right, extent.top, extent.bottom);
    // In the tile's own unit, since strokes may come in any unit.
    let side = extent.side();
    let scale = if side > 0.0 { 80.0 / side } else { 0.0 };
    let at = |value: f32, low: f32, high: f32| scale * (value - low - (high - low) / 2.0) + 50.0;
    let line = |stroke: &Stroke| {
        let mut path = String::new();
        for (a, b) in stroke.segments() {
            for (point, command) in [(a, if path.is_empty() { 'M' } else { 'L' }), (b, 'L')] {
                let (x, y) = (at(point.x, left, right), at(point.y, top, bottom));
                path += &format!("{command}{x:.1} {y:.1}");
            }
        }
        element(&format!("path d=\"{path}\""), &[])
    };
    element(
        &format!(
            "svg x=\"{}\" y=\"4\" width=\"{DRAWING}\" height=\"{DRAWING}\" viewBox=\"0 0 100 100\" fill=\"none\" \
             stroke=\"black\" stroke-width=\"7\" stroke-linecap=\"round\" stroke-linejoin=\"round\"",
            (WIDTH - DRAWING) / 2
        ),
        &[digit.strokes.iter().map(line).collect()],
    )
}

fn caption(tile: &Tile) -> Html {
    let line = |dy: usize, words: String| {
        let y = DRAWING + dy;
        element(
            &format!("text x=\"{}\" y=\"{y}\" text-anchor=\"middle\"", WIDTH / 2),
            &[text(words)],
        )
    };
    let percent = 100.0 * tile.probability;
    let reading = format!("{} → {} at {percent:.1} %", tile.digit.label, tile.read);
    let rejected = match tile.rejected {
        true => line(50, "not a digit".into()),
        false => Html::default(),
    };
    [
        line(20, reading),
        line(35, tile.digit.writer.clone()),
        rejected,
    ]
    .into_iter()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strokes::Point;

    fn digit(writer: &str, points: &[(f32, f32)]) -> PenDigit {
        let points = points.iter().map(|&(x, y)| Point::new(x, y, 0.0)).collect();
        PenDigit {
            writer: writer.into(),
            label: 7,
            strokes: vec![Stroke::new(points)],
        }
    }

    #[test]
    fn the_surest_mistake_comes_first_and_names_stay_text() {
        let (one, other) = (
            digit("<b>", &[(0.0, 0.0), (0.0, 4000.0)]),
            digit("x", &[(5.0, 5.0)]),
        );
        let tile = |digit, probability, rejected| Tile {
            digit,
            read: 1,
            probability,
            rejected,
        };
        let sheet = svg(
            "Mistakes",
            vec![tile(&other, 0.5, true), tile(&one, 0.9, false)],
        );
        let places = [
            "7 → 1 at 90.0 %",
            "&lt;b>",
            "7 → 1 at 50.0 %",
            "not a digit",
        ];
        let places = places.map(|part| sheet.find(part).unwrap());
        assert!(places.is_sorted());
        // A line is as high as the other digits, and a dot lies in the middle.
        assert!(sheet.contains("M50.0 10.0L50.0 90.0"));
        assert!(sheet.contains("M50.0 50.0L50.0 50.0"));
    }
}
