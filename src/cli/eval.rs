//! `eval`: how good a network is.

use std::path::{Path, PathBuf};

use anyhow::Context;
use burn::tensor::Device;
use clap::{Args, ValueEnum};

use super::device::{self, DeviceArg};
use super::mnist::{self, write_whole};
use super::run_folder::{RunFolder, TestReport};
use super::tables;
use crate::data::{Dataset, split};
use crate::manifest::Manifest;
use crate::train::{EvalReport, Recipe, TrainConfig, evaluate};
use crate::weights::{check_sha256, load};
use crate::zoo::{ModelId, Network};

#[derive(Args)]
pub struct EvalArgs {
    /// A run's folder, whose best weights are measured. Without it, the exported weights are.
    #[arg(long)]
    run: Option<PathBuf>,
    /// The exported weights' folder.
    #[arg(long, default_value = "public/weights")]
    weights: PathBuf,
    /// Which of the exported networks.
    #[arg(long, default_value_t = ModelId::DEFAULT)]
    model: ModelId,
    #[arg(long, value_enum, default_value_t = Part::Test)]
    part: Part,
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

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Test,
    Validation,
}

pub fn run(args: EvalArgs) -> anyhow::Result<()> {
    let device = device::open(args.device)?;
    let folder = args.run.as_deref().map(RunFolder::open).transpose()?;
    let (model, bytes) = match &folder {
        Some(folder) => (folder.config()?.model.parse()?, folder.best_weights()?),
        None => (args.model, exported(&args.weights, args.model)?),
    };
    let dataset = match args.part {
        Part::Test => mnist::test_set(args.mnist.as_deref())?,
        Part::Validation => {
            let config = match &folder {
                Some(folder) => folder.config()?,
                None => TrainConfig::new(model, Recipe::Best),
            };
            split(
                &mnist::train_set(args.mnist.as_deref())?,
                config.n_validation,
                config.split_seed,
            )
            .validation
        }
    };
    if let Some(path) = &args.logits {
        let images = dataset.head(args.n_logits);
        let logits =
            pollster::block_on(network(model, &bytes, &device)?.infer(images.images(), &device))?;
        write_whole(path, serde_json::to_string(&logits)?.as_bytes())?;
    }
    let report = evaluate_bytes(model, &bytes, &dataset, &device)?;
    let title = match args.part {
        Part::Test => "Test",
        Part::Validation => "Validation",
    };
    println!(
        "{}\n{}",
        tables::evaluation(title, &report.evaluation()),
        tables::confusion(&report.confusion)
    );
    match (&folder, args.part) {
        (Some(folder), Part::Test) => folder.save_test(&TestReport {
            evaluation: report.evaluation(),
            loss: report.loss,
            confusion: report.confusion,
        }),
        _ => Ok(()),
    }
}

/// Measures weights that lie in memory.
pub fn evaluate_bytes(
    model: ModelId,
    bytes: &[u8],
    dataset: &Dataset,
    device: &Device,
) -> anyhow::Result<EvalReport> {
    let network = network(model, bytes, device)?;
    Ok(pollster::block_on(evaluate(&network, dataset, device))?)
}

pub fn network(model: ModelId, bytes: &[u8], device: &Device) -> anyhow::Result<Network> {
    Ok(load(model.init(device), bytes)?)
}

/// The exported weights of a model, verified against the manifest.
fn exported(folder: &Path, model: ModelId) -> anyhow::Result<Vec<u8>> {
    let path = folder.join("manifest.json");
    let json = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let manifest = Manifest::parse(&json)?;
    let entry = manifest.entry(model.name())?;
    let path = folder.join(&entry.file);
    let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    check_sha256(&bytes, &entry.sha256).with_context(|| path.display().to_string())?;
    Ok(bytes)
}
