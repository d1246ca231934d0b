//! What is known about a person's symbols.

use super::matcher::{Example, Match, Matcher};
use super::space::Space;
use crate::digit::N_CLASSES;
use crate::hand::{Drawn, digit};

/// A person's symbols whose samples have been embedded.
#[derive(Clone, Debug)]
pub struct Known {
    space: Space,
    /// By the samples' ids.
    examples: Vec<(String, Example)>,
    names: Vec<String>,
    matcher: Option<Matcher>,
}

impl Known {
    /// Creates it without any symbols.
    pub fn new(space: Space) -> Self {
        Self {
            space,
            examples: Vec::new(),
            names: Vec::new(),
            matcher: None,
        }
    }

    /// The network that embeds.
    pub fn space(&self) -> Space {
        self.space
    }

    /// Whether there is nothing to compare a drawing with.
    pub fn is_empty(&self) -> bool {
        self.matcher.is_none()
    }

    pub fn example(&self, id: &str) -> Option<&Example> {
        let example = self.examples.iter().find(|(name, _)| name == id);
        example.map(|(_, example)| example)
    }

    /// Takes the embeddings of a sample: as it was drawn, then of its variations.
    pub fn see(&mut self, id: String, embeddings: Vec<Vec<f32>>) {
        let mut embeddings = embeddings.into_iter();
        if let Some(embedding) = embeddings.next() {
            let variations = embeddings.collect();
            let example = Example {
                embedding,
                variations,
            };
            self.examples.push((id, example));
        }
    }

    /// Learns the symbols again after samples have been added, removed or embedded.
    pub fn learn(&mut self, samples: &[Drawn]) {
        self.examples
            .retain(|(id, _)| samples.iter().any(|sample| sample.id == *id));
        self.names.clear();
        let mut symbols: Vec<Vec<Example>> = Vec::new();
        for sample in samples.iter().filter(|s| digit(&s.label).is_none()) {
            let Some(example) = self.example(&sample.id).cloned() else {
                continue;
            };
            match self.names.iter().position(|name| *name == sample.label) {
                Some(place) => symbols[place].push(example),
                None => {
                    self.names.push(sample.label.clone());
                    symbols.push(vec![example]);
                }
            }
        }
        self.matcher = (!symbols.is_empty()).then(|| Matcher::new(self.space, &symbols));
    }

    /// Returns the name of the nearest symbol, and how a drawing compares with it. This depends on the drawing's
    /// embedding, on the probabilities of the ten digits, and on the probability that it is a digit at all.
    pub fn read(
        &self,
        embedding: &[f32],
        probabilities: &[f32; N_CLASSES],
        digit_probability: f32,
    ) -> Option<(&str, Match)> {
        // Softmax of these gives the probabilities again.
        let logits = probabilities.map(|p| p.max(f32::MIN_POSITIVE).ln());
        let matcher = self.matcher.as_ref()?;
        let found = matcher.read(embedding, &logits, Some(digit_probability))?;
        Some((self.names.get(found.symbol)?, found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::symbols::Answer;

    fn drawn(id: &str, label: &str) -> Drawn {
        Drawn {
            id: id.into(),
            label: label.into(),
            strokes: Vec::new(),
        }
    }

    #[test]
    fn a_symbol_is_known_from_its_first_embedded_sample_to_its_last() {
        let mut known = Known::new(Space::Embedding);
        let mut samples = vec![drawn("a", "7"), drawn("b", "★"), drawn("c", "♥")];
        known.learn(&samples);
        assert!(known.is_empty());
        for (id, embedding) in [
            ("a", [0.0, 1.0, 0.0]),
            ("b", [1.0, 0.0, 0.0]),
            ("c", [0.0, 0.0, 1.0]),
        ] {
            known.see(id.into(), vec![embedding.to_vec()]);
        }
        known.learn(&samples);
        let equal = [0.1; N_CLASSES];
        let (name, found) = known.read(&[0.0, 0.1, 2.0], &equal, 0.0).unwrap();
        assert_eq!((name, found.answer), ("♥", Answer::Symbol));
        samples.retain(|sample| sample.label == "7");
        known.learn(&samples);
        assert!(known.is_empty() && known.read(&[1.0, 0.0, 0.0], &equal, 0.0).is_none());
        assert!(known.example("a").is_some() && known.example("b").is_none());
    }
}
