//! `train`: trains one network or many, each into a run's folder.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::INKLING;
use super::device::{self, DeviceArg};
use super::multiplier_args::MultiplierArgs;
use super::run_folder::RunFolder;
use super::runs;
use super::trainer::Trainer;
use crate::train::{Ended, Recipe, TrainConfig};
use crate::zoo::{ModelId, Multipliers, UnknownModel};

#[derive(Args)]
pub struct TrainCommand {
    /// The network to train; the same as --model. `all` trains the whole zoo. You can also name several networks,
    /// several seeds or both recipes. The runs follow one another, each in runs/MODEL/RECIPE-SEED. Repeat the command
    /// at any time: it skips finished runs and continues interrupted ones.
    #[arg(value_name = "MODEL", conflicts_with_all = ["model", "resume"])]
    networks: Vec<Networks>,
    #[command(flatten)]
    args: TrainArgs,
}

/// One network, or all of them.
#[derive(Clone)]
enum Networks {
    One(ModelId),
    All,
}

impl std::str::FromStr for Networks {
    type Err = UnknownModel;

    fn from_str(name: &str) -> Result<Self, UnknownModel> {
        match name {
            "all" => Ok(Self::All),
            name => name.parse().map(Self::One),
        }
    }
}

#[derive(Args)]
pub struct TrainArgs {
    /// The network to train. `pen`, the app's default, also needs pen digits and letters, and `embedding` needs
    /// letters. The others need only MNIST.
    #[arg(long, default_value_t = ModelId::TinyBn)]
    model: ModelId,
    /// Our settings (best), or those of the network's source.
    #[arg(long, value_enum, default_value_t = RecipeArg::Best)]
    recipe: RecipeArg,
    #[arg(long, value_enum, default_value_t = DeviceArg::Auto)]
    device: DeviceArg,
    /// Seed of weights, order, augmentation and dropout.
    #[arg(long)]
    seed: Option<u64>,
    /// Train a run for each of these seeds, such as 42,43,44.
    #[arg(long, value_delimiter = ',', conflicts_with = "seed")]
    seeds: Vec<u64>,
    #[arg(long)]
    epochs: Option<usize>,
    #[arg(long)]
    batch_size: Option<usize>,
    /// Largest learning rate.
    #[arg(long)]
    learning_rate: Option<f64>,
    /// Training images to use, at most 48,000.
    #[arg(long)]
    n_train: Option<usize>,
    #[command(flatten)]
    multipliers: MultiplierArgs,
    /// The run's folder, by default runs/MODEL-DATE. For many runs, their parent folder, by default runs.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Continue the run in this folder, with its own settings.
    #[arg(
        long,
        conflicts_with_all = [
            "model", "recipe", "seed", "seeds", "epochs", "batch_size", "learning_rate", "n_train", "width",
            "resolution", "out",
        ]
    )]
    resume: Option<PathBuf>,
    /// Folder with the four MNIST files.
    #[arg(long)]
    mnist: Option<PathBuf>,
    /// Don't run the test set, for example while you are choosing settings.
    #[arg(long)]
    no_test: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum RecipeArg {
    #[value(alias = "inkling")]
    Best,
    Source,
    Both,
}

impl RecipeArg {
    fn recipes(self) -> &'static [Recipe] {
        match self {
            Self::Best => &[Recipe::Best],
            Self::Source => &[Recipe::Source],
            Self::Both => &[Recipe::Best, Recipe::Source],
        }
    }
}

/// Runs without a command: trains `tiny-bn`, unless the options say otherwise.
pub fn run(args: TrainArgs) -> anyhow::Result<()> {
    run_command(TrainCommand {
        networks: Vec::new(),
        args,
    })
}

pub fn run_command(command: TrainCommand) -> anyhow::Result<()> {
    let TrainCommand { networks, args } = command;
    if let Some(path) = &args.resume {
        return train_one(&args, &RunFolder::open(path)?);
    }
    let mut models = Vec::new();
    for network in &networks {
        match network {
            Networks::One(model) => models.push(*model),
            Networks::All => models.extend(ModelId::ALL),
        }
    }
    if models.is_empty() {
        models.push(args.model);
    }
    match (&models[..], args.recipe.recipes(), args.seeds.is_empty()) {
        (&[model], &[recipe], true) => {
            let multipliers = args.multipliers.of(model)?;
            let config = args.config(model, recipe, args.seed, multipliers);
            train_one(&args, &RunFolder::create(args.out.as_deref(), &config)?)
        }
        (models, recipes, _) => train_many(&args, models, recipes),
    }
}

impl TrainArgs {
    fn config(
        &self,
        model: ModelId,
        recipe: Recipe,
        seed: Option<u64>,
        multipliers: Multipliers,
    ) -> TrainConfig {
        let default = TrainConfig::new(model, recipe);
        TrainConfig {
            multipliers,
            seed: seed.unwrap_or(default.seed),
            epochs: self.epochs.unwrap_or(default.epochs),
            batch_size: self.batch_size.unwrap_or(default.batch_size).max(1),
            learning_rate: self.learning_rate.unwrap_or(default.learning_rate),
            n_train: self.n_train.unwrap_or(default.n_train),
            ..default
        }
    }

    fn trainer(&self) -> anyhow::Result<Trainer> {
        let device = device::open(self.device)?;
        Trainer::new(device, self.mnist.clone(), !self.no_test)
    }
}

fn train_one(args: &TrainArgs, run: &RunFolder) -> anyhow::Result<()> {
    if args.trainer()?.train(run)? == Ended::Stopped {
        eprintln!(
            "Stopped; nothing is lost. Continue with: {INKLING} train --resume {}",
            run.path().display()
        );
    }
    Ok(())
}

fn train_many(args: &TrainArgs, models: &[ModelId], recipes: &[Recipe]) -> anyhow::Result<()> {
    if args.multipliers.are_given() {
        bail!(
            "--width and --resolution are only for a single run: name one network and one --seed"
        );
    }
    let folder = args.out.as_deref().unwrap_or(Path::new(runs::FOLDER));
    let default_seed = [args.seed];
    let many_seeds: Vec<_> = args.seeds.iter().copied().map(Some).collect();
    let seeds = match many_seeds.is_empty() {
        true => &default_seed[..],
        false => &many_seeds,
    };
    let mut plan = Vec::new();
    for &model in models {
        for &recipe in recipes {
            for &seed in seeds {
                let config = args.config(model, recipe, seed, Multipliers::ONE);
                plan.push((runs::path(folder, model, recipe, config.seed), config));
            }
        }
    }

    let trainer = args.trainer()?;
    let mut n_failed = 0;
    for (path, config) in &plan {
        let run = RunFolder::open_or_create(path, config)?;
        if trainer.is_finished(&run)? {
            eprintln!("{} is already finished.", path.display());
            continue;
        }
        match trainer.train(&run) {
            // An error in one run needn't stop the next.
            Err(error) => {
                eprintln!("error: {}: {error:#}", path.display());
                n_failed += 1;
            }
            Ok(_) if trainer.is_interrupted() => {
                eprintln!("Stopped; nothing is lost. Repeat the command to continue.");
                return Ok(());
            }
            Ok(_) => {}
        }
    }
    if n_failed > 0 {
        bail!("{n_failed} of {} runs failed; see above", plan.len());
    }
    eprintln!(
        "All {} runs are finished. Next: `{INKLING} export all`, then `{INKLING} report`",
        plan.len()
    );
    Ok(())
}
