//! `eval`: how good a network is.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::device::{self, DeviceArg};
use super::mnist::{self, write_whole};
use super::weights_args::WeightsArgs;
use super::{numbers, tables, trainer};
use crate::data::split;
use crate::train::{Recipe, TrainConfig, evaluate};
use crate::zoo::ModelId;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct EvalArgs {
    #[command(subcommand)]
    of: Option<EvalCommand>,
    /// Which network; --model does too.
    #[arg(value_name = "MODEL", conflicts_with_all = ["model", "run"])]
    network: Option<ModelId>,
    #[command(flatten)]
    weights: WeightsArgs,
    #[arg(long, value_enum, default_value_t = Part::Test)]
    part: Part,
    /// Read only the first images of the part.
    #[arg(long)]
    n_images: Option<usize>,
    #[arg(long, value_enum, default_value_t = DeviceArg::Auto)]
    device: DeviceArg,
    /// Folder with the four MNIST files.
    #[arg(long)]
    mnist: Option<PathBuf>,
    /// Also write the logits of the first images of the part, as JSON, to this file.
    #[arg(long)]
    logits: Option<PathBuf>,
    /// How many images' logits.
    #[arg(long, default_value_t = 100)]
    n_logits: usize,
}

#[derive(Subcommand)]
enum EvalCommand {
    /// Measure how numbers of several digits are read, put together from pen-drawn digits.
    Numbers(numbers::NumbersArgs),
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Test,
    Validation,
}

pub fn run(args: EvalArgs) -> anyhow::Result<()> {
    match args.of {
        Some(EvalCommand::Numbers(args)) => numbers::run(args),
        None => run_mnist(args),
    }
}

fn run_mnist(args: EvalArgs) -> anyhow::Result<()> {
    let device = device::open(args.device)?;
    let chosen = args.weights.open(args.network, &device)?;
    let (title, whole) = match args.part {
        Part::Test => ("Test", mnist::test_set(args.mnist.as_deref())?),
        Part::Validation => {
            let config = match &chosen.run {
                Some(run) => run.config()?,
                None => TrainConfig::new(chosen.model, Recipe::Best),
            };
            let images = mnist::train_set(args.mnist.as_deref())?;
            let parts = split(&images, config.n_validation, config.split_seed);
            ("Validation", parts.validation)
        }
    };
    let dataset = whole.head(args.n_images.unwrap_or(whole.len()));
    if let Some(path) = &args.logits {
        let images = dataset.head(args.n_logits);
        let logits = pollster::block_on(chosen.network.infer(images.images(), &device))?;
        write_whole(path, serde_json::to_string(&logits)?.as_bytes())?;
    }
    let report = pollster::block_on(evaluate(&chosen.network, &dataset, &device))?;
    println!("{}", tables::report(title, &report));
    match &chosen.run {
        Some(run) if args.part == Part::Test && dataset.len() == whole.len() => {
            trainer::save_test(run, &chosen.network, &report, &dataset, &device)
        }
        _ => Ok(()),
    }
}
