//! `data preview`: draws a picture of the images that training sees.

use std::path::PathBuf;

use clap::Args;
use image::{GrayImage, Luma, imageops};
use rand::rngs::StdRng;
use rand::seq::IteratorRandom;
use rand::{RngExt, SeedableRng};

use super::letters::{self, Letters};
use super::{mnist, pens_file};
use crate::data::{
    PenSplit, Restyle, augment, mix_seed, neighbours, restyle, restyle_digit, scribble, split,
};
use crate::digit::{DigitImage, N_CLASSES, SIDE};
use crate::strokes::render;
use crate::train::{Recipe, TrainConfig};
use crate::zoo::ModelId;

/// Pictures per row; the first shows the digit as it was written.
const N_COLUMNS: usize = 16;
/// Pixels between two pictures, and the factor by which each 28×28 image is enlarged.
const GAP: usize = 2;
const ZOOM: usize = 2;
/// The grey between pictures.
const FRAME: Luma<u8> = Luma([96]);

#[derive(Args)]
pub struct PreviewArgs {
    /// The file to write.
    #[arg(long, default_value = "data/preview.png")]
    out: PathBuf,
    /// Seed of the random changes.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder with the four MNIST files.
    #[arg(long)]
    mnist: Option<PathBuf>,
}

pub fn run(args: PreviewArgs) -> anyhow::Result<()> {
    let config = TrainConfig::new(ModelId::Pen, Recipe::Best);
    let images = mnist::train_set(args.mnist.as_deref())?;
    let images = split(&images, config.n_validation, config.split_seed).train;
    let restyling = config.drawings.map_or(Restyle::NONE, |d| d.restyle);
    let mut sheet = Sheet {
        seed: args.seed,
        rows: Vec::new(),
    };
    for digit in 0..N_CLASSES as u8 {
        let examples = images.sample(digit..digit + 1, 1, args.seed);
        let image = examples.image(0);
        sheet.add(Some(image.clone()), |rng| {
            augment(image, &config.augmentation, rng)
        });
    }
    match pens_file::development() {
        Ok(PenSplit { train: pens, .. }) => {
            let any = |rng: &mut StdRng| &pens[rng.random_range(0..pens.len())];
            let mut rng = StdRng::seed_from_u64(args.seed);
            for label in 0..N_CLASSES as u8 {
                let of_label = pens.iter().filter(|digit| digit.label == label);
                if let Some(digit) = of_label.choose(&mut rng) {
                    let as_written = render(&digit.strokes);
                    sheet.add(as_written, |rng| restyle_digit(digit, &restyling, rng));
                }
            }
            sheet.add(None, |rng| {
                let pair = neighbours(any(rng), any(rng), rng);
                restyle(&pair, &restyling, rng)
            });
        }
        Err(error) => eprintln!("Leaving out pens: {error:#}"),
    }
    match letters::read() {
        Ok(Letters { train: letters, .. }) => sheet.add(None, |rng| {
            let letter = &letters[rng.random_range(0..letters.len())];
            restyle(letter, &restyling, rng)
        }),
        Err(error) => eprintln!("Leaving out letters: {error:#}"),
    }
    sheet.add(None, |rng| restyle(&scribble(rng), &restyling, rng));

    if let Some(folder) = args.out.parent() {
        std::fs::create_dir_all(folder)?;
    }
    sheet.picture().save(&args.out)?;
    println!(
        "{}: each digit as it was written, then {} augmented versions. MNIST comes first, then pens, \
         then ink that isn't a digit",
        args.out.display(),
        N_COLUMNS - 1
    );
    Ok(())
}

struct Sheet {
    seed: u64,
    rows: Vec<Vec<DigitImage>>,
}

impl Sheet {
    /// Adds a row: the original, if there is one, then random variants.
    fn add(&mut self, first: Option<DigitImage>, mut other: impl FnMut(&mut StdRng) -> DigitImage) {
        let mut rng = StdRng::seed_from_u64(mix_seed(self.seed, &[self.rows.len() as u64]));
        let first = first.unwrap_or_else(DigitImage::blank);
        let others = (1..N_COLUMNS).map(|_| other(&mut rng));
        self.rows
            .push(std::iter::once(first).chain(others).collect());
    }

    fn picture(&self) -> GrayImage {
        let step = SIDE * ZOOM + GAP;
        let side = |n: usize| (n * step + GAP) as u32;
        let mut picture = GrayImage::from_pixel(side(N_COLUMNS), side(self.rows.len()), FRAME);
        for (row, images) in self.rows.iter().enumerate() {
            for (column, image) in images.iter().enumerate() {
                let at = |index: usize| (GAP + index * step) as i64;
                imageops::replace(&mut picture, &enlarged(image), at(column), at(row));
            }
        }
        picture
    }
}

/// Enlarges an image and draws it black on white, as on paper.
fn enlarged(image: &DigitImage) -> GrayImage {
    let side = (SIDE * ZOOM) as u32;
    GrayImage::from_fn(side, side, |x, y| {
        let (x, y) = (x as usize / ZOOM, y as usize / ZOOM);
        Luma([255 - image.pixels()[y * SIDE + x]])
    })
}
