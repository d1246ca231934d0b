//! Turns a picture file into a `DigitImage`, as the page does.

use std::io::Cursor;
use std::path::Path;

use anyhow::{Context, anyhow};
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageReader, Rgba, RgbaImage, imageops};

use crate::digit::DigitImage;
use crate::picture::digit_from_rgba;
use crate::state::{drawn_size, too_large};

const KINDS: &str = "PNG, JPEG, GIF, BMP or WebP";

/// Decodes a file, turns it as its camera says, and finds the digit in it. Uses the first frame of an animation.
pub fn read(path: &Path) -> anyhow::Result<DigitImage> {
    let bytes = std::fs::read(path).context("cannot read the file")?;
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let not_a_picture = || format!("this isn't a readable {KINDS}");
    let mut decoder = reader.into_decoder().with_context(not_a_picture)?;
    let (width, height) = decoder.dimensions();
    if let Some(refusal) = too_large("It", width, height) {
        return Err(anyhow!(refusal));
    }
    let orientation = decoder.orientation().with_context(not_a_picture)?;
    let mut picture = DynamicImage::from_decoder(decoder).with_context(not_a_picture)?;
    picture.apply_orientation(orientation);
    let rgba = drawn(picture.into_rgba8());
    let (width, height) = (rgba.width() as usize, rgba.height() as usize);
    Ok(digit_from_rgba(width, height, rgba.as_raw())?)
}

/// Scales the picture to the size at which the page draws it.
fn drawn(rgba: RgbaImage) -> RgbaImage {
    let (width, height) = drawn_size(rgba.width(), rgba.height());
    if (width, height) == rgba.dimensions() {
        return rgba;
    }
    // A transparent pixel's colour must not mix into its neighbours.
    let rgba = map(rgba, |value, alpha| value * alpha / 255.0);
    let smaller = imageops::resize(&rgba, width, height, FilterType::Triangle);
    map(smaller, |value, alpha| value * 255.0 / f32::max(alpha, 1.0))
}

/// Changes each colour value, given its alpha.
fn map(mut rgba: RgbaImage, change: impl Fn(f32, f32) -> f32) -> RgbaImage {
    for Rgba([r, g, b, alpha]) in rgba.pixels_mut() {
        for value in [r, g, b] {
            *value = change(f32::from(*value), f32::from(*alpha)).round() as u8;
        }
    }
    rgba
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_picture_shrinks_without_a_rim() {
        // White ink on transparent black; the black would darken the ink's edge.
        let ink = |x, y| (300..700).contains(&x) && (200..1800).contains(&y);
        let picture = RgbaImage::from_fn(1000, 2000, |x, y| match ink(x, y) {
            true => Rgba([255; 4]),
            false => Rgba([0; 4]),
        });
        let small = drawn(picture);
        assert_eq!(small.dimensions(), (256, 512));
        let inked = |pixel: &&Rgba<u8>| pixel[3] > 0;
        assert!(small.pixels().filter(inked).all(|pixel| pixel[0] > 250));
    }
}
