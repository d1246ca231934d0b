//! `data rehearsal`: writes the MNIST images that a network sees again while it learns a person's handwriting.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::INKLING;
use super::mnist::{self, write_whole};
use crate::data::{Dataset, LabelledBytes, split};
use crate::digit::N_CLASSES;
use crate::figures::grouped;
use crate::train::{Recipe, TrainConfig};
use crate::weights::sha256_hex;
use crate::zoo::ModelId;

/// The file that the page fetches. Its name doesn't end in .gz, so that no host unpacks it on the way.
const FILE: &str = "public/mnist/rehearsal.idx.gz.bin";
/// Images of each digit.
const N_EACH: usize = 100;
const SEED: u64 = 6;

#[derive(Args)]
pub struct RehearsalArgs {
    /// The file to write.
    #[arg(long, default_value = FILE)]
    out: PathBuf,
    /// Images of each digit.
    #[arg(long, default_value_t = N_EACH)]
    n_each: usize,
    /// Folder with the four MNIST files.
    #[arg(long)]
    mnist: Option<PathBuf>,
}

pub fn run(args: RehearsalArgs) -> anyhow::Result<()> {
    let file = LabelledBytes::of(&chosen(args.n_each, args.mnist.as_deref())?);
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(file.bytes())?;
    let packed = packed.finish()?;
    write_whole(&args.out, &packed)?;
    println!(
        "{}: {} images of MNIST's training part, {} bytes, unpacked {}, SHA-256 {}",
        args.out.display(),
        grouped(file.labels().len() as u64),
        grouped(packed.len() as u64),
        grouped(file.bytes().len() as u64),
        sha256_hex(file.bytes())
    );
    Ok(())
}

/// Chooses `n_each` images of each digit from those that every network of the zoo is trained on.
pub fn chosen(n_each: usize, mnist: Option<&Path>) -> anyhow::Result<Dataset> {
    let config = TrainConfig::new(ModelId::DEFAULT, Recipe::Best);
    let images = mnist::train_set(mnist)?;
    let train = split(&images, config.n_validation, config.split_seed).train;
    Ok(train.sample(0..N_CLASSES as u8, n_each, SEED))
}

/// Reads the images from the page's own file.
pub fn images() -> anyhow::Result<Dataset> {
    let bytes = std::fs::read(FILE)
        .with_context(|| format!("cannot read {FILE}; `{INKLING} data rehearsal` writes it"))?;
    let mut unpacked = Vec::new();
    std::io::Read::read_to_end(&mut GzDecoder::new(&bytes[..]), &mut unpacked).with_context(
        || format!("{FILE} is damaged; `{INKLING} data rehearsal` writes it again"),
    )?;
    Ok(LabelledBytes::read(unpacked)
        .with_context(|| FILE.to_string())?
        .dataset())
}
