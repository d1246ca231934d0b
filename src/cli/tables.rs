//! Formats figures for a terminal.

use crate::digit::N_CLASSES;
use crate::manifest::Evaluation;
use crate::train::{Confusion, EvalReport};

/// All figures of a network on one part of the data.
pub fn report(title: &str, report: &EvalReport) -> String {
    format!(
        "{}\n{}\n  loss {:.4}, expected calibration error {:.2} %",
        evaluation(title, &report.evaluation()),
        confusion(&report.confusion),
        report.loss,
        100.0 * report.calibration_error()
    )
}

/// Accuracy, and for each digit the correct and total counts.
pub fn evaluation(title: &str, evaluation: &Evaluation) -> String {
    let mut text = format!(
        "{title}: {:.2} % ({} of {})\n\n  digit  correct  total   share\n",
        100.0 * evaluation.accuracy,
        evaluation.correct,
        evaluation.total
    );
    for (digit, (correct, total)) in evaluation.per_class.iter().enumerate() {
        let share = 100.0 * *correct as f64 / (*total).max(1) as f64;
        text += &format!("  {digit:>5}  {correct:>7}  {total:>5}  {share:>5.2} %\n");
    }
    text
}

/// Rows are true digits, columns are predictions; a dot means zero.
pub fn confusion(confusion: &Confusion) -> String {
    let columns: String = (0..N_CLASSES).map(|digit| format!("{digit:>6}")).collect();
    let mut text = format!("  true \\ read{columns}\n");
    for (digit, row) in confusion.iter().enumerate() {
        let cell = |&count: &usize| match count {
            0 => format!("{:>6}", "·"),
            count => format!("{count:>6}"),
        };
        text += &format!(
            "  {digit:>11}{}\n",
            row.iter().map(cell).collect::<String>()
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_hold_every_digit() {
        let mut counts = [[0; N_CLASSES]; N_CLASSES];
        counts[7][7] = 9;
        counts[7][1] = 1;
        let rows = confusion(&counts);
        assert_eq!(rows.lines().count(), 11);
        assert!(rows.lines().nth(8).unwrap().contains("1     ·"));
        let figures = Evaluation {
            accuracy: 0.9,
            correct: 9,
            total: 10,
            per_class: [(0, 0); N_CLASSES],
        };
        assert!(evaluation("Test", &figures).starts_with("Test: 90.00 % (9 of 10)"));
    }
}
