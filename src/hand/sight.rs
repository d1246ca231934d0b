//! Embeddings of drawings.

use crate::digit::DigitImage;

/// Images that were embedded together.
#[derive(Clone, Debug, PartialEq)]
pub struct Sight {
    /// The network that embedded them.
    pub model: String,
    /// The sample that the images show; `None` for the drawing on the pad.
    pub sample: Option<String>,
    pub images: Vec<DigitImage>,
    pub embeddings: Vec<Vec<f32>>,
}
