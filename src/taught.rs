//! Decides whether a network that has learnt a person's handwriting replaces the one before it.
//!
//! Both read the same images: the person's samples that were held back from training, and digits of MNIST. This module
//! doesn't know what reads them.

use serde::{Deserialize, Serialize};

use crate::digit::N_CLASSES;
use crate::protocol::{digit_probability, is_digit, log_probability, winner};

/// How many more of a thousand MNIST images the new network may misread.
const FORGIVEN: usize = 3;

/// What a network has learnt to tell apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ink {
    /// Ten digits from each other.
    #[default]
    Digits,
    /// Ten digits, and also digits from other ink.
    Any,
}

impl Ink {
    /// The log probability of a class among everything that the network tells apart, in nats.
    fn log_probability(self, logits: &[f32; N_CLASSES], class: usize) -> f64 {
        let among_digits = log_probability(logits, class);
        match self {
            Self::Digits => among_digits,
            Self::Any => among_digits + f64::from(digit_probability(logits)).max(1e-30).ln(),
        }
    }

    /// Whether the network reads this digit, and doesn't reject it as other ink.
    fn reads(self, logits: &[f32; N_CLASSES], digit: usize) -> bool {
        winner(logits).0 == digit && (self == Self::Digits || is_digit(logits))
    }
}

/// How well images were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Score {
    pub correct: usize,
    pub total: usize,
    /// Mean cross-entropy, in nats; 0 if there was nothing to read.
    pub loss: f64,
}

impl Score {
    /// Computes the score from the logits of images and their labels, 0 to 9. A digit that is rejected counts as
    /// misread.
    pub fn new(logits: &[[f32; N_CLASSES]], labels: &[u8], ink: Ink) -> Self {
        let mut score = Self::default();
        for (logits, &label) in logits.iter().zip(labels) {
            let label = usize::from(label);
            score.correct += usize::from(ink.reads(logits, label));
            score.loss -= ink.log_probability(logits, label);
            score.total += 1;
        }
        score.loss /= score.total.max(1) as f64;
        score
    }

    /// Share read correctly, 0 to 1; 0 if there was nothing to read.
    pub fn accuracy(&self) -> f64 {
        self.correct as f64 / self.total.max(1) as f64
    }
}

/// How well a network reads one person and everybody else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// On the person's samples held back from training.
    pub hand: Score,
    /// On digits of MNIST.
    pub mnist: Score,
}

/// What follows from the scores of two networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// Use the new network.
    Better,
    /// It doesn't read the person better.
    NoBetter,
    /// Its accuracy on MNIST dropped by more than 0.3 percentage points.
    Forgets,
}

/// Accepts the new network if it reads the person better, or equally well with a smaller loss, and loses at most 0.3
/// percentage points on MNIST. The person may decide otherwise.
pub fn judge(before: &Scores, after: &Scores) -> Judgement {
    let lost = before.mnist.correct.saturating_sub(after.mnist.correct);
    // A loss that is NaN doesn't count as smaller.
    let has_learnt = after.hand.correct > before.hand.correct
        || (after.hand.correct == before.hand.correct && after.hand.loss < before.hand.loss);
    match has_learnt {
        _ if 1000 * lost > FORGIVEN * before.mnist.total => Judgement::Forgets,
        true => Judgement::Better,
        false => Judgement::NoBetter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(hand: usize, loss: f64, mnist: usize) -> Scores {
        let score = |correct, total, loss| Score {
            correct,
            total,
            loss,
        };
        Scores {
            hand: score(hand, 4, loss),
            mnist: score(mnist, 1000, 0.02),
        }
    }

    #[test]
    fn what_reads_more_is_better_and_so_is_what_reads_as_many_more_surely() {
        let before = scores(3, 0.5, 990);
        assert_eq!(judge(&before, &scores(4, 0.9, 990)), Judgement::Better);
        assert_eq!(judge(&before, &scores(3, 0.4, 990)), Judgement::Better);
        assert_eq!(judge(&before, &scores(3, 0.5, 999)), Judgement::NoBetter);
        assert_eq!(judge(&before, &scores(2, 0.1, 990)), Judgement::NoBetter);
        assert_eq!(
            judge(&before, &scores(3, f64::NAN, 990)),
            Judgement::NoBetter
        );
    }

    #[test]
    fn three_of_a_thousand_are_forgiven_and_four_are_not() {
        let before = scores(3, 0.5, 990);
        assert_eq!(judge(&before, &scores(4, 0.1, 987)), Judgement::Better);
        assert_eq!(judge(&before, &scores(4, 0.1, 986)), Judgement::Forgets);
    }

    #[test]
    fn a_score_counts_and_weighs() {
        let mut logits = [[0.0; N_CLASSES]; 2];
        logits[0][7] = 50.0;
        logits[1][1] = 1.0;
        let score = Score::new(&logits, &[7, 2], Ink::Digits);
        assert_eq!((score.correct, score.total), (1, 2));
        let expected = (1.0_f64.exp() + 9.0).ln() / 2.0;
        assert!((score.loss - expected).abs() < 1e-6);
        assert_eq!(Score::new(&[], &[], Ink::Any), Score::default());
        // Rejected ink counts as misread, whichever digit is closest.
        let none = [[-9.0, -3.0, -9.0, -9.0, -9.0, -9.0, -9.0, -9.0, -9.0, -9.0]];
        assert_eq!(Score::new(&none, &[1], Ink::Digits).correct, 1);
        let among_all = Score::new(&none, &[1], Ink::Any);
        assert_eq!(among_all.correct, 0);
        assert!((among_all.loss - (3.0 + (-3.0_f64).exp().ln_1p())).abs() < 0.02);
    }
}
