//! The symbols that a person has taught: how they are embedded, and whether the drawing is one of them.

use super::teach::Teach;
use super::{Prediction, Sheet, State};
use crate::album::{Kind, Spot};
use crate::digit::DigitImage;
use crate::hand::{Drawn, Sight, digit};
use crate::symbols::{Answer, Known, Match, Space, images, project, unit};

/// What is known about the symbols.
#[derive(Clone, Debug)]
pub(super) struct Symbols {
    known: Known,
    /// Samples that were sent to be embedded.
    asked: Vec<String>,
    /// The drawing that was embedded last.
    drawing: Option<(DigitImage, Vec<f32>)>,
    /// A sentence that says why nothing can be embedded, or empty.
    trouble: String,
}

impl Default for Symbols {
    fn default() -> Self {
        Self::of(Space::Embedding)
    }
}

impl Symbols {
    fn of(space: Space) -> Self {
        Self {
            known: Known::new(space),
            asked: Vec::new(),
            drawing: None,
            trouble: String::new(),
        }
    }

    /// Learns the symbols again after their samples have changed.
    pub(super) fn learn(&mut self, teach: &Teach) {
        self.known.learn(teach.samples());
    }
}

impl State {
    /// Takes embeddings that have arrived, or the reason why not: a sentence without its full stop.
    pub(super) fn seen(&mut self, seen: Result<Sight, String>) {
        let sight = match seen {
            Ok(sight) if sight.model == self.symbols.known.space().model() => sight,
            // Another network was chosen meanwhile.
            Ok(_) => return,
            Err(why) => {
                self.symbols.trouble = format!("Symbols cannot be recognised now: {why}.");
                return;
            }
        };
        if !std::mem::take(&mut self.symbols.trouble).is_empty() {
            // It works again, so retry what failed.
            let symbols = &mut self.symbols;
            symbols
                .asked
                .retain(|id| symbols.known.example(id).is_some());
        }
        match sight.sample {
            Some(id) => {
                self.symbols.known.see(id, sight.embeddings);
                self.symbols.learn(&self.teach);
            }
            None => {
                let seen = sight.images.into_iter().zip(sight.embeddings).next();
                self.symbols.drawing = seen.or(self.symbols.drawing.take());
            }
        }
    }

    /// Switches to another network for embedding, or starts over with the same one.
    pub(super) fn set_space(&mut self, space: Space) {
        self.symbols = Symbols::of(space);
    }

    pub(super) fn asked_to_embed(&mut self, samples: Vec<String>) {
        self.symbols.asked.extend(samples);
    }

    /// The network that embeds.
    pub fn space(&self) -> Space {
        self.symbols.known.space()
    }

    /// Why symbols cannot be recognised; empty if they can.
    pub fn trouble_of_symbols(&self) -> &str {
        &self.symbols.trouble
    }

    pub fn has_symbols(&self) -> bool {
        let mut samples = self.teach.samples().iter();
        samples.any(|sample| digit(&sample.label).is_none())
    }

    /// Samples that haven't been embedded yet: all samples of symbols, and one of each digit for the map.
    pub fn unseen(&self) -> Vec<String> {
        if !self.has_symbols() {
            return Vec::new();
        }
        let is_first = |drawn: &Drawn| {
            let mut same = self.teach.of(&drawn.label);
            same.next().is_some_and(|first| first.id == drawn.id)
        };
        let is_wanted = |drawn: &&Drawn| digit(&drawn.label).is_none() || is_first(drawn);
        let samples = self.teach.samples().iter().filter(is_wanted);
        let ids = samples.map(|sample| sample.id.clone());
        ids.filter(|id| !self.symbols.asked.contains(id)).collect()
    }

    /// The images of a sample: as it was drawn, then its variations.
    pub fn images_of_sample(&self, id: &str) -> Vec<DigitImage> {
        let strokes = self.teach.sample(id).map_or(Vec::new(), Drawn::strokes);
        images(&strokes)
    }

    /// The name of the nearest symbol, and how the drawing compares with it.
    pub fn symbol(&self) -> Option<(&str, Match)> {
        let prediction = self.prediction().filter(|_| self.sheet != Sheet::Number)?;
        let (image, embedding) = self.symbols.drawing.as_ref()?;
        if *image != prediction.image {
            return None;
        }
        let Prediction {
            probabilities,
            digit_probability,
            ..
        } = prediction;
        self.symbols
            .known
            .read(embedding, probabilities, *digit_probability)
    }

    /// The name of the symbol that the drawing is recognised as.
    pub fn is_symbol(&self) -> Option<&str> {
        let (name, found) = self.symbol()?;
        (found.answer == Answer::Symbol).then_some(name)
    }

    /// The places of the examples and of the drawing on the pad on the map of symbols.
    pub fn spots(&self) -> Vec<Spot> {
        let (mut spots, mut embeddings) = (Vec::new(), Vec::new());
        let mut add = |label: &str, kind: Kind, embedding: &[f32]| {
            spots.push((label.to_owned(), kind));
            // Only directions are compared.
            embeddings.push(unit(embedding));
        };
        for sample in self.teach.samples() {
            let kind = match digit(&sample.label) {
                Some(_) => Kind::Digit,
                None => Kind::Example,
            };
            if let Some(example) = self.symbols.known.example(&sample.id) {
                add(&sample.label, kind, &example.embedding);
            }
        }
        if let Some((_, embedding)) = self.symbols.drawing.as_ref().filter(|_| !self.is_blank()) {
            add("", Kind::Drawing, embedding);
        }
        let places = project(&embeddings);
        let spot = |((label, kind), place)| Spot { label, place, kind };
        spots.into_iter().zip(places).map(spot).collect()
    }
}
