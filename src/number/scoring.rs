//! What makes a group of strokes a likely digit.

use super::Group;
use super::layout::Layout;
use crate::digit::N_CLASSES;
use crate::protocol::{digit_probability, softmax, winner};

/// The weights of the features that decide how a drawing is split. A group's score is the weighted sum of its
/// features; a number's score is the sum of its groups' scores. Lengths are in heights of the writing. `eval numbers
/// --tune` finds the weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scoring {
    /// For the logarithm of the likeliest digit's probability.
    pub reading: f32,
    /// For the logarithm of the probability that it is a digit.
    pub digit: f32,
    /// For each stroke beyond the first.
    pub stroke: f32,
    /// For the distances of its strokes from one another.
    pub spread: f32,
    /// For strokes of other groups that are nearer to its own than neighbours usually are in this writing, by how
    /// much.
    pub near: f32,
    /// For strokes of other digits that were written between its own, up to [`MAX_SKIPS`].
    pub skip: f32,
    /// For how much the group is wider than [`WIDE`].
    pub width: f32,
    /// For how much the group is lower than [`LOW`].
    pub height: f32,
    /// For strokes of other groups above or below its own, by the share that overlaps.
    pub overlap: f32,
    /// For the same strokes, by how deep inside the group their middles lie, up to [`MAX_DEPTH`] each.
    pub depth: f32,
}

/// How many strokes in between count at most.
const MAX_SKIPS: usize = 2;
/// A group wider than this is wide.
const WIDE: f32 = 0.9;
/// A group lower than this is low.
const LOW: f32 = 0.8;
/// The greatest depth inside a group that counts, in heights of the writing.
const MAX_DEPTH: f32 = 0.3;
/// Width that is added to measure overlaps, in heights of the writing.
const LEAST_WIDTH: f32 = 0.05;
/// A lower limit, so that one bad reading can't decide alone.
const LEAST_PROBABILITY: f32 = 1e-4;

impl Scoring {
    /// For networks that know only digits. Tuned on numbers by the validation writers, in even and uneven handwriting,
    /// read by `tiny-bn`.
    pub const PLAIN: Self = Self {
        reading: 4.6,
        digit: 0.0,
        stroke: -7.3,
        spread: -10.0,
        near: -9.8,
        skip: 0.0,
        width: -8.5,
        height: -12.5,
        overlap: -1.5,
        depth: -6.0,
    };
    /// For networks that can also tell that ink isn't a digit. Tuned in the same way, read by `pen`.
    pub const LEARNT: Self = Self {
        reading: 3.65,
        digit: 1.65,
        stroke: -4.1,
        spread: -5.45,
        near: -6.8,
        skip: -0.25,
        width: -7.6,
        height: -8.0,
        overlap: -0.45,
        depth: -7.7,
    };

    /// The number of weights.
    pub const N: usize = 10;

    pub fn weights(&self) -> [f32; Self::N] {
        [
            self.reading,
            self.digit,
            self.stroke,
            self.spread,
            self.near,
            self.skip,
            self.width,
            self.height,
            self.overlap,
            self.depth,
        ]
    }

    pub fn from_weights(weights: [f32; Self::N]) -> Self {
        let [
            reading,
            digit,
            stroke,
            spread,
            near,
            skip,
            width,
            height,
            overlap,
            depth,
        ] = weights;
        Self {
            reading,
            digit,
            stroke,
            spread,
            near,
            skip,
            width,
            height,
            overlap,
            depth,
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
    let (mut near, mut overlap, mut depth) = (0.0, 0.0, 0.0);
    for other in (0..layout.n_strokes()).filter(|index| !strokes.contains(index)) {
        near += (layout.usual_gap - layout.distance(strokes, other)).max(0.0);
        let other = layout.extent(&[other]);
        // Add a little width, since upright strokes have none.
        let least = LEAST_WIDTH * layout.height;
        let shared = (extent.overlap(&other) + least) / (extent.width().min(other.width()) + least);
        overlap += shared.clamp(0.0, 1.0);
        let middle = other.middle();
        let inside = (middle - extent.left).min(extent.right - middle) / layout.height;
        depth += inside.clamp(0.0, MAX_DEPTH);
    }
    let written = strokes[strokes.len() - 1] - strokes[0] + 1;
    [
        ln(winner(&softmax(logits)).1),
        ln(digit_probability(logits)),
        (strokes.len() - 1) as f32,
        layout.spread(strokes),
        near,
        (written - strokes.len()).min(MAX_SKIPS) as f32,
        (width - WIDE).max(0.0),
        (LOW - height).max(0.0),
        overlap,
        depth,
    ]
}

fn ln(probability: f32) -> f32 {
    probability.max(LEAST_PROBABILITY).ln()
}
