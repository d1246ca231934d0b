//! `eval writers`: how well a network learns people's handwriting from a few drawings each.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context;
use burn::tensor::Device;
use clap::Args;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use serde::Serialize;

use super::Part;
use crate::cli::device::{self, DeviceArg};
use crate::cli::mnist::write_whole;
use crate::cli::pens_file::{self, PenPart};
use crate::cli::rehearsal;
use crate::cli::scope_arg::ScopeArg;
use crate::cli::weights_args::WeightsArgs;
use crate::data::{Dataset, PenDigit, Sample, hold_back, mix_seed, pen_images};
use crate::taught::{Ink, Judgement, Score, Scores, judge};
use crate::train::Teaching;
use crate::zoo::Network;

/// The summary covers this many writers with the largest error.
const N_HARDEST: usize = 20;
/// MNIST images that measure forgetting, as many as the app uses.
const N_MNIST: usize = 1000;

#[derive(Args)]
pub struct WritersArgs {
    /// Strokes, one JSON object per line, optionally gzipped; - is standard input.
    file: PathBuf,
    #[command(flatten)]
    weights: WeightsArgs,
    /// Writers of the development file: those used for training, for validation, or only for the test.
    #[arg(long, value_enum, default_value_t = PenPart::All)]
    part: PenPart,
    /// Samples of each digit to learn from; the writer's other samples are measured.
    #[arg(long, default_value_t = 2)]
    samples: usize,
    /// Seed that selects the samples.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long, value_enum, default_value_t = ScopeArg::Full)]
    scope: ScopeArg,
    /// Part of MNIST whose first 1,000 images measure forgetting.
    #[arg(long, value_enum, default_value_t = Part::Test)]
    mnist_part: Part,
    #[arg(long, value_enum, default_value_t = DeviceArg::Auto)]
    device: DeviceArg,
    /// Folder with the four MNIST files.
    #[arg(long)]
    mnist: Option<PathBuf>,
    /// Also write each writer's figures to this file, as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
}

/// The effect of teaching for one writer.
#[derive(Serialize)]
struct Outcome {
    writer: String,
    /// How many of the writer's digits are measured.
    n_digits: usize,
    /// Shares misread, 0 to 1, before and after.
    error: [f64; 2],
    mnist_error: [f64; 2],
    /// Whether the app's rule would use the new network.
    used: bool,
    /// The step whose weights are kept.
    step: usize,
    seconds: f64,
}

impl Outcome {
    /// The error with the network that the app would use.
    fn error_by_rule(&self) -> f64 {
        self.error[usize::from(self.used)]
    }
}

pub fn run(args: WritersArgs) -> anyhow::Result<()> {
    let digits = args.part.of(pens_file::read(Some(&args.file))?);
    let mut by_writer: BTreeMap<&str, Vec<&PenDigit>> = BTreeMap::new();
    for digit in &digits {
        by_writer.entry(&digit.writer).or_default().push(digit);
    }
    let device = device::open(args.device)?;
    let chosen = args.weights.open(None, &device)?;
    let lesson = Lesson {
        teaching: Teaching::new(chosen.ink(), args.scope.into()),
        network: chosen.network.clone().folded(),
        ink: chosen.ink(),
        rehearsal: rehearsal::images()?,
        mnist: args
            .mnist_part
            .images(&chosen, args.mnist.as_deref())?
            .head(N_MNIST),
        device: &device,
    };
    let mut outcomes = Vec::new();
    let mut n_without = 0;
    for (writer, digits) in by_writer {
        let (samples, others) = deal(&digits, args.samples, args.seed);
        match others.is_empty() {
            true => n_without += 1,
            false => {
                outcomes.push(lesson.teach(writer, &samples, &others)?);
                eprint!("\r{} writers", outcomes.len());
            }
        }
    }
    eprintln!();
    anyhow::ensure!(
        !outcomes.is_empty(),
        "no writer has more than {} samples of a digit: a smaller --samples leaves some to measure",
        args.samples
    );
    outcomes.sort_by(|a, b| b.error[0].total_cmp(&a.error[0]));
    println!(
        "{}, {}, {} samples per digit, {} steps\n",
        chosen.model,
        args.part.title(),
        args.samples,
        lesson.teaching.n_steps()
    );
    println!("{}", table(&outcomes));
    if n_without > 0 {
        println!("{n_without} writers have nothing beyond the samples and are left out.");
    }
    match &args.json {
        Some(path) => write_whole(path, &serde_json::to_vec(&outcomes)?),
        None => Ok(()),
    }
}

/// Splits a writer's digits: `n_each` of each digit become the samples.
fn deal(digits: &[&PenDigit], n_each: usize, seed: u64) -> (Vec<Sample>, Vec<PenDigit>) {
    let mut digits = digits.to_vec();
    digits.shuffle(&mut StdRng::seed_from_u64(mix_seed(seed, &[])));
    // The first of each digit, then the second, in the order in which the app asks for them.
    let mut n_of_digit = [0; 10];
    let mut places: Vec<(usize, &PenDigit)> = Vec::new();
    for digit in digits {
        let n = &mut n_of_digit[usize::from(digit.label)];
        places.push((*n, digit));
        *n += 1;
    }
    places.sort_by_key(|(nth, digit)| (*nth, digit.label));
    let (samples, others): (Vec<_>, Vec<_>) = places.into_iter().partition(|(n, _)| *n < n_each);
    let labels: Vec<u8> = samples.iter().map(|(_, digit)| digit.label).collect();
    let samples = samples
        .into_iter()
        .zip(hold_back(&labels))
        .map(|((_, digit), is_held_back)| Sample {
            label: digit.label,
            strokes: digit.strokes.clone(),
            is_held_back,
        });
    let others = others.into_iter().map(|(_, digit)| digit.clone());
    (samples.collect(), others.collect())
}

