//! `tune`: teaches a network one person's handwriting, from samples exported by the app and with the app's own code.

use std::ops::ControlFlow;
use std::path::PathBuf;

use anyhow::{Context, bail};
use burn::tensor::Device;
use clap::Args;

use super::device::{self, DeviceArg};
use super::mnist::{self, write_whole};
use super::pens_file;
use super::rehearsal;
use super::scope_arg::ScopeArg;
use super::weights_args::WeightsArgs;
use crate::data::{Dataset, PenDigit, Sample, hold_back, pen_images};
use crate::digit::DigitImage;
use crate::engine::taught_metadata;
use crate::taught::{Ink, Judgement, Score, Scores, judge};
use crate::train::{Learning, Teaching};
use crate::weights::{sha256_hex, to_safetensors};
use crate::zoo::Network;

/// MNIST test digits that measure forgetting, as many as the app uses.
const N_MNIST: usize = 1000;

#[derive(Args)]
pub struct TuneArgs {
    /// Samples exported by the app, or strokes, one JSON object per line; optionally gzipped. - is standard input.
    samples: PathBuf,
    #[command(flatten)]
    weights: WeightsArgs,
    /// Whose digits to use, if the file has several writers.
    #[arg(long)]
    writer: Option<String>,
    #[arg(long, value_enum, default_value_t = ScopeArg::Full)]
    scope: ScopeArg,
    /// Where to write the taught network.
    #[arg(long, default_value = "target/taught.safetensors")]
    out: PathBuf,
    #[arg(long, value_enum, default_value_t = DeviceArg::Flex)]
    device: DeviceArg,
    /// Folder with the four MNIST files.
    #[arg(long)]
    mnist: Option<PathBuf>,
}

pub fn run(args: TuneArgs) -> anyhow::Result<()> {
    let digits = of_writer(
        pens_file::read(Some(&args.samples))?,
        args.writer.as_deref(),
    )?;
    let samples = samples(&digits);
    let device = device::open(args.device)?;
    let chosen = args.weights.open(None, &device)?;
    let table = chosen.table.clone();
    let teaching = Teaching::new(chosen.ink(), args.scope.into());
    let before = chosen.network.clone().folded();
    let (held_back, learnt): (Vec<_>, Vec<_>) = samples.iter().partition(|s| s.is_held_back);
    println!(
        "{}: {} samples to learn from, {} held back",
        chosen.model,
        learnt.len(),
        held_back.len()
    );

    let rehearsal = rehearsal::images()?;
    let taught = teaching.teach(before.clone(), &samples, &rehearsal, &device, |learning| {
        report(&learning);
        ControlFlow::Continue(())
    });
    let taught = pollster::block_on(taught)?;
    eprintln!();

    let images = Images {
        hand: hand(&held_back),
        mnist: mnist::test_set(args.mnist.as_deref())?.head(N_MNIST),
        ink: chosen.ink(),
    };
    let (old, new) = (
        images.scores(&before, &device)?,
        images.scores(&taught.network, &device)?,
    );
    println!(
        "Keeping the weights of step {} of {}.\n",
        taught.step,
        teaching.n_steps()
    );
    println!("{}", table_of(&old, &new));
    println!("{}", sentence(judge(&old, &new)));

    let origin = format!(
        "{}: step {} on {} drawings, from {}",
        chosen.model,
        taught.step,
        learnt.len(),
        sha256_hex(&to_safetensors(&chosen.network, Default::default())?)
    );
    let probe = pollster::block_on(taught.network.infer(&[DigitImage::probe()], &device))?;
    let probe = probe.first().context("the network gave no answer")?;
    let metadata = taught_metadata(chosen.model.name(), &origin, probe);
    let bytes = to_safetensors(&taught.network.unfolded(&table), metadata)?;
    write_whole(&args.out, &bytes)?;
    println!(
        "Weights: {} ({} bytes). `eval --model {} --weights {}` measures them.",
        args.out.display(),
        bytes.len(),
        chosen.model,
        args.out.display()
    );
    Ok(())
}

/// The digits of one writer.
fn of_writer(mut digits: Vec<PenDigit>, writer: Option<&str>) -> anyhow::Result<Vec<PenDigit>> {
    let mut writers: Vec<String> = digits.iter().map(|digit| digit.writer.clone()).collect();
    writers.sort();
    writers.dedup();
    match writer {
        Some(writer) => digits.retain(|digit| digit.writer == writer),
        None if writers.len() > 1 => bail!(
            "the file has digits of {} writers, such as '{}': name one with --writer",
            writers.len(),
            writers[0]
        ),
        None => {}
    }
    if digits.is_empty() {
        bail!("there is no such writer. Available: {}", writers.join(", "));
    }
    Ok(digits)
}

fn samples(digits: &[PenDigit]) -> Vec<Sample> {
    let labels: Vec<u8> = digits.iter().map(|digit| digit.label).collect();
    let held_back = hold_back(&labels);
    let sample = |(digit, is_held_back): (&PenDigit, bool)| Sample {
        label: digit.label,
        strokes: digit.strokes.clone(),
        is_held_back,
    };
    digits.iter().zip(held_back).map(sample).collect()
}

fn hand(samples: &[&Sample]) -> Dataset {
    let digit = |sample: &&Sample| PenDigit {
        writer: String::new(),
        label: sample.label,
        strokes: sample.strokes.clone(),
    };
    pen_images(&samples.iter().map(digit).collect::<Vec<_>>())
}

fn report(learning: &Learning) {
    eprint!(
        "\rstep {} of {}: loss {:.3}, {:.0} % right",
        learning.step,
        learning.n_steps,
        learning.loss,
        100.0 * learning.accuracy
    );
    if let Some(held_back) = learning.held_back {
        eprint!(", held back {:.0} % right", 100.0 * held_back);
    }
}

/// The images that a network is measured on.
struct Images {
    hand: Dataset,
    mnist: Dataset,
    ink: Ink,
}

impl Images {
    fn scores(&self, network: &Network, device: &Device) -> anyhow::Result<Scores> {
        let score = |images: &Dataset| -> anyhow::Result<Score> {
            let logits = pollster::block_on(network.infer(images.images(), device))?;
            Ok(Score::new(&logits, images.labels(), self.ink))
        };
        Ok(Scores {
            hand: score(&self.hand).context("cannot measure the samples")?,
            mnist: score(&self.mnist)?,
        })
    }
}

fn table_of(before: &Scores, after: &Scores) -> String {
    let line = |name: &str, before: &Score, after: &Score| {
        format!(
            "  {name:10} {:>5} of {:<5} {:>7.3}   {:>5} of {:<5} {:>7.3}\n",
            before.correct, before.total, before.loss, after.correct, after.total, after.loss
        )
    };
    "             right before    loss     right after    loss\n".to_string()
        + &line("held back", &before.hand, &after.hand)
        + &line("MNIST", &before.mnist, &after.mnist)
}

fn sentence(judgement: Judgement) -> &'static str {
    match judgement {
        Judgement::Better => "The app would use the new network.",
        Judgement::NoBetter => {
            "The app would ask before using the new network: it is no better on the held-back samples."
        }
        Judgement::Forgets => {
            "The app would ask before using the new network: it loses more than 0.3 points on MNIST."
        }
    }
}
