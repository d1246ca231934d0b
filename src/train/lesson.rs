//! The items of a classifier's epoch: images, and also drawings if it learns from pens.

use burn::tensor::Device;
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

use super::config::{DrawingsConfig, TrainConfig};
use super::step::Batch;
use crate::data::{
    Drawings, Split, augment, mix_seed, neighbours, restyle, restyle_digit, scribble,
};
use crate::digit::{DigitImage, N_CLASSES};
use crate::strokes::Stroke;

const SEED_AUGMENT: u64 = 2;
/// The label of ink that isn't a digit.
const NO_DIGIT: u8 = N_CLASSES as u8;

/// Number of images and drawings in an epoch.
pub fn n_items(config: &TrainConfig, data: &Split) -> usize {
    n_images(config, data) + config.n_drawings()
}

fn n_images(config: &TrainConfig, data: &Split) -> usize {
    config.epoch_images.unwrap_or(data.train.len())
}

/// The items of a step. Each item's augmentation depends only on epoch and index.
pub fn batch(
    indices: &[usize],
    epoch: usize,
    config: &TrainConfig,
    data: &Split,
    device: &Device,
) -> Batch {
    let item = |&index: &usize| {
        let seed = mix_seed(config.seed, &[SEED_AUGMENT, epoch as u64, index as u64]);
        let mut rng = StdRng::seed_from_u64(seed);
        match (&config.drawings, index.checked_sub(n_images(config, data))) {
            (Some(amount), Some(index)) => drawn(index, amount, &data.drawings, &mut rng),
            _ => {
                let index = match config.epoch_images {
                    Some(_) => rng.random_range(0..data.train.len()),
                    None => index,
                };
                let image = augment(data.train.image(index), &config.augmentation, &mut rng);
                (image, data.train.labels()[index])
            }
        }
    };
    let (images, labels): (Vec<DigitImage>, Vec<u8>) = indices.iter().map(item).unzip();
    Batch::new(&images, &labels, device)
}

fn drawn(
    index: usize,
    amount: &DrawingsConfig,
    drawings: &Drawings,
    rng: &mut impl Rng,
) -> (DigitImage, u8) {
    let (image, label) = match index < amount.digits {
        true => {
            let digit = &drawings.digits[index % drawings.digits.len()];
            (restyle_digit(digit, &amount.restyle, rng), digit.label)
        }
        false => {
            let strokes = other(drawings, rng);
            (restyle(&strokes, &amount.restyle, rng), NO_DIGIT)
        }
    };
    (augment(&image, &amount.softening, rng), label)
}

/// Ink that isn't a digit: half letters, the rest neighbours and scribbles.
fn other(drawings: &Drawings, rng: &mut impl Rng) -> Vec<Stroke> {
    let mut any = || &drawings.digits[rng.random_range(0..drawings.digits.len())];
    let (first, second) = (any(), any());
    match rng.random_range(0..4) {
        0 => neighbours(first, second, rng),
        1 => scribble(rng),
        _ if drawings.letters.is_empty() => scribble(rng),
        _ => drawings.letters[rng.random_range(0..drawings.letters.len())].clone(),
    }
}
