//! Characters of many scripts, and the scripts that are held back from training. Embedding networks are judged on
//! characters that they have never seen, so whole alphabets are held back. This module must not know where characters
//! come from.

use std::ops::Range;

use crate::strokes::{Point, Stroke};

/// Alphabets of Omniglot's background set by which networks and settings are chosen: drawn at random from those
/// outside [`TEST_ALPHABETS`], in the order of their names (Python's `random.seed(2026)`, `random.sample(names, 5)`).
pub const VALIDATION_ALPHABETS: [&str; 5] =
    ["Armenian", "Braille", "Early_Aramaic", "Korean", "N_Ko"];
/// Untouched alphabets, for the final test only. `pen` has never seen them either, so the letters that it must reject
/// are as new to it as to the embedding network.
pub const TEST_ALPHABETS: [&str; 5] = [
    "Bengali",
    "Futurama",
    "Hebrew",
    "Japanese_(katakana)",
    "Tifinagh",
];

/// The purpose of an alphabet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Train,
    Validation,
    Test,
}

impl Part {
    pub fn of(alphabet: &str) -> Self {
        match alphabet {
            _ if TEST_ALPHABETS.contains(&alphabet) => Self::Test,
            _ if VALIDATION_ALPHABETS.contains(&alphabet) => Self::Validation,
            _ => Self::Train,
        }
    }
}

/// A character, drawn by several people.
#[derive(Clone, Debug, PartialEq)]
pub struct Character {
    pub alphabet: String,
    /// Name within the alphabet, such as `character07`.
    pub name: String,
    pub drawings: Vec<Vec<Stroke>>,
}

/// The range of each alphabet's characters, which must be contiguous.
pub fn by_alphabet(characters: &[Character]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (place, character) in characters.iter().enumerate() {
        match ranges.last_mut() {
            Some(range) if characters[range.start].alphabet == character.alphabet => {
                range.end = place + 1;
            }
            _ => ranges.push(place..place + 1),
        }
    }
    ranges
}

/// Turns a drawing clockwise by this many quarter turns. The result serves as another character.
pub fn turned(strokes: &[Stroke], quarters: usize) -> Vec<Stroke> {
    let turn = |point: &Point| {
        let (x, y) = (0..quarters % 4).fold((point.x, point.y), |(x, y), _| (-y, x));
        Point::new(x, y, point.radius)
    };
    let stroke = |stroke: &Stroke| Stroke::new(stroke.points.iter().map(turn).collect());
    strokes.iter().map(stroke).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn character(alphabet: &str) -> Character {
        Character {
            alphabet: alphabet.into(),
            name: "character01".into(),
            drawings: Vec::new(),
        }
    }

    #[test]
    fn no_alphabet_serves_two_ends() {
        assert!(
            VALIDATION_ALPHABETS
                .iter()
                .all(|a| !TEST_ALPHABETS.contains(a))
        );
        assert_eq!(Part::of("Hebrew"), Part::Test);
        assert_eq!(Part::of("Korean"), Part::Validation);
        assert_eq!(Part::of("Latin"), Part::Train);
    }

    #[test]
    fn characters_of_an_alphabet_are_found() {
        let characters = ["a", "a", "b", "c", "c"].map(character);
        assert_eq!(by_alphabet(&characters), [0..2, 2..3, 3..5]);
        assert!(by_alphabet(&[]).is_empty());
    }

    #[test]
    fn four_quarters_are_none() {
        let right = vec![Stroke::new(vec![
            Point::new(0.0, 0.0, 1.0),
            Point::new(2.0, 1.0, 1.0),
        ])];
        assert_eq!(turned(&right, 4), right);
        // A stroke to the right now points down, since y grows downwards.
        assert_eq!(turned(&right, 1)[0].points[1], Point::new(-1.0, 2.0, 1.0));
        assert_eq!(turned(&turned(&right, 1), 3), right);
    }
}
