//! Evaluates a network on labelled images.

use burn::tensor::{Device, ExecutionError};

use crate::data::Dataset;
use crate::digit::N_CLASSES;
use crate::manifest::Evaluation;
use crate::protocol::{log_probability, winner};
use crate::report::Mistake;
use crate::zoo::Network;

/// Number of equally wide bins for confidences from 0 to 1.
const N_BINS: usize = 15;
/// How many mistakes a report keeps.
const N_MISTAKES: usize = 24;

/// Counts by true digit (row) and predicted digit (column).
pub type Confusion = [[usize; N_CLASSES]; N_CLASSES];

/// For the predictions whose confidence falls into a bin: mean confidence, accuracy, count.
pub type CalibrationBin = (f64, f64, usize);

#[derive(Clone, Debug, PartialEq)]
pub struct EvalReport {
    /// Mean cross-entropy, in nats.
    pub loss: f64,
    pub confusion: Confusion,
    /// Confidence against accuracy in 15 bins.
    pub calibration: Vec<CalibrationBin>,
    /// The most confident mistakes, at most 24, worst first.
    pub mistakes: Vec<Mistake>,
}

impl EvalReport {
    /// Builds a report from the logits of images and their labels.
    pub fn new(logits: &[[f32; N_CLASSES]], labels: &[u8]) -> Self {
        let mut loss = 0.0;
        let mut confusion = [[0; N_CLASSES]; N_CLASSES];
        // Per bin: sum of confidences, correct predictions, all predictions.
        let mut bins = [(0.0, 0, 0); N_BINS];
        let mut mistakes = Vec::new();
        for (index, (logits, &label)) in logits.iter().zip(labels).enumerate() {
            let (read, _) = winner(logits);
            let confidence = log_probability(logits, read).exp();
            let is_right = read == usize::from(label);
            confusion[usize::from(label)][read] += 1;
            loss -= log_probability(logits, label.into());

            // A bin includes its upper bound, so that a confidence of 1 falls into the last.
            let bin = (confidence * N_BINS as f64).ceil() as usize;
            let bin = &mut bins[bin.clamp(1, N_BINS) - 1];
            *bin = (bin.0 + confidence, bin.1 + usize::from(is_right), bin.2 + 1);
            if !is_right {
                mistakes.push(Mistake {
                    index,
                    label,
                    read: read as u8,
                    probability: confidence as f32,
                });
            }
        }
        mistakes.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        mistakes.truncate(N_MISTAKES);
        let mean = |(confidence, n_right, n): (f64, usize, usize)| {
            let n_or_one = n.max(1) as f64;
            (confidence / n_or_one, n_right as f64 / n_or_one, n)
        };
        Self {
            loss: loss / logits.len().max(1) as f64,
            confusion,
            calibration: bins.map(mean).into(),
            mistakes,
        }
    }

    pub fn correct(&self) -> usize {
        (0..N_CLASSES)
            .map(|digit| self.confusion[digit][digit])
            .sum()
    }

    pub fn total(&self) -> usize {
        self.confusion.iter().flatten().sum()
    }

    /// Accuracy, 0 to 1; 0 without images.
    pub fn accuracy(&self) -> f64 {
        self.correct() as f64 / self.total().max(1) as f64
    }

    /// Expected calibration error (Guo et al. 2017), 0 to 1: the difference between confidence and accuracy in a bin,
    /// averaged over all predictions.
    pub fn calibration_error(&self) -> f64 {
        let gap = |&(confidence, accuracy, n): &CalibrationBin| {
            n as f64 * f64::abs(accuracy - confidence)
        };
        self.calibration.iter().map(gap).sum::<f64>() / self.total().max(1) as f64
    }

    /// The figures for the manifest.
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

/// Evaluates a network on every image of `dataset`. `network` must be on `device`, without autodiff.
pub async fn evaluate(
    network: &Network,
    dataset: &Dataset,
    device: &Device,
) -> Result<EvalReport, ExecutionError> {
    let logits = network.infer(dataset.images(), device).await?;
    Ok(EvalReport::new(&logits, dataset.labels()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Logits that give `digit` this probability and share the rest out equally.
    fn reading(digit: usize, probability: f32) -> [f32; N_CLASSES] {
        let mut logits = [((1.0 - probability) / 9.0).ln(); N_CLASSES];
        logits[digit] = probability.ln();
        logits
    }

    #[test]
    fn a_report_counts_by_digit() {
        let reads = [[3; 7].as_slice(), &[2], &[8, 8], &[4; 10]].concat();
        let logits: Vec<_> = reads.iter().map(|&digit| reading(digit, 0.9)).collect();
        let labels = [[3; 10], [4; 10]].concat();
        let report = EvalReport::new(&logits, &labels);
        assert_eq!(report.confusion[3], [0, 0, 1, 7, 0, 0, 0, 0, 2, 0]);
        let evaluation = report.evaluation();
        assert_eq!((evaluation.correct, evaluation.total), (17, 20));
        assert_eq!(evaluation.per_class[3], (7, 10));
        assert_eq!(evaluation.accuracy, 0.85);
    }

    #[test]
    fn confidence_is_held_against_accuracy() {
        // Of four predictions at 0.9 three are right; the one at 0.3 is right.
        let logits = [
            reading(1, 0.9),
            reading(2, 0.9),
            reading(3, 0.9),
            reading(4, 0.9),
            reading(5, 0.3),
        ];
        let report = EvalReport::new(&logits, &[1, 2, 3, 0, 5]);
        let filled: Vec<_> = report.calibration.iter().filter(|bin| bin.2 > 0).collect();
        assert_eq!(report.calibration.len(), 15);
        assert_eq!((filled[0].1, filled[0].2), (1.0, 1));
        assert_eq!((filled[1].1, filled[1].2), (0.75, 4));
        assert!((filled[1].0 - 0.9).abs() < 1e-6);
        // 4/5 · |0.75 - 0.9| + 1/5 · |1 - 0.3|
        assert!((report.calibration_error() - 0.26).abs() < 1e-6);
    }

    #[test]
    fn certainty_falls_into_the_last_bin() {
        let mut certain = [0.0; N_CLASSES];
        certain[7] = 1000.0;
        let report = EvalReport::new(&[certain], &[7]);
        assert_eq!(report.calibration[14], (1.0, 1.0, 1));
        assert_eq!(report.calibration_error(), 0.0);
    }

    #[test]
    fn the_most_confident_mistakes_are_kept_worst_first() {
        let logits: Vec<_> = (0..40).map(|i| reading(1, 0.5 + 0.01 * i as f32)).collect();
        let mut labels = [8; 40];
        labels[39] = 1;
        let mistakes = EvalReport::new(&logits, &labels).mistakes;
        assert_eq!(mistakes.len(), 24);
        assert_eq!((mistakes[0].index, mistakes[23].index), (38, 15));
        assert_eq!((mistakes[0].label, mistakes[0].read), (8, 1));
        assert!((mistakes[0].probability - 0.88).abs() < 1e-5);
    }

    #[test]
    fn nothing_to_read_is_no_error() {
        let report = EvalReport::new(&[], &[]);
        assert_eq!((report.accuracy(), report.calibration_error()), (0.0, 0.0));
    }
}
