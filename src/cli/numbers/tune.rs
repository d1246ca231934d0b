//! A search for the weights that group best: one weight after another goes up or down as long as that helps.

use super::sample::Sample;
use super::score::is_grouped;
use crate::number::Scoring;

/// The steps that weights take, one size after another.
const STEPS: [f32; 4] = [2.0, 1.0, 0.5, 0.25];

/// The weight of the reading stays 1, as only proportions count; that of the digit stays 0 where the network has not learnt it.
pub fn search(samples: &[Sample], from: Scoring) -> Scoring {
    let n_right = |weights: [f32; Scoring::N]| {
        let scoring = Scoring::from_weights(weights);
        samples
            .iter()
            .filter(|sample| is_grouped(sample, &scoring))
            .count()
    };
    let first = if from.digit == 0.0 { 2 } else { 1 };
    let mut weights = from.weights();
    let mut best = n_right(weights);
    for step in STEPS {
        let mut goes_on = true;
        while std::mem::take(&mut goes_on) {
            for (index, change) in (first..Scoring::N).flat_map(|i| [(i, step), (i, -step)]) {
                let mut changed = weights;
                changed[index] += change;
                let right = n_right(changed);
                if right > best {
                    (best, weights, goes_on) = (right, changed, true);
                    eprintln!("{right} of {} grouped right", samples.len());
                }
            }
        }
    }
    Scoring::from_weights(weights)
}
