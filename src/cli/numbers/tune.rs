//! The weights under which the true grouping of all numbers is likeliest: one weight after another goes up or down as long as that
//! helps. The likelihood has a single peak, so where the search begins matters little.

use super::sample::Sample;
use crate::number::Scoring;

/// The steps that weights take, one size after another.
const STEPS: [f32; 5] = [2.0, 1.0, 0.5, 0.25, 0.1];
/// What the square of a weight costs, in mean logarithmic likelihood.
const DECAY: f32 = 1e-5;

/// The weight of the digit stays 0 where the network has not learnt it.
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
                // All but what the network says is a flaw, and a flaw is never a merit.
                if index > 1 && changed[index] > 0.0 {
                    continue;
                }
                let now = likelihood(changed);
                if now > best {
                    (best, weights, goes_on) = (now, changed, true);
                }
            }
        }
        eprintln!("steps of {step}: mean logarithmic likelihood {best:.4}");
    }
    Scoring::from_weights(weights)
}

/// The candidates that a number was put together from; `None` where one of its groups is no candidate.
fn truth(sample: &Sample) -> Option<Vec<usize>> {
    let groups = sample.number.groups.iter();
    groups
        .map(|group| sample.candidates.iter().position(|c| c == group))
        .collect()
}
