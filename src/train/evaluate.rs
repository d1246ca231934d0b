//! How good a network is on labelled images.

use burn::tensor::{Device, ExecutionError};

use crate::data::Dataset;
use crate::digit::N_CLASSES;
use crate::manifest::Evaluation;
use crate::zoo::Network;

/// Counts by true digit (row) and digit read (column).
pub type Confusion = [[usize; N_CLASSES]; N_CLASSES];

#[derive(Clone, Debug, PartialEq)]
pub struct EvalReport {
    /// Mean cross-entropy, in nats.
    pub loss: f64,
    pub confusion: Confusion,
}

impl EvalReport {
    pub fn correct(&self) -> usize {
        (0..N_CLASSES)
            .map(|digit| self.confusion[digit][digit])
            .sum()
    }

    pub fn total(&self) -> usize {
        self.confusion.iter().flatten().sum()
    }

    /// Share read right, 0 to 1; 0 where there was nothing to read.
    pub fn accuracy(&self) -> f64 {
        self.correct() as f64 / self.total().max(1) as f64
    }

    /// For the manifest.
    pub fn evaluation(&self) -> Evaluation {
        let mut per_class = [(0, 0); N_CLASSES];
        for (digit, row) in self.confusion.iter().enumerate() {
            per_class[digit] = (row[digit], row.iter().sum());
        }
        Evaluation {
            accuracy: self.accuracy(),
            correct: self.correct(),
            total: self.total(),
            per_class,
        }
    }
}

/// Reads every image of `dataset`. `network` must be on `device`, without autodiff.
pub async fn evaluate(
    network: &Network,
    dataset: &Dataset,
    device: &Device,
) -> Result<EvalReport, ExecutionError> {
    let logits = network.infer(dataset.images(), device).await?;
    let mut report = EvalReport {
        loss: 0.0,
        confusion: [[0; N_CLASSES]; N_CLASSES],
    };
    for (logits, &label) in logits.iter().zip(dataset.labels()) {
        let best = (0..N_CLASSES).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
        report.confusion[usize::from(label)][best.unwrap_or_default()] += 1;
        report.loss -= log_probability(logits, label.into());
    }
    report.loss /= dataset.len().max(1) as f64;
    Ok(report)
}

fn log_probability(logits: &[f32; N_CLASSES], class: usize) -> f64 {
    let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits
        .iter()
        .map(|&logit| f64::from(logit - max).exp())
        .sum();
    f64::from(logits[class] - max) - sum.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_counts_by_digit() {
        let mut report = EvalReport {
            loss: 0.0,
            confusion: [[0; N_CLASSES]; N_CLASSES],
        };
        report.confusion[3] = [0, 0, 1, 7, 0, 0, 0, 0, 2, 0];
        report.confusion[4][4] = 10;
        let evaluation = report.evaluation();
        assert_eq!((evaluation.correct, evaluation.total), (17, 20));
        assert_eq!(evaluation.per_class[3], (7, 10));
        assert_eq!(evaluation.accuracy, 0.85);
    }

    #[test]
    fn equal_logits_are_a_tenth_each() {
        assert!((log_probability(&[5.0; N_CLASSES], 3) - 0.1_f64.ln()).abs() < 1e-9);
    }
}
