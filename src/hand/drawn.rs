//! A drawing with its label.

use serde::{Deserialize, Serialize};

use crate::strokes::{Point, Stroke, clean};

/// The longest name of a symbol, in characters.
pub const MAX_LABEL: usize = 24;

/// A drawing of a digit or of a symbol, as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// All ids are equally long, so sorting by id sorts by time of drawing.
    #[serde(default)]
    pub id: String,
    /// `0` to `9`, or what a person calls the symbol.
    pub label: String,
    /// Each stroke's points: x, y, and the ink's radius if the pen has one, in pad units.
    pub strokes: Vec<Vec<Vec<f32>>>,
}

impl Drawn {
    pub fn new(id: String, label: String, strokes: &[Stroke]) -> Self {
        let point = |p: &Point| vec![p.x, p.y, p.radius];
        let stroke = |stroke: &Stroke| stroke.points.iter().map(point).collect();
        Self {
            id,
            label,
            strokes: strokes.iter().map(stroke).collect(),
        }
    }

    /// The strokes without broken ones; empty if this isn't a drawing.
    pub fn strokes(&self) -> Vec<Stroke> {
        let point = |point: &Vec<f32>| match point[..] {
            [x, y] => Some(Point::new(x, y, 0.0)),
            [x, y, radius] => Some(Point::new(x, y, radius)),
            _ => None,
        };
        let stroke = |points: &Vec<Vec<f32>>| points.iter().map(point).collect::<Option<_>>();
        let strokes = self.strokes.iter().filter_map(stroke).map(Stroke::new);
        clean(strokes)
    }

    pub fn digit(&self) -> Option<u8> {
        digit(&self.label)
    }
}

/// The digit that a label names.
pub fn digit(label: &str) -> Option<u8> {
    match label.as_bytes() {
        [digit @ b'0'..=b'9'] => Some(digit - b'0'),
        _ => None,
    }
}

/// Turns what a person typed into a label: without spaces around it and not too long; `None` if nothing is left.
pub fn as_label(typed: &str) -> Option<String> {
    let label: String = typed.trim().chars().take(MAX_LABEL).collect();
    (!label.is_empty()).then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_are_kept_as_they_were_drawn() {
        let strokes = vec![Stroke::new(vec![
            Point::new(1.0, 2.5, 38.0),
            Point::new(3.0, 4.0, 30.0),
        ])];
        let drawn = Drawn::new("a".into(), "7".into(), &strokes);
        assert_eq!(drawn.strokes(), strokes);
        assert_eq!(drawn.digit(), Some(7));
    }

    #[test]
    fn what_is_no_drawing_has_no_strokes() {
        let broken = |strokes| Drawn {
            id: String::new(),
            label: "★".into(),
            strokes,
        };
        assert!(broken(vec![vec![vec![1.0]]]).strokes().is_empty());
        assert!(broken(vec![vec![vec![f32::NAN, 1.0]]]).strokes().is_empty());
        assert_eq!(broken(vec![vec![vec![1.0, 2.0]]]).strokes().len(), 1);
    }

    #[test]
    fn a_label_is_a_digit_or_a_name() {
        assert_eq!(digit("4"), Some(4));
        assert_eq!(digit("42"), None);
        assert_eq!(as_label("  ★ "), Some("★".into()));
        assert_eq!(as_label(" "), None);
        assert_eq!(as_label(&"a".repeat(99)).map(|label| label.len()), Some(24));
    }
}
