//! The default: a batch-normalised CNN with 43,246 parameters for digits drawn with a pen.
//!
//! One of Inkling's own networks: [`tiny-bn`](super::tiny_bn) with more channels. In half precision its file is about
//! as large as that of `tiny-bn` in single precision.

use super::{Card, NO_SOURCE};
use crate::layers::LayerSpec::{self, Dropout, Flatten, Relu};

#[rustfmt::skip]
pub const LAYERS: [LayerSpec; 26] = [
    //                                                output    parameters
    LayerSpec::conv_before_norm(1, 20, 3, 0),      // 20×26×26         180
    LayerSpec::norm(20), Relu,                     //                   40
    LayerSpec::conv_before_norm(20, 28, 3, 0),     // 28×24×24       5,040
    LayerSpec::norm(28), Relu,                     //                   56
    LayerSpec::pool(2),                            // 28×12×12
    LayerSpec::conv_before_norm(28, 20, 1, 0),     // 20×12×12         560
    LayerSpec::norm(20), Relu,                     //                   40
    LayerSpec::conv_before_norm(20, 36, 3, 1),     // 36×12×12       6,480
    LayerSpec::norm(36), Relu,                     //                   72
    LayerSpec::conv_before_norm(36, 44, 3, 0),     // 44×10×10      14,256
    LayerSpec::norm(44), Relu,                     //                   88
    LayerSpec::pool(2),                            // 44×5×5
    LayerSpec::conv_before_norm(44, 28, 1, 0),     // 28×5×5         1,232
    LayerSpec::norm(28), Relu,                     //                   56
    LayerSpec::conv_before_norm(28, 44, 3, 0),     // 44×3×3        11,088
    LayerSpec::norm(44), Relu,                     //                   88
    Dropout { p: 0.1 },
    LayerSpec::conv(44, 10, 3, 0),                 // 10×1×1         3,970
    Flatten,
];

pub const CARD: Card = Card {
    about: "The default: recognises digits drawn with a pen as well as MNIST's, and can tell when something isn't a \
        digit. tiny-bn with more channels.",
    training: "One of Inkling's own networks. Its “source's recipe” is training on MNIST alone.",
    claimed: NO_SOURCE,
    really: None,
    notes: &[],
};
