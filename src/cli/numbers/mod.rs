//! `eval numbers`: how well multi-digit numbers are read.

mod sample;
mod score;
mod tune;

use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::device::{self, DeviceArg};
use super::pens_file::{self, PenPart};
use super::weights_args::WeightsArgs;
use crate::number::{Hand, Scoring};

#[derive(Args)]
pub struct NumbersArgs {
    /// Strokes of single digits, one JSON object per line, optionally gzipped; - is standard input. The default is the
    /// development file of pen digits.
    file: Option<PathBuf>,
    #[command(flatten)]
    weights: WeightsArgs,
    /// Whose digits to use; a seed assigns writers to the parts.
    #[arg(long, value_enum, default_value_t = PenPart::Test)]
    part: PenPart,
    /// How many numbers to compose for each length (2 to 8) and spacing (apart, narrow, touching).
    #[arg(long, default_value_t = 200)]
    numbers: usize,
    /// How evenly they are written: digits vary in size by 15 or by 40 %.
    #[arg(long, value_enum, default_value_t = HandArg::Even)]
    hand: HandArg,
    #[arg(long, default_value_t = 1)]
    seed: u64,
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
        bail!("the test part must stay untouched: tune with --part validation or --part train");
    }
    let digits = args.part.of(pens_file::read(args.file.as_deref())?);
    if digits.is_empty() {
        bail!(
            "there are no digits by {}, since the file has fewer than five writers: use --part all",
            args.part.title()
        );
    }
    let device = device::open(args.device)?;
    let chosen = args.weights.open(None, &device)?;
    let scoring = match chosen.tells_digits {
        true => Scoring::LEARNT,
        false => Scoring::PLAIN,
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
        "{} numbers by {}, read by {}",
        samples.len(),
        args.part.title(),
        chosen.model
    );
    println!("{}", score::table(&samples, &scoring));
    if args.tune {
        let tuned = tune::search(&samples, scoring);
        println!("\nTuned: {tuned:#?}\n{}", score::table(&samples, &tuned));
    }
    Ok(())
}
