//! A picture that is read instead of the drawing, and which sizes are accepted.

use crate::digit::DigitImage;
use crate::picture::MAX_SIDE;

/// Larger pictures could use up the browser's memory.
const MAX_MEGAPIXELS: f64 = 50.0;

#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The file's name; empty if the clipboard gave none.
    pub name: String,
    /// A `data:` address of the picture, at most [`MAX_SIDE`] pixels on each side.
    pub thumbnail: String,
    pub image: DigitImage,
}

/// A sentence that says why a picture of this size is refused, or `None` if it isn't.
pub fn too_large(name: &str, width: u32, height: u32) -> Option<String> {
    let megapixels = f64::from(width) * f64::from(height) / 1e6;
    (megapixels > MAX_MEGAPIXELS).then(|| {
        format!(
            "{name} has {width} × {height} pixels ({megapixels:.1} megapixels). \
             The limit is {MAX_MEGAPIXELS:.0} megapixels, so choose a smaller copy."
        )
    })
}

/// The size at which a picture is drawn: its own, or scaled down to [`MAX_SIDE`].
pub fn drawn_size(width: u32, height: u32) -> (u32, u32) {
    let scale = (MAX_SIDE as f64 / f64::from(width.max(height).max(1))).min(1.0);
    let scaled = |side: u32| (f64::from(side) * scale).round().max(1.0) as u32;
    (scaled(width), scaled(height))
}
