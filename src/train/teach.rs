//! Teaches a trained network one person's handwriting, from few drawings, in few steps and without forgetting.
//!
//! The loop and the step are those of [`fit`](super::fit()). A batch contains augmented copies of the drawings, images
//! from the network's training data, and ink that isn't a digit if the network can reject it. Batch normalisation is
//! folded into the preceding convolutions, so that small batches can't spoil running statistics.
//! docs/decisions/0011-teaching.md explains why, with the effects. This module must not know its listeners, files or
//! the web.

use std::ops::ControlFlow;

use burn::module::Module;
use burn::tensor::Device;

use super::config::{DrawingsConfig, OptimizerConfig, Schedule, TrainConfig};
use super::course::Lesson;
use super::evaluate::EvalReport;
use super::fit::{Position, Running, TrainError, TrainEvent, TrainState, follow};
use super::recipe::Recipe;
use super::step::Learner;
use crate::data::{Augmentation, Dataset, Drawings, PenDigit, Restyle, Sample, Split, pen_images};
use crate::protocol::Scope;
use crate::taught::Ink;
use crate::zoo::{ModelId, Network};

/// How far the held-back loss may exceed its minimum for a network to be kept, in nats. There are few held-back
/// samples, and later steps, with a smaller learning rate, have recovered more of what was forgotten.
const TOLERANCE: f64 = 0.05;
/// How far to interpolate from the original network, 0, to the taught one, 1.
const SHARE: f32 = 0.6;

/// Drawings in an epoch, after which the held-back samples are measured. With batches of 32 it has 6 steps.
const EPOCH_SAMPLES: usize = 96;
const EPOCH_OTHERS: usize = 96;
const EPOCHS: usize = 12;
/// Training ends after this many epochs beyond the tolerance.
const PATIENCE: usize = 4;

impl Ink {
    pub fn of(model: ModelId) -> Self {
        match TrainConfig::new(model, Recipe::Best).drawings {
            Some(drawings) if drawings.others > 0 => Self::Any,
            _ => Self::Digits,
        }
    }
}

/// The settings for teaching a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Teaching {
    pub config: TrainConfig,
    pub scope: Scope,
    /// Teaching ends after this many epochs with a larger held-back loss.
    pub patience: usize,
}

/// The progress that a listener gets after each step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Learning {
    /// Counted from 1.
    pub step: usize,
    /// Total number of steps, unless teaching ends early.
    pub n_steps: usize,
    /// Mean loss of this step's batch in nats, and accuracy, 0 to 1.
    pub loss: f64,
    pub accuracy: f64,
    /// Accuracy on the held-back samples, if this step ends an epoch.
    pub held_back: Option<f64>,
}

/// A taught network.
pub struct Taught {
    /// Folded, without autodiff.
    pub network: Network,
    /// The step that these weights come from: the last one with about the best result on the held-back samples.
    pub step: usize,
}

impl Teaching {
    /// The best settings, chosen on writers and images reserved for validation; see docs/experiments.md.
    pub fn new(ink: Ink, scope: Scope) -> Self {
        let others = match ink {
            Ink::Any => EPOCH_OTHERS / 4,
            Ink::Digits => 0,
        };
        Self {
            config: TrainConfig {
                seed: 6,
                epochs: EPOCHS,
                batch_size: 32,
                epoch_images: Some(EPOCH_OTHERS - others),
                optimizer: OptimizerConfig::AdamW,
                learning_rate: match (scope, ink) {
                    (Scope::Last, Ink::Digits) => 0.002,
                    (Scope::Last, Ink::Any) => 0.0005,
                    (Scope::Full, _) => 0.0003,
                },
                weight_decay: 0.0,
                schedule: Schedule::Cosine { warmup_epochs: 0.5 },
                augmentation: AUGMENTATION,
                drawings: Some(DrawingsConfig {
                    digits: EPOCH_SAMPLES,
                    others,
                    restyle: RESTYLE,
                    softening: Augmentation::NONE,
                }),
                ..TrainConfig::new(ModelId::DEFAULT, Recipe::Source)
            },
            scope,
            patience: PATIENCE,
        }
    }

    /// Total number of steps, unless teaching ends early.
    pub fn n_steps(&self) -> usize {
        let n_images = self.config.epoch_images.unwrap_or_default();
        let n_items = n_images + self.config.n_drawings();
        self.config.epochs * self.config.n_steps(n_items)
    }

