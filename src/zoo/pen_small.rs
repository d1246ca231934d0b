//! [`tiny-bn`](super::tiny_bn)'s 19,850 parameters, taught like [`pen`](super::pen).

use super::{Card, NO_SOURCE, tiny_bn};
use crate::layers::LayerSpec;

pub const LAYERS: [LayerSpec; 26] = tiny_bn::LAYERS;

pub const CARD: Card = Card {
    about: "tiny-bn once more, but taught like pen: it reads pens as well as MNIST, and knows what is no digit.",
    training: "None: it is Inkling's own. In its place stands training on MNIST alone.",
    claimed: NO_SOURCE,
    really: None,
    notes: &[],
};
