//! Draws random sets of symbols, and counts how each drawing is read.

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, IteratorRandom};

use super::world::{Drawn, World};
use crate::data::mix_seed;
use crate::symbols::{Answer, Match, Matcher, Rule};

const SEED: u64 = 11;
/// How many drawings of other letters each set gets.
const N_OTHERS: usize = 200;

/// The kind of symbols that a person chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Characters that most people don't take for a digit.
    Ordinary,
    /// Only characters that most people take for a digit.
    Lookalike,
}

/// How the drawings of all sets were read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    pub n_queries: usize,
    pub recognised: usize,
    pub as_another: usize,
    pub as_digit: usize,
    pub unknown: usize,
    pub n_others: usize,
    pub others_accepted: usize,
    pub n_mnist: usize,
    pub mnist_lost: usize,
    pub n_pens: usize,
    pub pens_lost: usize,
    /// The confidence of each answer for a query or another letter, and whether the named symbol was right.
    pub confidences: Vec<(f32, bool)>,
}

pub fn simulate(
    world: &World,
    rule: &Rule,
    n_symbols: usize,
    n_examples: usize,
    kind: Kind,
    n_episodes: usize,
) -> Tally {
    let mut tally = Tally::default();
    let is_kind = |place: &usize| world.symbols[*place].is_lookalike == (kind == Kind::Lookalike);
    for episode in 0..n_episodes {
        let seed = [n_symbols as u64, n_examples as u64, episode as u64];
        let mut rng = StdRng::seed_from_u64(mix_seed(SEED, &seed));
        let set = (0..world.symbols.len())
            .filter(is_kind)
            .sample(&mut rng, n_symbols);
        let examples: Vec<_> = set
            .iter()
            .map(|&place| {
                let examples = &world.symbols[place].examples;
                examples.sample(&mut rng, n_examples).cloned().collect()
            })
            .collect();
        let matcher = Matcher::with_rule(*rule, &examples);
        let read = |drawn: &Drawn| -> Option<Match> {
            matcher.read(
                &drawn.embedding,
                &drawn.logits,
                Some(drawn.digit_probability()),
            )
        };
        for (symbol, &place) in set.iter().enumerate() {
            for found in world.symbols[place].queries.iter().filter_map(read) {
                tally.n_queries += 1;
                match found.answer {
                    Answer::Symbol if found.symbol == symbol => tally.recognised += 1,
                    Answer::Symbol => tally.as_another += 1,
                    Answer::Digit => tally.as_digit += 1,
                    Answer::Unknown => tally.unknown += 1,
                }
                tally
                    .confidences
                    .push((found.confidence, found.symbol == symbol));
            }
        }
        let others = (0..world.symbols.len()).filter(|place| !set.contains(place));
        let others = others
            .filter(|place| !world.symbols[*place].is_lookalike)
            .flat_map(|place| &world.symbols[place].queries)
            .sample(&mut rng, N_OTHERS);
        for found in others.into_iter().filter_map(read) {
            tally.n_others += 1;
            tally.others_accepted += usize::from(found.answer == Answer::Symbol);
            tally.confidences.push((found.confidence, false));
        }
        let lost = |digits: &[Drawn]| {
            let found = digits.iter().filter_map(read);
            found.filter(|found| found.answer == Answer::Symbol).count()
        };
        tally.n_mnist += world.mnist.len();
        tally.mnist_lost += lost(&world.mnist);
        tally.n_pens += world.pens.len();
        tally.pens_lost += lost(&world.pens);
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::super::world::Symbol;
    use super::*;
    use crate::symbols::{Example, Space};

    fn at(degrees: f32) -> Vec<f32> {
        let (sin, cos) = degrees.to_radians().sin_cos();
        vec![cos, sin]
    }

    fn drawn(degrees: f32, logit: f32) -> Drawn {
        Drawn {
            embedding: at(degrees),
            logits: [logit; 10],
        }
    }

    /// Symbols 60 degrees apart, and digits that lie between two of them.
    fn world() -> World {
        let symbol = |i: usize| Symbol {
            is_lookalike: false,
            examples: (0..3)
                .map(|k| Example {
                    embedding: at(60.0 * i as f32 + k as f32),
                    variations: vec![at(60.0 * i as f32 - 1.5)],
                })
                .collect(),
            queries: (0..4)
                .map(|k| drawn(60.0 * i as f32 - k as f32, -9.0))
                .collect(),
        };
        World {
            symbols: (0..5).map(symbol).collect(),
            mnist: vec![drawn(30.0, 9.0), drawn(90.0, 9.0)],
            pens: vec![drawn(0.0, 9.0)],
        }
    }

    #[test]
    fn every_drawing_ends_in_one_column() {
        let mut rule = Space::Embedding.rule();
        (rule.prior, rule.per_variation) = (0.3, 0.0);
        let tally = simulate(&world(), &rule, 2, 1, Kind::Ordinary, 30);
        assert_eq!(tally.n_queries, 30 * 2 * 4);
        assert_eq!(tally.recognised, tally.n_queries);
        assert_eq!((tally.n_others, tally.others_accepted), (30 * 3 * 4, 0));
        assert_eq!((tally.n_mnist, tally.mnist_lost), (60, 0));
        // The pen's digit lies on the first symbol, whenever that symbol is chosen.
        rule.digit_share = 0.0;
        let tally = simulate(&world(), &rule, 2, 1, Kind::Ordinary, 30);
        assert!((1..30).contains(&tally.pens_lost), "{}", tally.pens_lost);
        assert_eq!(
            simulate(&world(), &rule, 2, 1, Kind::Lookalike, 3).n_queries,
            0
        );
    }

    #[test]
    fn nothing_is_accepted_within_nothing() {
        let mut rule = Space::Embedding.rule();
        (rule.prior, rule.per_variation) = (1e-6, 0.0);
        let tally = simulate(&world(), &rule, 2, 1, Kind::Ordinary, 10);
        assert_eq!(tally.recognised + tally.as_another, 0);
        assert_eq!(tally.unknown, tally.n_queries);
    }
}
