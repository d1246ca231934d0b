//! Composes any number of new characters from the images of a few classes. A network that compares characters it has
//! never seen must train on many classes, but 300 images of 0, 1 and 2 are only three classes. Characters consist of
//! strokes, though, and those images contain loops, lines and hooks. Each [`Glyph`] is a new class of up to three
//! parts. A part is an image's class, whole or cut in two, turned, mirrored, resized and placed. A glyph's drawings
//! differ as handwriting does, since each takes its parts from different images.

use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};

use crate::data::Paper;
use crate::digit::{DigitImage, SIDE};
use crate::strokes::{Grey, frame_grey};

/// The probabilities that a glyph has 1, 2 or 3 parts.
const N_PARTS: [f32; 3] = [0.2, 0.4, 0.4];
/// Probability that a part is cut.
const CUT: f32 = 0.5;
/// Smallest size of a part among others; a single part keeps its size.
const SMALLEST: f32 = 0.5;
/// How far from the centre a part lies, in pixels.
const REACH: f32 = 5.6;
/// How far a glyph bends its parts, in pixels.
const BEND: f32 = 2.0;

/// How much two drawings of a glyph differ, apart from the images of their parts: within each part,
const PART: Hand = Hand {
    angle: 0.15,
    size: 0.1,
    aspect: 0.1,
    place: 1.0,
};
/// and as a whole.
const ANGLE: f32 = 0.2;
const SHEAR: f32 = 0.15;
const ASPECT: f32 = 0.12;
const ELASTIC: f32 = 1.5;
/// Sampled ink is darkened by up to this factor, which thickens strokes.
const DARKEST: f32 = 2.5;

/// Pixels along a side of the canvas, and canvas pixels per image pixel.
const CANVAS: usize = 54;
const PER_PIXEL: f32 = 1.5;
/// Less ink than this counts as paper, so that a stroke's fading edge doesn't affect the glyph's size.
const PAPER: f32 = 0.1;

struct Hand {
    angle: f32,
    size: f32,
    aspect: f32,
    place: f32,
}

/// A class of drawings.
#[derive(Clone, Debug, PartialEq)]
pub struct Glyph {
    parts: Vec<Part>,
    bend: Field,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Part {
    /// The class of images that it comes from.
    class: usize,
    angle: f32,
    /// Factors for width and height; a negative width mirrors.
    size: [f32; 2],
    place: [f32; 2],
    /// The half plane to keep: the direction in which it ends, and where.
    cut: Option<(f32, f32)>,
}

impl Glyph {
    /// Draws a random glyph with parts of `n_classes` classes.
    pub fn draw(n_classes: usize, rng: &mut impl Rng) -> Self {
        let share = rng.random::<f32>();
        let n_parts = 1 + usize::from(share > N_PARTS[0]) + usize::from(share > 1.0 - N_PARTS[2]);
        Self {
            parts: (0..n_parts)
                .map(|_| Part::draw(n_classes, n_parts > 1, rng))
                .collect(),
            bend: Field::draw(BEND, rng),
        }
    }

    /// Draws the glyph once, framed like MNIST's images. Its parts come from `images`, which has those of each class.
    /// `None` if nothing remains visible.
    pub fn write(&self, images: &[Vec<DigitImage>], rng: &mut impl Rng) -> Option<DigitImage> {
        let mut parts = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let image = images.get(part.class)?.choose(rng)?;
            parts.push((part.by_hand(rng), Paper::new(image)));
        }
        let (sin, cos) = even(ANGLE, rng).sin_cos();
        let (shear, width) = (even(SHEAR, rng), 1.0 + even(ASPECT, rng));
        let elastic = Field::draw(ELASTIC, rng);
        let darkness = DARKEST.powf(rng.random());

        let place = |i: usize| (i as f32 - (CANVAS as f32 - 1.0) / 2.0) / PER_PIXEL;
        let ink = |i: usize| {
            let [x, y] = elastic.moved([place(i % CANVAS), place(i / CANVAS)]);
            let (x, y) = (cos * x + sin * y, cos * y - sin * x);
            let at = self.bend.moved([(x - shear * y) / width, y]);
            let inks = parts.iter().map(|(part, image)| part.ink(image, at));
            let ink = inks.fold(0.0, f32::max);
            if ink < PAPER {
                0.0
            } else {
                (darkness * ink).min(1.0)
            }
        };
        frame_grey(&Grey::new(
            CANVAS,
            CANVAS,
            (0..CANVAS * CANVAS).map(ink).collect(),
        ))
    }
}

impl Part {
    fn draw(n_classes: usize, is_among_others: bool, rng: &mut impl Rng) -> Self {
        let class = rng.random_range(0..n_classes);
        let angle = even(std::f32::consts::PI, rng);
        let mirrored = if rng.random() { -1.0 } else { 1.0 };
        let aspect = even(0.3, rng).exp();
        let (size, reach) = if is_among_others {
            (SMALLEST + (1.0 - SMALLEST) * rng.random::<f32>(), REACH)
        } else {
            (1.0, 0.0)
        };
        Self {
            class,
            angle,
            size: [mirrored * size * aspect, size / aspect],
            place: [even(reach, rng), even(reach, rng)],
            cut: (rng.random::<f32>() < CUT)
                .then(|| (even(std::f32::consts::PI, rng), even(2.8, rng))),
        }
    }

