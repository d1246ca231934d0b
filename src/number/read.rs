//! The likeliest way to part a drawing into digits.

use super::Group;
use super::lattice::Lattice;
use super::scoring::Scoring;
use crate::digit::N_CLASSES;
use crate::protocol::{digit_probability, softmax, winner};
use crate::strokes::Stroke;

/// A digit of a number.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadDigit {
    pub group: Group,
    /// Of 0 to 9, given that it is a digit.
    pub probabilities: [f32; N_CLASSES],
    /// How probably it is a digit at all; means something only where the network has learnt it.
    pub digit_probability: f32,
}

impl ReadDigit {
    /// The likeliest digit and its probability.
    pub fn winner(&self) -> (usize, f32) {
        winner(&self.probabilities)
    }
}

/// Reads a number, left to right: of the candidates those that hold every stroke once and have the best sum of scores.
///
/// `candidates` are those of [`candidates`](super::candidates) for these strokes, and `logits` holds the network's answer to each. Empty
/// where there are no strokes, or where they are another drawing's.
pub fn read(
    strokes: &[Stroke],
    candidates: &[Group],
    logits: &[[f32; N_CLASSES]],
    scoring: &Scoring,
) -> Vec<ReadDigit> {
    read_at_most(usize::MAX, strokes, candidates, logits, scoring)
}

/// The same of at most so many digits, wherever the candidates can cover all strokes with so few.
pub fn read_at_most(
    most: usize,
    strokes: &[Stroke],
    candidates: &[Group],
    logits: &[[f32; N_CLASSES]],
    scoring: &Scoring,
) -> Vec<ReadDigit> {
    let chosen = Lattice::new(strokes, candidates, logits).best_of(scoring, most);
    let digits = chosen.into_iter().map(|index| ReadDigit {
        group: candidates[index].clone(),
        probabilities: softmax(&logits[index]),
        digit_probability: digit_probability(&logits[index]),
    });
    digits.collect()
}
