//! Draws misclassified images as one picture.

use std::io::Cursor;

use anyhow::Context;
use image::{GrayImage, ImageFormat, Luma};

use crate::data::Dataset;
use crate::digit::{DigitImage, SIDE};
use crate::report::Mistake;

/// Returns the misclassified images side by side as a greyscale PNG, white ink on black.
pub fn picture(images: &Dataset, mistakes: &[Mistake]) -> anyhow::Result<Vec<u8>> {
    let tiles: Vec<&DigitImage> = mistakes.iter().map(|m| images.image(m.index)).collect();
    let (width, height) = ((tiles.len() * SIDE) as u32, SIDE as u32);
    let row = GrayImage::from_fn(width, height, |x, y| {
        let (x, y) = (x as usize, y as usize);
        Luma([tiles[x / SIDE].pixels()[y * SIDE + x % SIDE]])
    });
    let mut png = Cursor::new(Vec::new());
    row.write_to(&mut png, ImageFormat::Png)
        .context("cannot draw the mistakes")?;
    Ok(png.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_stand_side_by_side() {
        let images = Dataset::new(vec![DigitImage::blank(), DigitImage::probe()], vec![0, 7]);
        let mistake = |index| Mistake {
            index,
            label: 7,
            read: 1,
            probability: 0.9,
        };
        let png = picture(&images.unwrap(), &[mistake(1), mistake(0)]).unwrap();
        let row = image::load_from_memory(&png).unwrap().into_luma8();
        assert_eq!(row.dimensions(), (56, 28));
        let left = image::imageops::crop_imm(&row, 0, 0, 28, 28).to_image();
        assert_eq!(left.into_raw(), DigitImage::probe().pixels());
        assert_eq!(row.get_pixel(40, 5).0, [0]);
    }
}
