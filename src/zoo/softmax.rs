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
        "The source's figure is 100 minus the mean absolute error of its outputs, which isn't an accuracy; its \
         network recognises 88.36 % correctly.",
        "The source doesn't give the batch size, the number of epochs or the optimiser; its recipe here is SGD in \
         batches of 64 for 10 epochs.",
    ],
};
