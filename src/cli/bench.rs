//! `bench`: how fast this machine trains and recognises, natively.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use burn::tensor::Device;
use clap::Args;
use pollster::block_on;
use serde::Serialize;

use super::device::{self, DeviceArg};
use super::mnist;
use crate::data::{Dataset, epoch_order};
use crate::digit::DigitImage;
use crate::layers::LayerSpec;
use crate::protocol::{OptimizerKind, Scope};
use crate::train::{Batch, Learner, labels_tensor, optimizer};
use crate::weights::to_safetensors;
use crate::zoo::{Network, values_tensor};

/// The networks of the browser's benchmark.
const NETWORKS: &str = include_str!("../../bench/networks.json");
/// Each figure is a mean over this many seconds, after [`N_WARM`] warm-up runs.
const SECONDS: f64 = 2.0;
const N_WARM: usize = 3;
const TRAIN_BATCH: usize = 64;
const INFER_BATCH: usize = 256;

#[derive(Args)]
pub struct BenchArgs {
    #[arg(long, value_enum, default_value_t = DeviceArg::Flex)]
    device: DeviceArg,
    /// Folder with the four MNIST files.
    #[arg(long)]
    mnist: Option<PathBuf>,
    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,
    /// Instead of measuring, train each network for one epoch and write its weights to this folder, so that the
    /// browser's benchmark runs networks that recognise digits.
    #[arg(long)]
    weights: Option<PathBuf>,
}

#[derive(Serialize)]
struct Report {
    device: String,
    threads: usize,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    network: String,
    /// `train`, `infer` in batches, or `one` image at a time.
    what: &'static str,
    optimizer: Option<OptimizerKind>,
    batch: usize,
    images_per_second: f64,
}

pub fn run(args: BenchArgs) -> anyhow::Result<()> {
    let device = device::open(args.device)?;
    let data = mnist::train_set(args.mnist.as_deref())?;
    let networks: BTreeMap<String, Vec<LayerSpec>> = serde_json::from_str(NETWORKS)?;
    if let Some(folder) = &args.weights {
        return write_weights(&networks, &data, &device, folder);
    }
    let mut rows = Vec::new();
    for (name, layers) in &networks {
        // PyTorch is measured with the same optimisers.
        let kind = match name.as_str() {
            "M2" => OptimizerKind::Adam,
            _ => OptimizerKind::Sgd,
        };
        let row = |what, optimizer, batch, images_per_second| Row {
            network: name.clone(),
            what,
            optimizer,
            batch,
            images_per_second,
        };
        rows.push(row(
            "train",
            Some(kind),
            TRAIN_BATCH,
            train(layers, kind, &data, &device),
        ));
        rows.push(row(
            "infer",
            None,
            INFER_BATCH,
            infer(layers, INFER_BATCH, &data, &device),
        ));
        rows.push(row("one", None, 1, infer(layers, 1, &data, &device)));
    }
    let report = Report {
        device: format!("{:?}", args.device).to_lowercase(),
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        rows,
    };
    if args.json {
        println!("{}", serde_json::to_string(&report)?);
        return Ok(());
    }
    println!(
        "{} on {} threads\n\n  network  what   batch  images/s",
        report.device, report.threads
    );
    for row in &report.rows {
        println!(
            "  {:<7}  {:<5}  {:>5}  {:>8.0}",
            row.network, row.what, row.batch, row.images_per_second
        );
    }
    Ok(())
}

/// Pixels between 0 and 1, as in the browser's benchmark.
fn pixels<'a>(images: impl IntoIterator<Item = &'a DigitImage>) -> Vec<f32> {
    let bytes = images.into_iter().flat_map(|image| image.pixels());
    bytes.map(|&byte| f32::from(byte) / 255.0).collect()
}

fn learner(layers: &[LayerSpec], kind: OptimizerKind, device: &Device) -> Learner {
    device.seed(42);
    Learner {
        network: Network::new(layers, &device.clone().autodiff()),
        optimizer: optimizer(kind),
        scope: Scope::Full,
    }
}

fn batch(data: &Dataset, indices: &[usize], device: &Device) -> Batch {
    let device = device.clone().autodiff();
    let labels: Vec<u8> = indices.iter().map(|&index| data.labels()[index]).collect();
    Batch {
        images: values_tensor(
            pixels(indices.iter().map(|&index| data.image(index))),
            &device,
        ),
        labels: labels_tensor(&labels, &device),
    }
}

/// Training images per second, including the assembly of batches.
fn train(layers: &[LayerSpec], kind: OptimizerKind, data: &Dataset, device: &Device) -> f64 {
    let mut learner = Some(learner(layers, kind, device));
    let order = epoch_order(data.len(), 42, 0);
    let mut batches = order.chunks_exact(TRAIN_BATCH).cycle();
    let mut step = |wait: bool| {
        let indices = batches.next().unwrap_or_default();
        let batch = batch(data, indices, device);
        if let Some((next, metrics)) = learner.take().map(|learner| learner.step(batch, 1e-3)) {
            learner = Some(next);
            if wait {
                metrics.loss.into_data();
            }
        }
    };
    images_per_second(TRAIN_BATCH, &mut step)
}

/// Images recognised per second, including read-back.
fn infer(layers: &[LayerSpec], n: usize, data: &Dataset, device: &Device) -> f64 {
    let network = learner(layers, OptimizerKind::Sgd, device).valid().folded();
    let inputs = pixels(&data.images()[..n]);
    let mut run = |_| {
        let logits = network.infer_batch(values_tensor(inputs.clone(), device));
        assert!(block_on(logits).is_ok_and(|logits| logits.len() == 10 * n));
    };
    images_per_second(n, &mut run)
}

/// Calls `run` until the time is up. `true` tells the last call before each look at the clock to wait for the device.
fn images_per_second(batch: usize, run: &mut impl FnMut(bool)) -> f64 {
    for _ in 0..N_WARM {
        run(true);
    }
    let (started, mut n_runs) = (Instant::now(), 0);
    while started.elapsed().as_secs_f64() < SECONDS {
        for i in 0..8 {
            run(i == 7);
        }
        n_runs += 8;
    }
    (n_runs * batch) as f64 / started.elapsed().as_secs_f64()
}

fn write_weights(
    networks: &BTreeMap<String, Vec<LayerSpec>>,
    data: &Dataset,
    device: &Device,
    folder: &Path,
) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for (name, layers) in networks {
        let mut learner = learner(layers, OptimizerKind::Adam, device);
        for indices in epoch_order(data.len(), 42, 0).chunks_exact(TRAIN_BATCH) {
            learner = learner.step(batch(data, indices, device), 1e-3).0;
        }
        let path = folder.join(format!("{name}.trained.safetensors"));
        mnist::write_whole(&path, &to_safetensors(&learner.valid(), HashMap::new())?)?;
        eprintln!("{}", path.display());
    }
    Ok(())
}
