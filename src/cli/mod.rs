//! The native commands: `train`, `tune`, `eval`, `predict`, `summary`, `export`, `report`, `data` and `bench`.
//!
//! Files, terminals and downloads belong here; the library doesn't know about them.

mod bench;
mod curves;
mod data;
mod device;
mod eval;
mod export;
mod few_shot;
mod interrupt;
mod letters;
mod mnist;
mod monitor;
mod multiplier_args;
mod numbers;
mod omniglot;
mod pens;
mod pens_file;
mod picture_file;
mod predict;
mod preview;
mod rehearsal;
mod report;
mod run_folder;
mod runs;
mod samples_file;
mod scope_arg;
mod summary;
mod tables;
mod train;
mod trainer;
mod tune;
mod weights_args;

pub use run_folder::RunFolder;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The command that starts this program, as messages show it.
const INKLING: &str = "cargo run --release --features train --";

/// Trains Inkling's networks, measures them, and exports the weights that the app fetches.
///
/// Without a command it trains `tiny-bn`.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    train: train::TrainArgs,
}

#[derive(Subcommand)]
enum Command {
    /// Train networks on MNIST, keep the best epoch of each, and run the test set once at the end.
    Train(train::TrainCommand),
    /// Teach a network one person's handwriting, from samples exported by the app.
    Tune(tune::TuneArgs),
    /// Measure a network on the test or validation images.
    Eval(eval::EvalArgs),
    /// Read the digits in picture files.
    Predict(predict::PredictArgs),
    /// List a network's layers with their shapes, parameters, multiply-adds and receptive fields.
    Summary(summary::SummaryArgs),
    /// Copy a run's best weights and their figures to the folder from which the app fetches them.
    Export(export::ExportArgs),
    /// Write the figures of every network: report.json for the app, docs/zoo.md and docs/results.md for readers.
    Report(report::ReportArgs),
    /// Download MNIST if it is missing, verify it, and print what it contains.
    Data(data::DataArgs),
    /// Measure how fast this machine trains and recognises.
    Bench(bench::BenchArgs),
}

pub fn main() -> ExitCode {
    // SAFETY: no other thread runs yet. Burn restores optimiser state on its default device, which would be the GPU
    // even on a machine without one; see `.cargo/config.toml`.
    unsafe { std::env::set_var("BURN_DEVICE", "flex") };
    let cli = Cli::parse();
    let done = match cli.command {
        None => train::run(cli.train),
        Some(Command::Train(command)) => train::run_command(command),
        Some(Command::Tune(args)) => tune::run(args),
        Some(Command::Eval(args)) => eval::run(args),
        Some(Command::Predict(args)) => predict::run(args),
        Some(Command::Summary(args)) => summary::run(args),
        Some(Command::Export(args)) => export::run(args),
        Some(Command::Report(args)) => report::run(args),
        Some(Command::Data(args)) => data::run(args),
        Some(Command::Bench(args)) => bench::run(args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
