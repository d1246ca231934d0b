//! All drawings of the simulation, evaluated once by both networks.

use std::path::Path;

use burn::tensor::Device;

use super::super::Part;
use crate::cli::few_shot::rendered;
use crate::cli::letters;
use crate::cli::pens_file;
use crate::cli::weights_args::{Chosen, WEIGHTS_FOLDER, exported, network};
use crate::data::{self, Dataset, pen_images};
use crate::digit::{DigitImage, N_CLASSES};
use crate::protocol::{digit_probability, winner};
use crate::strokes::Stroke;
use crate::symbols::{Example, variations};
use crate::train::features;
use crate::zoo::{ModelId, Multipliers, Network};

/// How many of MNIST's digits are read.
const N_MNIST: usize = 1000;
/// How many people draw examples; the others draw the queries.
pub const N_TEACHERS: usize = 6;

/// A drawing as both networks see it.
pub struct Drawn {
    pub embedding: Vec<f32>,
    pub logits: [f32; N_CLASSES],
}

impl Drawn {
    pub fn digit_probability(&self) -> f32 {
        digit_probability(&self.logits)
    }
}

pub struct Symbol {
    pub is_lookalike: bool,
    pub examples: Vec<Example>,
    pub queries: Vec<Drawn>,
}

pub struct World {
    pub symbols: Vec<Symbol>,
    /// Digits that are read correctly.
    pub mnist: Vec<Drawn>,
    pub pens: Vec<Drawn>,
}

impl World {
    pub fn new(
        embedding: &Chosen,
        digits: ModelId,
        part: Part,
        mnist: Option<&Path>,
        device: &Device,
    ) -> anyhow::Result<Self> {
        let (_, bytes) = exported(Path::new(WEIGHTS_FOLDER), digits)?;
        let reader = Reader {
            embedding: &embedding.network,
            digits: network(digits, Multipliers::ONE, &bytes, device)?,
            device,
        };
        let (alphabets, pens) = match part {
            Part::Test => (data::Part::Test, pens_file::development()?.test),
            Part::Validation => (data::Part::Validation, pens_file::development()?.validation),
        };
        let mut symbols = Vec::new();
        for character in letters::characters(alphabets)? {
            let (taught, asked) = character
                .drawings
                .split_at(N_TEACHERS.min(character.drawings.len()));
            symbols.push(Symbol {
                is_lookalike: letters::is_lookalike(&character.alphabet, &character.name),
                examples: reader.examples(taught)?,
                queries: reader.read(&rendered(asked))?,
            });
        }
        let mnist = part.images(embedding, mnist)?.head(N_MNIST);
        Ok(Self {
            symbols,
            mnist: reader.right(&mnist)?,
            pens: reader.right(&pen_images(&pens))?,
        })
    }

    pub fn has_lookalikes(&self) -> bool {
        self.symbols.iter().any(|symbol| symbol.is_lookalike)
    }
}

struct Reader<'a> {
    embedding: &'a Network,
    digits: Network,
    device: &'a Device,
}

impl Reader<'_> {
    fn read(&self, images: &[DigitImage]) -> anyhow::Result<Vec<Drawn>> {
        let embeddings = pollster::block_on(features(self.embedding, images, self.device))?;
        let logits = pollster::block_on(self.digits.infer(images, self.device))?;
        let drawn = embeddings.into_iter().zip(logits);
        Ok(drawn
            .map(|(embedding, logits)| Drawn { embedding, logits })
            .collect())
    }

    /// The digits that the digit network reads correctly and accepts as digits.
    fn right(&self, dataset: &Dataset) -> anyhow::Result<Vec<Drawn>> {
        let drawn = self
            .read(dataset.images())?
            .into_iter()
            .zip(dataset.labels());
        let is_right = |(drawn, label): &(Drawn, &u8)| {
            winner(&drawn.logits).0 == usize::from(**label) && drawn.digit_probability() >= 0.5
        };
        Ok(drawn.filter(is_right).map(|(drawn, _)| drawn).collect())
    }

    /// Each drawing with its variations, embedded.
    fn examples(&self, drawings: &[Vec<Stroke>]) -> anyhow::Result<Vec<Example>> {
        let mut examples = Vec::new();
        for strokes in drawings {
            let mut images = rendered(std::slice::from_ref(strokes));
            images.extend(rendered(&variations(strokes)));
            let mut rows = pollster::block_on(features(self.embedding, &images, self.device))?;
            examples.push(Example {
                embedding: rows.remove(0),
                variations: rows,
            });
        }
        Ok(examples)
    }
}
