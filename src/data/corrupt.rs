//! Image corruptions: blur, noise, shift, faint ink, thick and thin pens, each in three severities.
//!
//! After MNIST-C (Mu and Gilmer 2019, "MNIST-C: A robustness benchmark for computer vision"), limited to the kinds
//! that a photo or a pen causes. For measurements only: no network trains on them.

use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

use super::augment::Paper;
use super::batches::mix_seed;
use crate::digit::{DigitImage, N_PIXELS, SIDE};

/// Each corruption has the severities 1 to this.
pub const N_SEVERITIES: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corruption {
    /// Out of focus: a Gaussian blur.
    Blur,
    /// Sensor noise: independent Gaussian noise for each pixel.
    Noise,
    /// Random pixels turned black or white.
    Impulse,
    /// Off centre, in a random direction.
    Shift,
    /// Faint ink.
    Contrast,
    /// A broad pen.
    Thicker,
    /// A fine pen.
    Thinner,
}

impl Corruption {
    pub const ALL: [Self; 7] = [
        Self::Blur,
        Self::Noise,
        Self::Impulse,
        Self::Shift,
        Self::Contrast,
        Self::Thicker,
        Self::Thinner,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Blur => "blur",
            Self::Noise => "noise",
            Self::Impulse => "impulse noise",
            Self::Shift => "shift",
            Self::Contrast => "contrast",
            Self::Thicker => "thicker",
            Self::Thinner => "thinner",
        }
    }

    /// The amounts at severity 1, 2 and 3.
    fn amounts(self) -> [f32; N_SEVERITIES] {
        match self {
            // Standard deviation, in pixels and as a fraction of white.
            Self::Blur => [0.7, 1.2, 1.8],
            Self::Noise => [0.1, 0.2, 0.35],
            // Share of pixels.
            Self::Impulse => [0.02, 0.06, 0.12],
            // Pixels.
            Self::Shift => [1.0, 2.0, 4.0],
            // Fraction of the ink that remains.
            Self::Contrast => [0.6, 0.35, 0.2],
            // Fraction of the way to ink that is one pixel wider or narrower on each side.
            Self::Thicker | Self::Thinner => [0.33, 0.67, 1.0],
        }
    }

    /// Describes the amount for people.
    pub fn describe(self, severity: usize) -> String {
        let amount = self.amounts()[severity - 1];
        match self {
            Self::Blur => format!("σ {amount} px"),
            Self::Noise => format!("σ {:.0} % of white", 100.0 * amount),
            Self::Impulse => format!("{:.0} % of pixels", 100.0 * amount),
            Self::Shift => format!("{amount} px"),
            Self::Contrast => format!("{:.0} % of the ink", 100.0 * amount),
            Self::Thicker | Self::Thinner => format!("{amount} px per side"),
        }
    }
}

/// Corrupts image number `index`; the random changes depend only on `seed` and `index`. `severity` is 1 to
/// [`N_SEVERITIES`].
pub fn corrupt(
    image: &DigitImage,
    corruption: Corruption,
    severity: usize,
    seed: u64,
    index: usize,
) -> DigitImage {
    let amount = corruption.amounts()[severity.clamp(1, N_SEVERITIES) - 1];
    let mut rng = StdRng::seed_from_u64(mix_seed(seed, &[severity as u64, index as u64]));
    let pixels = image.pixels();
    let each = |change: &mut dyn FnMut(f32) -> f32| {
        DigitImage::new(pixels.map(|pixel| change(f32::from(pixel)).round() as u8))
    };
    match corruption {
        Corruption::Blur => blurred(image, amount),
        Corruption::Noise => each(&mut |pixel| pixel + 255.0 * amount * normal(&mut rng)),
        Corruption::Impulse => each(&mut |pixel| match rng.random::<f32>() < amount {
            true if rng.random() => 255.0,
            true => 0.0,
            false => pixel,
        }),
        Corruption::Shift => {
            let (sin, cos) = (std::f32::consts::TAU * rng.random::<f32>()).sin_cos();
            let paper = Paper::new(image);
            placed(|x, y| paper.at(x - amount * cos, y - amount * sin))
        }
        Corruption::Contrast => each(&mut |pixel| amount * pixel),
        Corruption::Thicker => widened(image, amount, f32::max),
        Corruption::Thinner => widened(image, amount, f32::min),
    }
}

/// Builds an image from a value for each column and row, 0 to 255.
fn placed(value: impl Fn(f32, f32) -> f32) -> DigitImage {
    let pixel = |i: usize| value((i % SIDE) as f32, (i / SIDE) as f32).round() as u8;
    let mut pixels = [0; N_PIXELS];
    for (i, place) in pixels.iter_mut().enumerate() {
        *place = pixel(i);
    }
    DigitImage::new(pixels)
}

