//! `export`: publishes a run's best weights for the app.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use burn::tensor::Device;
use clap::{Args, ValueEnum};

use super::mnist::{self, write_whole};
use super::run_folder::RunFolder;
use super::runs;
use super::weights_args::{WEIGHTS_FOLDER, network};
use super::{INKLING, pens};
use crate::data::{Dataset, split};
use crate::digit::{DigitImage, SIDE};
use crate::figures::grouped;
use crate::manifest::{self, DatasetInfo, Entry, Manifest, Versions};
use crate::train::{Objective, Recipe, evaluate};
use crate::weights::{in_half_precision, n_trained, sha256_hex, to_safetensors};
use crate::zoo::{ModelId, Multipliers, Network};

/// The version that Cargo.toml pins.
const BURN_VERSION: &str = "0.22.1";
/// A file above this many bytes is written in half precision.
const HALVED_ABOVE: usize = 150_000;
/// Stands for every network instead of one run's folder.
const ALL: &str = "all";

#[derive(Args)]
pub struct ExportArgs {
    /// The run's folder, or `all` to export every network: from the tested runs of our recipe, the one with the best
    /// validation accuracy.
    run: PathBuf,
    /// The folder of the zoo's runs, for `all`.
    #[arg(long, default_value = runs::FOLDER)]
    runs: PathBuf,
    /// The folder from which the app fetches weights.
    #[arg(long, default_value = WEIGHTS_FOLDER)]
    out: PathBuf,
    /// Precision of the values in the file. By default, files above 150 kB use f16 and smaller ones f32.
    #[arg(long, value_enum)]
    precision: Option<Precision>,
    /// Folder with the four MNIST files.
    #[arg(long)]
    mnist: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Precision {
    F32,
    F16,
}

impl Precision {
    pub fn name(self) -> &'static str {
        match self {
            Self::F32 => "single precision (F32)",
            Self::F16 => "half precision (F16)",
        }
    }
}

/// A network's weights as the app fetches them.
pub fn weights_file(
    model: ModelId,
    network: &Network,
    precision: Option<Precision>,
) -> anyhow::Result<(Vec<u8>, Precision)> {
    // One entry only: several would change order, and with it the checksum, each time.
    let metadata = [("model".to_owned(), model.name().to_owned())];
    let bytes = to_safetensors(network, metadata.into())?;
    let precision = precision.unwrap_or(match bytes.len() > HALVED_ABOVE {
        true => Precision::F16,
        false => Precision::F32,
    });
    Ok(match precision {
        Precision::F32 => (bytes, precision),
        Precision::F16 => (in_half_precision(&bytes)?, precision),
    })
}

pub fn run(args: ExportArgs) -> anyhow::Result<()> {
    let exporter = Exporter {
        images: mnist::train_set(args.mnist.as_deref())?,
        test: mnist::test_set(args.mnist.as_deref())?,
        precision: args.precision,
        out: &args.out,
    };
    if args.run != Path::new(ALL) {
        return exporter.export(&RunFolder::open(&args.run)?);
    }
    let mut n_exported = 0;
    for model in ModelId::ALL {
        let tested = runs::tested(&args.runs, model, Recipe::Best)?;
        match runs::best_validated(&tested) {
            Some(run) => {
                exporter.export(run)?;
                n_exported += 1;
            }
            None => eprintln!("{model}: {} has no tested run", args.runs.display()),
        }
    }
    if n_exported == 0 {
        bail!("there is nothing to export yet: `{INKLING} train all` trains the networks");
    }
    Ok(())
}

struct Exporter<'a> {
    images: Dataset,
    test: Dataset,
    precision: Option<Precision>,
    out: &'a Path,
}

