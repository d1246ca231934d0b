//! The 19,850 parameters of [`tiny-bn`](super::tiny_bn), trained like [`pen`](super::pen).

use super::{Card, NO_SOURCE, tiny_bn};
use crate::layers::LayerSpec;

pub const LAYERS: [LayerSpec; 26] = tiny_bn::LAYERS;

pub const CARD: Card = Card {
    about: "The layers of tiny-bn, trained like pen: recognises digits drawn with a pen as well as MNIST's, and can \
        tell when something isn't a digit.",
    training: "One of Inkling's own networks. Its “source's recipe” is training on MNIST alone.",
    claimed: NO_SOURCE,
    really: None,
    notes: &[],
};
