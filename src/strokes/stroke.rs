//! Points and strokes.

use serde::{Deserialize, Serialize};

/// A point of the pen. Coordinates can be in any unit, if all of a drawing uses the same one (a pad
/// is 1000 units high); y grows downwards. `radius` is half the width of the ink there, same unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub x: f32,
    pub y: f32,
    pub radius: f32,
}

impl Point {
    pub fn new(x: f32, y: f32, radius: f32) -> Self {
        Self { x, y, radius }
    }

    fn is_finite(&self) -> bool {
        self.x.is_finite() && self.y.is_finite() && self.radius.is_finite()
    }
}

/// One movement of the pen, from pen down to pen up. A single point is a dot.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stroke {
    pub points: Vec<Point>,
}

impl Stroke {
    pub fn new(points: Vec<Point>) -> Self {
        Self { points }
    }

    /// The stroke's line segments; a dot is one segment of zero length.
    pub fn segments(&self) -> impl Iterator<Item = (Point, Point)> + '_ {
        let dot = (self.points.len() == 1).then(|| (self.points[0], self.points[0]));
        dot.into_iter()
            .chain(self.points.windows(2).map(|pair| (pair[0], pair[1])))
    }
}

/// Distance from `(x, y)` to the edge of the ink between `a` and `b`; negative inside.
pub(super) fn distance_to_ink(a: Point, b: Point, x: f32, y: f32) -> f32 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let length2 = dx * dx + dy * dy;
    let t = if length2 > 0.0 {
        (((x - a.x) * dx + (y - a.y) * dy) / length2).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let radius = a.radius + t * (b.radius - a.radius);
    (x - a.x - t * dx).hypot(y - a.y - t * dy) - radius
}

/// Removes points that are not finite, and strokes that have no points.
pub fn clean(strokes: impl IntoIterator<Item = Stroke>) -> Vec<Stroke> {
    let strokes = strokes.into_iter().map(|mut stroke| {
        stroke.points.retain(Point::is_finite);
        stroke
    });
    strokes.filter(|stroke| !stroke.points.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_points_and_empty_strokes_are_left_out() {
        let [whole, broken] = [
            Point::new(1.0, 1.0, 1.0),
            Point::new(f32::INFINITY, 1.0, 1.0),
        ];
        let strokes = [vec![whole, broken], vec![broken], vec![]].map(Stroke::new);
        assert_eq!(clean(strokes), [Stroke::new(vec![whole])]);
    }
}
