//! Variations of a drawing: how the same person might draw a symbol again.

use crate::digit::DigitImage;
use crate::strokes::{Extent, Point, Stroke, render};

/// Small changes of a drawing, as lines of a matrix from old places to new ones: rotated by 8 degrees to either side,
/// slanted to either side, wider and narrower.
const CHANGES: [[f32; 4]; 6] = [
    [0.990, -0.139, 0.139, 0.990],
    [0.990, 0.139, -0.139, 0.990],
    [1.0, 0.15, 0.0, 1.0],
    [1.0, -0.15, 0.0, 1.0],
    [1.15, 0.0, 0.0, 1.0],
    [0.87, 0.0, 0.0, 1.0],
];

/// A few small changes of an example. Their embeddings show how much one person's drawings vary.
pub fn variations(strokes: &[Stroke]) -> Vec<Vec<Stroke>> {
    let extent = Extent::of(strokes);
    let (middle_x, middle_y) = (extent.middle(), 0.5 * (extent.top + extent.bottom));
    let changed = |&[xx, xy, yx, yy]: &[f32; 4]| {
        let point = |point: &Point| {
            let (x, y) = (point.x - middle_x, point.y - middle_y);
            Point::new(
                middle_x + xx * x + xy * y,
                middle_y + yx * x + yy * y,
                point.radius,
            )
        };
        let stroke = |stroke: &Stroke| Stroke::new(stroke.points.iter().map(point).collect());
        strokes.iter().map(stroke).collect()
    };
    CHANGES.iter().map(changed).collect()
}

/// The images of an example to embed: as it was drawn, then its variations.
pub fn images(strokes: &[Stroke]) -> Vec<DigitImage> {
    let varied = variations(strokes);
    let varied = varied.iter().map(Vec::as_slice);
    std::iter::once(strokes)
        .chain(varied)
        .filter_map(render)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variations_differ_a_little() {
        let at = |x, y| Point::new(x, y, 3.0);
        let seven = vec![Stroke::new(vec![
            at(20.0, 10.0),
            at(80.0, 10.0),
            at(40.0, 95.0),
        ])];
        let original = render(&seven).unwrap();
        let varied = variations(&seven);
        assert_eq!(varied.len(), 6);
        for other in &varied {
            let other = render(other).unwrap();
            let pairs = original.pixels().iter().zip(other.pixels());
            let difference: u32 = pairs.map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
            let ink: u32 = original.pixels().iter().map(|&p| u32::from(p)).sum();
            assert!(
                difference > 0 && difference < 3 * ink / 2,
                "{difference} of {ink}"
            );
        }
        assert!(variations(&[])[0].is_empty());
    }
}