    /// Teaches `network`, which must be folded and on `device` without autodiff. `rehearsal` has images from its
    /// training data.
    pub async fn teach(
        &self,
        network: Network,
        samples: &[Sample],
        rehearsal: &Dataset,
        device: &Device,
        mut listen: impl FnMut(Learning) -> ControlFlow<()>,
    ) -> Result<Taught, TrainError> {
        let (held_back, learnt): (Vec<_>, Vec<_>) =
            samples.iter().partition(|sample| sample.is_held_back);
        let data = Split {
            train: rehearsal.clone(),
            validation: pen_images(&pen_digits(&held_back)),
            drawings: Drawings {
                digits: pen_digits(&learnt),
                ..Drawings::default()
            },
        };
        let state = TrainState {
            learner: Learner {
                network: network.clone().unfreeze().train(),
                optimizer: self.config.optimizer(),
                scope: self.scope,
            },
            position: Position::default(),
            running: Running::default(),
        };
        let before = network.clone();
        let lesson = Lesson::new(&self.config, &data)?;
        let mut watch = Watch::new(self, network);
        let hear = |event: TrainEvent| match watch.hear(event) {
            Heard::Nothing => ControlFlow::Continue(()),
            Heard::Step(learning) => listen(learning),
            Heard::LastStep(learning) => {
                // The listener gets the last step, but can no longer stop it.
                let _ = listen(learning);
                ControlFlow::Break(())
            }
        };
        follow(&lesson, state, &self.config, device, 1, hear).await?;
        match watch.best.step {
            // No loss was finite.
            0 => Err(TrainError::Diverged { epoch: 1, step: 0 }),
            _ => Ok(Taught {
                network: before.towards(watch.best.network, SHARE),
                ..watch.best
            }),
        }
    }
}

fn pen_digits(samples: &[&Sample]) -> Vec<PenDigit> {
    let digit = |sample: &&Sample| PenDigit {
        writer: String::new(),
        label: sample.label,
        strokes: sample.strokes.clone(),
    };
    samples.iter().map(digit).collect()
}

/// Turns the loop's events into progress reports, and keeps the best network.
struct Watch {
    n_steps: usize,
    patience: usize,
    /// Metrics of the epoch up to the previous step.
    before: Running,
    step: Option<Learning>,
    best: Taught,
    /// Best loss on the held-back samples.
    best_loss: f64,
    /// Epochs since then.
    n_worse: usize,
}

enum Heard {
    Nothing,
    Step(Learning),
    LastStep(Learning),
}

impl Watch {
    fn new(teaching: &Teaching, network: Network) -> Self {
        Self {
            n_steps: teaching.n_steps(),
            patience: teaching.patience,
            before: Running::default(),
            step: None,
            best: Taught { network, step: 0 },
            best_loss: f64::INFINITY,
            n_worse: 0,
        }
    }

    fn hear(&mut self, event: TrainEvent) -> Heard {
        match event {
            // Reported once its loss is known.
            TrainEvent::Step { .. } => Heard::Nothing,
            TrainEvent::Progress {
                running, is_last, ..
            } => {
                let n_seen = (running.n_seen - self.before.n_seen).max(1) as f64;
                let n_correct = running.n_correct - self.before.n_correct;
                let learning = Learning {
                    step: self.step.map_or(0, |step| step.step) + 1,
                    n_steps: self.n_steps,
                    loss: (running.loss_sum - self.before.loss_sum) / n_seen,
                    accuracy: n_correct as f64 / n_seen,
                    held_back: None,
                };
                self.before = running;
                self.step = Some(learning);
                match is_last {
                    // Reported once the held-back samples have been measured.
                    true => Heard::Nothing,
                    false => Heard::Step(learning),
                }
            }
            TrainEvent::Epoch {
                validation,
                network,
                ..
            } => {
                self.before = Running::default();
                let Some(mut learning) = self.step else {
                    return Heard::Nothing;
                };
                learning.held_back = (validation.total() > 0).then(|| validation.accuracy());
                match self.keep(learning.step, validation, network) {
                    true => Heard::Step(learning),
                    false => Heard::LastStep(learning),
                }
            }
        }
    }

    /// Keeps the network if it is about as good as the best so far. Returns whether to continue.
    fn keep(&mut self, step: usize, validation: &EvalReport, network: &Network) -> bool {
        // Without held-back samples the loss is 0, and the last network is kept.
        if validation.loss < self.best_loss + TOLERANCE {
            self.best_loss = self.best_loss.min(validation.loss);
            self.n_worse = 0;
            self.best = Taught {
                network: network.clone(),
                step,
            };
        } else {
            self.n_worse += 1;
        }
        self.n_worse < self.patience
    }
}

/// Augmentation of MNIST images, as in the networks' training.
const AUGMENTATION: Augmentation = Augmentation {
    rotation_degrees: 8.0,
    resize: 0.06,
    aspect: 0.06,
    shear: 0.1,
    shift_pixels: 1.0,
    unchanged: 0.3,
    ..Augmentation::NONE
};

/// Augmentation of the drawings, which must preserve the person's habits.
const RESTYLE: Restyle = Restyle {
    rotation_degrees: 10.0,
    shear: 0.2,
    aspect: 0.15,
    elastic: 0.05,
    ink_radius: [0.9, 1.7],
    speed: 3,
    cut: 0.0,
    habit: 0.0,
};
