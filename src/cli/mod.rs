//! The native commands: `train`, `eval`, `export`, `data` and `bench`.
//!
//! What stands here is what the library must not know: files, terminals and downloads.

mod bench;
mod curves;
mod data;
mod device;
mod eval;
mod export;
mod mnist;
mod run_folder;
mod tables;
mod train;

pub use run_folder::RunFolder;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Trains Inkling's networks, measures them, and exports the weights that the app fetches.
///
/// Without a command it trains the default network.
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
    /// Train a network on MNIST, keep the best epoch, and read the test set once at the end.
    Train(train::TrainArgs),
    /// Measure a network on the test or validation images.
    Eval(eval::EvalArgs),
    /// Put a run's best weights and its figures where the app fetches them.
    Export(export::ExportArgs),
    /// Fetch MNIST if it is not here, verify it, and say what it holds.
    Data(data::DataArgs),
    /// Measure how fast this machine trains and reads.
    Bench(bench::BenchArgs),
}

pub fn main() -> ExitCode {
    // SAFETY: no other thread runs yet. Burn restores optimiser state on its default device, which
    // would be the GPU even where there is none; see `.cargo/config.toml`.
    unsafe { std::env::set_var("BURN_DEVICE", "flex") };
    let cli = Cli::parse();
    let done = match cli.command.unwrap_or(Command::Train(cli.train)) {
        Command::Train(args) => train::run(args),
        Command::Eval(args) => eval::run(args),
        Command::Export(args) => export::run(args),
        Command::Data(args) => data::run(args),
        Command::Bench(args) => bench::run(args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