/// What the lessons of all writers share.
struct Lesson<'a> {
    teaching: Teaching,
    network: Network,
    ink: Ink,
    rehearsal: Dataset,
    mnist: Dataset,
    device: &'a Device,
}

impl Lesson<'_> {
    fn teach(
        &self,
        writer: &str,
        samples: &[Sample],
        others: &[PenDigit],
    ) -> anyhow::Result<Outcome> {
        let started = Instant::now();
        let taught = self.teaching.teach(
            self.network.clone(),
            samples,
            &self.rehearsal,
            self.device,
            |_| ControlFlow::Continue(()),
        );
        let taught = pollster::block_on(taught).with_context(|| format!("writer {writer}"))?;
        let seconds = started.elapsed().as_secs_f64();

        let held_back: Vec<PenDigit> = samples
            .iter()
            .filter(|sample| sample.is_held_back)
            .map(|sample| PenDigit {
                writer: writer.into(),
                label: sample.label,
                strokes: sample.strokes.clone(),
            })
            .collect();
        let (held_back, others) = (pen_images(&held_back), pen_images(others));
        let scores = |network: &Network| -> anyhow::Result<(Score, Scores)> {
            let read = |images| score(network, images, self.ink, self.device);
            let scores = Scores {
                hand: read(&held_back)?,
                mnist: read(&self.mnist)?,
            };
            Ok((read(&others)?, scores))
        };
        let (before, after) = (scores(&self.network)?, scores(&taught.network)?);
        let error = |score: &Score| 1.0 - score.accuracy();
        Ok(Outcome {
            writer: writer.into(),
            n_digits: others.len(),
            error: [error(&before.0), error(&after.0)],
            mnist_error: [error(&before.1.mnist), error(&after.1.mnist)],
            used: judge(&before.1, &after.1) == Judgement::Better,
            step: taught.step,
            seconds,
        })
    }
}

fn score(network: &Network, images: &Dataset, ink: Ink, device: &Device) -> anyhow::Result<Score> {
    let logits = pollster::block_on(network.infer(images.images(), device))?;
    Ok(Score::new(&logits, images.labels(), ink))
}

/// A line for each writer, hardest first, then a summary.
fn table(outcomes: &[Outcome]) -> String {
    let width = outcomes.iter().map(|o| o.writer.chars().count()).max();
    let width = width.unwrap_or(0).max(6);
    let mut text = format!(
        "  {:width$}  digits  error before   after   by rule   MNIST before   after   step  seconds\n",
        "writer"
    );
    for outcome in outcomes {
        text += &format!(
            "  {:width$}  {:>6}  {:>10.2} %  {:>5.2} %  {:>5.2} %  {:>10.2} %  {:>5.2} %  {:>5}  {:>7.1}\n",
            outcome.writer,
            outcome.n_digits,
            100.0 * outcome.error[0],
            100.0 * outcome.error[1],
            100.0 * outcome.error_by_rule(),
            100.0 * outcome.mnist_error[0],
            100.0 * outcome.mnist_error[1],
            outcome.step,
            outcome.seconds,
        );
    }
    let hardest = &outcomes[..outcomes.len().min(N_HARDEST)];
    let n_used = outcomes.iter().filter(|outcome| outcome.used).count();
    text += &format!("\nThe {} hardest writers:\n", hardest.len());
    text += &summary(hardest);
    text += &format!("\nAll {} writers:\n", outcomes.len());
    text += &summary(outcomes);
    text + &format!(
        "\nThe app's rule uses the new network for {n_used} of {} writers.",
        outcomes.len()
    )
}

fn summary(outcomes: &[Outcome]) -> String {
    let mean = |of: &dyn Fn(&Outcome) -> f64| {
        outcomes.iter().map(of).sum::<f64>() / outcomes.len().max(1) as f64
    };
    let before = mean(&|o| o.error[0]);
    let line = |name: &str, after: &dyn Fn(&Outcome) -> f64| {
        let worst = outcomes
            .iter()
            .map(|o| after(o) - o.error[0])
            .fold(f64::NEG_INFINITY, f64::max);
        // Writers without an error can't improve.
        let falls = outcomes.iter().filter(|o| o.error[0] > 0.0);
        let falls: Vec<f64> = falls.map(|o| 1.0 - after(o) / o.error[0]).collect();
        format!(
            "  {name:8} mean error {:.2} % → {:.2} %: {:.1} % less, or {:.1} % less on average over writers; the \
             worst change is {:+.2} points\n",
            100.0 * before,
            100.0 * mean(after),
            100.0 * (1.0 - mean(after) / before),
            100.0 * falls.iter().sum::<f64>() / falls.len().max(1) as f64,
            100.0 * worst,
        )
    };
    let mnist = |place: usize| 100.0 * mean(&|o: &Outcome| o.mnist_error[place]);
    let most = outcomes.iter().map(|o| o.mnist_error[1] - o.mnist_error[0]);
    line("taught", &|o| o.error[1])
        + &line("by rule", &Outcome::error_by_rule)
        + &format!(
            "  MNIST    mean error {:.2} % → {:.2} %; the worst change is {:+.2} points\n",
            mnist(0),
            mnist(1),
            100.0 * most.fold(f64::NEG_INFINITY, f64::max)
        )
}
