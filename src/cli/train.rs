//! `train`: from MNIST to a run's folder.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anyhow::Context;
use burn::tensor::Device;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use super::device::{self, DeviceArg};
use super::run_folder::{Best, EpochMetrics, RunFolder, TestReport};
use super::{curves, eval, mnist, tables};
use crate::data::{Split, split};
use crate::train::{Ended, EvalReport, Recipe, Running, TrainConfig, TrainEvent, TrainState, fit};
use crate::zoo::{ModelId, Network};

#[derive(Args)]
pub struct TrainArgs {
    /// The network to train.
    #[arg(long, default_value_t = ModelId::DEFAULT)]
    model: ModelId,
    /// Our settings, or those of the network's source.
    #[arg(long, value_enum, default_value_t = RecipeArg::Best)]
    recipe: RecipeArg,
    #[arg(long, value_enum, default_value_t = DeviceArg::Auto)]
    device: DeviceArg,
    /// Seed of weights, order, augmentation and dropout.
    #[arg(long)]
    seed: Option<u64>,
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
    /// The run's folder; runs/MODEL-DATE by default.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Go on with the run in this folder, with its own settings.
    #[arg(long, conflicts_with_all = ["model", "recipe", "seed", "epochs", "batch_size", "learning_rate", "n_train", "out"])]
    resume: Option<PathBuf>,
    /// Folder with the four MNIST files.
    #[arg(long)]
    mnist: Option<PathBuf>,
    /// Leave the test set unread, as while settings are being chosen.
    #[arg(long)]
    no_test: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum RecipeArg {
    #[value(alias = "inkling")]
    Best,
    Source,
}

impl TrainArgs {
    fn config(&self) -> TrainConfig {
        let recipe = match self.recipe {
            RecipeArg::Best => Recipe::Best,
            RecipeArg::Source => Recipe::Source,
        };
        let default = TrainConfig::new(self.model, recipe);
        TrainConfig {
            seed: self.seed.unwrap_or(default.seed),
            epochs: self.epochs.unwrap_or(default.epochs),
            batch_size: self.batch_size.unwrap_or(default.batch_size).max(1),
            learning_rate: self.learning_rate.unwrap_or(default.learning_rate),
            n_train: self.n_train.unwrap_or(default.n_train),
            ..default
        }
    }
}

pub fn run(args: TrainArgs) -> anyhow::Result<()> {
    let folder = match &args.resume {
        Some(path) => RunFolder::open(path)?,
        None => RunFolder::create(args.out.as_deref(), &args.config())?,
    };
    let config = folder.config()?;
    let model: ModelId = config.model.parse()?;
    let device = device::open(args.device)?;
    let mut data = split(
        &mnist::train_set(args.mnist.as_deref())?,
        config.n_validation,
        config.split_seed,
    );
    data.train = data.train.head(config.n_train);
    let state = match folder.load_checkpoint(model, &config, &device)? {
        Some(state) => {
            eprintln!(
                "Going on after epoch {} of {}.",
                state.position.epoch, config.epochs
            );
            state
        }
        None => TrainState::new(model, &config, &device),
    };
    folder.trim_metrics(state.position.epoch)?;
    eprintln!(
        "{model}: {} images to train on, {} to validate, {} epochs. Folder: {}",
        data.train.len(),
        data.validation.len(),
        config.epochs,
        folder.path().display()
    );

    let mut monitor = Monitor::new(&folder, &config)?;
    let ended = train(state, &config, &data, &device, &mut monitor)?;
    if ended == Ended::Stopped {
        eprintln!(
            "Stopped; nothing is lost. Go on with: cargo run --release --features train -- train --resume {}",
            folder.path().display()
        );
        return Ok(());
    }
    let best = folder
        .best()
        .context("no epoch was validated: --epochs must be at least 1")?;
    println!("Best epoch: {} of {}", best.epoch, config.epochs);
    println!("{}", tables::evaluation("Validation", &best.validation));
    if !args.no_test {
        let test = mnist::test_set(args.mnist.as_deref())?;
        let report = eval::evaluate_bytes(model, &folder.best_weights()?, &test, &device)?;
        folder.save_test(&TestReport {
            evaluation: report.evaluation(),
            loss: report.loss,
            confusion: report.confusion,
        })?;
        println!(
            "{}\n{}",
            tables::evaluation("Test", &report.evaluation()),
            tables::confusion(&report.confusion)
        );
    }
    Ok(())
}

/// Trains, and keeps the state whatever happens but a crash.
fn train(
    state: TrainState,
    config: &TrainConfig,
    data: &Split,
    device: &Device,
    monitor: &mut Monitor,
) -> anyhow::Result<Ended> {
    let mut failure = None;
    let (state, ended) = pollster::block_on(fit(state, config, data, device, |event| {
        monitor.hear(event).unwrap_or_else(|error| {
            failure = Some(error);
            ControlFlow::Break(())
        })
    }))?;
    monitor.folder.save_checkpoint(&state)?;
    failure.map_or(Ok(ended), Err)
}

/// Listens to a run: shows it, and writes its folder.
struct Monitor<'a> {
    folder: &'a RunFolder,
    interrupted: Arc<AtomicBool>,
    bar: ProgressBar,
    n_epochs: usize,
    best: Option<Best>,
    metrics: Vec<EpochMetrics>,
    /// Start of the epoch, and images of it seen since.
    since: Instant,
    n_images: usize,
}

