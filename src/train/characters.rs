//! Characters of many scripts for learning embeddings: the composition of a batch, the drawing of each character, and
//! the validation of a network.
//!
//! The classes of a batch are hard to separate: half of them come from one script after another, each in one rotation.

use std::ops::Range;

use burn::tensor::{Device, ExecutionError};
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, RngExt};

use super::config::{Objective, TrainConfig};
use super::evaluate::EvalReport;
use super::few_shot::{Embeddings, Metric, features};
use crate::data::{Character, Drawings, augment, by_alphabet, restyle, turned};
use crate::digit::{DigitImage, N_CLASSES, SIDE};
use crate::strokes::{Stroke, render};
use crate::zoo::Network;

/// Quarter turns of a character; each is a class.
const N_TURNS: usize = 4;
/// The same for a digit: after half a turn, 0, 1 and 2 look the same again.
const N_DIGIT_TURNS: usize = 2;
/// At most one in this many classes of a batch is a digit.
const DIGITS_AMONG: usize = 8;
/// How many tasks of ten characters validate each epoch, and their seed.
const N_TASKS: usize = 600;
const SEED_TASKS: u64 = 7;

/// A class, which a batch shows twice: a character or a digit, turned by a number of quarter turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Character { place: usize, quarters: usize },
    Digit { digit: usize, quarters: usize },
}

pub(super) struct Characters {
    train: Vec<Character>,
    /// The range of each alphabet in `train`.
    alphabets: Vec<Range<usize>>,
    /// All drawings of unseen characters, each with the number of its character.
    unseen: Vec<DigitImage>,
    unseen_labels: Vec<u16>,
    unseen_alphabets: Vec<Range<u16>>,
}

impl Characters {
    pub fn new(drawings: &Drawings) -> Self {
        let unseen = &drawings.unseen_characters;
        let image = |strokes: &Vec<Stroke>| render(strokes).unwrap_or_else(DigitImage::blank);
        let labels = unseen.iter().enumerate();
        let labels = labels.flat_map(|(label, c)| vec![label as u16; c.drawings.len()]);
        let narrow = |range: Range<usize>| range.start as u16..range.end as u16;
        Self {
            train: drawings.characters.clone(),
            alphabets: by_alphabet(&drawings.characters),
            unseen: unseen
                .iter()
                .flat_map(|c| c.drawings.iter().map(image))
                .collect(),
            unseen_labels: labels.collect(),
            unseen_alphabets: by_alphabet(unseen).into_iter().map(narrow).collect(),
        }
    }

    /// Whether each character has two drawings, and there is a script of ten characters both for training and for
    /// validation.
    pub fn are_enough(&self) -> bool {
        self.train
            .iter()
            .all(|character| character.drawings.len() > 1)
            && self.alphabets.iter().any(|of| of.len() >= N_CLASSES)
            && self.unseen_alphabets.iter().any(|of| of.len() >= N_CLASSES)
    }

    /// Draws `n` different classes, or all if there are fewer.
    pub fn classes(&self, n: usize, rng: &mut impl Rng) -> Vec<Class> {
        let n = n.min(N_TURNS * self.train.len());
        let n_digits = n / DIGITS_AMONG;
        let digits =
            super::SEEN.flat_map(|digit| (0..N_DIGIT_TURNS).map(move |quarters| (digit, quarters)));
        let mut classes: Vec<Class> = digits
            .map(|(digit, quarters)| Class::Digit {
                digit: digit.into(),
                quarters,
            })
            .collect();
        classes.shuffle(rng);
        classes.truncate(n_digits);
        while classes.len() < n / 2 {
            let Some(alphabet) = self.alphabets.choose(rng) else {
                break;
            };
            let quarters = rng.random_range(0..N_TURNS);
            let mut of_script: Vec<usize> = alphabet.clone().collect();
            of_script.shuffle(rng);
            for place in of_script {
                add(&mut classes, n / 2, Class::Character { place, quarters });
            }
        }
        while classes.len() < n {
            let place = rng.random_range(0..self.train.len());
            let quarters = rng.random_range(0..N_TURNS);
            add(&mut classes, n, Class::Character { place, quarters });
        }
        classes
    }

    /// Two images of a class: drawings by two people, each altered as a third might have drawn it. `digits` has images
    /// of each digit.
    pub fn pair(
        &self,
        class: Class,
        digits: &[Vec<DigitImage>],
        config: &TrainConfig,
        rng: &mut impl Rng,
    ) -> [DigitImage; 2] {
        match class {
            Class::Digit { digit, quarters } => two(&digits[digit], rng)
                .map(|image| turned_image(&augment(image, &config.augmentation, rng), quarters)),
            Class::Character { place, quarters } => {
                two(&self.train[place].drawings, rng).map(|strokes| match config.objective {
                    Objective::Characters {
                        restyle: amount,
                        softening,
                        ..
                    } => {
                        let image = restyle(&turned(strokes, quarters), &amount, rng);
                        augment(&image, &softening, rng)
                    }
                    _ => render(&turned(strokes, quarters)).unwrap_or_else(DigitImage::blank),
                })
            }
        }
    }

