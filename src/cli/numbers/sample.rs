//! Composes random numbers, and runs the network on all their candidates.

use std::collections::BTreeMap;

use burn::tensor::Device;

use crate::data::{PenDigit, mix_seed};
use crate::digit::{DigitImage, N_CLASSES};
use crate::number::{Composed, Corrections, Group, Hand, Lattice, Spacing, candidates, compose};
use crate::zoo::Network;

pub const LENGTHS: std::ops::RangeInclusive<usize> = 2..=8;
/// How many numbers have their candidates in memory at once.
const CHUNK: usize = 64;

/// A number with everything needed to read it.
pub struct Sample {
    pub spacing: Spacing,
    pub number: Composed,
    pub candidates: Vec<Group>,
    pub logits: Vec<[f32; N_CLASSES]>,
    pub lattice: Lattice,
}

/// Composes `n_each` numbers of each length, spacing and hand, each from one writer's digits.
pub fn samples(
    digits: &[PenDigit],
    n_each: usize,
    hands: &[Hand],
    seed: u64,
    network: &Network,
    device: &Device,
) -> anyhow::Result<Vec<Sample>> {
    let mut writers: BTreeMap<&str, Vec<&PenDigit>> = BTreeMap::new();
    for digit in digits {
        writers.entry(&digit.writer).or_default().push(digit);
    }
    let writers: Vec<_> = writers.into_values().collect();
    let kinds = LENGTHS.flat_map(|length| Spacing::ALL.map(|spacing| (length, spacing)));
    let kinds =
        kinds.flat_map(|(length, spacing)| hands.iter().map(move |&hand| (length, spacing, hand)));
    let numbers: Vec<_> = kinds
        .flat_map(|kind| (0..n_each).map(move |i| (i, kind)))
        .filter_map(|(i, (length, spacing, hand))| {
            let writer = &writers[i % writers.len()];
            let seed = mix_seed(seed, &[i as u64]);
            Some((spacing, compose(writer, length, spacing, hand, seed)?))
        })
        .collect();

    let mut samples = Vec::with_capacity(numbers.len());
    let mut numbers = numbers.into_iter().peekable();
    while numbers.peek().is_some() {
        let chunk: Vec<_> = numbers
            .by_ref()
            .take(CHUNK)
            .map(|(spacing, number)| {
                let groups = candidates(&number.strokes, &Corrections::default());
                (spacing, number, groups)
            })
            .collect();
        let images: Vec<_> = chunk
            .iter()
            .flat_map(|(_, number, groups)| groups.iter().map(|group| group.image(&number.strokes)))
            .map(|image| image.unwrap_or_else(DigitImage::blank))
            .collect();
        let mut logits = pollster::block_on(network.infer(&images, device))?.into_iter();
        samples.extend(chunk.into_iter().map(|(spacing, number, candidates)| {
            let logits: Vec<_> = logits.by_ref().take(candidates.len()).collect();
            Sample {
                spacing,
                lattice: Lattice::new(&number.strokes, &candidates, &logits),
                number,
                candidates,
                logits,
            }
        }));
    }
    Ok(samples)
}
