//! `eval`: measures a network.

mod fewshot;
mod hands;
mod robustness;
mod sheet;
mod strokes;
mod symbols;
mod trials;
mod writers;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use super::device::{self, DeviceArg};
use super::mnist::{self, write_whole};
use super::weights_args::{Chosen, WeightsArgs};
use super::{numbers, tables, trainer};
use crate::data::{Dataset, split};
use crate::train::{Recipe, TrainConfig, evaluate};
use crate::zoo::ModelId;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct EvalArgs {
    #[command(subcommand)]
    command: Option<EvalCommand>,
    #[command(flatten)]
    images: ImagesArgs,
}

#[derive(Subcommand)]
enum EvalCommand {
    /// Measure a network on digits written with a pen: by digit, by writer, and the mistakes as a picture.
    Strokes(strokes::StrokesArgs),
    /// Teach a network each writer's handwriting from a few samples, and measure it on the writer's other digits.
    Writers(hands::WritersArgs),
    /// Measure a network on multi-digit numbers, composed of digits written with a pen.
    Numbers(numbers::NumbersArgs),
    /// Measure an embedding network on characters that it has never seen, with one and with five examples of each.
    Fewshot(fewshot::FewshotArgs),
    /// Simulate a person's own symbols alongside the digits: how many are recognised, how many are unknown, and how
    /// many digits are lost.
    Symbols(symbols::SymbolsArgs),
    /// Measure networks on blurred, noisy, shifted, faint, thickened or thinned images.
    Robustness(robustness::RobustnessArgs),
}

#[derive(Args)]
struct ImagesArgs {
    /// The network; the same as --model.
    #[arg(value_name = "MODEL", conflicts_with_all = ["model", "run"])]
    network: Option<ModelId>,
    #[command(flatten)]
    weights: WeightsArgs,
    #[arg(long, value_enum, default_value_t = Part::Test)]
    part: Part,
    /// Use only the first images of the part.
    #[arg(long)]
    n_images: Option<usize>,
    #[arg(long, value_enum, default_value_t = DeviceArg::Auto)]
    device: DeviceArg,
    /// Folder with the four MNIST files.
    #[arg(long)]
    mnist: Option<PathBuf>,
    /// Also write the logits of the part's first images to this file, as JSON.
    #[arg(long)]
    logits: Option<PathBuf>,
    /// For how many images to write logits.
    #[arg(long, default_value_t = 100)]
    n_logits: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Test,
    Validation,
}

impl Part {
    fn title(self) -> &'static str {
        match self {
            Self::Test => "Test",
            Self::Validation => "Validation",
        }
    }

    /// MNIST images that the network wasn't trained on.
    fn images(self, chosen: &Chosen, mnist: Option<&Path>) -> anyhow::Result<Dataset> {
        if self == Self::Test {
            return mnist::test_set(mnist);
        }
        let config = match &chosen.run {
            Some(run) => run.config()?,
            None => TrainConfig::new(chosen.model, Recipe::Best),
        };
        let images = mnist::train_set(mnist)?;
        Ok(split(&images, config.n_validation, config.split_seed).validation)
    }
}

pub fn run(args: EvalArgs) -> anyhow::Result<()> {
    match args.command {
        None => run_images(args.images),
        Some(EvalCommand::Strokes(args)) => strokes::run(args),
        Some(EvalCommand::Writers(args)) => hands::run(args),
        Some(EvalCommand::Numbers(args)) => numbers::run(args),
        Some(EvalCommand::Fewshot(args)) => fewshot::run(args),
        Some(EvalCommand::Symbols(args)) => symbols::run(args),
        Some(EvalCommand::Robustness(args)) => robustness::run(args),
    }
}

fn run_images(args: ImagesArgs) -> anyhow::Result<()> {
    let device = device::open(args.device)?;
    let chosen = args.weights.open(args.network, &device)?;
    let whole = args.part.images(&chosen, args.mnist.as_deref())?;
    let dataset = whole.head(args.n_images.unwrap_or(whole.len()));
    if let Some(path) = &args.logits {
        let images = dataset.head(args.n_logits);
        let logits = pollster::block_on(chosen.network.infer(images.images(), &device))?;
        write_whole(path, serde_json::to_string(&logits)?.as_bytes())?;
    }
    let report = pollster::block_on(evaluate(&chosen.network, &dataset, &device))?;
    println!("{}", tables::report(args.part.title(), &report));
    match &chosen.run {
        Some(run) if args.part == Part::Test && dataset.len() == whole.len() => {
            trainer::save_test(run, &chosen.network, &report, &dataset, &device)
        }
        _ => Ok(()),
    }
}
