//! Random changes to an image that keep its meaning: rotation, resizing, cropping and elastic deformation.

use std::array::from_fn;

use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

use crate::digit::{DigitImage, N_PIXELS, SIDE};

/// How much an image may change. Each amount is drawn uniformly between minus and plus its bound.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Augmentation {
    /// Rotation about the centre, in degrees.
    pub rotation_degrees: f32,
    /// Resizing of width and height together, as a fraction: 0.1 means 90 to 110 %.
    pub resize: f32,
    /// Additional resizing of the width alone, as a fraction.
    pub aspect: f32,
    /// Slant, as horizontal shift per vertical pixel.
    pub shear: f32,
    /// Shift, in pixels, as if the image were padded by that much and cropped.
    pub shift_pixels: f32,
    /// Elastic deformation, in pixels: how far each point of a coarse grid moves, with smooth interpolation in between
    /// (after Simard et al. 2003, who blur a field drawn for every pixel).
    #[serde(default)]
    pub elastic_pixels: f32,
    /// Share of images that stay unchanged. Every change also softens an image a little by sampling between pixels. A
    /// network that never sees crisp images could take softness for a feature.
    #[serde(default)]
    pub unchanged: f32,
}

/// Points of the elastic grid along a side: 6.75 pixels apart.
const GRID: usize = 5;

impl Augmentation {
    pub const NONE: Self = Self {
        rotation_degrees: 0.0,
        resize: 0.0,
        aspect: 0.0,
        shear: 0.0,
        shift_pixels: 0.0,
        elastic_pixels: 0.0,
        unchanged: 0.0,
    };
}

/// Changes `image` at random, sampled bilinearly with blank paper around it.
pub fn augment(image: &DigitImage, amount: &Augmentation, rng: &mut impl Rng) -> DigitImage {
    let stays = amount.unchanged > 0.0 && rng.random::<f32>() < amount.unchanged;
    if stays || *amount == Augmentation::NONE {
        return image.clone();
    }
    let mut draw = |bound: f32| bound * (2.0 * rng.random::<f32>() - 1.0);
    let (sin, cos) = draw(amount.rotation_degrees).to_radians().sin_cos();
    let resize = 1.0 + draw(amount.resize);
    let width = resize * (1.0 + draw(amount.aspect));
    let shear = draw(amount.shear);
    let (shift_x, shift_y) = (draw(amount.shift_pixels), draw(amount.shift_pixels));

    let field = (amount.elastic_pixels > 0.0).then(|| {
        let mut plane = || [[(); GRID]; GRID].map(|row| row.map(|()| draw(amount.elastic_pixels)));
        [plane(), plane()]
    });

    // Maps a pixel of the new image back to its place in the old one: shifted, turned, sheared, resized.
    let centre = (SIDE as f32 - 1.0) / 2.0;
    let paper = Paper::new(image);
    let mut pixels = [0; N_PIXELS];
    for (row, pixels) in pixels.chunks_exact_mut(SIDE).enumerate() {
        let y = row as f32 - centre - shift_y;
        let moved = field
            .as_ref()
            .map(|planes| planes.map(|plane| plane_row(&plane, row)));
        for (column, value) in pixels.iter_mut().enumerate() {
            let x = column as f32 - centre - shift_x;
            let (x, y) = (cos * x + sin * y, cos * y - sin * x);
            let (mut x, mut y) = ((x - shear * y) / width, y / resize);
            if let Some([of_x, of_y]) = &moved {
                x += of_x[column];
                y += of_y[column];
            }
            *value = (paper.at(x + centre, y + centre) + 0.5) as u8;
        }
    }
    DigitImage::new(pixels)
}

/// How far the grid moves the pixels of a row: interpolated smoothly between four points.
fn plane_row(plane: &[[f32; GRID]; GRID], row: usize) -> [f32; SIDE] {
    let along = |place: usize| {
        let place = place as f32 * (GRID - 1) as f32 / SIDE as f32;
        let t = place.fract();
        (place as usize, t * t * (3.0 - 2.0 * t))
    };
    let (above, down) = along(row);
    let points: [f32; GRID] =
        from_fn(|i| (1.0 - down) * plane[above][i] + down * plane[above + 1][i]);
    from_fn(|column| {
        let (left, right) = along(column);
        (1.0 - right) * points[left] + right * points[left + 1]
    })
}

