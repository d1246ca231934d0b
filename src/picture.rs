//! Turns a picture of a digit, such as a photo or a screenshot, into a [`DigitImage`].
//!
//! It takes decoded pixels, and doesn't know files, codecs or the DOM.

use std::borrow::Cow;

use crate::digit::DigitImage;
use crate::strokes::{Grey, frame_grey};

/// The longest side that is useful, in pixels. Scale larger pictures down to this.
pub const MAX_SIDE: usize = 512;
/// A picture with less contrast than this, 0 to 1, counts as blank.
const MIN_CONTRAST: f32 = 0.1;
/// In a noisy picture, anything fainter than this share of the ink is haze, not ink.
const HAZE: f32 = 0.3;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    #[error("The picture has {actual} bytes, but {width}×{height} RGBA pixels need {expected}.")]
    WrongLength {
        width: usize,
        height: usize,
        expected: usize,
        actual: usize,
    },
    #[error(
        "No digit stands out in this picture. Choose one with dark ink on light paper, or the other way round."
    )]
    NoInk,
}

/// Finds the ink in a picture and frames it as MNIST does.
///
/// `rgba` contains four bytes per pixel, row by row, with alpha not premultiplied. Both dark ink on light paper and
/// light ink on dark paper work: the border shows which is paper. An MNIST image stays as it is.
pub fn digit_from_rgba(
    width: usize,
    height: usize,
    rgba: &[u8],
) -> Result<DigitImage, PictureError> {
    let expected = width * height * 4;
    if rgba.len() != expected || expected == 0 {
        return Err(PictureError::WrongLength {
            width,
            height,
            expected,
            actual: rgba.len(),
        });
    }
    // White ink on a transparent background disappears on white, so black is tried as well.
    on_backdrop(width, height, rgba, 1.0)
        .or_else(|| on_backdrop(width, height, rgba, 0.0))
        .ok_or(PictureError::NoInk)
}

/// Shrinks a picture until no side exceeds [`MAX_SIDE`]: by a whole number, so that each square of pixels becomes one
/// pixel. A smaller picture stays as it is, and so does one with too few bytes.
pub fn shrunk(width: usize, height: usize, rgba: &[u8]) -> (usize, usize, Cow<'_, [u8]>) {
    let n = width.max(height).div_ceil(MAX_SIDE);
    let (pixels, _) = rgba.as_chunks::<4>();
    if n < 2 || pixels.len() != width * height {
        return (width, height, rgba.into());
    }
    let (columns, rows) = (width.div_ceil(n), height.div_ceil(n));
    let square = |i: usize| {
        let (left, top) = (i % columns * n, i / columns * n);
        let (right, bottom) = ((left + n).min(width), (top + n).min(height));
        let mut sum = [0_u32; 4];
        for row in top..bottom {
            for &[r, g, b, alpha] in &pixels[row * width + left..row * width + right] {
                let alpha = u32::from(alpha);
                let weighed = [r, g, b].map(|colour| alpha * u32::from(colour));
                let values = weighed.into_iter().chain([alpha]);
                sum.iter_mut()
                    .zip(values)
                    .for_each(|(sum, value)| *sum += value);
            }
        }
        let [r, g, b, alpha] = sum;
        let n_pixels = ((right - left) * (bottom - top)) as u32;
        let colours = [r, g, b].map(|sum| sum / alpha.max(1));
        [colours[0], colours[1], colours[2], alpha / n_pixels].map(|value| value as u8)
    };
    let smaller: Vec<u8> = (0..columns * rows).flat_map(square).collect();
    (columns, rows, smaller.into())
}

fn on_backdrop(width: usize, height: usize, rgba: &[u8], backdrop: f32) -> Option<DigitImage> {
    let brightness: Vec<f32> = rgba
        .chunks_exact(4)
        .map(|pixel| luma(pixel, backdrop))
        .collect();
    let is_border = |i: usize| {
        let (x, y) = (i % width, i / width);
        x == 0 || y == 0 || x + 1 == width || y + 1 == height
    };
    let mut border: Vec<f32> = (0..brightness.len())
        .filter(|&i| is_border(i))
        .map(|i| brightness[i])
        .collect();
    let paper = quantile(&mut border, 0.5);
    let mut deviations: Vec<f32> = border.iter().map(|b| (b - paper).abs()).collect();
    let noise = quantile(&mut deviations, 0.9);

    // Ink is whatever differs most from the paper, darker or lighter.
    let darkest = brightness.iter().copied().fold(paper, f32::min);
    let lightest = brightness.iter().copied().fold(paper, f32::max);
    let sign = if paper - darkest > lightest - paper {
        -1.0
    } else {
        1.0
    };
    let above_noise = |b: &f32| (sign * (b - paper) - noise).max(0.0);
    let mut ink: Vec<f32> = brightness.iter().map(above_noise).collect();
    let contrast = ink.iter().copied().fold(0.0, f32::max);
    if contrast < MIN_CONTRAST {
        return None;
    }
    // Faint pictures are stretched to full contrast; MNIST's own maximum is 254 or 255.
    let full = if contrast < 0.99 { contrast } else { 1.0 };
    let haze = if noise > 0.0 { HAZE } else { 0.0 };
    for ink in &mut ink {
        *ink = ((*ink / full - haze) / (1.0 - haze)).max(0.0);
    }
    frame_grey(&Grey::new(width, height, ink))
}

