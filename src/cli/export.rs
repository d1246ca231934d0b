//! `export`: a run's best weights become what the app fetches.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use burn::tensor::Device;
use clap::Args;

use super::eval::network;
use super::mnist::write_whole;
use super::run_folder::RunFolder;
use crate::digit::{DigitImage, SIDE};
use crate::manifest::{self, DatasetInfo, Entry, Manifest, Versions};
use crate::weights::{n_trained, sha256_hex, to_safetensors};
use crate::zoo::ModelId;

/// The version that Cargo.toml pins.
const BURN_VERSION: &str = "0.22.1";

#[derive(Args)]
pub struct ExportArgs {
    /// The run's folder.
    run: PathBuf,
    /// Where the app fetches weights.
    #[arg(long, default_value = "public/weights")]
    out: PathBuf,
}

pub fn run(args: ExportArgs) -> anyhow::Result<()> {
    let folder = RunFolder::open(&args.run)?;
    let config = folder.config()?;
    let best = folder.best().context("the run has no finished epoch yet")?;
    let test = folder.test()?;
    let model: ModelId = config.model.parse()?;
    // The reference for every other backend is computed on the CPU.
    let device = Device::flex();
    let network = network(model, &folder.best_weights()?, &device)?;
    let metadata = [("model", model.name()), ("project", "inkling")];
    let metadata = metadata.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let bytes = to_safetensors(&network, metadata.into())?;
    let sha256 = sha256_hex(&bytes);
    let probe = pollster::block_on(network.infer(&[DigitImage::probe()], &device))?;

    let entry = Entry {
        id: model.name().into(),
        file: format!("{model}-{}.safetensors", &sha256[..12]),
        bytes: bytes.len() as u64,
        parameters: n_trained(&network),
        input: [1, SIDE, SIDE],
        seed: config.seed,
        // By way of text, which writes an f32 as 0.1 where `to_value` writes 0.10000000149011612.
        config: serde_json::from_str(&serde_json::to_string(&config)?)?,
        dataset: DatasetInfo {
            name: "MNIST".into(),
            train: config.n_train,
            validation: config.n_validation,
            test: test.evaluation.total,
            split_seed: config.split_seed,
        },
        validation: best.validation,
        test: test.evaluation,
        probe_logits: probe[0],
        versions: Versions {
            inkling: env!("CARGO_PKG_VERSION").into(),
            burn: BURN_VERSION.into(),
        },
        date: chrono::Local::now().format("%Y-%m-%d").to_string(),
        sha256,
    };
    let path = args.out.join("manifest.json");
    let mut manifest = match fs::read_to_string(&path) {
        Ok(json) => Manifest::parse(&json).with_context(|| path.display().to_string())?,
        Err(_) => Manifest {
            version: manifest::VERSION,
            models: Vec::new(),
        },
    };
    let old = manifest
        .models
        .iter()
        .position(|other| other.id == entry.id);
    let old = old.map(|index| manifest.models.remove(index));
    write_whole(&args.out.join(&entry.file), &bytes)?;
    println!(
        "{} ({} bytes), test {:.2} %",
        args.out.join(&entry.file).display(),
        entry.bytes,
        100.0 * entry.test.accuracy
    );
    let new_file = entry.file.clone();
    manifest.models.push(entry);
    manifest
        .models
        .sort_by_key(|entry| ModelId::ALL.iter().position(|id| id.name() == entry.id));
    write_whole(
        &path,
        (serde_json::to_string_pretty(&manifest)? + "\n").as_bytes(),
    )?;
    if let Some(old) = old.filter(|old| old.file != new_file) {
        let _ = fs::remove_file(args.out.join(old.file));
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
