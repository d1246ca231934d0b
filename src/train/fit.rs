//! The loop over epochs and steps, shared by the native trainer and the browser.

use std::ops::ControlFlow;

use burn::tensor::{Device, ExecutionError};
use serde::{Deserialize, Serialize};

use super::config::TrainConfig;
use super::course::{Course, Lesson};
use super::evaluate::EvalReport;
use super::step::{Learner, StepMetrics};
use super::triplet::EmbeddingTask;
use crate::data::{Split, epoch_order, mix_seed};
use crate::protocol::Scope;
use crate::zoo::{ModelId, Network};

/// Steps between two reads of loss and accuracy, each of which waits for the device.
const REPORT_EVERY: usize = 25;

/// These numbers separate the seeds of a run's random parts.
const SEED_ORDER: u64 = 1;
const SEED_STEP: u64 = 3;

#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    #[error(
        "training diverged in epoch {epoch}, step {step}: the loss isn't finite. Try a smaller learning rate"
    )]
    Diverged { epoch: usize, step: usize },
    #[error("there are no images to train on")]
    NoImages,
    #[error("there are no pen digits to train on")]
    NoDrawings,
    #[error(
        "there are too few characters: training and validation each need a script with at least ten characters, \
         with two drawings of each"
    )]
    TooFewCharacters,
    #[error(
        "learning to compare needs at least two images of each training digit and one of every digit: \
         try a larger n_train"
    )]
    TooFewImages,
    #[error("the device failed: {0}")]
    Device(String),
}

impl From<ExecutionError> for TrainError {
    fn from(error: ExecutionError) -> Self {
        Self::Device(format!("{error:?}"))
    }
}

/// The next step to take, both counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub epoch: usize,
    pub step: usize,
}

/// Sums over an epoch's steps so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Running {
    pub loss_sum: f64,
    pub n_correct: u64,
    pub n_seen: u64,
}

impl Running {
    pub fn loss(&self) -> f64 {
        self.loss_sum / self.n_seen.max(1) as f64
    }

    pub fn accuracy(&self) -> f64 {
        self.n_correct as f64 / self.n_seen.max(1) as f64
    }
}

/// Everything that a run needs to continue.
#[derive(Clone)]
pub struct TrainState {
    pub learner: Learner,
    pub position: Position,
    pub running: Running,
}

impl TrainState {
    /// The start of a run, with weights drawn from the run's seed.
    pub fn new(model: ModelId, config: &TrainConfig, device: &Device) -> Self {
        let device = device.clone().autodiff();
        device.seed(mix_seed(config.seed, &[]));
        let network = Network::new(&model.layers_with(config.multipliers), &device);
        Self {
            learner: Learner {
                network: config.start.of(network),
                optimizer: config.optimizer(),
                scope: Scope::Full,
            },
            position: Position::default(),
            running: Running::default(),
        }
    }
}

/// The events that a listener receives.
pub enum TrainEvent<'a> {
    /// A step was queued; its metrics are not known yet.
    Step {
        position: Position,
        n_steps: usize,
        /// Number of images; for an embedding network, of pairs or triplets.
        n_images: usize,
    },
    /// Loss and accuracy of the epoch so far.
    Progress {
        running: Running,
        learning_rate: f64,
        /// Whether this step ends the epoch.
        is_last: bool,
    },
    /// An epoch is over and validated.
    Epoch {
        epoch: usize,
        running: Running,
        /// On the validation images; for an embedding network on a sample of them, or on characters.
        validation: &'a EvalReport,
        learning_rate: f64,
        /// The network as it infers; an embedding network has its prototypes as the last layer.
        network: &'a Network,
        state: &'a TrainState,
    },
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Finished,
    /// The listener returned `Break`; the run can continue from the state.
    Stopped,
}