/// Brightness 0..1 of an RGBA pixel on a grey backdrop (ITU-R BT.601 weights).
fn luma(pixel: &[u8], backdrop: f32) -> f32 {
    let [r, g, b, alpha] = [0, 1, 2, 3].map(|i| f32::from(pixel[i]) / 255.0);
    let opaque = if r == g && g == b {
        r
    } else {
        0.299 * r + 0.587 * g + 0.114 * b
    };
    alpha * opaque + (1.0 - alpha) * backdrop
}

/// The value below which a share `q` of the values lies. Sorts the values.
fn quantile(values: &mut [f32], q: f32) -> f32 {
    values.sort_by(f32::total_cmp);
    values[((values.len() - 1) as f32 * q) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digit::SIDE;

    /// Paper and a bar of ink, as opaque grey RGBA.
    fn bar(side: usize, paper: u8, ink: u8) -> Vec<u8> {
        let inked = |i: usize| {
            (side / 4..side / 2).contains(&(i % side)) && (side / 8..side / 2).contains(&(i / side))
        };
        let pixel = |i| {
            let grey = if inked(i) { ink } else { paper };
            [grey, grey, grey, 255]
        };
        (0..side * side).flat_map(pixel).collect()
    }

    #[test]
    fn dark_on_light_and_light_on_dark_read_the_same() {
        let dark_ink = digit_from_rgba(64, 64, &bar(64, 255, 0)).unwrap();
        let light_ink = digit_from_rgba(64, 64, &bar(64, 0, 255)).unwrap();
        let faint = digit_from_rgba(64, 64, &bar(64, 200, 120)).unwrap();
        let on_grey = digit_from_rgba(64, 64, &bar(64, 100, 5)).unwrap();
        assert_eq!(dark_ink, light_ink);
        assert_eq!(dark_ink, faint);
        assert_eq!(dark_ink, on_grey);
    }

    #[test]
    fn a_photo_in_uneven_light_is_framed_like_a_clean_one() {
        let clean = digit_from_rgba(64, 64, &bar(64, 255, 0)).unwrap();
        let mut photo = bar(64, 210, 30);
        for (i, pixel) in photo.chunks_exact_mut(4).enumerate() {
            // Light falls from the left, and the sensor is noisy.
            let shade = (i % 64) as u8 / 2 + (i * 7919 % 13) as u8;
            pixel[..3]
                .iter_mut()
                .for_each(|v| *v = v.saturating_sub(shade));
        }
        let photo = digit_from_rgba(64, 64, &photo).unwrap();
        // No haze is left, and the bar has its shape; an even one may lie half a pixel off.
        assert!(photo.pixels().iter().all(|&p| p == 0 || p > 200));
        let n_inked = |image: &DigitImage| image.pixels().iter().filter(|&&p| p > 0).count();
        assert_eq!(n_inked(&photo), n_inked(&clean));
    }

    #[test]
    fn an_image_framed_already_stays_as_it_is() {
        let image = digit_from_rgba(64, 64, &bar(64, 255, 0)).unwrap();
        let rgba: Vec<u8> = image
            .pixels()
            .iter()
            .flat_map(|&p| [p, p, p, 255])
            .collect();
        assert_eq!(digit_from_rgba(SIDE, SIDE, &rgba), Ok(image));
    }

    #[test]
    fn white_ink_on_a_transparent_ground_is_found() {
        let mut rgba = bar(64, 0, 255);
        for pixel in rgba.chunks_exact_mut(4) {
            pixel[3] = pixel[0];
            pixel[..3].fill(255);
        }
        assert!(digit_from_rgba(64, 64, &rgba).is_ok());
    }

    #[test]
    fn blank_and_broken_pictures_are_refused() {
        assert_eq!(
            digit_from_rgba(32, 32, &bar(32, 255, 250)),
            Err(PictureError::NoInk)
        );
        assert!(matches!(
            digit_from_rgba(3, 3, &[0; 35]),
            Err(PictureError::WrongLength { .. })
        ));
        assert!(matches!(
            digit_from_rgba(0, 3, &[]),
            Err(PictureError::WrongLength { .. })
        ));
    }

    #[test]
    fn a_large_picture_shrinks_by_a_whole_number() {
        let small = [1, 2, 3, 4].repeat(6);
        assert_eq!(shrunk(3, 2, &small), (3, 2, Cow::Borrowed(&*small)));
        let (width, height) = (2 * MAX_SIDE + 1, 4);
        // All black, except for one transparent pixel.
        let mut rgba = [0, 0, 0, 255].repeat(width * height);
        rgba[..4].copy_from_slice(&[255, 255, 255, 0]);
        let (columns, rows, smaller) = shrunk(width, height, &rgba);
        assert_eq!((columns, rows, smaller.len()), (342, 2, 342 * 2 * 4));
        assert_eq!(smaller[..8], [0, 0, 0, 226, 0, 0, 0, 255]);
        assert_eq!(shrunk(width, height, &small).2, &small[..]);
    }
}
