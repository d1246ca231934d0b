//! The one way in which a network is trained here, whichever it is.

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
    /// Read the test set once a run is trained?
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

    /// Is there nothing left to do?
    pub fn is_finished(&self, run: &RunFolder) -> anyhow::Result<bool> {
        Ok(run.is_trained()? && (run.is_tested() || !self.with_test))
    }

    /// Does what is left of a run: from its last checkpoint on, by the settings in its folder.
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
        // A network of embeddings draws its own images.
        if config.objective == Objective::Classify {
            data.train = data.train.head(config.n_train);
        }
        let state = match run.load_checkpoint(model, &config, &self.device)? {
            Some(state) => {
                eprintln!(
                    "Going on after epoch {} of {}.",
                    state.position.epoch, config.epochs
                );
                state
            }
            None => TrainState::new(model, &config, &self.device),
        };
        run.trim_metrics(state.position.epoch)?;
        eprintln!(
            "{model}: {} images to train on, {} to validate, {} epochs. Folder: {}",
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

    /// Trains, and keeps the state whatever happens but a crash.
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

/// Keeps what the test images say of a run, and for a network of embeddings how few examples it needs.
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
