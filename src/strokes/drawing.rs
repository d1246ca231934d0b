//! Points, strokes, a drawing, and the history behind undo and redo.

use serde::{Deserialize, Serialize};

/// A point of the pen. Coordinates are in any unit as long as one drawing keeps to it (the pad
/// uses CSS pixels); y grows downwards. `radius` is half the width of the ink there, same unit.
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

/// One movement of the pen from down to up. A single point is a dot.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stroke {
    pub points: Vec<Point>,
}

impl Stroke {
    pub fn new(points: Vec<Point>) -> Self {
        Self { points }
    }

    /// Does the ink of this stroke come within `radius` of `(x, y)`?
    pub fn touches(&self, x: f32, y: f32, radius: f32) -> bool {
        self.segments()
            .any(|(a, b)| distance_to_ink(a, b, x, y) <= radius)
    }

    /// The stroke's line segments; a dot is one segment of no length.
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

/// A change that undo takes back.
#[derive(Clone, Debug, PartialEq)]
enum Edit {
    Added(Stroke),
    /// Strokes taken away, each with the place where it stood.
    Removed(Vec<(usize, Stroke)>),
}

/// Strokes in the order of writing, with undo and redo over every change, clearing included.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    strokes: Vec<Stroke>,
    done: Vec<Edit>,
    undone: Vec<Edit>,
}

impl Drawing {
    pub fn from_strokes(strokes: Vec<Stroke>) -> Self {
        let mut drawing = Self::default();
        for stroke in strokes {
            drawing.add(stroke);
        }
        drawing
    }

    pub fn strokes(&self) -> &[Stroke] {
        &self.strokes
    }

    pub fn is_blank(&self) -> bool {
        self.strokes.is_empty()
    }

    /// Adds a stroke. Points that are not finite are left out, and a stroke without points is none.
    pub fn add(&mut self, mut stroke: Stroke) {
        stroke.points.retain(Point::is_finite);
        if !stroke.points.is_empty() {
            self.apply(Edit::Added(stroke));
        }
    }

    /// Lengthens the last stroke: the pen is still down. Not a change of its own for undo.
    pub fn extend_last(&mut self, points: impl IntoIterator<Item = Point>) {
        let (Some(stroke), Some(Edit::Added(added))) =
            (self.strokes.last_mut(), self.done.last_mut())
        else {
            return;
        };
        for point in points.into_iter().filter(Point::is_finite) {
            stroke.points.push(point);
            added.points.push(point);
        }
    }

    /// Removes every stroke whose ink comes within `radius` of `(x, y)`; says whether any did.
    pub fn erase(&mut self, x: f32, y: f32, radius: f32) -> bool {
        self.remove_where(|stroke| stroke.touches(x, y, radius))
    }

    /// Removes all strokes; says whether there were any.
    pub fn clear(&mut self) -> bool {
        self.remove_where(|_| true)
    }

    pub fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    pub fn undo(&mut self) {
        let Some(edit) = self.done.pop() else { return };
        match &edit {
            Edit::Added(_) => {
                self.strokes.pop();
            }
            Edit::Removed(removed) => {
                for (index, stroke) in removed {
                    self.strokes.insert(*index, stroke.clone());
                }
            }
        }
        self.undone.push(edit);
    }

    pub fn redo(&mut self) {
        let Some(edit) = self.undone.pop() else {
            return;
        };
        self.perform(&edit);
        self.done.push(edit);
    }

    fn remove_where(&mut self, mut leaves: impl FnMut(&Stroke) -> bool) -> bool {
        let removed: Vec<_> = self
            .strokes
            .iter()
            .enumerate()
            .filter(|(_, stroke)| leaves(stroke))
            .map(|(index, stroke)| (index, stroke.clone()))
            .collect();
        if removed.is_empty() {
            return false;
        }
        self.apply(Edit::Removed(removed));
        true
    }

    fn apply(&mut self, edit: Edit) {
        self.perform(&edit);
        self.done.push(edit);
        self.undone.clear();
    }

    fn perform(&mut self, edit: &Edit) {
        match edit {
            Edit::Added(stroke) => self.strokes.push(stroke.clone()),
            Edit::Removed(removed) => {
                for (index, _) in removed.iter().rev() {
                    self.strokes.remove(*index);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(y: f32) -> Stroke {
        Stroke::new(vec![Point::new(0.0, y, 1.0), Point::new(10.0, y, 1.0)])
    }

    #[test]
    fn undo_and_redo_walk_over_adding_erasing_and_clearing() {
        let mut drawing = Drawing::from_strokes(vec![line(0.0), line(20.0), line(40.0)]);
        let full = drawing.strokes().to_vec();
        assert!(drawing.erase(5.0, 20.5, 2.0));
        let erased = drawing.strokes().to_vec();
        assert_eq!(erased.len(), 2);
        assert!(drawing.clear());
        assert!(drawing.is_blank());

        drawing.undo();
        assert_eq!(drawing.strokes(), erased);
        drawing.undo();
        assert_eq!(drawing.strokes(), full);
        drawing.redo();
        drawing.redo();
        assert!(drawing.is_blank() && !drawing.can_redo());
    }

    #[test]
    fn a_new_stroke_forgets_what_was_undone() {
        let mut drawing = Drawing::from_strokes(vec![line(0.0)]);
        drawing.undo();
        drawing.add(line(3.0));
        assert!(!drawing.can_redo());
        assert_eq!(drawing.strokes(), [line(3.0)]);
    }

    #[test]
    fn a_stroke_grows_under_the_pen_and_is_undone_whole() {
        let mut drawing = Drawing::default();
        drawing.add(Stroke::new(vec![Point::new(1.0, 1.0, 1.0)]));
        drawing.extend_last([Point::new(2.0, 2.0, 1.0), Point::new(f32::NAN, 0.0, 1.0)]);
        assert_eq!(drawing.strokes()[0].points.len(), 2);
        drawing.undo();
        assert!(drawing.is_blank());
        drawing.redo();
        assert_eq!(drawing.strokes()[0].points.len(), 2);
    }

    #[test]
    fn a_dot_can_be_touched() {
        let dot = Stroke::new(vec![Point::new(5.0, 5.0, 2.0)]);
        assert!(dot.touches(8.0, 5.0, 1.0));
        assert!(!dot.touches(9.0, 5.0, 1.0));
    }

    #[test]
    fn a_stroke_of_broken_points_is_no_stroke() {
        let mut drawing = Drawing::default();
        drawing.add(Stroke::new(vec![Point::new(f32::INFINITY, 1.0, 1.0)]));
        assert!(drawing.is_blank() && !drawing.can_undo());
    }
}