/// An image with blank paper around it, so that reading just outside needs no check.
pub struct Paper([[f32; SIDE + 3]; SIDE + 3]);

impl Paper {
    pub fn new(image: &DigitImage) -> Self {
        let mut values = [[0.0; SIDE + 3]; SIDE + 3];
        for (row, pixels) in values[1..]
            .iter_mut()
            .zip(image.pixels().chunks_exact(SIDE))
        {
            for (value, &pixel) in row[1..].iter_mut().zip(pixels) {
                *value = f32::from(pixel);
            }
        }
        Self(values)
    }

    /// The bilinear value at a place between pixels, 0 to 255, and 0 outside.
    pub fn at(&self, x: f32, y: f32) -> f32 {
        // Shifted by one, so that 0 to 29 have neighbours and everything beyond is blank. Rounds through integers,
        // because `floor` is a function call on the baseline CPU.
        let inside = |place: f32| (place + 1.0).clamp(0.0, (SIDE + 1) as f32);
        let (x, y) = (inside(x), inside(y));
        let (left, top) = (x as usize, y as usize);
        let (right_share, bottom_share) = (x - left as f32, y - top as f32);
        let between =
            |row: &[f32; SIDE + 3]| (1.0 - right_share) * row[left] + right_share * row[left + 1];
        (1.0 - bottom_share) * between(&self.0[top]) + bottom_share * between(&self.0[top + 1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    const SOME: Augmentation = Augmentation {
        rotation_degrees: 10.0,
        resize: 0.1,
        aspect: 0.1,
        shear: 0.1,
        shift_pixels: 2.0,
        elastic_pixels: 2.0,
        unchanged: 0.0,
    };

    #[test]
    fn as_many_stay_as_they_are_as_was_asked() {
        let amount = Augmentation {
            unchanged: 0.3,
            ..SOME
        };
        let probe = DigitImage::probe();
        let mut rng = StdRng::seed_from_u64(2);
        let n = (0..400)
            .filter(|_| augment(&probe, &amount, &mut rng) == probe)
            .count();
        assert!((90..150).contains(&n), "{n} of 400");
    }

    #[test]
    fn the_seed_decides() {
        let probe = DigitImage::probe();
        let once = augment(&probe, &SOME, &mut StdRng::seed_from_u64(5));
        assert_eq!(augment(&probe, &SOME, &mut StdRng::seed_from_u64(5)), once);
        assert_ne!(augment(&probe, &SOME, &mut StdRng::seed_from_u64(6)), once);
    }

    #[test]
    fn nothing_asked_nothing_changed() {
        let probe = DigitImage::probe();
        let same = augment(&probe, &Augmentation::NONE, &mut StdRng::seed_from_u64(1));
        assert_eq!(same, probe);
    }

    #[test]
    fn the_ink_stays_about_as_much() {
        let ink = |image: &DigitImage| image.pixels().iter().map(|&p| u32::from(p)).sum::<u32>();
        let probe = DigitImage::probe();
        let mut rng = StdRng::seed_from_u64(9);
        for _ in 0..50 {
            let ratio = f64::from(ink(&augment(&probe, &SOME, &mut rng))) / f64::from(ink(&probe));
            assert!((0.6..1.5).contains(&ratio), "{ratio}");
        }
    }

    #[test]
    fn a_rotation_turns_about_the_centre() {
        let mut pixels = [0; N_PIXELS];
        for row in 13..15 {
            pixels[row * SIDE + 4..row * SIDE + 24].fill(255);
        }
        let quarter = Augmentation {
            rotation_degrees: 45.0,
            ..Augmentation::NONE
        };
        let turned = augment(
            &DigitImage::new(pixels),
            &quarter,
            &mut StdRng::seed_from_u64(3),
        );
        let at = |x: usize, y: usize| turned.pixels()[y * SIDE + x];
        assert!(at(13, 13) > 200 && at(14, 14) > 200);
    }
}
