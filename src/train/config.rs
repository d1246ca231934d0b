//! What decides a training run.

use burn::optim::momentum::MomentumConfig;
use burn::optim::{ModuleOptimizer, SgdConfig};
use serde::{Deserialize, Serialize};

use crate::data::Augmentation;
use crate::zoo::ModelId;

/// Everything that decides a run: the same configuration on the same device gives the same weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainConfig {
    /// The network's name in the registry.
    pub model: String,
    pub seed: u64,
    /// Seed of the split into training and validation.
    pub split_seed: u64,
    pub n_validation: usize,
    /// Images of the training part that are used, at most.
    pub n_train: usize,
    pub epochs: usize,
    pub batch_size: usize,
    /// Largest learning rate of stochastic gradient descent.
    pub learning_rate: f64,
    pub momentum: f64,
    /// L2 penalty.
    pub weight_decay: f32,
    pub schedule: Schedule,
    pub augmentation: Augmentation,
}

/// How the learning rate moves.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Schedule {
    /// Up in a straight line, then down to 0 along half a cosine (Loshchilov and Hutter 2016, with
    /// the warm-up of Goyal et al. 2017).
    Cosine { warmup_epochs: f64 },
    /// Times `factor` every `epochs` epochs.
    Step { epochs: usize, factor: f64 },
}

/// Where a configuration comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipe {
    /// What serves best here, chosen on validation data.
    Inkling,
    /// What the network's source says.
    Source,
}

impl TrainConfig {
    pub fn new(model: ModelId, recipe: Recipe) -> Self {
        let inkling = Self {
            model: model.name().into(),
            seed: 42,
            split_seed: 2026,
            n_validation: 12_000,
            n_train: 48_000,
            epochs: 30,
            batch_size: 64,
            learning_rate: 0.05,
            momentum: 0.9,
            weight_decay: 1e-4,
            schedule: Schedule::Cosine { warmup_epochs: 2.0 },
            augmentation: Augmentation {
                rotation_degrees: 12.0,
                resize: 0.1,
                aspect: 0.08,
                shear: 0.12,
                shift_pixels: 1.5,
            },
        };
        match recipe {
            Recipe::Inkling => inkling,
            Recipe::Source => Self {
                epochs: 20,
                learning_rate: 0.01,
                weight_decay: 0.0,
                schedule: Schedule::Step {
                    epochs: 15,
                    factor: 0.1,
                },
                augmentation: Augmentation {
                    rotation_degrees: 7.0,
                    resize: 0.1,
                    shift_pixels: 1.0,
                    ..Augmentation::NONE
                },
                ..inkling
            },
        }
    }

    /// Steps of one epoch over `n_images`. A last batch that is not full counts too.
    pub fn n_steps(&self, n_images: usize) -> usize {
        n_images.div_ceil(self.batch_size)
    }

    /// The learning rate of a step, where `n_steps` make an epoch.
    pub fn learning_rate_at(&self, epoch: usize, step: usize, n_steps: usize) -> f64 {
        let now = epoch as f64 + step as f64 / n_steps as f64;
        match self.schedule {
            Schedule::Cosine { warmup_epochs } if now < warmup_epochs => {
                self.learning_rate * (now + 1.0 / n_steps as f64) / warmup_epochs
            }
            Schedule::Cosine { warmup_epochs } => {
                let share = (now - warmup_epochs) / (self.epochs as f64 - warmup_epochs);
                self.learning_rate * 0.5 * (1.0 + (std::f64::consts::PI * share).cos())
            }
            Schedule::Step { epochs, factor } => {
                self.learning_rate * factor.powi((epoch / epochs) as i32)
            }
        }
    }

    pub fn optimizer(&self) -> ModuleOptimizer {
        let momentum = MomentumConfig::new()
            .with_momentum(self.momentum)
            .with_dampening(0.0)
            .with_nesterov(matches!(self.schedule, Schedule::Cosine { .. }));
        let decay = burn::optim::decay::WeightDecayConfig::new(self.weight_decay);
        SgdConfig::new()
            .with_momentum(Some(momentum))
            .with_weight_decay((self.weight_decay > 0.0).then_some(decay))
            .init()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cosine_rises_and_falls_to_nothing() {
        let config = TrainConfig::new(ModelId::DEFAULT, Recipe::Inkling);
        let at = |epoch, step| config.learning_rate_at(epoch, step, 100);
        assert!(at(0, 0) > 0.0 && at(0, 0) < 0.001);
        assert_eq!(at(2, 0), config.learning_rate);
        assert!(at(10, 0) > at(20, 0));
        assert!(at(config.epochs - 1, 99) < config.learning_rate * 1e-3);
    }

    #[test]
    fn the_sources_recipe_decays_by_ten_after_fifteen_epochs() {
        let config = TrainConfig::new(ModelId::TinyBn, Recipe::Source);
        assert_eq!(config.learning_rate_at(14, 99, 100), 0.01);
        assert!((config.learning_rate_at(15, 0, 100) - 0.001).abs() < 1e-12);
    }

    #[test]
    fn a_last_batch_that_is_not_full_is_a_step() {
        let config = TrainConfig {
            batch_size: 64,
            ..TrainConfig::new(ModelId::TinyBn, Recipe::Inkling)
        };
        assert_eq!(config.n_steps(48_000), 750);
        assert_eq!(config.n_steps(65), 2);
    }
}
