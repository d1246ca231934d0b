//! Counts how many numbers, digits and groups are right.

use super::sample::{LENGTHS, Sample};
use crate::number::{Scoring, Spacing};
use crate::protocol::winner;

#[derive(Clone, Copy, Default)]
struct Tally {
    numbers: usize,
    digits: usize,
    whole: usize,
    digits_right: usize,
    grouped: usize,
    /// Whole numbers that would be right if the groups were given.
    given: usize,
}

impl Tally {
    fn of(sample: &Sample, scoring: &Scoring) -> Self {
        let number = &sample.number;
        let digit = |candidate: usize| winner(&sample.logits[candidate]).0 as u8;
        let chosen = sample.lattice.best(scoring);
        let read: Vec<u8> = chosen.iter().map(|&candidate| digit(candidate)).collect();
        let truth = || number.groups.iter().zip(&number.labels);
        let digits_right = truth().filter(|(group, label)| {
            let mut pairs = chosen.iter().zip(&read);
            pairs
                .any(|(&candidate, read)| sample.candidates[candidate] == **group && read == *label)
        });
        let given = truth().all(|(group, label)| {
            let candidate = sample
                .candidates
                .iter()
                .position(|candidate| candidate == group);
            candidate.is_some_and(|candidate| digit(candidate) == *label)
        });
        Self {
            numbers: 1,
            digits: number.labels.len(),
            whole: usize::from(read == number.labels),
            digits_right: digits_right.count(),
            grouped: usize::from(is_grouped(sample, scoring)),
            given: usize::from(given),
        }
    }

    fn with(self, other: Self) -> Self {
        Self {
            numbers: self.numbers + other.numbers,
            digits: self.digits + other.digits,
            whole: self.whole + other.whole,
            digits_right: self.digits_right + other.digits_right,
            grouped: self.grouped + other.grouped,
            given: self.given + other.given,
        }
    }

    fn row(&self, name: &str) -> String {
        let share = |right: usize, of: usize| 100.0 * right as f64 / of.max(1) as f64;
        format!(
            "  {name:<9} {:>7} {:>10.2} % {:>11.2} % {:>13.2} % {:>19.2} %\n",
            self.numbers,
            share(self.whole, self.numbers),
            share(self.digits_right, self.digits),
            share(self.grouped, self.numbers),
            share(self.given, self.numbers)
        )
    }
}

/// Whether all strokes are in their true groups.
pub fn is_grouped(sample: &Sample, scoring: &Scoring) -> bool {
    let chosen = sample.lattice.best(scoring);
    let truth = &sample.number.groups;
    chosen.len() == truth.len()
        && chosen
            .iter()
            .all(|&chosen| truth.contains(&sample.candidates[chosen]))
}

/// Figures by length, by spacing, and overall.
pub fn table(samples: &[Sample], scoring: &Scoring) -> String {
    let tallies: Vec<_> = samples
        .iter()
        .map(|sample| Tally::of(sample, scoring))
        .collect();
    let row = |name: &str, holds: &dyn Fn(&Sample) -> bool| {
        let chosen = samples
            .iter()
            .zip(&tallies)
            .filter(|(sample, _)| holds(sample));
        chosen
            .fold(Tally::default(), |sum, (_, tally)| sum.with(*tally))
            .row(name)
    };
    let mut text = format!(
        "\n  {:<9} {:>7} {:>12} {:>13} {:>15} {:>21}\n",
        "", "numbers", "whole right", "digits right", "grouping right", "whole, groups given"
    );
    for length in LENGTHS {
        text += &row(&format!("{length} digits"), &|sample| {
            sample.number.labels.len() == length
        });
    }
    for spacing in Spacing::ALL {
        text += &row(spacing.name(), &|sample| sample.spacing == spacing);
    }
    text + &row("all", &|_| true)
}