fn blurred(image: &DigitImage, sigma: f32) -> DigitImage {
    let reach = (3.0 * sigma).ceil() as i32;
    let taps =
        || (-reach..=reach).map(|tap| (tap as f32, (-0.5 * (tap as f32 / sigma).powi(2)).exp()));
    let total: f32 = taps().map(|(_, weight)| weight).sum();
    let along = |image: &DigitImage, (dx, dy): (f32, f32)| {
        let paper = Paper::new(image);
        placed(|x, y| {
            let sum: f32 = taps()
                .map(|(tap, weight)| weight * paper.at(x + tap * dx, y + tap * dy))
                .sum();
            sum / total
        })
    };
    along(&along(image, (1.0, 0.0)), (0.0, 1.0))
}

/// Blends an image with one in which each pixel is the outermost of itself and its four neighbours.
fn widened(image: &DigitImage, share: f32, outermost: fn(f32, f32) -> f32) -> DigitImage {
    let paper = Paper::new(image);
    placed(|x, y| {
        let neighbours = [(-1.0, 0.0), (1.0, 0.0), (0.0, -1.0), (0.0, 1.0)];
        let own = paper.at(x, y);
        let of_five = neighbours
            .iter()
            .map(|(dx, dy)| paper.at(x + dx, y + dy))
            .fold(own, outermost);
        own + share * (of_five - own)
    })
}

/// Draws from the standard normal distribution (Box and Muller 1958).
fn normal(rng: &mut impl Rng) -> f32 {
    let radius = (-2.0 * (1.0 - rng.random::<f32>()).ln()).sqrt();
    radius * (std::f32::consts::TAU * rng.random::<f32>()).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ink(image: &DigitImage) -> f32 {
        image.pixels().iter().map(|&pixel| f32::from(pixel)).sum()
    }

    fn difference(a: &DigitImage, b: &DigitImage) -> f32 {
        let pairs = a.pixels().iter().zip(b.pixels());
        pairs.map(|(a, b)| f32::from(a.abs_diff(*b))).sum()
    }

    fn at(corruption: Corruption, severity: usize) -> DigitImage {
        corrupt(&DigitImage::probe(), corruption, severity, 7, 0)
    }

    #[test]
    fn each_severity_harms_more() {
        for corruption in Corruption::ALL {
            let harm = [1, 2, 3].map(|s| difference(&at(corruption, s), &DigitImage::probe()));
            assert!(
                harm[0] > 0.0 && harm.is_sorted(),
                "{corruption:?}: {harm:?}"
            );
        }
    }

    #[test]
    fn chance_depends_on_seed_and_index_alone() {
        let image = DigitImage::probe();
        for corruption in [Corruption::Noise, Corruption::Impulse, Corruption::Shift] {
            let once = corrupt(&image, corruption, 2, 7, 3);
            assert_eq!(once, corrupt(&image, corruption, 2, 7, 3));
            assert_ne!(once, corrupt(&image, corruption, 2, 8, 3));
            assert_ne!(once, corrupt(&image, corruption, 2, 7, 4));
        }
    }

    #[test]
    fn blur_and_shift_keep_the_ink() {
        let mut pixels = [0; N_PIXELS];
        pixels[14 * SIDE + 14] = 255;
        let dot = DigitImage::new(pixels);
        for (corruption, severity) in [(Corruption::Blur, 1), (Corruption::Shift, 3)] {
            let changed = corrupt(&dot, corruption, severity, 7, 0);
            assert!((ink(&changed) - 255.0).abs() < 6.0, "{corruption:?}");
            assert!(changed.pixels()[14 * SIDE + 14] < 200);
        }
    }

    #[test]
    fn a_pen_is_broader_or_finer() {
        let own = ink(&DigitImage::probe());
        assert!(ink(&at(Corruption::Thicker, 3)) > 1.2 * own);
        assert!(ink(&at(Corruption::Thinner, 3)) < 0.8 * own);
        assert!((ink(&at(Corruption::Contrast, 3)) / own - 0.2).abs() < 0.01);
    }

    #[test]
    fn impulses_hit_the_share_that_they_should() {
        let blank = DigitImage::blank();
        let n_white: usize = (0..100)
            .map(|i| corrupt(&blank, Corruption::Impulse, 3, 7, i))
            .map(|image| image.pixels().iter().filter(|&&pixel| pixel == 255).count())
            .sum();
        // Half of 12 %, within four standard deviations.
        assert!((n_white as f32 / (100 * N_PIXELS) as f32 - 0.06).abs() < 0.004);
    }
}
