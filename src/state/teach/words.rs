//! Messages about teaching, in plain words.

use super::{Lesson, Teach};
use crate::figures::grouped;
use crate::hand::{Figures, LEAST, Stage};
use crate::state::State;
use crate::taught::{Judgement, Score, Scores, judge};

/// How many drawings of each digit the page asks for; more are welcome.
const ENOUGH: usize = 2;

impl Teach {
    /// Says why a lesson can't start yet; empty if it can.
    pub fn obstacle(&self) -> String {
        let n = self.samples.iter().filter(|s| s.digit().is_some()).count();
        match LEAST.saturating_sub(n) {
            0 => String::new(),
            _ if n == 0 => "Draw a few digits first.".into(),
            1 => "Draw one more digit first.".into(),
            more => format!("Draw {more} more digits first."),
        }
    }

    /// Says how many digits have enough samples, and what to add.
    pub fn advice(&self) -> String {
        let n_enough = (0..10).filter(|&digit| self.n_of(digit) >= ENOUGH).count();
        match n_enough {
            10 => "You have two of each digit. Add more of those it misreads.".into(),
            _ => format!("For a good start, draw each digit twice: {n_enough} of 10 done."),
        }
    }

    /// The progress of a lesson, in words.
    pub fn progress(&self) -> String {
        let Lesson::Running(learning) = &self.lesson else {
            return String::new();
        };
        match (learning.stage, learning.seconds_left()) {
            (Stage::Preparing, _) => "Preparing network and engine…".into(),
            (Stage::Comparing, _) => "Comparing before and after…".into(),
            (Stage::Learning, left) => {
                let (step, n) = (learning.step(), learning.n_steps);
                let left = left.map_or(String::new(), |left| {
                    format!(", about {:.0} s left", left.max(1.0))
                });
                format!("Step {step} of {n}{left}")
            }
        }
    }
}

impl State {
    /// Says how to correct a wrong reading, or what a correction did.
    pub fn correction(&self) -> String {
        match (self.corrected(), self.can_correct()) {
            (Some(drawn), _) => format!("Saved as a {} to learn from.", drawn.label),
            (None, true) => "Wrong? Tap the right answer, and Inkling can learn from it.".into(),
            (None, false) => String::new(),
        }
    }
}

/// A line of a comparison: what, before, after.
pub type Line = (&'static str, String, String);

/// The result of a lesson, line by line.
pub fn comparison(figures: &Figures) -> [Line; 2] {
    let line = |what, score: fn(&Scores) -> Score| {
        let of = |scores: &Scores| {
            let score = score(scores);
            format!("{} of {}", score.correct, grouped(score.total as u64))
        };
        (what, of(&figures.before), of(&figures.after))
    };
    [
        line("Your drawings held back from training", |scores| {
            scores.hand
        }),
        line("MNIST test digits", |scores| scores.mnist),
    ]
}

/// The conclusion from a comparison, for a network of this name.
pub fn judgement(figures: &Figures, name: &str) -> String {
    let unless = "so Inkling won’t use it unless you choose it.";
    match judge(&figures.before, &figures.after) {
        Judgement::Better => {
            format!("It reads your handwriting better, so Inkling now uses “{name}”.")
        }
        Judgement::NoBetter => format!("It reads your drawings no better than before, {unless}"),
        Judgement::Forgets => {
            format!("It now misreads too many of other people’s digits, {unless}")
        }
    }
}
