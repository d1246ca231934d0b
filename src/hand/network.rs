//! A network that has learnt a person's handwriting.

use serde::{Deserialize, Serialize};

use crate::digit::N_CLASSES;
use crate::taught::Scores;

/// What is stored about it besides its weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HandNetwork {
    /// Its base, `@` and its time of creation, such as `pen@19a8…`; see [`base_model`](crate::protocol::base_model).
    pub id: String,
    /// What the person calls it.
    pub name: String,
    pub sha256: String,
    /// Logits of [`DigitImage::probe`](crate::digit::DigitImage::probe), which an engine must reproduce before it is
    /// trusted.
    pub probe_logits: [f32; N_CLASSES],
    /// Number of drawings that it learnt from; 0 if it came from a file.
    pub n_samples: usize,
    /// `None` if it came from a file.
    pub figures: Option<Figures>,
    /// The network that it replaced, which undo goes back to.
    pub replaced: String,
}

/// The scores of the network that the lesson started from, and of the one that it produced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    pub before: Scores,
    pub after: Scores,
}
