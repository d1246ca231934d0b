//! The network that a command uses, and its weights.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use burn::tensor::Device;
use clap::Args;

use super::multiplier_args::MultiplierArgs;
use super::run_folder::RunFolder;
use crate::layers::LayerSpec;
use crate::manifest::Manifest;
use crate::taught::Ink;
use crate::weights::{check_sha256, is_taught, load};
use crate::zoo::{ModelId, Multipliers, Network};

/// The folder from which the app fetches weights.
pub const WEIGHTS_FOLDER: &str = "public/weights";

#[derive(Args)]
pub struct WeightsArgs {
    /// Use the best weights from this run's folder.
    #[arg(long, conflicts_with_all = ["weights", "model", "width", "resolution"])]
    run: Option<PathBuf>,
    /// A safetensors file with the network's tensors, named as in docs/weights.md; or the folder of the exported
    /// weights.
    #[arg(long, default_value = WEIGHTS_FOLDER)]
    weights: PathBuf,
    /// The network; the app's default unless you name one.
    #[arg(long)]
    model: Option<ModelId>,
    #[command(flatten)]
    multipliers: MultiplierArgs,
}

/// A network with the requested weights.
pub struct Chosen {
    pub model: ModelId,
    pub network: Network,
    /// The run that the weights come from, if `--run` named one.
    pub run: Option<RunFolder>,
    /// Whether it has learnt to tell digits from other ink.
    pub tells_digits: bool,
    /// Its layers.
    pub table: Vec<LayerSpec>,
}

impl Chosen {
    /// The kind of ink that the network has learnt.
    pub fn ink(&self) -> Ink {
        match self.tells_digits {
            true => Ink::Any,
            false => Ink::Digits,
        }
    }
}

impl WeightsArgs {
    /// For commands that embed: the embedding network unless another one is named.
    pub fn embedding_model(&self) -> Option<ModelId> {
        match &self.run {
            Some(_) => None,
            None => self.model.or(Some(ModelId::Embedding)),
        }
    }

    /// Loads the network on `device`. `model` is a network named without `--model`.
    pub fn open(&self, model: Option<ModelId>, device: &Device) -> anyhow::Result<Chosen> {
        let Some(path) = &self.run else {
            let model = model.or(self.model).unwrap_or(ModelId::DEFAULT);
            let (path, bytes, tells_digits) = match self.weights.is_dir() {
                true => {
                    let (path, bytes) = exported(&self.weights, model)?;
                    let manifest = manifest(&self.weights)?;
                    let entry = manifest.entry(model.name());
                    (path, bytes, entry.is_ok_and(|entry| entry.pens.is_some()))
                }
                false => {
                    let bytes = read(&self.weights)?;
                    // A taught network still tells digits from other ink if it could before.
                    let tells_digits = is_taught(&bytes) && Ink::of(model) == Ink::Any;
                    (self.weights.clone(), bytes, tells_digits)
                }
            };
            let multipliers = self.multipliers.of(model)?;
            let network = network(model, multipliers, &bytes, device);
            return Ok(Chosen {
                model,
                network: network.with_context(|| format!("{} for {model}", path.display()))?,
                run: None,
                tells_digits,
                table: model.layers_with(multipliers),
            });
        };
        let run = RunFolder::open(path)?;
        let config = run.config()?;
        let found: ModelId = config.model.parse()?;
        if let Some(model) = model.filter(|&model| model != found) {
            bail!("{} is a run of {found}, not {model}", path.display());
        }
        Ok(Chosen {
            model: found,
            network: run.best_network(device)?,
            tells_digits: run.calibration().is_some(),
            table: found.layers_with(config.multipliers),
            run: Some(run),
        })
    }
}

/// Builds the network with the weights of a safetensors file.
pub fn network(
    model: ModelId,
    multipliers: Multipliers,
    safetensors: &[u8],
    device: &Device,
) -> anyhow::Result<Network> {
    let network = Network::new(&model.layers_with(multipliers), device);
    Ok(load(network, safetensors)?)
}

/// Reads the list of the exported weights.
pub fn manifest(folder: &Path) -> anyhow::Result<Manifest> {
    let path = folder.join("manifest.json");
    let json =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Manifest::parse(&json).with_context(|| path.display().to_string())
}

/// Path and bytes of a model's exported weights, verified against the manifest.
pub fn exported(folder: &Path, model: ModelId) -> anyhow::Result<(PathBuf, Vec<u8>)> {
    let manifest = manifest(folder)?;
    let entry = manifest.entry(model.name()).context(
        "its weights are not exported yet. Name a run with --run, or a file with --weights",
    )?;
    let path = folder.join(&entry.file);
    let bytes = read(&path)?;
    check_sha256(&bytes, &entry.sha256).with_context(|| path.display().to_string())?;
    Ok((path, bytes))
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
