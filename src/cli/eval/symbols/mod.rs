//! `eval symbols`: a person's own symbols beside the digits, simulated.
//!
//! A set of symbols is drawn by chance from alphabets that the network of embeddings has not learnt from, each with examples by some
//! people and queries by others. Omniglot has one drawing of a character by each person, so that this is harder than what the
//! page asks for, where the same hand draws both.

mod simulate;
mod tune;
mod world;

use std::path::PathBuf;

use clap::Args;

use self::simulate::{Kind, Tally, simulate};
use self::world::World;
use super::Part;
use super::fewshot::metric;
use crate::cli::device::{self, DeviceArg};
use crate::cli::weights_args::WeightsArgs;
use crate::symbols::{Rule, Space};
use crate::zoo::ModelId;

/// How many symbols a person has, and examples of each.
const SETS: [usize; 3] = [1, 5, 10];
const EXAMPLES: [usize; 2] = [1, 3];
/// Sets that are drawn of each size.
const N_EPISODES: usize = 200;

#[derive(Args)]
pub struct SymbolsArgs {
    /// `--model siamese` recognises symbols with that one; without it, the network of embeddings.
    #[command(flatten)]
    weights: WeightsArgs,
    /// The network that reads the digits, as it is exported.
    #[arg(long, default_value_t = ModelId::DEFAULT)]
    digits: ModelId,
    /// Alphabets, MNIST's images and pens' writers that decide nothing, or those by which the rule is chosen.
    #[arg(long, value_enum, default_value_t = Part::Test)]
    part: Part,
    /// Fit the rule anew, by the validation part alone; it is then written into src/symbols/space.rs by hand.
    #[arg(long)]
    tune: bool,
    #[arg(long, value_enum, default_value_t = DeviceArg::Auto)]
    device: DeviceArg,
    /// Folder with the four MNIST files.
    #[arg(long)]
    mnist: Option<PathBuf>,
}

pub fn run(args: SymbolsArgs) -> anyhow::Result<()> {
    if args.tune && args.part == Part::Test {
        anyhow::bail!("the test part decides nothing: give --part validation with --tune");
    }
    let device = device::open(args.device)?;
    let chosen = args.weights.open(args.weights.embedding_model(), &device)?;
    metric(&chosen)?;
    let space = Space::of(chosen.model.name()).unwrap_or(Space::Embedding);
    let world = World::new(
        &chosen,
        args.digits,
        args.part,
        args.mnist.as_deref(),
        &device,
    )?;
    let rule = match args.tune {
        true => tune::tune(&world, space.rule()),
        false => space.rule(),
    };
    println!("{} beside {}: {rule:?}\n", chosen.model, args.digits);
    print(&world, &rule);
    Ok(())
}

fn print(world: &World, rule: &Rule) {
    println!(
        "  symbols  examples  recognised  another  a digit  unknown   other letters  MNIST lost  pens lost"
    );
    let row = |n_symbols: usize, n_examples: usize, kind: Kind, name: &str| {
        let tally = simulate(world, rule, n_symbols, n_examples, kind, N_EPISODES);
        println!(
            "  {n_symbols:>7}  {n_examples:>8}  {} {name}",
            shares(&tally)
        );
    };
    for n_symbols in SETS {
        for n_examples in EXAMPLES {
            row(n_symbols, n_examples, Kind::Ordinary, "");
        }
    }
    if world.has_lookalikes() {
        for n_examples in EXAMPLES {
            row(
                1,
                n_examples,
                Kind::Lookalike,
                " (a symbol that looks like a digit)",
            );
        }
    }
    println!(
        "\n  Of the symbols' drawings: read as they are, as another symbol, as a digit, as unknown. Other letters that are accepted, and \
         digits that are read right without symbols and are lost with them, of {} of MNIST and {} of pens.",
        world.mnist.len(),
        world.pens.len()
    );
}

fn shares(tally: &Tally) -> String {
    let percent = |n: usize, of: usize| 100.0 * n as f64 / of.max(1) as f64;
    let of_queries = |n: usize| percent(n, tally.n_queries);
    format!(
        "{:>8.2} % {:>6.2} % {:>6.2} % {:>6.2} % {:>13.2} % {:>9.3} % {:>8.3} %",
        of_queries(tally.recognised),
        of_queries(tally.as_another),
        of_queries(tally.as_digit),
        of_queries(tally.unknown),
        percent(tally.others_accepted, tally.n_others),
        percent(tally.mnist_lost, tally.n_mnist),
        percent(tally.pens_lost, tally.n_pens)
    )
}
