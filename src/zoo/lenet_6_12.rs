//! A small LeNet, 32,998 parameters: two convolutions and three hidden linear layers.
//!
//! Based on LeNet-5 (LeCun et al. 1998), with max pools and ReLU.

use super::Card;
use crate::layers::LayerSpec::{self, Flatten, Relu};

#[rustfmt::skip]
pub const LAYERS: [LayerSpec; 12] = [
    //                                       output    parameters
    LayerSpec::conv(1, 6, 5, 0), Relu,    // 6×24×24          156
    LayerSpec::pool(2),                   // 6×12×12
    LayerSpec::conv(6, 12, 5, 0), Relu,   // 12×8×8         1,812
    LayerSpec::pool(2),                   // 12×4×4
    Flatten,                              //    192
    LayerSpec::linear(192, 120), Relu,    //    120        23,160
    LayerSpec::linear(120, 60), Relu,     //     60         7,260
    LayerSpec::linear(60, 10),            //     10           610
];

pub const CARD: Card = Card {
    about: "A small LeNet: two 5×5 convolutions with pools, then 120 and 60 hidden units.",
    training: "Batches of 100, learning rate 0.002, 50 epochs.",
    claimed: "98.64 % (training 99.58 %)",
    really: Some(98.59),
    notes: &[
        "The source's code reaches 98.59 % on the test set and 99.40 % on its training images, a little less than \
         its text claims for both.",
        "The source's text doesn't name the optimiser; its recipe here is Adam.",
    ],
};
