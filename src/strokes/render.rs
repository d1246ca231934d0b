//! Turns a drawing into a [`DigitImage`], from its strokes rather than from screen pixels, so that size, place and
//! screen resolution do not matter.

use super::extent::Extent;
use super::mnist_frame::{BOX, Grey};
use super::stroke::{Point, Stroke, distance_to_ink};
use crate::digit::DigitImage;

/// Half the width of the ink in pixels of the 28×28 image, whatever the pen's width. With it, the digits of 41 writers
/// have as much ink as MNIST's (a mean of 0.13 of the whole image).
const INK_RADIUS: f32 = 1.25;
/// How much positions may be enlarged relative to the pen's ink, so that a dot stays a dot. A digit that takes a
/// twentieth of the pad, drawn with the broadest pen, is still a digit.
const MAX_SPREAD: f32 = 16.0;
/// How much the ink's width may vary with pressure, relative to its mean.
const PRESSURE: std::ops::RangeInclusive<f32> = 0.5..=2.0;
/// Samples along each side of a pixel.
const SUBSAMPLES: usize = 4;

/// Draws strokes in the style of MNIST: the longest side of the ink is 20 pixels, edges are
/// anti-aliased, and the centre of mass is at the centre. `None` if there is no ink.
pub fn render(strokes: &[Stroke]) -> Option<DigitImage> {
    render_inked(strokes, INK_RADIUS)
}

/// Like [`render`], but with ink of another width, for training: `radius` is half of it, in pixels.
pub fn render_inked(strokes: &[Stroke], radius: f32) -> Option<DigitImage> {
    let placed = Placement::of(strokes, radius)?;
    let width = placed.width.ceil().clamp(1.0, BOX as f32) as usize;
    let height = placed.height.ceil().clamp(1.0, BOX as f32) as usize;

    let mut field = DistanceField::new(width * SUBSAMPLES, height * SUBSAMPLES);
    for (a, b) in strokes.iter().flat_map(Stroke::segments) {
        field.add(placed.point(a), placed.point(b));
    }
    Some(Grey::new(width, height, field.coverage()).centred())
}

/// Where the ink is placed in the 20×20 box.
struct Placement {
    left: f32,
    top: f32,
    /// Pixels per unit of position.
    scale: f32,
    /// Half the mean width of the ink, in units and in pixels.
    mean_radius: f32,
    radius: f32,
    width: f32,
    height: f32,
}

impl Placement {
    fn of(strokes: &[Stroke], radius: f32) -> Option<Self> {
        let points = || strokes.iter().flat_map(|stroke| &stroke.points);
        let n_points = points().count();
        if n_points == 0 {
            return None;
        }
        let extent = Extent::of(strokes);
        // Such strokes can only come from a file, since no pad is so large.
        if !extent.side().is_finite() {
            return None;
        }
        let mean_radius = points().map(|p| p.radius).sum::<f32>() / n_points as f32;
        let side = BOX as f32;
        // Avoid division by zero: a lone point stays at its place whatever the scale, and a pen without width sets no
        // limit.
        let ratio = |a: f32, b: f32, otherwise: f32| if b > 0.0 { a / b } else { otherwise };
        let fill = ratio(side - 2.0 * radius, extent.side(), 0.0);
        let scale = fill.min(MAX_SPREAD * ratio(radius, mean_radius, f32::INFINITY));
        Some(Self {
            left: extent.left,
            top: extent.top,
            scale,
            mean_radius,
            radius,
            width: extent.width() * scale + 2.0 * radius,
            height: extent.height() * scale + 2.0 * radius,
        })
    }

    fn point(&self, point: Point) -> Point {
        let share = match self.mean_radius {
            0.0 => 1.0,
            mean => point.radius / mean,
        };
        let radius = share.clamp(*PRESSURE.start(), *PRESSURE.end()) * self.radius;
        Point::new(
            (point.x - self.left) * self.scale + self.radius,
            (point.y - self.top) * self.scale + self.radius,
            radius,
        )
    }
}

/// Distance to the nearest ink at each sample, in pixels; negative inside.
struct DistanceField {
    width: usize,
    height: usize,
    distance: Vec<f32>,
}

impl DistanceField {
    fn new(width: usize, height: usize) -> Self {
        let distance = vec![f32::INFINITY; width * height];
        Self {
            width,
            height,
            distance,
        }
    }

    /// Adds the ink between two points, in pixels.
    fn add(&mut self, a: Point, b: Point) {
        // Ink has no effect further than half a sample from its edge.
        let margin = a.radius.max(b.radius) + 1.0 / SUBSAMPLES as f32;
        let samples = |low: f32, high: f32, count: usize| {
            let index =
                |pixels: f32| (pixels * SUBSAMPLES as f32).clamp(0.0, count as f32) as usize;
            index(low - margin)..(index(high + margin) + 1).min(count)
        };
        let columns = samples(a.x.min(b.x), a.x.max(b.x), self.width);
        for row in samples(a.y.min(b.y), a.y.max(b.y), self.height) {
            for column in columns.clone() {
                let middle = |index: usize| (index as f32 + 0.5) / SUBSAMPLES as f32;
                let distance = distance_to_ink(a, b, middle(column), middle(row));
                let nearest = &mut self.distance[row * self.width + column];
                *nearest = nearest.min(distance);
            }
        }
    }

