//! A reading, in the form that programs get.

use serde::Serialize;

use crate::state::{Figure, NO_DIGIT, Prediction, Verdict, is_sure};
use crate::symbols::{Answer, Match};

/// The content of a pad.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Reading {
    /// From left to right; "?" stands for ink that isn't a digit. Empty if there is no ink.
    pub value: String,
    pub digits: Vec<Digit>,
    /// Time in the engine, in milliseconds.
    pub latency: f64,
    pub backend: String,
    pub model: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Digit {
    /// `None` for ink that is neither a digit nor a symbol.
    pub label: Option<String>,
    pub kind: Kind,
    /// How probable the reading is, 0..1, even if it says that the ink isn't a digit; 0 for too little ink.
    pub confidence: f32,
    /// Probabilities of the digits 0 to 9; they sum to 1.
    pub probabilities: Vec<f32>,
    /// How probable it is that this is a digit at all, 0..1; always 1 if the network hasn't learnt to tell.
    pub digit_probability: f32,
    /// Left and right edge, in the units of the strokes; `None` for a single digit.
    pub cell: Option<(f32, f32)>,
    /// Other possible readings, the likeliest first.
    pub alternatives: Vec<Alternative>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Digit,
    /// A digit with low confidence.
    Doubtful,
    /// A taught symbol.
    Symbol,
    None,
    /// Too little ink to tell.
    TooLittle,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alternative {
    pub label: String,
    /// 0..1.
    pub probability: f32,
}

impl Reading {
    pub fn new(digits: Vec<Digit>, latency: f64, backend: &str, model: &str) -> Self {
        let label = |digit: &Digit| digit.label.clone().unwrap_or_else(|| NO_DIGIT.into());
        Self {
            value: digits.iter().map(label).collect(),
            digits,
            latency,
            backend: backend.into(),
            model: model.into(),
        }
    }
}

impl Digit {
    /// Makes a single digit. `symbol` is the name of the nearest symbol and how the digit compares with it.
    pub fn alone(prediction: &Prediction, verdict: Verdict, symbol: Option<(&str, Match)>) -> Self {
        let confidence = prediction.confidence();
        let Some((name, found)) = symbol else {
            return Self::new(prediction, verdict, confidence);
        };
        let is_it = found.answer == Answer::Symbol && verdict != Verdict::TooLittle;
        let verdict = if is_it { Verdict::Symbol } else { verdict };
        let mut digit = Self::new(prediction, verdict, confidence);
        if is_it {
            digit.label = Some(name.into());
            digit.confidence = found.confidence;
            let digits = (0..).zip(prediction.probabilities);
            digit.alternatives = digits.map(|(d, p)| alternative(prediction, d, p)).collect();
            for alternative in &mut digit.alternatives {
                alternative.probability *= 1.0 - found.confidence;
            }
        } else {
            digit.alternatives.push(Alternative {
                label: name.into(),
                probability: found.confidence,
            });
        }
        digit.sort();
        digit
    }

    /// Makes a digit of a number. `unit` is the size of a unit of the figure's cell in units of the strokes.
    pub fn of_number(figure: &Figure, unit: f32) -> Self {
        let (left, right) = figure.cell;
        Self {
            cell: Some((left * unit, right * unit)),
            ..Self::new(&figure.prediction, figure.verdict, figure.confidence)
        }
    }

    fn new(prediction: &Prediction, verdict: Verdict, confidence: f32) -> Self {
        let (kind, confidence) = match verdict {
            Verdict::Digit(_) if is_sure(confidence) => (Kind::Digit, confidence),
            Verdict::Digit(_) => (Kind::Doubtful, confidence),
            Verdict::Symbol => (Kind::Symbol, confidence),
            Verdict::NoDigit => (Kind::None, 1.0 - prediction.digit_probability),
            Verdict::TooLittle => (Kind::TooLittle, 0.0),
        };
        let others = (0..).zip(prediction.probabilities);
        let others = others.filter(|(digit, _)| verdict.digit() != Some(*digit));
        let mut digit = Self {
            label: verdict.digit().map(|digit| digit.to_string()),
            kind,
            confidence,
            probabilities: prediction.probabilities.to_vec(),
            digit_probability: prediction.digit_probability,
            cell: None,
            alternatives: others.map(|(d, p)| alternative(prediction, d, p)).collect(),
        };
        digit.sort();
        digit
    }

    fn sort(&mut self) {
        let likeliest = |a: &Alternative, b: &Alternative| b.probability.total_cmp(&a.probability);
        self.alternatives.sort_by(likeliest);
    }
}

fn alternative(prediction: &Prediction, digit: usize, probability: f32) -> Alternative {
    Alternative {
        label: digit.to_string(),
        probability: probability * prediction.digit_probability,
    }
}