/// Trains from `state` to the last epoch, or until `listen` breaks. Equal configurations and data give equal weights,
/// however often a run was stopped and resumed.
pub async fn fit(
    state: TrainState,
    config: &TrainConfig,
    data: &Split,
    device: &Device,
    listen: impl FnMut(TrainEvent) -> ControlFlow<()>,
) -> Result<(TrainState, Ended), TrainError> {
    if data.train.is_empty() {
        return Err(TrainError::NoImages);
    }
    match EmbeddingTask::new(config, data) {
        Some(task) if !task.has_images() => Err(TrainError::TooFewImages),
        Some(task) if !task.has_characters() => Err(TrainError::TooFewCharacters),
        Some(task) => follow(&task, state, config, device, REPORT_EVERY, listen).await,
        None => {
            let lesson = Lesson::new(config, data)?;
            follow(&lesson, state, config, device, REPORT_EVERY, listen).await
        }
    }
}

/// The same for one course; reads loss and accuracy every `report_every` steps. The browser build contains only the
/// courses that it uses.
pub(super) async fn follow(
    course: &impl Course,
    mut state: TrainState,
    config: &TrainConfig,
    device: &Device,
    report_every: usize,
    mut listen: impl FnMut(TrainEvent) -> ControlFlow<()>,
) -> Result<(TrainState, Ended), TrainError> {
    let train_device = device.clone().autodiff();
    let n_items = course.n_items();
    let n_steps = config.n_steps(n_items);
    while state.position.epoch < config.epochs {
        let epoch = state.position.epoch;
        let order = epoch_order(n_items, mix_seed(config.seed, &[SEED_ORDER]), epoch);
        let mut pending = Vec::new();
        let mut learning_rate = 0.0;

        for (step, indices) in order
            .chunks(config.batch_size)
            .enumerate()
            .skip(state.position.step)
        {
            learning_rate = config.learning_rate_at(epoch, step, n_steps);
            // Dropout draws from the device's generator.
            train_device.seed(mix_seed(
                config.seed,
                &[SEED_STEP, epoch as u64, step as u64],
            ));
            let (learner, metrics) =
                course.step(state.learner, indices, epoch, learning_rate, &train_device);
            state.learner = learner;
            state.position.step = step + 1;
            pending.push(metrics);

            let mut flow = listen(TrainEvent::Step {
                position: state.position,
                n_steps,
                n_images: indices.len(),
            });
            if state.position.step.is_multiple_of(report_every)
                || state.position.step == n_steps
                || flow.is_break()
            {
                state.running.n_seen =
                    (state.position.step * config.batch_size).min(order.len()) as u64;
                collect(&mut pending, &mut state.running, state.position).await?;
                let progress = TrainEvent::Progress {
                    running: state.running,
                    learning_rate,
                    is_last: state.position.step == n_steps,
                };
                if listen(progress).is_break() {
                    flow = ControlFlow::Break(());
                }
            }
            if flow.is_break() {
                state.learner.settle();
                return Ok((state, Ended::Stopped));
            }
        }

        let network = course.for_inference(state.learner.valid(), device).await?;
        let validation = course.validate(&network, device).await?;
        let running = std::mem::take(&mut state.running);
        state.position = Position {
            epoch: epoch + 1,
            step: 0,
        };
        let event = TrainEvent::Epoch {
            epoch,
            running,
            validation: &validation,
            learning_rate,
            network: &network,
            state: &state,
        };
        if listen(event).is_break() {
            return Ok((state, Ended::Stopped));
        }
    }
    Ok((state, Ended::Finished))
}

/// Reads the metrics of the steps since the last read.
async fn collect(
    pending: &mut Vec<StepMetrics>,
    running: &mut Running,
    position: Position,
) -> Result<(), TrainError> {
    for metrics in pending.drain(..) {
        running.loss_sum += f64::from(metrics.loss_sum().into_scalar_async::<f32>().await?);
        running.n_correct += metrics.n_correct().into_scalar_async::<i64>().await? as u64;
    }
    if !running.loss_sum.is_finite() {
        return Err(TrainError::Diverged {
            epoch: position.epoch + 1,
            step: position.step,
        });
    }
    Ok(())
}
