//! `predict`: recognises the digits in picture files, as the page does.

use std::path::{Path, PathBuf};

use anyhow::bail;
use burn::tensor::Device;
use clap::Args;

use super::device::{self, DeviceArg};
use super::picture_file;
use super::weights_args::{Chosen, WeightsArgs};
use crate::digit::N_CLASSES;
use crate::protocol::{is_digit, softmax};
use crate::zoo::ModelId;

#[derive(Args)]
pub struct PredictArgs {
    /// Pictures of one digit each: PNG, JPEG, GIF, BMP or WebP. A network's name may come first.
    #[arg(required = true, value_name = "[MODEL] IMAGE")]
    images: Vec<PathBuf>,
    #[command(flatten)]
    weights: WeightsArgs,
    #[arg(long, value_enum, default_value_t = DeviceArg::Flex)]
    device: DeviceArg,
}

pub fn run(args: PredictArgs) -> anyhow::Result<()> {
    let (model, images) = named_model(&args.images);
    if images.is_empty() {
        bail!("name at least one picture after the network");
    }
    let device = device::open(args.device)?;
    let chosen = args.weights.open(model, &device)?;
    let mut n_unread = 0;
    for path in images {
        match read(&chosen, path, &device) {
            Ok(line) => println!("{}: {line}", path.display()),
            Err(error) => {
                eprintln!("{}: {error:#}", path.display());
                n_unread += 1;
            }
        }
    }
    if n_unread > 0 {
        bail!("{n_unread} of {} pictures failed", images.len());
    }
    Ok(())
}

/// Splits the arguments into the network, if the first argument names one, and the pictures.
fn named_model(arguments: &[PathBuf]) -> (Option<ModelId>, &[PathBuf]) {
    let parse = |path: &PathBuf| path.to_str()?.parse().ok();
    match arguments.split_first() {
        Some((first, images)) if let Some(model) = parse(first) => (Some(model), images),
        _ => (None, arguments),
    }
}

fn read(chosen: &Chosen, path: &Path, device: &Device) -> anyhow::Result<String> {
    let image = picture_file::read(path)?;
    let logits = pollster::block_on(chosen.network.infer(&[image], device))?[0];
    let read = reading(&softmax(&logits));
    Ok(match chosen.tells_digits && !is_digit(&logits) {
        true => format!("not a digit; the closest is {read}"),
        false => read,
    })
}

/// The most probable digit and the runner-up.
fn reading(probabilities: &[f32; N_CLASSES]) -> String {
    let mut digits: [usize; N_CLASSES] = std::array::from_fn(|digit| digit);
    digits.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]));
    let percent = |digit: usize| format!("{:.2} %", 100.0 * probabilities[digit]);
    let [first, second, ..] = digits;
    format!(
        "{first} at {}, then {second} at {}",
        percent(first),
        percent(second)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_argument_may_name_a_network() {
        let arguments = ["softmax", "a.png"].map(PathBuf::from);
        let (model, images) = named_model(&arguments);
        assert_eq!((model, images.len()), (Some(ModelId::Softmax), 1));
        let (model, images) = named_model(&arguments[1..]);
        assert_eq!((model, images.len()), (None, 1));
    }

    #[test]
    fn the_two_most_probable_digits_are_said() {
        let mut probabilities = [0.0; N_CLASSES];
        (probabilities[7], probabilities[1]) = (0.75, 0.25);
        assert_eq!(reading(&probabilities), "7 at 75.00 %, then 1 at 25.00 %");
    }
}
