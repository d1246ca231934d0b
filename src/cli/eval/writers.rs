//! Accuracy by writer: a mean over digits hides a writer whose every other digit is misread.

use std::collections::BTreeMap;

use crate::data::PenDigit;

/// How many of a writer's digits were read correctly.
#[derive(Clone, Debug, PartialEq)]
pub struct WriterScore {
    pub writer: String,
    pub correct: usize,
    pub total: usize,
}

impl WriterScore {
    pub fn accuracy(&self) -> f64 {
        self.correct as f64 / self.total.max(1) as f64
    }
}

/// Scores each writer, worst first. `is_right` says for each digit whether it was read correctly.
pub fn by_writer(digits: &[PenDigit], is_right: &[bool]) -> Vec<WriterScore> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (digit, is_right) in digits.iter().zip(is_right) {
        let (correct, total) = counts.entry(&digit.writer).or_default();
        *correct += usize::from(*is_right);
        *total += 1;
    }
    let score = |(writer, (correct, total)): (&str, _)| WriterScore {
        writer: writer.into(),
        correct,
        total,
    };
    let mut scores: Vec<_> = counts.into_iter().map(score).collect();
    scores.sort_by(|a, b| a.accuracy().total_cmp(&b.accuracy()));
    scores
}

/// The worst tenth of the writers, at least one. `scores` must start with the worst.
pub fn worst_decile(scores: &[WriterScore]) -> &[WriterScore] {
    &scores[..scores.len().div_ceil(10)]
}

/// Mean accuracy over writers, each with the same weight.
pub fn mean_accuracy(scores: &[WriterScore]) -> f64 {
    scores.iter().map(WriterScore::accuracy).sum::<f64>() / scores.len().max(1) as f64
}

/// A line for each writer, and the mean of the worst tenth.
pub fn table(scores: &[WriterScore]) -> String {
    let name = |score: &WriterScore| score.writer.chars().count();
    let width = scores.iter().map(name).max().unwrap_or(0).max(6);
    let mut text = format!("  {:width$}  correct  total   share\n", "writer");
    for score in scores {
        text += &format!(
            "  {:width$}  {:>7}  {:>5}  {:>5.2} %\n",
            score.writer,
            score.correct,
            score.total,
            100.0 * score.accuracy()
        );
    }
    let worst = worst_decile(scores);
    text + &format!(
        "\nWorst decile of writers ({} of {}): {:.2} % on average",
        worst.len(),
        scores.len(),
        100.0 * mean_accuracy(worst)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digit(writer: usize) -> PenDigit {
        PenDigit {
            writer: format!("a w{writer}"),
            label: 1,
            strokes: Vec::new(),
        }
    }

    #[test]
    fn the_worst_writer_comes_first() {
        let digits: Vec<_> = [0, 1, 0, 1, 0, 1].map(digit).into();
        let scores = by_writer(&digits, &[true, true, true, false, true, false]);
        let found: Vec<_> = scores
            .iter()
            .map(|s| (&*s.writer, s.correct, s.total))
            .collect();
        assert_eq!(found, [("a w1", 1, 3), ("a w0", 3, 3)]);
        assert!(table(&scores).contains("  a w1          1      3  33.33 %"));
    }

    #[test]
    fn the_worst_decile_is_at_least_one_writer_and_each_counts_the_same() {
        let digits: Vec<_> = (0..11).flat_map(|w| vec![digit(w); w + 1]).collect();
        // Writer 0 has one digit and writer 1 two, all misread; every digit of the others is read correctly.
        let is_right: Vec<_> = digits
            .iter()
            .map(|d| !["a w0", "a w1"].contains(&&*d.writer))
            .collect();
        let scores = by_writer(&digits, &is_right);
        assert_eq!(worst_decile(&scores).len(), 2);
        assert_eq!(mean_accuracy(worst_decile(&scores)), 0.0);
        assert_eq!(mean_accuracy(&scores), 9.0 / 11.0);
        assert_eq!(worst_decile(&scores[..3]).len(), 1);
        assert!(worst_decile(&[]).is_empty());
    }
}