impl<'a> Monitor<'a> {
    fn new(folder: &'a RunFolder, config: &TrainConfig) -> anyhow::Result<Self> {
        let interrupted = Arc::new(AtomicBool::new(false));
        let flag = interrupted.clone();
        // A second Ctrl-C ends the program at once; the last checkpoint is whole all the same.
        ctrlc::set_handler(move || {
            if flag.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
        })?;
        let bar = ProgressBar::new(0);
        let style = "epoch {prefix} {bar:28} {pos}/{len} {msg} {per_sec} {eta}";
        bar.set_style(ProgressStyle::with_template(style)?.progress_chars("━╸ "));
        Ok(Self {
            folder,
            interrupted,
            bar,
            n_epochs: config.epochs,
            best: folder.best(),
            metrics: folder.metrics()?,
            since: Instant::now(),
            n_images: 0,
        })
    }

    fn hear(&mut self, event: TrainEvent) -> anyhow::Result<ControlFlow<()>> {
        match event {
            TrainEvent::Step {
                position,
                n_steps,
                n_images,
            } => {
                if self.n_images == 0 {
                    self.since = Instant::now();
                    self.bar.reset();
                    self.bar
                        .set_prefix(format!("{}/{}", position.epoch + 1, self.n_epochs));
                }
                self.n_images += n_images;
                self.bar.set_length((n_steps * n_images) as u64);
                self.bar.set_position((position.step * n_images) as u64);
            }
            TrainEvent::Progress { running, .. } => {
                self.bar.set_message(format!(
                    "loss {:.4}, {:.2} %",
                    running.loss(),
                    100.0 * running.accuracy()
                ));
            }
            TrainEvent::Epoch {
                epoch,
                running,
                validation,
                learning_rate,
                network,
                state,
            } => {
                self.end_epoch(epoch, &running, validation, learning_rate, network)?;
                self.folder.save_checkpoint(state)?;
            }
        }
        let stop = self.interrupted.load(Ordering::Relaxed);
        Ok(if stop {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    }

    fn end_epoch(
        &mut self,
        epoch: usize,
        running: &Running,
        validation: &EvalReport,
        learning_rate: f64,
        network: &Network,
    ) -> anyhow::Result<()> {
        let whole = self.n_images as u64 == running.n_seen;
        let seconds = self.since.elapsed().as_secs_f64();
        let metrics = EpochMetrics {
            epoch: epoch + 1,
            train_loss: running.loss(),
            train_accuracy: running.accuracy(),
            validation_loss: validation.loss,
            validation_accuracy: validation.accuracy(),
            learning_rate,
            images_per_second: if whole {
                (self.n_images as f64 / seconds).round()
            } else {
                0.0
            },
        };
        self.n_images = 0;
        // Of equal counts the smaller loss is the better one.
        let score = |accuracy: f64, loss: f64| (accuracy, -loss);
        let is_best = self.best.as_ref().is_none_or(|best| {
            score(validation.accuracy(), validation.loss)
                > score(best.validation.accuracy, best.loss)
        });
        if is_best {
            let best = Best {
                epoch: epoch + 1,
                loss: validation.loss,
                validation: validation.evaluation(),
            };
            self.folder.save_best(network, &best)?;
            self.best = Some(best);
        }
        self.bar.println(format!(
            "epoch {:>2}  train {:.4} {:.2} %  validation {:.4} {:.2} %  {} images/s{}",
            metrics.epoch,
            metrics.train_loss,
            100.0 * metrics.train_accuracy,
            metrics.validation_loss,
            100.0 * metrics.validation_accuracy,
            metrics.images_per_second,
            if is_best { "  best" } else { "" }
        ));
        if self.bar.is_hidden() {
            println!("{}", serde_json::to_string(&metrics)?);
        }
        self.folder.append_metrics(&metrics)?;
        self.metrics.push(metrics);
        curves::draw(&self.folder.path().join("curves.svg"), &self.metrics)
    }
}