impl Exporter<'_> {
    fn export(&self, run: &RunFolder) -> anyhow::Result<()> {
        let (entry, bytes) = self
            .entry(run)
            .with_context(|| run.path().display().to_string())?;
        println!(
            "{} ({} bytes), test {:.2} %, from {}",
            self.out.join(&entry.file).display(),
            grouped(entry.bytes),
            100.0 * entry.test.accuracy,
            run.path().display()
        );
        put(self.out, entry, &bytes)
    }

    /// The weights and their manifest entry. The figures are measured with the weights from the file, on the CPU,
    /// which is the reference for every other backend.
    fn entry(&self, run: &RunFolder) -> anyhow::Result<(Entry, Vec<u8>)> {
        let config = run.config()?;
        let model: ModelId = config.model.parse()?;
        if config.multipliers != Multipliers::ONE {
            bail!("the app uses {model} only at full size: width 1 and resolution 1");
        }
        let device = Device::flex();
        let (bytes, _) = weights_file(model, &run.best_network(&device)?, self.precision)?;
        let network = network(model, config.multipliers, &bytes, &device)?;
        let parts = split(&self.images, config.n_validation, config.split_seed);
        let validation = pollster::block_on(evaluate(&network, &parts.validation, &device))?;
        let test = pollster::block_on(evaluate(&network, &self.test, &device))?;
        let probe = pollster::block_on(network.infer(&[DigitImage::probe()], &device))?;
        let pens = match run.calibration() {
            Some(by) => Some(pens::figures(&network, &by, &self.test, &device)?),
            None => None,
        };
        let sha256 = sha256_hex(&bytes);
        let entry = Entry {
            id: model.name().into(),
            file: format!("{model}-{}.safetensors", &sha256[..12]),
            bytes: bytes.len() as u64,
            parameters: n_trained(&network),
            input: [1, SIDE, SIDE],
            seed: config.seed,
            // Through text, which writes an f32 as 0.1; `to_value` would write 0.10000000149011612.
            config: serde_json::from_str(&serde_json::to_string(&config)?)?,
            dataset: DatasetInfo {
                name: match (config.drawings, config.objective) {
                    (Some(_), _) => "MNIST and pens".into(),
                    (None, Objective::Characters { .. }) => {
                        "Omniglot, and MNIST's 0, 1 and 2".into()
                    }
                    (None, _) => "MNIST".into(),
                },
                train: config.n_train,
                validation: config.n_validation,
                test: self.test.len(),
                split_seed: config.split_seed,
            },
            validation: validation.evaluation(),
            test: test.evaluation(),
            probe_logits: probe[0],
            pens,
            versions: Versions {
                inkling: env!("CARGO_PKG_VERSION").into(),
                burn: BURN_VERSION.into(),
            },
            date: chrono::Local::now().format("%Y-%m-%d").to_string(),
            sha256,
        };
        Ok((entry, bytes))
    }
}

/// Writes the weights and their entry, replacing the network's previous ones in the folder.
fn put(folder: &Path, entry: Entry, bytes: &[u8]) -> anyhow::Result<()> {
    let path = folder.join("manifest.json");
    let mut manifest = match fs::read_to_string(&path) {
        Ok(json) => Manifest::parse(&json).with_context(|| path.display().to_string())?,
        Err(_) => Manifest {
            version: manifest::VERSION,
            models: Vec::new(),
        },
    };
    let old = manifest.models.iter().position(|old| old.id == entry.id);
    let old = old.map(|index| manifest.models.remove(index));
    let new_file = entry.file.clone();
    write_whole(&folder.join(&new_file), bytes)?;
    manifest.models.push(entry);
    manifest
        .models
        .sort_by_key(|entry| ModelId::ALL.iter().position(|id| id.name() == entry.id));
    write_whole(&path, manifest.to_json()?.as_bytes())?;
    if let Some(old) = old.filter(|old| old.file != new_file) {
        let _ = fs::remove_file(folder.join(old.file));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_manifest_names_the_burn_that_is_used() {
        let pin = format!("burn = {{ version = \"={}\"", super::BURN_VERSION);
        assert!(include_str!("../../Cargo.toml").contains(&pin));
    }
}
