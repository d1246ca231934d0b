//! Calibration: makes probabilities match accuracy, and sets the threshold for rejecting ink that isn't a digit.

use serde::{Deserialize, Serialize};

use crate::digit::N_CLASSES;
use crate::protocol::log_probability;

/// Share of digits that may be rejected.
const REJECTED: f64 = 0.01;
/// The range of reciprocal temperatures to search.
const SHARPNESS: [f64; 2] = [0.1, 10.0];

/// The calibration of a trained network's logits: they are divided by `temperature`, then `offset` is added to each.
/// The temperature makes a confidence of 0.9 right nine times in ten (Guo et al. 2017). The offset sets where
/// [`digit_probability`](crate::protocol::digit_probability) is a half, which is the threshold for digits, and changes
/// nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    pub temperature: f64,
    pub offset: f64,
}

impl Calibration {
    /// Fits to digits that the network wasn't trained on: the temperature with the least cross-entropy, and the offset
    /// that rejects 1 % of them.
    pub fn fit(logits: &[[f32; N_CLASSES]], labels: &[u8]) -> Self {
        let loss = |sharpness: f64| -> f64 {
            let of_one = |(logits, &label): (&[f32; N_CLASSES], &u8)| {
                log_probability(
                    &logits.map(|z| (f64::from(z) * sharpness) as f32),
                    label.into(),
                )
            };
            -logits.iter().zip(labels).map(of_one).sum::<f64>()
        };
        // The loss has one minimum, so ternary search finds it.
        let [mut low, mut high] = SHARPNESS;
        for _ in 0..60 {
            let third = (high - low) / 3.0;
            match loss(low + third) < loss(high - third) {
                true => high -= third,
                false => low += third,
            }
        }
        let temperature = 2.0 / (low + high);
        let mut sums: Vec<f64> = logits.iter().map(|z| log_sum(z, temperature)).collect();
        sums.sort_by(f64::total_cmp);
        let limit = sums.get((REJECTED * sums.len() as f64) as usize);
        Self {
            temperature,
            offset: -limit.copied().unwrap_or_default(),
        }
    }
}

/// `ln Σ exp(z / temperature)`: above 0 the ink is more likely a digit than not.
fn log_sum(logits: &[f32; N_CLASSES], temperature: f64) -> f64 {
    let logits = logits.map(|z| f64::from(z) / temperature);
    let max = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    max + logits.iter().map(|z| (z - max).exp()).sum::<f64>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::digit_probability;

    /// Predictions that are right three times in four, with a confidence of 98 %.
    fn overconfident() -> (Vec<[f32; N_CLASSES]>, Vec<u8>) {
        let logits = |i: u8| {
            let mut logits = [f32::from(i) / 400.0; N_CLASSES];
            logits[usize::from(i % 10)] += 6.0;
            logits
        };
        let label = |i: u8| {
            if i.is_multiple_of(4) {
                (i + 1) % 10
            } else {
                i % 10
            }
        };
        (0..200).map(|i| (logits(i), label(i))).unzip()
    }

    #[test]
    fn a_temperature_cools_overconfidence() {
        let (logits, labels) = overconfident();
        let Calibration { temperature, .. } = Calibration::fit(&logits, &labels);
        // softmax(6 / T) of one among ten is 3/4 where exp(6 / T) is 27.
        assert!(
            (temperature - 6.0 / 27_f64.ln()).abs() < 1e-3,
            "{temperature}"
        );
    }

    #[test]
    fn few_digits_are_taken_for_none() {
        let (logits, labels) = overconfident();
        let Calibration {
            temperature,
            offset,
        } = Calibration::fit(&logits, &labels);
        let calibrated = logits
            .iter()
            .map(|logits| logits.map(|z| (f64::from(z) / temperature + offset + 1e-6) as f32));
        let n_rejected = calibrated.filter(|z| digit_probability(z) < 0.5).count();
        assert_eq!(n_rejected, 2);
    }

    #[test]
    fn nothing_to_fit_by_changes_no_place() {
        assert_eq!(Calibration::fit(&[], &[]).offset, 0.0);
    }
}
