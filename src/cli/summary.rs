//! `summary`: a network's layers and their costs.

use std::time::Instant;

use burn::tensor::Device;
use clap::Args;
use pollster::block_on;

use super::export;
use super::multiplier_args::MultiplierArgs;
use crate::digit::DigitImage;
use crate::figures::{grouped, shape};
use crate::layers::{self, LayerSpec};
use crate::report::LayerRow;
use crate::zoo::{ModelId, Network, images_tensor};

/// How long each convolution stage is timed, and how many images are in a batch.
const SECONDS: f64 = 1.0;
const BATCH: usize = 64;

#[derive(Args)]
pub struct SummaryArgs {
    #[arg(default_value_t = ModelId::DEFAULT)]
    model: ModelId,
    #[command(flatten)]
    multipliers: MultiplierArgs,
    /// Print only the layer table that defines the network, as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(args: SummaryArgs) -> anyhow::Result<()> {
    let model = args.model;
    let layers = model.layers_with(args.multipliers.of(model)?);
    if args.json {
        println!("{}", serde_json::to_string(&layers)?);
        return Ok(());
    }
    let device = Device::flex();
    let (file, precision) = export::weights_file(model, &Network::new(&layers, &device), None)?;
    println!("{model}: {}\n", model.card().about);
    println!("{}", table(&layers::summary(&layers)?));
    println!(
        "Weights as exported: {} bytes, in {}.",
        grouped(file.len() as u64),
        precision.name()
    );
    if model == ModelId::Separable32x64 {
        let twin = ModelId::Cnn32x64;
        println!("\nThe convolution stage, compared with that of {twin}:");
        println!("{}", comparison(&layers, &twin.layers(), &device)?);
    }
    Ok(())
}

fn table(rows: &[LayerRow]) -> String {
    let line = |cells: [&str; 6]| {
        let [index, layer, output, parameters, multiply_adds, field] = cells;
        let line = format!(
            "  {index:>2}  {layer:<24}  {output:>10}  {parameters:>12}  {multiply_adds:>13}  {field:>5}"
        );
        line.trim_end().to_owned() + "\n"
    };
    let mut text = line([
        "",
        "layer",
        "output",
        "parameters",
        "multiply-adds",
        "field",
    ]);
    for (index, row) in rows.iter().enumerate() {
        text += &line([
            &index.to_string(),
            &row.layer,
            &shape(&row.output),
            &grouped(row.parameters),
            &grouped(row.multiply_adds),
            &row.receptive_field.to_string(),
        ]);
    }
    let parameters: u64 = rows.iter().map(|row| row.parameters).sum();
    text + &line([
        "",
        "total",
        "",
        &grouped(parameters),
        &grouped(multiply_adds(rows)),
        "",
    ])
}

fn multiply_adds(rows: &[LayerRow]) -> u64 {
    rows.iter().map(|row| row.multiply_adds).sum()
}

/// Compares operations and time of two networks' layers before the first `Flatten`.
fn comparison(layers: &[LayerSpec], twin: &[LayerSpec], device: &Device) -> anyhow::Result<String> {
    let [ours, other] = [layers, twin].map(convolution_stage);
    let operations = |stage| Ok::<_, anyhow::Error>(multiply_adds(&layers::summary(stage)?));
    let (our_operations, other_operations) = (operations(ours)?, operations(other)?);
    let (our_time, other_time) = (milliseconds(ours, device), milliseconds(other, device));
    Ok(format!(
        "  multiply-adds   {} against {}: {:.1} times fewer\n  \
         time per image  {our_time:.4} ms against {other_time:.4} ms: {:.1} times faster \
         (batches of {BATCH} on this CPU, flex)",
        grouped(our_operations),
        grouped(other_operations),
        other_operations as f64 / our_operations as f64,
        other_time / our_time
    ))
}

fn convolution_stage(layers: &[LayerSpec]) -> &[LayerSpec] {
    let is_flatten = |layer: &LayerSpec| matches!(layer, LayerSpec::Flatten);
    let end = layers.iter().position(is_flatten);
    &layers[..end.unwrap_or(layers.len())]
}

/// Mean time per image over [`SECONDS`].
fn milliseconds(stage: &[LayerSpec], device: &Device) -> f64 {
    let network = Network::new(stage, device);
    let images = vec![DigitImage::probe(); BATCH];
    let run = || block_on(network.infer_batch(images_tensor(&images, device)));
    // The first run allocates.
    let _ = run();
    let (started, mut n_images) = (Instant::now(), 0);
    while started.elapsed().as_secs_f64() < SECONDS {
        let _ = run();
        n_images += BATCH;
    }
    1e3 * started.elapsed().as_secs_f64() / n_images as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_twins_convolution_stages_are_as_documented() {
        let operations = [ModelId::Cnn32x64, ModelId::Separable32x64].map(|model| {
            let layers = model.layers();
            multiply_adds(&layers::summary(convolution_stage(&layers)).unwrap())
        });
        assert_eq!(operations, [10_662_400, 602_896]);
    }

    #[test]
    fn the_default_network_sees_the_whole_image_at_its_end() {
        let rows = layers::summary(&ModelId::TinyBn.layers()).unwrap();
        let seen = |index: usize| rows[index].receptive_field;
        assert_eq!(
            [0, 3, 6, 10, 17, 21, 24].map(seen),
            [3, 5, 6, 10, 16, 24, 28]
        );
        let text = table(&rows);
        assert!(
            text.contains("conv 3×3, 16                16×26×26           144"),
            "{text}"
        );
        assert!(text.lines().last().unwrap().contains("19,850"), "{text}");
    }
}
