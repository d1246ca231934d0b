//! The last step in making MNIST images: a box of at most 20×20 pixels, placed in 28×28 by its centre of mass.
//!
//! Source: LeCun, Cortes, Burges, "The MNIST database": "The original black and white images were
//! size normalized to fit in a 20x20 pixel box while preserving their aspect ratio. […] the
//! images were centered in a 28x28 image by computing the center of mass of the pixels, and
//! translating the image so as to position this point at the center of the 28x28 field." Measured
//! on all 60,000 training images: the centre of mass lies within half a pixel of index 14, and the
//! longest side of the ink is 20 pixels in all but 13 of them.

use crate::digit::{DigitImage, N_PIXELS, SIDE};

/// Longest side of the ink, in pixels.
pub(super) const BOX: usize = 20;
/// Where the centre of mass is placed, as a pixel index.
const CENTRE: f32 = 14.0;

/// A grey image of any size: ink from 0 (paper) to 1, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Grey {
    pub width: usize,
    pub height: usize,
    pub ink: Vec<f32>,
}

impl Grey {
    pub fn new(width: usize, height: usize, ink: Vec<f32>) -> Self {
        assert_eq!(ink.len(), width * height, "one value per pixel");
        Self { width, height, ink }
    }

    /// The smallest part that contains all ink, or `None` if there is none.
    fn crop(&self) -> Option<Self> {
        let inked = |&(_, ink): &(usize, &f32)| *ink > 0.0;
        let places = || self.ink.iter().enumerate().filter(inked).map(|(i, _)| i);
        let left = places().map(|i| i % self.width).min()?;
        let right = places().map(|i| i % self.width).max()?;
        let top = places().next()? / self.width;
        let bottom = places().next_back()? / self.width;
        let rows = (top..=bottom).map(|y| y * self.width);
        let ink = rows.flat_map(|row| self.ink[row + left..=row + right].iter().copied());
        Some(Self::new(right - left + 1, bottom - top + 1, ink.collect()))
    }

    /// Resized so that the longest side is [`BOX`], with a triangle filter; the same image if it already is.
    fn resized_to_box(&self) -> Self {
        let longest = self.width.max(self.height);
        let target = |side: usize| ((side * BOX) as f32 / longest as f32).round().max(1.0) as usize;
        let (width, height) = (target(self.width), target(self.height));
        let columns: Vec<_> = (0..width)
            .map(|x| filter_taps(x, width, self.width))
            .collect();
        let mut ink = Vec::with_capacity(width * height);
        for y in 0..height {
            let rows = filter_taps(y, height, self.height);
            ink.extend(columns.iter().map(|columns| {
                let row_sum = |row: usize| -> f32 {
                    let taps = columns.iter();
                    taps.map(|(x, w)| w * self.ink[row * self.width + x]).sum()
                };
                rows.iter().map(|(y, w)| w * row_sum(*y)).sum::<f32>()
            }));
        }
        Self::new(width, height, ink)
    }

    /// Places the image, at most 20×20, into 28×28 by its centre of mass.
    pub(super) fn centred(&self) -> DigitImage {
        let mass: f32 = self.ink.iter().sum();
        let moment = |axis: fn(usize, usize) -> usize| -> f32 {
            let values = self.ink.iter().enumerate();
            let sum: f32 = values.map(|(i, v)| axis(i, self.width) as f32 * v).sum();
            sum / mass.max(f32::MIN_POSITIVE)
        };
        // If two places are equally near, MNIST takes the one to the left and above.
        let place = |centre: f32, side: usize| {
            ((CENTRE - centre - 0.5).ceil().max(0.0) as usize).min(SIDE - side)
        };
        let left = place(moment(|i, width| i % width), self.width);
        let top = place(moment(|i, width| i / width), self.height);

        let mut pixels = [0; N_PIXELS];
        for (y, row) in self.ink.chunks(self.width).enumerate() {
            for (x, ink) in row.iter().enumerate() {
                pixels[(top + y) * SIDE + left + x] = (ink.clamp(0.0, 1.0) * 255.0).round() as u8;
            }
        }
        DigitImage::new(pixels)
    }
}

/// The source pixels and weights that make pixel `index` of `n_target` from `n_source` pixels.
fn filter_taps(index: usize, n_target: usize, n_source: usize) -> Vec<(usize, f32)> {
    let scale = n_source as f32 / n_target as f32;
    let support = scale.max(1.0);
    let centre = (index as f32 + 0.5) * scale - 0.5;
    let first = (centre - support).ceil().max(0.0) as usize;
    let last = ((centre + support).floor() as usize).min(n_source - 1);
    let weight = |i: usize| (1.0 - (i as f32 - centre).abs() / support).max(0.0);
    let total: f32 = (first..=last).map(weight).sum();
    (first..=last).map(|i| (i, weight(i) / total)).collect()
}

/// Frames the ink of a grey image as MNIST does; `None` if there is no ink.
///
/// An image that is already framed like MNIST stays as it is.
pub fn frame_grey(image: &Grey) -> Option<DigitImage> {
    Some(image.crop()?.resized_to_box().centred())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An image with a filled rectangle of ink.
    fn rectangle(
        side: usize,
        columns: std::ops::Range<usize>,
        rows: std::ops::Range<usize>,
    ) -> Grey {
        let inked = |i: usize| columns.contains(&(i % side)) && rows.contains(&(i / side));
        let ink = (0..side * side).map(|i| f32::from(u8::from(inked(i))));
        Grey::new(side, side, ink.collect())
    }

    fn extent(image: &DigitImage) -> (usize, usize, usize, usize) {
        let grey = Grey::new(
            SIDE,
            SIDE,
            image.pixels().iter().map(|&p| p.into()).collect(),
        );
        let places = || (0..N_PIXELS).filter(|&i| grey.ink[i] > 0.0);
        let columns = || places().map(|i| i % SIDE);
        (
            columns().min().unwrap(),
            columns().max().unwrap(),
            places().min().unwrap() / SIDE,
            places().max().unwrap() / SIDE,
        )
    }

    #[test]
    fn ink_of_any_size_fills_twenty_pixels_about_the_centre() {
        for (side, columns, rows) in [(28, 3..7, 1..21), (300, 20..60, 50..250), (8, 2..3, 1..6)] {
            let framed = frame_grey(&rectangle(side, columns, rows)).unwrap();
            let (left, right, top, bottom) = extent(&framed);
            assert_eq!(bottom - top + 1, BOX);
            assert_eq!(right - left + 1, 4, "a fifth as wide as high");
            assert_eq!((top, left), (4, 12));
        }
    }

    #[test]
    fn framing_twice_changes_nothing() {
        let once = frame_grey(&rectangle(100, 10..90, 30..50)).unwrap();
        let ink = once.pixels().iter().map(|&p| f32::from(p) / 255.0);
        let again = frame_grey(&Grey::new(SIDE, SIDE, ink.collect()));
        assert_eq!(again, Some(once));
    }

    #[test]
    fn an_unbalanced_shape_stays_inside() {
        let mut image = rectangle(28, 0..20, 0..20);
        for ink in image.ink.iter_mut().skip(28).filter(|ink| **ink > 0.0) {
            *ink = 0.01;
        }
        let (_, _, top, bottom) = extent(&frame_grey(&image).unwrap());
        assert_eq!((top, bottom), (8, 27));
    }

    #[test]
    fn an_empty_image_has_no_frame() {
        assert_eq!(frame_grey(&rectangle(10, 0..0, 0..0)), None);
    }
}