    /// The same part with the variation of handwriting.
    fn by_hand(self, rng: &mut impl Rng) -> Self {
        let size = 1.0 + even(PART.size, rng);
        let aspect = 1.0 + even(PART.aspect, rng);
        let [x, y] = self.place;
        Self {
            angle: self.angle + even(PART.angle, rng),
            size: [self.size[0] * size * aspect, self.size[1] * size / aspect],
            place: [x + even(PART.place, rng), y + even(PART.place, rng)],
            cut: self
                .cut
                .map(|(angle, end)| (angle + even(PART.angle, rng), end + even(PART.place, rng))),
            ..self
        }
    }

    /// The part's ink, 0 to 1, at a point of the glyph, in pixels from the centre.
    fn ink(&self, image: &Paper, [x, y]: [f32; 2]) -> f32 {
        let (x, y) = (x - self.place[0], y - self.place[1]);
        let (sin, cos) = self.angle.sin_cos();
        let (x, y) = (cos * x + sin * y, cos * y - sin * x);
        let (x, y) = (x / self.size[0], y / self.size[1]);
        if let Some((angle, end)) = self.cut
            && x * angle.cos() + y * angle.sin() > end
        {
            return 0.0;
        }
        let centre = (SIDE as f32 - 1.0) / 2.0;
        image.at(x + centre, y + centre) / 255.0
    }
}

/// Points of a field along a side, over the canvas.
const GRID: usize = 5;

/// A displacement field: drawn for a few points, smooth in between.
#[derive(Clone, Debug, PartialEq)]
struct Field([[[f32; 2]; GRID]; GRID]);

impl Field {
    fn draw(bound: f32, rng: &mut impl Rng) -> Self {
        let mut point = || [even(bound, rng), even(bound, rng)];
        Self([(); GRID].map(|()| [(); GRID].map(|()| point())))
    }

    /// Moves a point, given in pixels from the centre, by the field.
    fn moved(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let along = |place: f32| {
            let last = (GRID - 1) as f32;
            let place = ((place / SIDE as f32 + 0.5) * last).clamp(0.0, last - 1e-3);
            let t = place.fract();
            (place as usize, t * t * (3.0 - 2.0 * t))
        };
        let ((row, down), (column, right)) = (along(y), along(x));
        let by = |axis: usize| {
            let at = |row: usize, column: usize| self.0[row][column][axis];
            let between = |row| (1.0 - right) * at(row, column) + right * at(row, column + 1);
            (1.0 - down) * between(row) + down * between(row + 1)
        };
        [x + by(0), y + by(1)]
    }
}

/// Uniform between minus and plus a bound.
fn even(bound: f32, rng: &mut impl Rng) -> f32 {
    bound * (2.0 * rng.random::<f32>() - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    /// Two classes: upright bars and horizontal bars, three of each.
    fn bars() -> Vec<Vec<DigitImage>> {
        let bar = |stands: bool, i: usize| {
            DigitImage::new(std::array::from_fn(|p| {
                let (row, column) = (p / SIDE, p % SIDE);
                let (along, across) = if stands { (row, column) } else { (column, row) };
                let inked = (4..24).contains(&along) && (12 + i..15 + i).contains(&across);
                255 * u8::from(inked)
            }))
        };
        [true, false]
            .map(|stands| (0..3).map(|i| bar(stands, i)).collect())
            .into()
    }

    fn ink(image: &DigitImage) -> f32 {
        image.pixels().iter().map(|&p| f32::from(p)).sum()
    }

    #[test]
    fn the_seed_decides() {
        let write = |seed| {
            let mut rng = StdRng::seed_from_u64(seed);
            Glyph::draw(2, &mut rng).write(&bars(), &mut rng)
        };
        assert_eq!(write(1), write(1));
        assert_ne!(write(1), write(2));
    }

    #[test]
    fn drawings_of_a_glyph_differ_but_less_than_glyphs_do() {
        let (images, mut rng) = (bars(), StdRng::seed_from_u64(3));
        let (mut within, mut between) = (0.0, 0.0);
        let difference = |a: &DigitImage, b: &DigitImage| -> f32 {
            let pixels = a.pixels().iter().zip(b.pixels());
            pixels.map(|(&a, &b)| f32::from(a.abs_diff(b))).sum()
        };
        for _ in 0..40 {
            let (one, other) = (Glyph::draw(2, &mut rng), Glyph::draw(2, &mut rng));
            let mut write = |glyph: &Glyph| glyph.write(&images, &mut rng);
            if let (Some(a), Some(b), Some(c)) = (write(&one), write(&one), write(&other)) {
                assert_ne!(a, b);
                within += difference(&a, &b);
                between += difference(&a, &c);
            }
        }
        assert!(within < 0.8 * between, "{within} within, {between} between");
    }

    #[test]
    fn drawings_are_framed_as_mnist_is() {
        let (images, mut rng) = (bars(), StdRng::seed_from_u64(4));
        for _ in 0..20 {
            let glyph = Glyph::draw(2, &mut rng);
            let Some(image) = glyph.write(&images, &mut rng) else {
                continue;
            };
            let inked: Vec<usize> = (0..SIDE * SIDE)
                .filter(|&i| image.pixels()[i] > 0)
                .collect();
            let side = |place: fn(usize) -> usize| {
                let places = || inked.iter().map(|&i| place(i));
                places().max().unwrap() - places().min().unwrap() + 1
            };
            let longest = side(|i| i / SIDE).max(side(|i| i % SIDE));
            assert!((18..=20).contains(&longest), "{longest} pixels");
            assert!(ink(&image) > 0.0);
        }
    }

    #[test]
    fn a_class_without_images_leaves_nothing() {
        let mut rng = StdRng::seed_from_u64(5);
        let nothing = vec![Vec::new(); 2];
        assert_eq!(Glyph::draw(2, &mut rng).write(&nothing, &mut rng), None);
    }
}
