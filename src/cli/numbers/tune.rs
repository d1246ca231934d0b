//! Finds the weights that maximise the likelihood of the true grouping of all numbers. It raises or lowers one weight
//! after another as long as that helps. The likelihood has a single peak, so the starting point matters little.

use super::sample::Sample;
use crate::number::Scoring;

/// The step sizes, tried one after the other.
const STEPS: [f32; 5] = [2.0, 1.0, 0.5, 0.25, 0.1];
/// Weight decay: the penalty on each squared weight, in mean log-likelihood.
const DECAY: f32 = 1e-5;

/// Finds the best weights. The digit's weight stays 0 if the network hasn't learnt to tell digits from other ink.
pub fn search(samples: &[Sample], from: Scoring) -> Scoring {
    let covers: Vec<_> = samples
        .iter()
        .filter_map(|sample| Some((sample, truth(sample)?)))
        .collect();
    let likelihood = |weights: [f32; Scoring::N]| {
        let scoring = Scoring::from_weights(weights);
        let all = covers
            .iter()
            .filter_map(|(sample, cover)| sample.lattice.log_likelihood(cover, &scoring));
        let decay: f32 = weights.iter().map(|weight| DECAY * weight * weight).sum();
        all.sum::<f32>() / covers.len().max(1) as f32 - decay
    };
    let is_free = |&(index, _): &(usize, f32)| index != 1 || from.digit != 0.0;
    let mut weights = from.weights();
    let mut best = likelihood(weights);
    for step in STEPS {
        let mut goes_on = true;
        while std::mem::take(&mut goes_on) {
            let changes = (0..Scoring::N).flat_map(|i| [(i, step), (i, -step)]);
            for (index, change) in changes.filter(is_free) {
                let mut changed = weights;
                changed[index] += change;
                // Every weight except the network's own is a penalty, so it must not be positive.
                if index > 1 && changed[index] > 0.0 {
                    continue;
                }
                let now = likelihood(changed);
                if now > best {
                    (best, weights, goes_on) = (now, changed, true);
                }
            }
        }
        eprintln!("steps of {step}: mean log-likelihood {best:.4}");
    }
    Scoring::from_weights(weights)
}

/// The candidates that a number was composed of; `None` if one of its groups isn't a candidate.
fn truth(sample: &Sample) -> Option<Vec<usize>> {
    let groups = sample.number.groups.iter();
    groups
        .map(|group| sample.candidates.iter().position(|c| c == group))
        .collect()
}
