//! `data`: finds or downloads MNIST, and prints what it contains.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::mnist;
use super::preview::{self, PreviewArgs};
use super::rehearsal::{self, RehearsalArgs};
use crate::data::{Dataset, split};
use crate::digit::N_CLASSES;
use crate::train::{Recipe, TrainConfig};
use crate::zoo::ModelId;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct DataArgs {
    #[command(subcommand)]
    command: Option<DataCommand>,
    /// Folder with the four MNIST files.
    #[arg(long)]
    mnist: Option<PathBuf>,
}

#[derive(Subcommand)]
enum DataCommand {
    /// Draw a contact sheet of augmented digits and of ink that isn't a digit.
    Preview(PreviewArgs),
    /// Write the MNIST images that a network sees again while it learns a person's handwriting.
    Rehearsal(RehearsalArgs),
}

pub fn run(args: DataArgs) -> anyhow::Result<()> {
    match args.command {
        Some(DataCommand::Preview(args)) => return preview::run(args),
        Some(DataCommand::Rehearsal(args)) => return rehearsal::run(args),
        None => {}
    }
    let config = TrainConfig::new(ModelId::DEFAULT, Recipe::Best);
    let parts = split(
        &mnist::train_set(args.mnist.as_deref())?,
        config.n_validation,
        config.split_seed,
    );
    let test = mnist::test_set(args.mnist.as_deref())?;
    println!("MNIST is complete: all four checksums match.\n");
    let digits: String = (0..N_CLASSES).map(|digit| format!("{digit:>6}")).collect();
    println!("  part         images{digits}");
    print_row("training", &parts.train);
    print_row("validation", &parts.validation);
    print_row("test", &test);
    Ok(())
}

fn print_row(name: &str, dataset: &Dataset) {
    let mut counts = [0; N_CLASSES];
    for &label in dataset.labels() {
        counts[usize::from(label)] += 1;
    }
    let counts: String = counts
        .iter()
        .map(|count: &usize| format!("{count:>6}"))
        .collect();
    println!("  {name:<10} {:>8}{counts}", dataset.len());
}
