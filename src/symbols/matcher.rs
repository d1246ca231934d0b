//! Decides whether a drawing is one of a person's symbols.

use super::space::{Rule, Space};
use super::{distance, mean, unit};
use crate::digit::N_CLASSES;
use crate::protocol::softmax;

/// The embedding of a person's drawing of a symbol.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Example {
    pub embedding: Vec<f32>,
    /// The embeddings of its [`variations`](super::variations).
    pub variations: Vec<Vec<f32>>,
}

/// What a drawing is recognised as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Symbol,
    Digit,
    /// Neither one of the symbols nor a digit.
    Unknown,
}

/// How a drawing compares with the nearest symbol.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// Index of the nearest symbol.
    pub symbol: usize,
    /// Distance from it, 0 to 2.
    pub distance: f32,
    /// The distance within which this drawing would be accepted.
    pub threshold: f32,
    pub answer: Answer,
    /// Confidence that it is this symbol, 0 to 1: a half at the threshold. The rest is shared among the digits, by
    /// their probabilities, and unknown ink.
    pub confidence: f32,
}

#[derive(Clone, Debug)]
struct Symbol {
    /// Mean direction of its examples and their variations.
    prototype: Vec<f32>,
    threshold: f32,
}

/// Recognises a person's symbols alongside the digits.
#[derive(Clone, Debug)]
pub struct Matcher {
    symbols: Vec<Symbol>,
    rule: Rule,
}

impl Matcher {
    /// `symbols`: the examples of each, embedded by the network of `space`. A symbol without examples never matches.
    pub fn new(space: Space, symbols: &[Vec<Example>]) -> Self {
        Self::with_rule(space.rule(), symbols)
    }

    /// Uses another rule than the network's own, for tuning.
    pub fn with_rule(rule: Rule, symbols: &[Vec<Example>]) -> Self {
        let mut symbols: Vec<Symbol> = symbols.iter().map(|of| symbol(of, &rule)).collect();
        let prototypes: Vec<Vec<f32>> = symbols.iter().map(|s| s.prototype.clone()).collect();
        for (place, symbol) in symbols.iter_mut().enumerate() {
            for (other, prototype) in prototypes.iter().enumerate() {
                if other != place && !prototype.is_empty() {
                    let apart = distance(&symbol.prototype, prototype);
                    symbol.threshold = symbol.threshold.min(rule.per_neighbour * apart);
                }
            }
        }
        Self { symbols, rule }
    }

    /// Decides what a drawing is, from its embedding and from the digit network's answer: ten logits and, if the
    /// network has learnt to tell, the probability that it is a digit at all
    /// ([`digit_probability`](crate::protocol::digit_probability)). `None` if there are no symbols.
    pub fn read(
        &self,
        embedding: &[f32],
        logits: &[f32; N_CLASSES],
        digit: Option<f32>,
    ) -> Option<Match> {
        let drawing = unit(embedding);
        let symbols = self.symbols.iter().enumerate();
        let distances = symbols
            .filter(|(_, symbol)| symbol.prototype.len() == drawing.len())
            .map(|(place, symbol)| (place, distance(&drawing, &symbol.prototype)));
        let (symbol, distance) = distances.min_by(|a, b| a.1.total_cmp(&b.1))?;

        let probabilities = softmax(logits);
        let surest = probabilities.iter().copied().fold(0.0, f32::max);
        let is_digit = digit.unwrap_or(1.0);
        let rest = 1.0 - self.rule.digit_share * is_digit * surest;
        let threshold = self.symbols[symbol].threshold * rest;
        // In units of the threshold, so that symbols close to others don't get more confidence than the rest.
        let beyond = distance / threshold.max(f32::MIN_POSITIVE) - 1.0;
        let confidence = 1.0 / (1.0 + (self.rule.sharpness * beyond).exp());
        let answer = match (distance <= threshold, is_digit >= 0.5) {
            (true, _) => Answer::Symbol,
            (false, true) => Answer::Digit,
            (false, false) => Answer::Unknown,
        };
        Some(Match {
            symbol,
            distance,
            threshold,
            answer,
            confidence,
        })
    }

    /// How far drawings of a symbol may be from it if nothing suggests that they are digits; 0 for a symbol without
    /// examples.
    pub fn threshold(&self, symbol: usize) -> f32 {
        self.symbols.get(symbol).map_or(0.0, |s| s.threshold)
    }

    /// The nearest other symbol, and its distance. Two symbols closer than both their thresholds are easily confused.
    pub fn nearest_other(&self, symbol: usize) -> Option<(usize, f32)> {
        let this = self.symbols.get(symbol)?;
        let others = self.symbols.iter().enumerate().filter(|(place, other)| {
            *place != symbol && other.prototype.len() == this.prototype.len()
        });
        others
            .map(|(place, other)| (place, distance(&this.prototype, &other.prototype)))
            .min_by(|a, b| a.1.total_cmp(&b.1))
    }
}

