//! Whether the pad holds a digit at all, and which.

use super::PAD_SIDE;
use crate::digit::{DigitImage, N_CLASSES};
use crate::protocol::{digit_probability, is_digit, softmax, winner};
use crate::strokes::{Extent, Stroke};

/// Shown for ink that isn't a digit.
pub const NO_DIGIT: &str = "?";
/// Ink shorter than this, in pad units, is a dot or a slip of the pen. Even a digit a twentieth as high as the pad is
/// longer.
const MIN_INK: f32 = 0.035 * PAD_SIDE;

/// A reading of one image.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// Probabilities of the digits 0 to 9; they sum to 1.
    pub probabilities: [f32; N_CLASSES],
    /// Whether the network says that it is a digit; always true if the network has not learnt to tell.
    pub is_digit: bool,
    /// The probability that it is a digit at all, 0..1; 1 if the network has not learnt to tell.
    pub digit_probability: f32,
    /// Time in the engine for the whole batch, from images to logits.
    pub latency_ms: f64,
    /// The image that was read.
    pub image: DigitImage,
}

impl Prediction {
    /// `tells_digits`: whether the network has learnt to tell digits from other ink.
    pub fn new(
        logits: &[f32; N_CLASSES],
        tells_digits: bool,
        latency_ms: f64,
        image: DigitImage,
    ) -> Self {
        Self {
            probabilities: softmax(logits),
            is_digit: !tells_digits || is_digit(logits),
            digit_probability: match tells_digits {
                true => digit_probability(logits),
                false => 1.0,
            },
            latency_ms,
            image,
        }
    }

    /// The most probable digit and its probability.
    pub fn winner(&self) -> (usize, f32) {
        winner(&self.probabilities)
    }

    /// The probability that it is a digit at all and that this digit is the winner, 0..1.
    pub fn confidence(&self) -> f32 {
        self.winner().1 * self.digit_probability
    }

    /// The second most probable digit and its probability.
    pub fn runner_up(&self) -> (usize, f32) {
        let mut others = self.probabilities;
        others[self.winner().0] = f32::NEG_INFINITY;
        winner(&others)
    }
}

/// What the pad holds, according to the reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Digit(usize),
    /// A symbol that the person has taught; [`State::is_symbol`](super::State::is_symbol) names it.
    Symbol,
    /// The network says that it isn't a digit.
    NoDigit,
    /// There is too little ink to recognise anything.
    TooLittle,
}

impl Verdict {
    /// `ink`: the strokes in pad units; `None` for a picture.
    pub fn of(prediction: &Prediction, ink: Option<&[Stroke]>) -> Self {
        match ink {
            Some(strokes) if is_scant(strokes) => Self::TooLittle,
            _ if !prediction.is_digit => Self::NoDigit,
            _ => Self::Digit(prediction.winner().0),
        }
    }

    pub fn digit(self) -> Option<usize> {
        match self {
            Self::Digit(digit) => Some(digit),
            Self::Symbol | Self::NoDigit | Self::TooLittle => None,
        }
    }

    /// Says why it isn't a digit; empty if it is a digit or a symbol.
    pub fn words(self) -> &'static str {
        match self {
            Self::Digit(_) | Self::Symbol => "",
            Self::NoDigit => "Not a digit",
            Self::TooLittle => "Too little ink",
        }
    }
}

/// Whether there is next to no ink: dots, or a short slip of the pen.
fn is_scant(strokes: &[Stroke]) -> bool {
    let segments = strokes.iter().flat_map(Stroke::segments);
    let length: f32 = segments.map(|(a, b)| (b.x - a.x).hypot(b.y - a.y)).sum();
    // Dots far apart have no length, and a trembling hand draws a long line on the spot.
    length.min(Extent::of(strokes).side()) < MIN_INK
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strokes::Point;

    fn stroke(places: &[(f32, f32)]) -> Stroke {
        let point = |&(x, y): &(f32, f32)| Point::new(x, y, 38.0);
        Stroke::new(places.iter().map(point).collect())
    }

    #[test]
    fn dots_and_slips_are_too_little_and_the_smallest_digits_are_not() {
        let dot = stroke(&[(500.0, 500.0)]);
        let tick = stroke(&[(500.0, 500.0), (515.0, 520.0)]);
        let trembling = stroke(&[(5.0, 5.0), (9.0, 5.0), (5.0, 9.0), (9.0, 9.0)].repeat(9));
        for strokes in [
            vec![dot.clone()],
            vec![tick],
            vec![trembling],
            vec![dot, stroke(&[(100.0, 900.0)])],
        ] {
            assert!(is_scant(&strokes), "{strokes:?}");
        }
        let one = stroke(&[(500.0, 500.0), (502.0, 550.0)]);
        assert!(!is_scant(&[one]), "a one a twentieth as high as the pad");
        let halves = [
            stroke(&[(500.0, 500.0), (500.0, 525.0)]),
            stroke(&[(500.0, 525.0), (500.0, 550.0)]),
        ];
        assert!(!is_scant(&halves), "the same in two strokes");
    }

    #[test]
    fn only_a_network_that_has_learnt_to_tell_says_that_ink_is_no_digit() {
        let image = DigitImage::probe;
        let scribble = [-5.0, -4.0, -5.0, -5.0, -5.0, -5.0, -5.0, -5.0, -5.0, -5.0];
        let verdict =
            |logits, tells| Verdict::of(&Prediction::new(logits, tells, 1.0, image()), None);
        assert_eq!(verdict(&scribble, true), Verdict::NoDigit);
        assert_eq!(verdict(&scribble, false), Verdict::Digit(1));
        let mut seven = scribble;
        seven[7] = 6.0;
        assert_eq!(verdict(&seven, true), Verdict::Digit(7));

        let read = Prediction::new(&scribble, true, 1.0, image());
        assert_eq!((read.winner().0, read.runner_up().0), (1, 9));
    }

    #[test]
    fn a_dot_is_too_little_whatever_the_network_says() {
        let mut certain = [0.0; N_CLASSES];
        certain[1] = 30.0;
        let read = Prediction::new(&certain, false, 1.0, DigitImage::probe());
        let dot = [stroke(&[(500.0, 500.0)])];
        assert_eq!(Verdict::of(&read, Some(&dot)), Verdict::TooLittle);
        assert_eq!(Verdict::of(&read, None), Verdict::Digit(1), "a picture");
    }
}
