//! A network's question about one pad.

use super::ink::Ink;
use super::reading::Digit;
use crate::digit::DigitImage;
use crate::number::{Corrections, Group};
use crate::state::{Prediction, Verdict, figures, question};
use crate::strokes::render;
use crate::supervisor::{Answer, Images};
use crate::symbols::Match;

/// A drawing or a picture, with the images that a network has to read.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    images: Images,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Picture,
    /// One digit or symbol.
    One(Ink),
    /// The groups that may be digits, and the most digits there can be.
    Number {
        ink: Ink,
        groups: Vec<Group>,
        most: usize,
    },
}

impl Question {
    /// Makes a question about a number of at most `most` digits. If that is 1, it is about one digit or symbol.
    pub fn drawing(ink: Ink, most: usize) -> Self {
        if most > 1 {
            let (groups, images) = question(&ink.strokes, &Corrections::default());
            let kind = Kind::Number { ink, groups, most };
            return Self { images, kind };
        }
        Self {
            images: render(&ink.strokes).into_iter().collect(),
            kind: Kind::One(ink),
        }
    }

    /// Makes a question about a picture of one digit or symbol. `None` if it shows neither.
    pub fn picture(image: Option<DigitImage>) -> Self {
        Self {
            images: image.into_iter().collect(),
            kind: Kind::Picture,
        }
    }

    /// Returns the images to be read together. Empty if there is no ink.
    pub fn images(&self) -> &Images {
        &self.images
    }

    /// Returns the image that may be a symbol.
    pub fn symbol(&self) -> Option<&DigitImage> {
        match self.kind {
            Kind::Picture | Kind::One(_) => self.images.first(),
            Kind::Number { .. } => None,
        }
    }

    /// Interprets an answer for [`images`](Self::images). `symbol` compares a single digit with the symbols.
    pub fn digits<'a>(
        &self,
        answer: &Answer,
        tells_digits: bool,
        symbol: impl Fn(&Prediction) -> Option<(&'a str, Match)>,
    ) -> Vec<Digit> {
        let ink = match &self.kind {
            Kind::Picture => None,
            Kind::One(ink) => Some(&*ink.strokes),
            Kind::Number { ink, groups, most } => {
                let figures = figures(&ink.strokes, groups, answer, tells_digits, *most);
                let digit = |figure| Digit::of_number(figure, ink.unit);
                return figures.iter().map(digit).collect();
            }
        };
        let read = answer.logits.first().zip(answer.images.first());
        let digit = read.map(|(logits, image)| {
            let latency_ms = answer.latency_ms;
            let prediction = Prediction::new(logits, tells_digits, latency_ms, image.clone());
            let verdict = Verdict::of(&prediction, ink);
            Digit::alone(&prediction, verdict, symbol(&prediction))
        });
        digit.into_iter().collect()
    }
}