/// Computes a threshold from the prior for symbols in general and from the symbol's own examples, which count more the
/// more of them there are.
fn symbol(examples: &[Example], rule: &Rule) -> Symbol {
    let directions: Vec<Vec<f32>> = examples.iter().map(direction).collect();
    let prototype = mean(directions.iter());
    if directions.is_empty() {
        return Symbol {
            prototype,
            threshold: 0.0,
        };
    }
    let varied = examples
        .iter()
        .zip(&directions)
        .flat_map(|(example, direction)| {
            let stray = |varied: &Vec<f32>| distance(&unit(varied), direction);
            example.variations.iter().map(stray)
        });
    let by_prior = rule.prior + rule.per_variation * average(varied);
    // The distance from each example to the mean of the others.
    let apart = (0..directions.len())
        .filter(|_| directions.len() > 1)
        .map(|left_out| {
            let others = directions
                .iter()
                .enumerate()
                .filter(|(place, _)| *place != left_out);
            distance(&directions[left_out], &mean(others.map(|(_, other)| other)))
        });
    let by_examples = rule.per_example * average(apart);
    let n_gaps = (directions.len() - 1) as f32;
    let weight = n_gaps / (n_gaps + rule.prior_weight);
    Symbol {
        prototype,
        threshold: weight * by_examples + (1.0 - weight) * by_prior,
    }
}

/// The mean direction of an example and its variations. These are less certain than the example, but show how one
/// person's drawings vary.
fn direction(example: &Example) -> Vec<f32> {
    let itself = unit(&example.embedding);
    let varied: Vec<Vec<f32>> = example
        .variations
        .iter()
        .map(|varied| unit(varied))
        .collect();
    mean(std::iter::once(&itself).chain(&varied))
}

/// Returns 0 if there are no values.
fn average(values: impl Iterator<Item = f32>) -> f32 {
    let (sum, n) = values.fold((0.0, 0.0_f32), |(sum, n), value| (sum + value, n + 1.0));
    sum / n.max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule {
        prior: 0.5,
        per_variation: 1.0,
        per_example: 1.5,
        prior_weight: 1.0,
        per_neighbour: 0.5,
        digit_share: 0.8,
        sharpness: 6.0,
    };

    /// A direction in the plane, `degrees` from the first axis, of any length.
    fn at(degrees: f32) -> Vec<f32> {
        let (sin, cos) = degrees.to_radians().sin_cos();
        vec![3.0 * cos, 3.0 * sin, 0.0]
    }

    fn example(degrees: f32) -> Example {
        Example {
            embedding: at(degrees),
            variations: vec![at(degrees - 4.0), at(degrees + 4.0)],
        }
    }

    const NO_DIGIT: Option<f32> = Some(0.0);
    const A_DIGIT: Option<f32> = Some(1.0);

    /// Logits of a sure digit.
    fn sure() -> [f32; N_CLASSES] {
        std::array::from_fn(|i| if i == 3 { 20.0 } else { 0.0 })
    }

    #[test]
    fn the_nearest_symbol_is_named_and_what_is_far_is_unknown() {
        let matcher = Matcher::with_rule(RULE, &[vec![example(0.0)], vec![example(90.0)]]);
        let read = |degrees| matcher.read(&at(degrees), &sure(), NO_DIGIT).unwrap();
        assert_eq!((read(5.0).symbol, read(5.0).answer), (0, Answer::Symbol));
        assert_eq!((read(80.0).symbol, read(80.0).answer), (1, Answer::Symbol));
        assert_eq!(read(180.0).answer, Answer::Unknown);
        assert!(read(0.0).confidence > 0.9 && read(180.0).confidence < 0.1);
        assert!(read(5.0).confidence > read(20.0).confidence);
        assert_eq!(matcher.nearest_other(0).map(|(other, _)| other), Some(1));
    }

    #[test]
    fn a_sure_digit_must_be_nearer() {
        let matcher = Matcher::with_rule(RULE, &[vec![example(0.0)]]);
        let answer = |degrees, digit| matcher.read(&at(degrees), &sure(), digit).unwrap().answer;
        assert_eq!(answer(20.0, NO_DIGIT), Answer::Symbol);
        assert_eq!(answer(20.0, A_DIGIT), Answer::Digit);
        assert_eq!(answer(2.0, A_DIGIT), Answer::Symbol);
        // A network that has not learnt to tell is trusted as far as its digit is probable.
        assert_eq!(answer(20.0, None), Answer::Digit);
        let unsure = matcher.read(&at(20.0), &[0.0; N_CLASSES], None).unwrap();
        assert_eq!(unsure.answer, Answer::Symbol);
    }

    #[test]
    fn thresholds_follow_the_examples() {
        let alone = |examples: Vec<Example>| Matcher::with_rule(RULE, &[examples]).threshold(0);
        let steady = vec![example(0.0), example(1.0), example(-1.0)];
        let loose = vec![example(0.0), example(40.0), example(-40.0)];
        assert!(alone(steady) < alone(vec![example(0.0)]));
        assert!(alone(loose.clone()) > alone(vec![example(0.0)]));
        let mut shaky = example(0.0);
        shaky.variations = vec![at(-30.0), at(30.0)];
        assert!(alone(vec![shaky]) > alone(vec![example(0.0)]));
        // The threshold never exceeds its share of the distance to another symbol.
        let two = Matcher::with_rule(RULE, &[loose, vec![example(30.0)]]);
        let (_, apart) = two.nearest_other(0).unwrap();
        assert!(two.threshold(0) <= 0.5 * apart + 1e-6);
    }

    #[test]
    fn no_symbols_match_nothing() {
        assert_eq!(
            Matcher::with_rule(RULE, &[]).read(&at(0.0), &sure(), None),
            None
        );
        let empty = Matcher::with_rule(RULE, &[Vec::new()]);
        assert_eq!(empty.read(&at(0.0), &sure(), None), None);
        let both = Matcher::with_rule(RULE, &[Vec::new(), vec![example(0.0)]]);
        assert_eq!(both.read(&at(0.0), &sure(), NO_DIGIT).unwrap().symbol, 1);
        assert!(both.threshold(1) > 0.4);
    }
}
