//! Finds the best rule on the validation drawings.

use super::simulate::{Kind, Tally, simulate};
use super::world::World;
use super::{EXAMPLES, SETS};
use crate::symbols::Rule;

/// How many sets of each size are drawn for each rule tried.
const N_EPISODES: usize = 40;
/// Share of MNIST's digits that may be lost: half the limit, since the rule is chosen on these digits and must hold on
/// others.
const MAX_LOST: f64 = 0.001;
/// The same for pens, which are closer to what a person draws, and of which there are fewer.
const MAX_PENS_LOST: f64 = 0.002;

const PRIORS: [f32; 8] = [0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2];
const PER_VARIATION: [f32; 3] = [0.0, 0.5, 1.0];
const DIGIT_SHARES: [f32; 5] = [0.0, 0.2, 0.4, 0.6, 0.8];
const PER_NEIGHBOUR: [f32; 6] = [0.5, 0.6, 0.7, 0.8, 0.9, 1.0];
const PER_EXAMPLE: [f32; 4] = [0.8, 1.0, 1.2, 1.5];
const PRIOR_WEIGHTS: [f32; 4] = [0.5, 2.0, 8.0, 1e6];
const SHARPNESS: [f32; 6] = [3.0, 5.0, 8.0, 12.0, 18.0, 25.0];

/// First fits the settings for one example, then neighbours, then those for several examples, then confidence.
pub fn tune(world: &World, start: Rule) -> Rule {
    let mut rules = Vec::new();
    for prior in PRIORS {
        for per_variation in PER_VARIATION {
            for digit_share in DIGIT_SHARES {
                rules.push(Rule {
                    prior,
                    per_variation,
                    digit_share,
                    ..start
                });
            }
        }
    }
    let rule = best(world, rules, EXAMPLES[0]).unwrap_or(start);
    let rules = PER_NEIGHBOUR.map(|per_neighbour| Rule {
        per_neighbour,
        ..rule
    });
    let rule = best(world, rules.into(), EXAMPLES[0]).unwrap_or(rule);
    let mut rules = Vec::new();
    for per_example in PER_EXAMPLE {
        for prior_weight in PRIOR_WEIGHTS {
            rules.push(Rule {
                per_example,
                prior_weight,
                ..rule
            });
        }
    }
    let rule = best(world, rules, EXAMPLES[1]).unwrap_or(rule);
    let loss = |sharpness: &f32| {
        let rule = Rule {
            sharpness: *sharpness,
            ..rule
        };
        let tallies = tallies(world, &rule, EXAMPLES[0]);
        let all = tallies.iter().flat_map(|tally| &tally.confidences);
        let cost = |&(confidence, is_right): &(f32, bool)| {
            let probability = if is_right {
                confidence
            } else {
                1.0 - confidence
            };
            -f64::from(probability.max(1e-6)).ln()
        };
        all.map(cost).sum::<f64>()
    };
    let sharpness = SHARPNESS
        .into_iter()
        .min_by(|a, b| loss(a).total_cmp(&loss(b)));
    Rule {
        sharpness: sharpness.unwrap_or(start.sharpness),
        ..rule
    }
}

fn tallies(world: &World, rule: &Rule, n_examples: usize) -> Vec<Tally> {
    let of = |&n_symbols: &usize| {
        simulate(
            world,
            rule,
            n_symbols,
            n_examples,
            Kind::Ordinary,
            N_EPISODES,
        )
    };
    SETS.iter().map(of).collect()
}

/// The rule with the largest mean of two shares, symbols recognised and other letters refused, among the rules that
/// lose hardly any digits.
fn best(world: &World, rules: Vec<Rule>, n_examples: usize) -> Option<Rule> {
    let mut best: Option<(f64, Rule)> = None;
    for rule in rules {
        let tallies = tallies(world, &rule, n_examples);
        let share = |n: usize, of: usize| n as f64 / of.max(1) as f64;
        let is_lossy = |t: &Tally| {
            share(t.mnist_lost, t.n_mnist) > MAX_LOST
                || share(t.pens_lost, t.n_pens) > MAX_PENS_LOST
        };
        if tallies.iter().any(is_lossy) {
            continue;
        }
        let score = |t: &Tally| {
            let accepted = share(t.others_accepted, t.n_others);
            0.5 * (share(t.recognised, t.n_queries) + 1.0 - accepted)
        };
        let score = tallies.iter().map(score).sum::<f64>() / tallies.len() as f64;
        if best.is_none_or(|(of_best, _)| score > of_best) {
            eprintln!("{n_examples} examples, {:.2} %: {rule:?}", 100.0 * score);
            best = Some((score, rule));
        }
    }
    best.map(|(_, rule)| rule)
}
