//! What was read, as a program gets it.

use serde::Serialize;

use crate::state::{Figure, NO_DIGIT, Prediction, Verdict, is_sure};
use crate::symbols::{Answer, Match};

/// What a pad holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Reading {
    /// From left to right; "?" stands for ink that is no digit. Empty where there is no ink.
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
    /// How probable it is that it is what it is read as, be it no digit, 0..1; 0 of too little ink.
    pub confidence: f32,
    /// Of the digits 0 to 9; they sum to 1.
    pub probabilities: Vec<f32>,
    /// How probable it is that it is a digit at all, 0..1; 1 where the network has not learnt to tell.
    pub digit_probability: f32,
    /// From where to where it reaches, in the units of the strokes; `None` of a digit that is alone.
    pub cell: Option<(f32, f32)>,
    /// What else it may be, the likeliest first.
    pub alternatives: Vec<Alternative>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Digit,
    /// A digit that is read with less confidence.
    Doubtful,
    /// One that was taught.
    Symbol,
    None,
    /// Nobody could tell what so little is.
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
    /// One that is alone; `symbol` is how it compares with the nearest symbol, and that one's name.
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

    /// One of a number; `unit` is a unit of the figure's cell in units of the strokes.
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
