//! What makes a group of strokes a likely digit.

use super::Group;
use super::layout::Layout;
use crate::digit::N_CLASSES;
use crate::protocol::{digit_probability, softmax, winner};

/// What counts how much when a drawing is parted: a group's score is the weighted sum of these, and that of a number the sum of its
/// groups'. Lengths are in heights of the writing. `eval numbers --tune` finds the weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scoring {
    /// Of the logarithm of the likeliest digit's probability.
    pub reading: f32,
    /// Of the logarithm of the probability that it is a digit.
    pub digit: f32,
    /// For each stroke beyond the first.
    pub stroke: f32,
    /// For the distances of its strokes from one another.
    pub spread: f32,
    /// For strokes of other digits that were written between its own, up to [`MAX_SKIPS`].
    pub skip: f32,
    /// For what the group is wider than it is worth to be: beyond [`WIDE`].
    pub width: f32,
    /// For what the group falls short of [`LOW`].
    pub height: f32,
    /// For strokes of others above or below its own, by the share of them.
    pub overlap: f32,
}

/// How many strokes in between count.
const MAX_SKIPS: usize = 2;
/// From this width on a group is wide.
const WIDE: f32 = 0.9;
/// From this height down a group is low.
const LOW: f32 = 0.8;
/// Width that is added to measure overlaps, in heights of the writing.
const LEAST_WIDTH: f32 = 0.05;
/// One reading, however bad, is not to decide alone.
const LEAST_PROBABILITY: f32 = 1e-4;

impl Scoring {
    /// For networks that know digits only.
    pub const PLAIN: Self = Self {
        reading: 1.0,
        digit: 0.0,
        stroke: 0.0,
        spread: -8.0,
        skip: -1.0,
        width: -4.0,
        height: -4.0,
        overlap: -1.0,
    };
    /// For networks that also know what is no digit.
    pub const LEARNT: Self = Self {
        digit: 1.0,
        ..Self::PLAIN
    };

    /// The number of weights.
    pub const N: usize = 8;

    pub fn weights(&self) -> [f32; Self::N] {
        [
            self.reading,
            self.digit,
            self.stroke,
            self.spread,
            self.skip,
            self.width,
            self.height,
            self.overlap,
        ]
    }

    pub fn from_weights(weights: [f32; Self::N]) -> Self {
        let [reading, digit, stroke, spread, skip, width, height, overlap] = weights;
        Self {
            reading,
            digit,
            stroke,
            spread,
            skip,
            width,
            height,
            overlap,
        }
    }

    pub(super) fn score(&self, features: &[f32; Self::N]) -> f32 {
        let products = self.weights().into_iter().zip(features);
        products.map(|(weight, feature)| weight * feature).sum()
    }
}

/// The features of a group that [`Scoring`] weighs, in its order.
pub(super) fn features(
    layout: &Layout,
    group: &Group,
    logits: &[f32; N_CLASSES],
) -> [f32; Scoring::N] {
    let strokes = group.indices();
    let extent = layout.extent(strokes);
    let (width, height) = (
        extent.width() / layout.height,
        extent.height() / layout.height,
    );
    let others = (0..layout.n_strokes()).filter(|index| !strokes.contains(index));
    let overlap = others.map(|other| {
        let other = layout.extent(&[other]);
        // A bit of width, for upright strokes have none.
        let least = LEAST_WIDTH * layout.height;
        let shared = extent.overlap(&other) + least;
        (shared / (extent.width().min(other.width()) + least)).clamp(0.0, 1.0)
    });
    let written = strokes[strokes.len() - 1] - strokes[0] + 1;
    [
        ln(winner(&softmax(logits)).1),
        ln(digit_probability(logits)),
        (strokes.len() - 1) as f32,
        layout.spread(strokes),
        (written - strokes.len()).min(MAX_SKIPS) as f32,
        (width - WIDE).max(0.0),
        (LOW - height).max(0.0),
        overlap.sum(),
    ]
}

fn ln(probability: f32) -> f32 {
    probability.max(LEAST_PROBABILITY).ln()
}
