//! `eval strokes`: how well a network reads what pens wrote.

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, ValueEnum};
use flate2::read::MultiGzDecoder;
use serde::Serialize;

use super::sheet::{self, Tile};
use super::writers;
use crate::cli::device::{self, DeviceArg};
use crate::cli::mnist::write_whole;
use crate::cli::tables;
use crate::cli::weights_args::WeightsArgs;
use crate::data::{PenDigit, pen_images, read_pens, split_writers};
use crate::digit::N_CLASSES;
use crate::protocol::{digit_probability, softmax, winner};
use crate::train::EvalReport;

/// By which the writers of the development file were dealt out.
const SPLIT_SEED: u64 = 2026;
/// What a file begins with that gzip made.
const GZIP: [u8; 2] = [0x1f, 0x8b];

#[derive(Args)]
pub struct StrokesArgs {
    /// Strokes as a JSON object a line, also packed by gzip; - is standard input.
    file: PathBuf,
    #[command(flatten)]
    weights: WeightsArgs,
    /// Writers of the development file that training or the choice of networks has seen, or none has.
    #[arg(long, value_enum, default_value_t = WritersPart::All)]
    part: WritersPart,
    #[arg(long, value_enum, default_value_t = DeviceArg::Auto)]
    device: DeviceArg,
    /// Where the mistakes are drawn, as SVG.
    #[arg(long, default_value = "target/stroke-mistakes.svg")]
    picture: PathBuf,
    /// Also write each digit's reading, as JSON, to this file.
    #[arg(long)]
    json: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum WritersPart {
    All,
    Train,
    Validation,
    Test,
}

/// What a network makes of a digit.
#[derive(Serialize)]
struct Reading<'a> {
    writer: &'a str,
    label: u8,
    read: usize,
    probabilities: [f32; N_CLASSES],
    logits: [f32; N_CLASSES],
    /// Where the network has learnt to tell: how probable it is that this is a digit at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    digit_probability: Option<f32>,
}

impl Reading<'_> {
    fn is_right(&self) -> bool {
        self.read == usize::from(self.label)
    }

    fn is_rejected(&self) -> bool {
        self.digit_probability
            .is_some_and(|probability| probability < 0.5)
    }
}

pub fn run(args: StrokesArgs) -> anyhow::Result<()> {
    let digits = args.part.of(read_file(&args.file)?);
    anyhow::ensure!(
        !digits.is_empty(),
        "this part holds no digits, as there are fewer than five writers: leave out --part"
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
            "Taken for no digit: {:.2} % ({n_rejected} of {})",
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

/// The digits of a file, unpacked if need be.
fn read_file(path: &Path) -> anyhow::Result<Vec<PenDigit>> {
    let name = match path.to_str() {
        Some("-") => "standard input".into(),
        _ => path.display().to_string(),
    };
    let mut bytes = Vec::new();
    let read = match path.to_str() {
        Some("-") => std::io::stdin().read_to_end(&mut bytes).map(|_| bytes),
        _ => std::fs::read(path),
    };
    let bytes = read.with_context(|| format!("cannot read {name}"))?;
    digits(bytes).with_context(|| format!("{name} cannot be read"))
}

fn digits(bytes: Vec<u8>) -> anyhow::Result<Vec<PenDigit>> {
    let mut text = String::new();
    if bytes.starts_with(&GZIP) {
        let mut unpacked = MultiGzDecoder::new(Cursor::new(bytes));
        unpacked
            .read_to_string(&mut text)
            .context("it is damaged or cut short: fetch it again")?;
    } else {
        text = String::from_utf8(bytes)
            .context("it is no text: it is to be a JSON object a line, or that packed by gzip")?;
    }
    Ok(read_pens(&text)?)
}

impl WritersPart {
    fn of(self, digits: Vec<PenDigit>) -> Vec<PenDigit> {
        match self {
            Self::All => digits,
            Self::Train => split_writers(&digits, SPLIT_SEED).train,
            Self::Validation => split_writers(&digits, SPLIT_SEED).validation,
            Self::Test => split_writers(&digits, SPLIT_SEED).test,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::All => "all writers",
            Self::Train => "writers for training",
            Self::Validation => "writers for validation",
            Self::Test => "writers for the test",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::write::GzEncoder;

    use super::*;

    const LINE: &str = r#"{"src":"a","writer":"w","label":"1","strokes":[[[0,0],[0,9]]]}"#;

    fn packed(text: &str) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Default::default());
        packed.write_all(text.as_bytes()).unwrap();
        packed.finish().unwrap()
    }

    #[test]
    fn a_file_may_be_packed_also_in_parts() {
        let plain = digits(LINE.into()).unwrap();
        assert_eq!(digits(packed(LINE)).unwrap(), plain);
        let parts = [packed(&format!("{LINE}\n")), packed(LINE)].concat();
        assert_eq!(digits(parts).unwrap().len(), 2);
    }

    #[test]
    fn a_file_that_is_cut_short_is_refused() {
        let packed = packed(LINE);
        let refused = digits(packed[..packed.len() / 2].to_vec()).unwrap_err();
        assert!(format!("{refused:#}").contains("fetch it again"));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let refused = digits(vec![0xff, 0xfe, 0x00]).unwrap_err();
        assert!(format!("{refused:#}").contains("a JSON object a line"));
    }
}
