//! `eval symbols`: simulates a person's own symbols alongside the digits. Each set of symbols is drawn at random from
//! alphabets that the embedding network wasn't trained on. Some people supply a symbol's examples, others its queries,
//! because Omniglot has one drawing of each character per person. That makes this harder than the page's task, where
//! the same person draws both.

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

/// How many symbols a person has, and how many examples of each.
const SETS: [usize; 3] = [1, 5, 10];
const EXAMPLES: [usize; 2] = [1, 3];
/// How many sets of each size are drawn.
const N_EPISODES: usize = 200;

#[derive(Args)]
pub struct SymbolsArgs {
    /// `--model siamese` recognises symbols with that network; the default is `embedding`.
    #[command(flatten)]
    weights: WeightsArgs,
    /// The exported network that recognises the digits.
    #[arg(long, default_value_t = ModelId::DEFAULT)]
    digits: ModelId,
    /// The untouched test part, or the validation part by which the rule is chosen; for alphabets, MNIST's images and
    /// writers.
    #[arg(long, value_enum, default_value_t = Part::Test)]
    part: Part,
    /// Fit the rule again, on the validation part only. Copy the result into src/symbols/space.rs by hand.
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
        anyhow::bail!("the test part must stay untouched: use --part validation with --tune");
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
    println!("{} alongside {}: {rule:?}\n", chosen.model, args.digits);
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
        "\n  Shares of the symbols' drawings: recognised, taken for another symbol, taken for a digit, unknown. \
         Other letters: accepted. Lost: digits read correctly without symbols but not with them, of {} \
         from MNIST and {} from pens.",
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
