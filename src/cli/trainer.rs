//! Trains a run, the same way for every network.

use std::ops::ControlFlow;
use std::path::PathBuf;

use anyhow::Context;
use burn::tensor::Device;

use super::interrupt::Interrupt;
use super::monitor::Monitor;
use super::run_folder::{RunFolder, TestReport};
use super::{few_shot, letters, mnist, pens, pens_file, tables};
use crate::data::{Dataset, Drawings, Part, Split, pen_images, split};
use crate::train::{Ended, EvalReport, Objective, TrainConfig, TrainState, evaluate, fit};
use crate::zoo::{ModelId, Network};

/// Trains runs, one after the other.
pub struct Trainer {
    device: Device,
    images: Dataset,
    mnist: Option<PathBuf>,
    /// Whether to run the test set after training.
    with_test: bool,
    interrupt: Interrupt,
}

impl Trainer {
    pub fn new(device: Device, mnist: Option<PathBuf>, with_test: bool) -> anyhow::Result<Self> {
        Ok(Self {
            device,
            images: mnist::train_set(mnist.as_deref())?,
            mnist,
            with_test,
            interrupt: Interrupt::listen()?,
        })
    }

    pub fn is_interrupted(&self) -> bool {
        self.interrupt.is_pressed()
    }

    /// Whether nothing is left to do.
    pub fn is_finished(&self, run: &RunFolder) -> anyhow::Result<bool> {
        Ok(run.is_trained()? && (run.is_tested() || !self.with_test))
    }

    /// Continues a run from its last checkpoint, with the settings in its folder.
    pub fn train(&self, run: &RunFolder) -> anyhow::Result<Ended> {
        let config = run.config()?;
        let model: ModelId = config.model.parse()?;
        let mut data = split(&self.images, config.n_validation, config.split_seed);
        if config.drawings.is_some() {
            let pens = pens_file::development()?;
            data.drawings = Drawings {
                digits: pens.train,
                letters: letters::read()?.train,
                ..Drawings::default()
            };
            data.validation = data.validation.with(&pen_images(&pens.validation));
        }
        if let Objective::Characters { .. } = config.objective {
            data.drawings.characters = letters::characters(Part::Train)?;
            data.drawings.unseen_characters = letters::characters(Part::Validation)?;
        }
        // An embedding network draws its own images.
        if config.objective == Objective::Classify {
            data.train = data.train.head(config.n_train);
        }
        let state = match run.load_checkpoint(model, &config, &self.device)? {
            Some(state) => {
                eprintln!(
                    "Continuing after epoch {} of {}.",
                    state.position.epoch, config.epochs
                );
                state
            }
            None => TrainState::new(model, &config, &self.device),
        };
        run.trim_metrics(state.position.epoch)?;
        eprintln!(
            "{model}: {} training images, {} validation images, {} epochs. Folder: {}",
            data.train.len().min(config.n_train),
            data.validation.len(),
            config.epochs,
            run.path().display()
        );
        if self.fit(run, state, &config, &data)? == Ended::Stopped {
            return Ok(Ended::Stopped);
        }
        let best = run
            .best()
            .context("no epoch was validated: --epochs must be at least 1")?;
        println!("Best epoch: {} of {}", best.epoch, config.epochs);
        println!("{}", tables::evaluation("Validation", &best.validation));
        if config.drawings.is_some() {
            pens::calibrate(run, &self.device)?;
        }
        if self.with_test {
            self.test(run)?;
        }
        Ok(Ended::Finished)
    }

    /// Trains, and saves the state even after an error.
    fn fit(
        &self,
        run: &RunFolder,
        state: TrainState,
        config: &TrainConfig,
        data: &Split,
    ) -> anyhow::Result<Ended> {
        let mut monitor = Monitor::new(run, config, &self.interrupt)?;
        let mut failure = None;
        let (state, ended) = pollster::block_on(fit(state, config, data, &self.device, |event| {
            monitor.hear(event).unwrap_or_else(|error| {
                failure = Some(error);
                ControlFlow::Break(())
            })
        }))?;
        run.save_checkpoint(&state)?;
        failure.map_or(Ok(ended), Err)
    }

    fn test(&self, run: &RunFolder) -> anyhow::Result<()> {
        let images = mnist::test_set(self.mnist.as_deref())?;
        let network = run.best_network(&self.device)?;
        let report = pollster::block_on(evaluate(&network, &images, &self.device))?;
        println!("{}", tables::report("Test", &report));
        if let Some(calibration) = run.calibration() {
            let figures = pens::figures(&network, &calibration, &images, &self.device)?;
            println!("{}", pens::table(&figures));
        }
        save_test(run, &network, &report, &images, &self.device)
    }
}

/// Saves a run's test figures, and for an embedding network its few-shot figures.
pub fn save_test(
    run: &RunFolder,
    network: &Network,
    report: &EvalReport,
    images: &Dataset,
    device: &Device,
) -> anyhow::Result<()> {
    run.save_test(&TestReport::from(report))?;
    match run.config()?.objective.metric() {
        Some(metric) => few_shot::measure(run, network, metric, images, device),
        None => Ok(()),
    }
}
