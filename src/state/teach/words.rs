//! What is said while teaching, in plain words.

use super::{Lesson, Teach};
use crate::figures::grouped;
use crate::hand::{Figures, LEAST, Stage};
use crate::state::State;
use crate::taught::{Judgement, Score, Scores, judge};

/// Drawings of a digit that are asked for; more are welcome.
const ENOUGH: usize = 2;

impl Teach {
    /// Why there can be no lesson yet; empty where there can be one.
    pub fn obstacle(&self) -> String {
        let n = self.samples.iter().filter(|s| s.digit().is_some()).count();
        match LEAST.saturating_sub(n) {
            0 => String::new(),
            _ if n == 0 => "Write a few digits first.".into(),
            1 => "Write one digit more first.".into(),
            more => format!("Write {more} digits more first."),
        }
    }

    /// How many digits have as many samples as are asked for, and what that means.
    pub fn advice(&self) -> String {
        let n_enough = (0..10).filter(|&digit| self.n_of(digit) >= ENOUGH).count();
        match n_enough {
            10 => {
                "Two of each digit are there. More of those that are read wrong help most.".into()
            }
            _ => format!("Two of each digit are a good start; {n_enough} of 10 have them."),
        }
    }

    /// Where a lesson is, in words.
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
    /// How a wrong reading is corrected, or what came of it.
    pub fn correction(&self) -> String {
        match (self.corrected(), self.can_correct()) {
            (Some(drawn), _) => format!("Kept as a {} to learn from.", drawn.label),
            (None, true) => "Read wrong? Tap what it is, and Inkling can learn it.".into(),
            (None, false) => String::new(),
        }
    }
}

/// A line of a comparison: what, before, after.
pub type Line = (&'static str, String, String);

/// What a lesson brought, line by line.
pub fn comparison(figures: &Figures) -> [Line; 2] {
    let line = |what, score: fn(&Scores) -> Score| {
        let of = |scores: &Scores| {
            let score = score(scores);
            format!("{} of {}", score.correct, grouped(score.total as u64))
        };
        (what, of(&figures.before), of(&figures.after))
    };
    [
        line("Your drawings that were held back", |scores| scores.hand),
        line("Test digits of MNIST", |scores| scores.mnist),
    ]
}

/// What follows from a comparison, of a network of this name.
pub fn judgement(figures: &Figures, name: &str) -> String {
    let unless = "so it is not used unless you say so.";
    match judge(&figures.before, &figures.after) {
        Judgement::Better => format!("It reads you better, so “{name}” is used from now on."),
        Judgement::NoBetter => format!("It reads your drawings no better than before, {unless}"),
        Judgement::Forgets => {
            format!("It has forgotten too much of other people’s digits, {unless}")
        }
    }
}
