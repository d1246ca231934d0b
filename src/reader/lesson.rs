//! The progress and the result of a lesson, in the form that programs get.

use serde::Serialize;

use crate::hand::{Figures, Learning, Stage};
use crate::taught::{self, Judgement, Scores, judge};

/// The progress of a lesson.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    pub stage: &'static str,
    /// Steps done, and their total; 0 before the first.
    pub step: u32,
    pub steps: u32,
    pub loss: f32,
    /// Share of the held-back samples that is read correctly, once it was measured.
    pub accuracy: Option<f32>,
    pub seconds_left: Option<f64>,
}

/// The result of a lesson.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lesson {
    pub before: Table,
    pub after: Table,
    /// Whether the new network is used from now on.
    pub used: bool,
}

/// A network's scores.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Table {
    /// The score on the held-back samples, if there were any.
    pub hand: Option<Score>,
    pub mnist: Score,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    pub correct: usize,
    pub total: usize,
}

impl Progress {
    pub fn new(learning: &Learning) -> Self {
        Self {
            stage: match learning.stage {
                Stage::Preparing => "loading",
                Stage::Learning => "learning",
                Stage::Comparing => "comparing",
            },
            step: learning.step(),
            steps: learning.n_steps,
            loss: learning.marks.last().map_or(0.0, |mark| mark.loss),
            accuracy: learning.marks.iter().rev().find_map(|mark| mark.held_back),
            seconds_left: learning.seconds_left(),
        }
    }
}

impl Lesson {
    /// Makes the result. The network is used by the same rule as on Inkling's own page.
    pub fn new(Figures { before, after }: &Figures) -> Self {
        Self {
            before: Table::new(before),
            after: Table::new(after),
            used: judge(before, after) == Judgement::Better,
        }
    }
}

impl Table {
    fn new(scores: &Scores) -> Self {
        let score = |taught::Score { correct, total, .. }| Score { correct, total };
        Self {
            hand: (scores.hand.total > 0).then(|| score(scores.hand)),
            mnist: score(scores.mnist),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hand::Mark;

    #[test]
    fn a_lesson_is_told_as_scripts_expect() {
        let mut learning = Learning::default();
        let told = serde_json::to_value(Progress::new(&learning)).unwrap();
        let expected = serde_json::json!({"stage": "loading", "step": 0, "steps": 0, "loss": 0.0, "accuracy": null, "secondsLeft": null});
        assert_eq!(told, expected);
        for (step, held_back) in [(5, Some(0.5)), (10, None)] {
            let mark = Mark {
                step,
                loss: 0.25,
                accuracy: 1.0,
                held_back,
            };
            learning.heard(mark, 20, 1000.0 * f64::from(step));
        }
        let told = Progress::new(&learning);
        assert_eq!((told.stage, told.step, told.steps), ("learning", 10, 20));
        assert_eq!(
            (told.loss, told.accuracy, told.seconds_left),
            (0.25, Some(0.5), Some(10.0))
        );
    }

    #[test]
    fn a_network_is_used_where_it_reads_better() {
        let scores = |correct, total| Scores {
            hand: taught::Score {
                correct,
                total,
                loss: 0.5,
            },
            mnist: taught::Score {
                correct: 990,
                total: 1000,
                loss: 0.1,
            },
        };
        let lesson = |before, after| Lesson::new(&Figures { before, after });
        assert!(lesson(scores(2, 4), scores(3, 4)).used);
        let none = lesson(scores(0, 0), scores(0, 0));
        assert!(!none.used && none.after.hand.is_none() && none.after.mnist.correct == 990);
    }
}
