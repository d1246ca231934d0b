//! [`cnn_32_64`](super::cnn_32_64) with depthwise separable convolutions, 3,225,539 parameters.
//!
//! Source of the parts: Howard et al. 2017 (MobileNet: depthwise separable convolutions, width and
//! resolution multipliers). As in the source's code, there is no layer between the depthwise and the
//! pointwise half, and only the pointwise half has a bias.

use serde::{Deserialize, Serialize};

use super::Card;
use crate::digit::SIDE;
use crate::layers::LayerSpec::{self, Dropout, Flatten, Relu};

/// How much narrower and smaller than the original a variant is; 1 and 1 give the original.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Multipliers {
    /// Factor for the numbers of channels and hidden units.
    pub width: f64,
    /// Factor for the image's side.
    pub resolution: f64,
}

impl Multipliers {
    pub const ONE: Self = Self {
        width: 1.0,
        resolution: 1.0,
    };
}

pub fn layers(multipliers: Multipliers) -> Vec<LayerSpec> {
    let scaled = |n: usize, by: f64| ((n as f64 * by).round() as usize).max(1);
    let [c1, c2, hidden] = [32, 64, 1024].map(|n| scaled(n, multipliers.width));
    // After two pools at least one pixel must be left.
    let side = scaled(SIDE, multipliers.resolution).max(4);
    let features = c2 * (side / 4) * (side / 4);
    let mut layers = Vec::new();
    if side != SIDE {
        layers.push(LayerSpec::Resize { side, channels: 1 });
    }
    #[rustfmt::skip]
    layers.extend([
        //                                           output     parameters
        LayerSpec::depthwise(1, 5, 2),            // 1×28×28            25
        LayerSpec::conv(1, c1, 1, 0), Relu,       // 32×28×28           64
        LayerSpec::pool(2),                       // 32×14×14
        LayerSpec::depthwise(c1, 5, 2),           // 32×14×14          800
        LayerSpec::conv(c1, c2, 1, 0), Relu,      // 64×14×14        2,112
        LayerSpec::pool(2),                       // 64×7×7
        Flatten,                                  //  3,136
        LayerSpec::linear(features, hidden), Relu, // 1,024      3,212,288
        Dropout { p: 0.4 },
        LayerSpec::linear(hidden, 10),            //     10         10,250
    ]);
    layers
}

pub const CARD: Card = Card {
    about: "cnn-32-64 with depthwise separable convolutions.",
    training: "Batches of 128, 4,300 iterations.",
    claimed: "96.5 %, \"3 times faster\"",
    really: None,
    notes: &[
        "The source says 3 times faster than its twin, but not which part or how it was measured; here the \
         convolution stages are compared, in operations and in time.",
        "The source's text gives neither optimiser nor learning rate; its recipe here is Adam at 0.001.",
        "4,300 iterations of 128 are 11.5 epochs of our 48,000 training images; its recipe here runs for 11 epochs.",
    ],
};
