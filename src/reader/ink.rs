//! Strokes passed by a program.

use crate::state::PenWidth;
use crate::strokes::{Extent, Point, Stroke};

/// The assumed height of the writing in pad units, if the pen's width doesn't show its scale.
const HEIGHT: f32 = 500.0;

/// A drawing in pad units, whatever its original units.
#[derive(Clone, Debug, PartialEq)]
pub struct Ink {
    pub strokes: Vec<Stroke>,
    /// The size of a pad unit in the drawing's units.
    pub unit: f32,
}

impl Ink {
    /// Makes ink from x, y and radius of all points, and the number of points of each stroke. The pen's width gives
    /// the scale, and a point of radius 0 gets the mean radius of the others. If no point has a radius, the height of
    /// the writing gives the scale. Strokes without points, or with coordinates that are not finite, are left out.
    pub fn new(points: &[f32], lengths: &[u32]) -> Self {
        let (points, _) = points.as_chunks::<3>();
        let mut rest = points
            .iter()
            .map(|&[x, y, radius]| Point::new(x, y, radius));
        let stroke = |&length: &u32| Stroke::new(rest.by_ref().take(length as usize).collect());
        let strokes: Vec<Stroke> = lengths.iter().map(stroke).filter(is_whole).collect();

        let radii = strokes.iter().flat_map(|stroke| &stroke.points);
        let radii = radii
            .map(|point| point.radius)
            .filter(|&radius| radius > 0.0);
        let (sum, n) = radii.fold((0.0, 0.0_f32), |(sum, n), radius| (sum + radius, n + 1.0));
        let pen = PenWidth::Medium.radius();
        let unit = match n > 0.0 {
            true => sum / n / pen,
            false => height(&strokes) / HEIGHT,
        };
        let scaled = |&Point { x, y, radius }: &Point| match radius > 0.0 {
            true => Point::new(x / unit, y / unit, radius / unit),
            false => Point::new(x / unit, y / unit, pen),
        };
        let stroke = |stroke: &Stroke| Stroke::new(stroke.points.iter().map(scaled).collect());
        Self {
            strokes: strokes.iter().map(stroke).filter(is_whole).collect(),
            unit,
        }
    }
}

fn is_whole(stroke: &Stroke) -> bool {
    let is_finite = |p: &Point| p.x.is_finite() && p.y.is_finite() && p.radius.is_finite();
    !stroke.points.is_empty() && stroke.points.iter().all(is_finite)
}

/// Returns the height of the writing. For a horizontal stroke it is the width, and for a dot a size that renders as a
/// dot.
fn height(strokes: &[Stroke]) -> f32 {
    let extent = Extent::of(strokes);
    let sides = [extent.height(), extent.width()];
    sides.into_iter().find(|&side| side > 0.0).unwrap_or(HEIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strokes::render;

    /// A seven in a box of `side`.
    fn seven(side: f32, radius: f32) -> Ink {
        let places = [[0.2, 0.1], [0.8, 0.1], [0.4, 0.95]];
        let points = places.map(|[x, y]| [side * x, side * y, radius]);
        Ink::new(points.as_flattened(), &[3])
    }

    #[test]
    fn units_do_not_matter() {
        let pad = seven(1000.0, 38.0);
        assert_eq!(
            (pad.unit, pad.strokes[0].points[2]),
            (1.0, Point::new(400.0, 950.0, 38.0))
        );
        let image = render(&pad.strokes);
        for ink in [
            seven(1.0, 0.038),
            seven(28.0, 0.0),
            seven(1e-3, 0.0),
            seven(4000.0, 0.0),
        ] {
            assert_eq!(render(&ink.strokes), image, "{}", ink.unit);
        }
    }

    #[test]
    fn a_point_without_radius_has_that_of_the_others() {
        let ink = Ink::new(&[0.0, 0.0, 0.0, 9.0, 9.0, 3.0, 9.0, 0.0, 5.0], &[3]);
        let radii: Vec<_> = ink.strokes[0]
            .points
            .iter()
            .map(|p| p.radius * ink.unit)
            .collect();
        assert_eq!(radii, [4.0, 3.0, 5.0]);
    }

    #[test]
    fn what_is_no_stroke_is_left_out() {
        let points = [0.0, 0.0, 1.0, f32::NAN, 0.0, 1.0, 5.0, 5.0, 1.0];
        let ink = Ink::new(&points, &[1, 0, 1, 1, 7]);
        assert_eq!(ink.strokes.len(), 2);
        assert!(Ink::new(&[], &[]).strokes.is_empty());
        let dot = Ink::new(&[3.0, 4.0, 0.0], &[1]);
        assert_eq!((dot.strokes.len(), dot.unit), (1, 1.0));
        let endless = Ink::new(&[0.0, 0.0, 1e-40, 3e38, 0.0, 0.0], &[2]);
        assert!(endless.strokes.is_empty());
    }
}
