//! `data preview`: what training sees, as a picture.

use std::path::PathBuf;

use clap::Args;
use image::{GrayImage, Luma, imageops};
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::letters;
use super::mnist;
use super::pens_file;
use crate::data::{augment, mix_seed, neighbours, restyle, restyle_digit, scribble, split};
use crate::digit::{DigitImage, N_CLASSES, SIDE};
use crate::strokes::Stroke;
use crate::train::{Recipe, TrainConfig};
use crate::zoo::ModelId;

/// Pictures in a row; the first is as it was written.
const N_COLUMNS: usize = 16;
/// Pixels between two pictures, and how much larger than 28×28 each is.
const GAP: usize = 2;
const ZOOM: usize = 2;
/// The grey between pictures.
const FRAME: Luma<u8> = Luma([96]);

#[derive(Args)]
pub struct PreviewArgs {
    /// Where the picture goes.
    #[arg(long, default_value = "data/preview.png")]
    out: PathBuf,
    /// Another seed changes the images in other ways.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder with the four MNIST files.
    #[arg(long)]
    mnist: Option<PathBuf>,
}

/// A row: the first picture, and how another is drawn.
type Row<'a> = (DigitImage, Box<dyn Fn(&mut StdRng) -> DigitImage + 'a>);

pub fn run(args: PreviewArgs) -> anyhow::Result<()> {
    let config = TrainConfig::new(ModelId::Pen, Recipe::Best);
    let restyling = config.drawings.expect("pen learns from drawings").restyle;
    let images = split(
        &mnist::train_set(args.mnist.as_deref())?,
        config.n_validation,
        config.split_seed,
    );
    let any = |n: usize| (mix_seed(args.seed, &[n as u64]) % 1000) as usize;
    let mut rows: Vec<Row> = Vec::new();
    for digit in 0..N_CLASSES as u8 {
        let image = images
            .train
            .sample(digit..digit + 1, 1, args.seed)
            .image(0)
            .clone();
        let original = image.clone();
        rows.push((
            original,
            Box::new(move |rng| augment(&image, &config.augmentation, rng)),
        ));
    }
    let as_drawn =
        |strokes: &[Stroke]| crate::strokes::render(strokes).unwrap_or_else(DigitImage::blank);
    let scribbles = move |rng: &mut StdRng| restyle(&scribble(rng), &restyling, rng);
    match pens_file::development() {
        Ok(pens) => {
            let pens = pens.train;
            for label in 0..N_CLASSES as u8 {
                let of_label = || pens.iter().filter(move |digit| digit.label == label);
                let n = of_label().count().max(1);
                if let Some(digit) = of_label().nth(any(label.into()) % n).cloned() {
                    let original = as_drawn(&digit.strokes);
                    rows.push((
                        original,
                        Box::new(move |rng| restyle_digit(&digit, &restyling, rng)),
                    ));
                }
            }
            let pair = move |rng: &mut StdRng| {
                use rand::RngExt;
                let mut digit = || &pens[rng.random_range(0..pens.len())];
                let (a, b) = (digit(), digit());
                restyle(&neighbours(a, b, rng), &restyling, rng)
            };
            rows.push((DigitImage::blank(), Box::new(pair)));
        }
        Err(error) => eprintln!("Without pens: {error:#}"),
    }
    match letters::read() {
        Ok(letters) => {
            let letters = letters.train;
            let letter = move |rng: &mut StdRng| {
                use rand::RngExt;
                restyle(
                    &letters[rng.random_range(0..letters.len())],
                    &restyling,
                    rng,
                )
            };
            rows.push((DigitImage::blank(), Box::new(letter)));
        }
        Err(error) => eprintln!("Without letters: {error:#}"),
    }
    rows.push((DigitImage::blank(), Box::new(scribbles)));

    let step = SIDE * ZOOM + GAP;
    let mut sheet = GrayImage::from_pixel(
        (N_COLUMNS * step + GAP) as u32,
        (rows.len() * step + GAP) as u32,
        FRAME,
    );
    for (row, (original, another)) in rows.iter().enumerate() {
        for column in 0..N_COLUMNS {
            let seed = mix_seed(args.seed, &[row as u64, column as u64]);
            let image = match column {
                0 => original.clone(),
                _ => another(&mut StdRng::seed_from_u64(seed)),
            };
            let at = |index: usize| (GAP + index * step) as i64;
            imageops::replace(&mut sheet, &enlarged(&image), at(column), at(row));
        }
    }
    if let Some(folder) = args.out.parent() {
        std::fs::create_dir_all(folder)?;
    }
    sheet.save(&args.out)?;
    println!(
        "{}: each row as it was written, then {} changes of it. MNIST's digits, pens' digits, and ink that is no digit.",
        args.out.display(),
        N_COLUMNS - 1
    );
    Ok(())
}

/// Black on white, as on paper.
fn enlarged(image: &DigitImage) -> GrayImage {
    let side = (SIDE * ZOOM) as u32;
    GrayImage::from_fn(side, side, |x, y| {
        let (x, y) = (x as usize / ZOOM, y as usize / ZOOM);
        Luma([255 - image.pixels()[y * SIDE + x]])
    })
}
