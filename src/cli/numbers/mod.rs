//! `eval numbers`: how numbers of several digits are read.

mod sample;
mod score;
mod tune;

use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::device::{self, DeviceArg};
use super::pens_file::{self, DEVELOPMENT, PenPart};
use super::weights_args::WeightsArgs;
use crate::number::{Hand, Scoring};

#[derive(Args)]
pub struct NumbersArgs {
    /// Strokes of single digits, a JSON object a line, gzipped or not.
    #[arg(default_value = DEVELOPMENT)]
    file: PathBuf,
    #[command(flatten)]
    weights: WeightsArgs,
    /// Whose digits: writers are dealt out by a seed.
    #[arg(long, value_enum, default_value_t = PenPart::Test)]
    part: PenPart,
    /// How many numbers of each length (2 to 8) and spacing (apart, narrow, touching).
    #[arg(long, default_value_t = 200)]
    numbers: usize,
    /// How evenly they are written: digits vary by 15 or by 40 % in size.
    #[arg(long, value_enum, default_value_t = HandArg::Even)]
    hand: HandArg,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The network has learnt what is no digit; of exported weights the manifest says so.
    #[arg(long)]
    rejects: bool,
    /// Search for the weights of `number::Scoring` that group these numbers best, and print them.
    #[arg(long)]
    tune: bool,
    #[arg(long, value_enum, default_value_t = DeviceArg::Auto)]
    device: DeviceArg,
}

#[derive(Clone, Copy, ValueEnum)]
enum HandArg {
    Even,
    Uneven,
    Both,
}

impl HandArg {
    fn hands(self) -> &'static [Hand] {
        match self {
            Self::Even => &[Hand::EVEN],
            Self::Uneven => &[Hand::UNEVEN],
            Self::Both => &[Hand::EVEN, Hand::UNEVEN],
        }
    }
}

pub fn run(args: NumbersArgs) -> anyhow::Result<()> {
    if args.tune && matches!(args.part, PenPart::Test | PenPart::All) {
        bail!(
            "the writers of the test part decide nothing: tune with --part validation, or --part train"
        );
    }
    let digits = args.part.of(pens_file::read(&args.file)?);
    if digits.is_empty() {
        bail!(
            "the {} part of {} has no writers: take --part all",
            args.part.name(),
            args.file.display()
        );
    }
    let device = device::open(args.device)?;
    let chosen = args.weights.open(None, &device)?;
    let rejects = args.rejects || (chosen.run.is_none() && args.weights.rejects(chosen.model));
    let scoring = if rejects {
        Scoring::LEARNT
    } else {
        Scoring::PLAIN
    };

    let samples = sample::samples(
        &digits,
        args.numbers,
        args.hand.hands(),
        args.seed,
        &chosen.network,
        &device,
    )?;
    println!(
        "{} numbers of the {} part's writers, read by {}",
        samples.len(),
        args.part.name(),
        chosen.model
    );
    println!("{}", score::table(&samples, &scoring));
    if args.tune {
        let tuned = tune::search(&samples, scoring);
        println!("\nTuned: {tuned:#?}\n{}", score::table(&samples, &tuned));
    }
    Ok(())
}
