//! Finds the likeliest way to split a drawing into digits.

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
    /// The probabilities of 0 to 9, given that it is a digit.
    pub probabilities: [f32; N_CLASSES],
    /// The probability that it is a digit at all; meaningful only if the network has learnt to tell.
    pub digit_probability: f32,
}

impl ReadDigit {
    /// The likeliest digit and its probability.
    pub fn winner(&self) -> (usize, f32) {
        winner(&self.probabilities)
    }
}

/// Reads a number, left to right: chooses the candidates that contain every stroke once and have the best sum of
/// scores.
///
/// `candidates` come from [`candidates`](super::candidates) for these strokes, and `logits` contains the network's
/// answer to each. The result is empty if there are no strokes, or if the candidates belong to another drawing.
pub fn read(
    strokes: &[Stroke],
    candidates: &[Group],
    logits: &[[f32; N_CLASSES]],
    scoring: &Scoring,
) -> Vec<ReadDigit> {
    read_at_most(usize::MAX, strokes, candidates, logits, scoring)
}

/// Like [`read`], but with at most `most` digits if the candidates can cover all strokes with so few.
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
