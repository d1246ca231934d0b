//! The one image format of the project, and the one place that normalises it.
//!
//! Trainer and pad both pass through [`DigitImage`], so a network sees in the browser exactly what it saw in training.
//! This module doesn't know tensors, files or the web.

/// Pixels along one side.
pub const SIDE: usize = 28;
/// Pixels of one image.
pub const N_PIXELS: usize = SIDE * SIDE;
/// Classes: the digits 0 to 9.
pub const N_CLASSES: usize = 10;

/// Mean of all training pixels of MNIST, in 0..1.
const MEAN: f32 = 0.1307;
/// Standard deviation of all training pixels of MNIST, in 0..1.
const STD: f32 = 0.3081;

/// A 28×28 grey image as MNIST has it: white ink (255) on black (0), row by row from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigitImage {
    pixels: Box<[u8; N_PIXELS]>,
}

impl DigitImage {
    pub fn new(pixels: [u8; N_PIXELS]) -> Self {
        Self {
            pixels: Box::new(pixels),
        }
    }

    /// An image from a slice, or `None` if it does not hold exactly 784 pixels.
    pub fn from_slice(pixels: &[u8]) -> Option<Self> {
        pixels.try_into().ok().map(Self::new)
    }

    pub fn blank() -> Self {
        Self::new([0; N_PIXELS])
    }

    pub fn pixels(&self) -> &[u8; N_PIXELS] {
        &self.pixels
    }

    pub fn is_blank(&self) -> bool {
        self.pixels.iter().all(|&p| p == 0)
    }

    /// The input of a network: `(pixel / 255 - mean) / std`, 784 values.
    pub fn normalized(&self) -> impl Iterator<Item = f32> + '_ {
        self.pixels.iter().map(|&p| normalize(f32::from(p) / 255.0))
    }

    /// The image that an engine must compute correctly before it is trusted: a slanted stroke with a
    /// bar and a soft edge, made of integers only, so that every platform builds the same image.
    pub fn probe() -> Self {
        let mut pixels = [0; N_PIXELS];
        for (i, pixel) in pixels.iter_mut().enumerate() {
            let (row, column) = (i / SIDE, i % SIDE);
            let diagonal = (2 * column + row).abs_diff(44);
            let in_box = (4..24).contains(&row) && (6..22).contains(&column);
            if in_box {
                *pixel = match (row, diagonal) {
                    (4..=6, _) | (_, 0..=2) => 255,
                    (7, _) | (_, 3..=4) => 120,
                    _ => 0,
                };
            }
        }
        Self::new(pixels)
    }
}

/// Normalises one grey value in 0..1 (0 paper, 1 ink).
pub fn normalize(value: f32) -> f32 {
    (value - MEAN) / STD
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalization_centres_mnist() {
        assert!((normalize(MEAN)).abs() < 1e-6);
        assert!((DigitImage::blank().normalized().next().unwrap() + 0.4242).abs() < 1e-4);
    }

    #[test]
    fn a_slice_of_another_length_is_refused() {
        assert!(DigitImage::from_slice(&[0; 783]).is_none());
        assert!(DigitImage::from_slice(&[0; 784]).unwrap().is_blank());
    }

    #[test]
    fn the_probe_has_ink_and_paper() {
        let probe = DigitImage::probe();
        let ink = probe.pixels().iter().filter(|&&p| p > 0).count();
        assert!((60..300).contains(&ink), "{ink} inked pixels");
    }
}
