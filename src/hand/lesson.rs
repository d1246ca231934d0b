//! The input of a lesson.

use super::Drawn;
use crate::data::{Sample, hold_back};

/// The fewest drawings of digits that a lesson needs. With fewer, none could be held back.
pub const LEAST: usize = 4;

/// The drawings of digits, ready for a lesson.
pub fn lesson_samples(drawn: &[Drawn]) -> Vec<Sample> {
    let labelled = drawn.iter().filter_map(|s| Some((s, s.digit()?)));
    let labels: Vec<u8> = labelled.clone().map(|(_, label)| label).collect();
    let held_back = hold_back(&labels);
    let sample = |((drawn, label), is_held_back): ((&Drawn, u8), bool)| Sample {
        label,
        strokes: drawn.strokes(),
        is_held_back,
    };
    labelled.zip(held_back).map(sample).collect()
}