    /// Validates on tasks of ten characters of one unseen script with one example of each: accuracy, and confidence at
    /// this temperature.
    pub async fn validate(
        &self,
        network: &Network,
        temperature: f32,
        device: &Device,
    ) -> Result<EvalReport, ExecutionError> {
        let rows = features(network, &self.unseen, device).await?;
        let embeddings = Embeddings::new(rows, self.unseen_labels.clone(), Metric::Direction);
        let sharpness = 1.0 / temperature;
        let (logits, labels) =
            embeddings.ten_ways(&self.unseen_alphabets, N_TASKS, sharpness, SEED_TASKS);
        Ok(EvalReport::new(&logits, &labels))
    }
}

fn add(classes: &mut Vec<Class>, n: usize, class: Class) {
    if classes.len() < n && !classes.contains(&class) {
        classes.push(class);
    }
}

/// Chooses two different items, if there are two.
fn two<'a, T>(of: &'a [T], rng: &mut impl Rng) -> [&'a T; 2] {
    let first = rng.random_range(0..of.len());
    let step = rng.random_range(1..of.len().max(2));
    [&of[first], &of[(first + step) % of.len()]]
}

/// Turns an image clockwise.
fn turned_image(image: &DigitImage, quarters: usize) -> DigitImage {
    (0..quarters).fold(image.clone(), |image, _| {
        let pixel = |place: usize| {
            let (x, y) = (place % SIDE, place / SIDE);
            image.pixels()[(SIDE - 1 - x) * SIDE + y]
        };
        DigitImage::new(std::array::from_fn(pixel))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strokes::Point;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    /// Two scripts of 12 characters with two drawings each: a line, whose slope is the character's.
    fn drawings() -> Drawings {
        let character = |i: usize| {
            let line = |far: f32| {
                let end = Point::new(far, far * i as f32 / 4.0, 0.0);
                vec![Stroke::new(vec![Point::new(0.0, 0.0, 0.0), end])]
            };
            Character {
                alphabet: ["a", "b"][i / 12].into(),
                name: format!("character{i:02}"),
                drawings: vec![line(10.0), line(20.0)],
            }
        };
        Drawings {
            characters: (0..24).map(character).collect(),
            unseen_characters: (0..12).map(character).collect(),
            ..Drawings::default()
        }
    }

    #[test]
    fn a_batch_has_no_class_twice_and_half_of_it_is_of_scripts() {
        let characters = Characters::new(&drawings());
        assert!(characters.are_enough());
        let mut rng = StdRng::seed_from_u64(1);
        let classes = characters.classes(32, &mut rng);
        assert_eq!(classes.len(), 32);
        for (place, class) in classes.iter().enumerate() {
            assert!(!classes[..place].contains(class), "{class:?} twice");
        }
        let is_digit = |class: &&Class| matches!(class, Class::Digit { .. });
        assert_eq!(classes.iter().filter(is_digit).count(), 4);
        // Twelve of one script in one turn after the digits.
        let of_first = |class: &Class| match *class {
            Class::Character { place, quarters } => Some((place / 12, quarters)),
            Class::Digit { .. } => None,
        };
        let first = of_first(&classes[4]);
        assert!(classes[4..16].iter().all(|class| of_first(class) == first));
        // More than there are: gives all of them.
        assert_eq!(characters.classes(1000, &mut rng).len(), 96);
    }

    #[test]
    fn too_few_characters_are_too_few() {
        assert!(!Characters::new(&Drawings::default()).are_enough());
        let mut few = drawings();
        few.unseen_characters.truncate(9);
        assert!(!Characters::new(&few).are_enough());
        let mut lone = drawings();
        lone.characters[3].drawings.truncate(1);
        assert!(!Characters::new(&lone).are_enough());
    }

    #[test]
    fn an_image_turns_as_strokes_do() {
        let strokes = &drawings().characters[3].drawings[0];
        for quarters in 0..4 {
            let by_strokes = render(&turned(strokes, quarters)).unwrap();
            let by_image = turned_image(&render(strokes).unwrap(), quarters);
            let ink = |image: &DigitImage, x: usize, y: usize| -> u32 {
                let near = (y..y + 14).flat_map(|y| (x..x + 14).map(move |x| y * SIDE + x));
                near.map(|place| u32::from(image.pixels()[place])).sum()
            };
            for (x, y) in [(0, 0), (14, 0), (0, 14), (14, 14)] {
                let (a, b) = (ink(&by_strokes, x, y), ink(&by_image, x, y));
                assert!(a.abs_diff(b) < 3000, "{quarters} quarters: {a} and {b}");
            }
        }
    }
}
