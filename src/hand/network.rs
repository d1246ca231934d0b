//! A network that has learnt a person's hand.

use serde::{Deserialize, Serialize};

use crate::digit::N_CLASSES;
use crate::taught::Scores;

/// What is kept of it beside its weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HandNetwork {
    /// Its base, `@` and when it was made, such as `pen@19a8…`; see [`base_model`](crate::protocol::base_model).
    pub id: String,
    /// What the person calls it.
    pub name: String,
    pub sha256: String,
    /// Logits of [`DigitImage::probe`](crate::digit::DigitImage::probe), by which an engine proves itself.
    pub probe_logits: [f32; N_CLASSES],
    /// Drawings that it learnt from; 0 where it came from a file.
    pub n_samples: usize,
    /// `None` where it came from a file.
    pub figures: Option<Figures>,
    /// The network that it took the place of, to which undo leads.
    pub replaced: String,
}

/// How well the network reads that the lesson started from, and the one that came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    pub before: Scores,
    pub after: Scores,
}
