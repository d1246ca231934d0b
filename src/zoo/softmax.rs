//! Softmax regression, 7,850 parameters: one linear layer.
//!
//! The baseline of LeCun et al. 1998, who report 12.0 % error for a linear classifier.

use super::Card;
use crate::layers::LayerSpec::{self, Flatten};

#[rustfmt::skip]
pub const LAYERS: [LayerSpec; 2] = [
    //                                       output    parameters
    Flatten,                              //    784
    LayerSpec::linear(784, 10),           //     10         7,850
];

pub const CARD: Card = Card {
    about: "Softmax regression: one linear layer, a template for each digit.",
    training: "Gradient descent, learning rate 0.009.",
    claimed: "94.181 %",
    really: Some(88.36),
    notes: &[
        "The source's figure is 100 minus the mean absolute error of its outputs, which is no accuracy; what its network reads right is 88.36 %.",
        "The source gives no batch size, epochs or optimiser; its recipe here is SGD, batches of 64, 10 epochs.",
    ],
};