    /// The share of each pixel that is inked, 0..1.
    fn coverage(&self) -> Vec<f32> {
        let samples_per_pixel = (SUBSAMPLES * SUBSAMPLES) as f32;
        let (width, height) = (self.width / SUBSAMPLES, self.height / SUBSAMPLES);
        let pixel = |i: usize| {
            let (x, y) = (i % width * SUBSAMPLES, i / width * SUBSAMPLES);
            let rows = (y..y + SUBSAMPLES).map(|row| row * self.width + x);
            let samples = rows.flat_map(|start| &self.distance[start..start + SUBSAMPLES]);
            let inked = samples.map(|d| (0.5 - d * SUBSAMPLES as f32).clamp(0.0, 1.0));
            inked.sum::<f32>() / samples_per_pixel
        };
        (0..width * height).map(pixel).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A seven in a box of 100 units.
    fn seven() -> Vec<Stroke> {
        let at = |x, y| Point::new(x, y, 6.0);
        vec![Stroke::new(vec![
            at(20.0, 10.0),
            at(80.0, 10.0),
            at(40.0, 95.0),
        ])]
    }

    fn mapped(strokes: &[Stroke], change: impl Fn(Point) -> Point) -> Vec<Stroke> {
        let stroke = |s: &Stroke| Stroke::new(s.points.iter().copied().map(&change).collect());
        strokes.iter().map(stroke).collect()
    }

    fn max_difference(a: &DigitImage, b: &DigitImage) -> u8 {
        let pairs = a.pixels().iter().zip(b.pixels());
        pairs.map(|(a, b)| a.abs_diff(*b)).max().unwrap()
    }

    #[test]
    fn the_ink_fills_twenty_rows_and_is_centred() {
        let image = render(&seven()).unwrap();
        let rows: Vec<_> = image
            .pixels()
            .chunks(28)
            .map(|row| row.iter().any(|&p| p > 0))
            .collect();
        assert_eq!(rows.iter().filter(|&&inked| inked).count(), 20);
        let mass: f32 = image.pixels().iter().map(|&p| f32::from(p)).sum();
        let moment = |axis: fn(usize) -> usize| -> f32 {
            let pixels = image.pixels().iter().enumerate();
            pixels
                .map(|(i, &p)| axis(i) as f32 * f32::from(p))
                .sum::<f32>()
                / mass
        };
        assert!((moment(|i| i % 28) - 14.0).abs() <= 0.5);
        assert!((moment(|i| i / 28) - 14.0).abs() <= 0.5);
        // MNIST's mean is 0.13; a lone seven has less than a figure eight.
        assert!((0.06..0.2).contains(&(mass / 255.0 / 784.0)));
    }

    #[test]
    fn place_and_size_do_not_matter() {
        let original = render(&seven()).unwrap();
        let moved = mapped(&seven(), |p| Point::new(p.x + 512.0, p.y - 64.0, p.radius));
        assert_eq!(max_difference(&original, &render(&moved).unwrap()), 0);
        for factor in [0.03, 0.5, 40.0] {
            let scaled = mapped(&seven(), |p| {
                Point::new(p.x * factor, p.y * factor, p.radius * factor)
            });
            assert!(max_difference(&original, &render(&scaled).unwrap()) <= 1);
        }
    }

    #[test]
    fn direction_and_splitting_of_strokes_do_not_matter() {
        let original = render(&seven()).unwrap();
        let mut reversed = seven();
        reversed[0].points.reverse();
        assert!(max_difference(&original, &render(&reversed).unwrap()) <= 1);
        let points = &seven()[0].points;
        let split = [
            Stroke::new(points[..2].to_vec()),
            Stroke::new(points[1..].to_vec()),
        ];
        assert!(max_difference(&original, &render(&split).unwrap()) <= 12);
    }

    #[test]
    fn the_width_of_the_pen_does_not_matter() {
        let with = |radius: f32| mapped(&seven(), |p| Point::new(p.x, p.y, radius));
        let medium = render(&with(4.0)).unwrap();
        for radius in [0.0, 0.01, 90.0] {
            assert_eq!(render(&with(radius)).unwrap(), medium);
        }
        let ink = |radius| {
            let image = render_inked(&with(4.0), radius).unwrap();
            image.pixels().iter().map(|&p| u32::from(p)).sum::<u32>()
        };
        assert!(ink(0.8) < ink(1.2) && ink(1.2) < ink(1.6));
    }

    #[test]
    fn pressure_is_the_ink_against_its_mean() {
        let mut strokes = seven();
        strokes[0].points[0].radius = 18.0;
        assert_ne!(render(&strokes), render(&seven()));
        let doubled = mapped(&strokes, |p| Point::new(p.x, p.y, 2.0 * p.radius));
        assert_eq!(render(&strokes), render(&doubled));
    }

    #[test]
    fn a_dot_stays_a_dot() {
        let dot = [Stroke::new(vec![
            Point::new(7.0, 7.0, 5.0),
            Point::new(7.5, 7.2, 5.0),
        ])];
        let inked = render(&dot)
            .unwrap()
            .pixels()
            .iter()
            .filter(|&&p| p > 0)
            .count();
        assert!((4..40).contains(&inked), "{inked} pixels");
        assert!(render(&[Stroke::new(vec![Point::new(7.0, 7.0, 0.0)])]).is_some());
    }

    #[test]
    fn no_ink_no_image() {
        assert_eq!(render(&[]), None);
        let endless = [-3e38, 3e38].map(|x| Point::new(x, 0.0, 0.0));
        assert_eq!(render(&[Stroke::new(endless.into())]), None);
    }
}
