//! `eval strokes`: how well a network recognises digits written with a pen.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::sheet::{self, Tile};
use super::writers;
use crate::cli::device::{self, DeviceArg};
use crate::cli::mnist::write_whole;
use crate::cli::pens_file::{self, PenPart};
use crate::cli::tables;
use crate::cli::weights_args::WeightsArgs;
use crate::data::{PenDigit, pen_images};
use crate::digit::N_CLASSES;
use crate::protocol::{digit_probability, is_digit, softmax, winner};
use crate::train::EvalReport;

#[derive(Args)]
pub struct StrokesArgs {
    /// Strokes, one JSON object per line, optionally gzipped; - is standard input.
    file: PathBuf,
    #[command(flatten)]
    weights: WeightsArgs,
    /// Writers of the development file: those used for training, for validation, or only for the test.
    #[arg(long, value_enum, default_value_t = PenPart::All)]
    part: PenPart,
    #[arg(long, value_enum, default_value_t = DeviceArg::Auto)]
    device: DeviceArg,
    /// Where to draw the mistakes, as SVG.
    #[arg(long, default_value = "target/stroke-mistakes.svg")]
    picture: PathBuf,
    /// Also write each digit's prediction to this file, as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
}

/// A network's answer for one digit.
#[derive(Serialize)]
struct Reading<'a> {
    writer: &'a str,
    label: u8,
    read: usize,
    probabilities: [f32; N_CLASSES],
    logits: [f32; N_CLASSES],
    /// The probability that this is a digit at all, from networks that have learnt to tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    digit_probability: Option<f32>,
}

impl Reading<'_> {
    fn is_right(&self) -> bool {
        self.read == usize::from(self.label)
    }

    fn is_rejected(&self) -> bool {
        self.digit_probability.is_some() && !is_digit(&self.logits)
    }
}

pub fn run(args: StrokesArgs) -> anyhow::Result<()> {
    let digits = args.part.of(pens_file::read(Some(&args.file))?);
    anyhow::ensure!(
        !digits.is_empty(),
        "this part is empty, since the file has fewer than five writers: leave out --part"
    );
    let device = device::open(args.device)?;
    let chosen = args.weights.open(None, &device)?;
    let images = pen_images(&digits);
    let logits = pollster::block_on(chosen.network.infer(images.images(), &device))?;
    let reading = |(digit, logits): (_, &[f32; N_CLASSES])| {
        let digit: &PenDigit = digit;
        Reading {
            writer: &digit.writer,
            label: digit.label,
            read: winner(logits).0,
            probabilities: softmax(logits),
            logits: *logits,
            digit_probability: chosen.tells_digits.then(|| digit_probability(logits)),
        }
    };
    let readings: Vec<_> = digits.iter().zip(&logits).map(reading).collect();

    let title = format!("{}, {}", chosen.model, args.part.title());
    let report = EvalReport::new(&logits, images.labels());
    let is_right: Vec<_> = readings.iter().map(Reading::is_right).collect();
    println!("{}\n", tables::report(&title, &report));
    println!(
        "{}",
        writers::table(&writers::by_writer(&digits, &is_right))
    );
    if chosen.tells_digits {
        let n_rejected = readings
            .iter()
            .filter(|reading| reading.is_rejected())
            .count();
        println!(
            "Rejected as not a digit: {:.2} % ({n_rejected} of {})",
            100.0 * n_rejected as f64 / readings.len() as f64,
            readings.len()
        );
    }

    let tile = |(digit, reading): (_, &Reading)| Tile {
        digit,
        read: reading.read,
        probability: winner(&reading.probabilities).1,
        rejected: reading.is_rejected(),
    };
    let all = digits.iter().zip(&readings);
    let tiles: Vec<_> = all
        .filter(|(_, reading)| !reading.is_right())
        .map(tile)
        .collect();
    let heading = format!(
        "{title}: {} of {} digits misread",
        tiles.len(),
        digits.len()
    );
    write_whole(&args.picture, sheet::svg(&heading, tiles).as_bytes())?;
    println!("Mistakes: {}", args.picture.display());
    match &args.json {
        Some(path) => write_whole(path, &serde_json::to_vec(&readings)?),
        None => Ok(()),
    }
}
