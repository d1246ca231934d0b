//! `eval robustness`: how well networks recognise corrupted images.

use std::path::PathBuf;

use burn::tensor::Device;
use clap::Args;

use super::Part;
use crate::cli::device::{self, DeviceArg};
use crate::cli::weights_args::{Chosen, WeightsArgs};
use crate::data::{Corruption, Dataset, N_SEVERITIES, corrupt};
use crate::train::evaluate;
use crate::zoo::ModelId;

/// A fixed seed, so that each network gets the same images.
const SEED: u64 = 2026;

#[derive(Args)]
pub struct RobustnessArgs {
    /// The networks. --model and --run name a single one.
    #[arg(value_name = "MODEL", conflicts_with_all = ["model", "run"])]
    networks: Vec<ModelId>,
    #[command(flatten)]
    weights: WeightsArgs,
    #[arg(long, value_enum, default_value_t = Part::Validation)]
    part: Part,
    /// Use only the first images of the part.
    #[arg(long)]
    n_images: Option<usize>,
    #[arg(long, value_enum, default_value_t = DeviceArg::Auto)]
    device: DeviceArg,
    /// Folder with the four MNIST files.
    #[arg(long)]
    mnist: Option<PathBuf>,
}

pub fn run(args: RobustnessArgs) -> anyhow::Result<()> {
    let device = device::open(args.device)?;
    let networks: Vec<_> = match args.networks.as_slice() {
        [] => vec![None],
        networks => networks.iter().copied().map(Some).collect(),
    };
    for network in networks {
        let chosen = args.weights.open(network, &device)?;
        let images = args.part.images(&chosen, args.mnist.as_deref())?;
        let images = images.head(args.n_images.unwrap_or(images.len()));
        let rows = rows(&chosen, &images, &device)?;
        let title = format!(
            "{}, {} ({} images)",
            chosen.model,
            args.part.title(),
            images.len()
        );
        println!("{}", table(&title, &rows));
    }
    Ok(())
}

/// Accuracies on the clean images and on the corrupted ones, by severity.
struct Rows {
    clean: f64,
    corrupted: Vec<(Corruption, [f64; N_SEVERITIES])>,
}

fn rows(chosen: &Chosen, images: &Dataset, device: &Device) -> anyhow::Result<Rows> {
    let accuracy = |images: &Dataset| -> anyhow::Result<f64> {
        let report = pollster::block_on(evaluate(&chosen.network, images, device))?;
        Ok(report.accuracy())
    };
    let mut corrupted = Vec::new();
    for corruption in Corruption::ALL {
        let mut accuracies = [0.0; N_SEVERITIES];
        for (i, place) in accuracies.iter_mut().enumerate() {
            *place = accuracy(&all_corrupted(images, corruption, i + 1)?)?;
        }
        corrupted.push((corruption, accuracies));
    }
    Ok(Rows {
        clean: accuracy(images)?,
        corrupted,
    })
}

fn all_corrupted(
    images: &Dataset,
    corruption: Corruption,
    severity: usize,
) -> anyhow::Result<Dataset> {
    let each = images.images().iter().enumerate();
    let corrupted = each.map(|(i, image)| corrupt(image, corruption, severity, SEED, i));
    Ok(Dataset::new(corrupted.collect(), images.labels().to_vec())?)
}

fn table(title: &str, rows: &Rows) -> String {
    let mut text = format!(
        "{title}: {:.2} %\n\n  {:14}",
        100.0 * rows.clean,
        "corruption"
    );
    for severity in 1..=N_SEVERITIES {
        text += &format!("  severity {severity:<15}");
    }
    for (corruption, accuracies) in &rows.corrupted {
        text += &format!("\n  {:14}", corruption.name());
        for (i, accuracy) in accuracies.iter().enumerate() {
            let amount = corruption.describe(i + 1);
            text += &format!("  {:>6.2} % at {amount:<12}", 100.0 * accuracy);
        }
    }
    let text = text
        .lines()
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n");
    let all = || rows.corrupted.iter().flat_map(|(_, accuracies)| accuracies);
    let mean = all().sum::<f64>() / all().count() as f64;
    text + &format!("\n\n  Mean over all corruptions: {:.2} %\n", 100.0 * mean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_names_each_corruption_with_its_amount() {
        let rows = Rows {
            clean: 0.995,
            corrupted: vec![(Corruption::Shift, [0.9, 0.8, 0.4])],
        };
        let text = table("tiny-bn", &rows);
        assert!(text.starts_with("tiny-bn: 99.50 %"));
        assert!(text.contains("80.00 % at 2 px"));
        assert!(text.contains("Mean over all corruptions: 70.00 %"));
    }
}
