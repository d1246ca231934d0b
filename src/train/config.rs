//! The configuration of a training run.

use burn::optim::momentum::MomentumConfig;
use burn::optim::{ModuleOptimizer, SgdConfig};
use serde::{Deserialize, Serialize};

use super::few_shot::Metric;
use super::optim::{adam_w, optimizer};
use crate::data::{Augmentation, Restyle};
use crate::protocol::OptimizerKind;
use crate::zoo::Multipliers;

/// Everything that determines a run: the same configuration on the same device gives the same weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainConfig {
    /// The network's name in the registry.
    pub model: String,
    /// Only for networks that support them; see [`Multipliers`].
    pub multipliers: Multipliers,
    pub seed: u64,
    /// Seed of the split into training and validation.
    pub split_seed: u64,
    pub n_validation: usize,
    /// The maximum number of training images to use.
    pub n_train: usize,
    /// Images per epoch, drawn again for each epoch; `None` uses all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch_images: Option<usize>,
    pub epochs: usize,
    pub batch_size: usize,
    pub optimizer: OptimizerConfig,
    /// The schedule's largest learning rate.
    pub learning_rate: f64,
    /// L2 penalty of SGD, decoupled decay of AdamW.
    pub weight_decay: f32,
    pub schedule: Schedule,
    pub augmentation: Augmentation,
    #[serde(default)]
    pub objective: Objective,
    #[serde(default)]
    pub start: Start,
    /// For networks that also learn from pens and learn to reject ink that isn't a digit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawings: Option<DrawingsConfig>,
}

/// The drawings that an epoch has in addition to the images, augmented again each time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrawingsConfig {
    /// Number of pen digits.
    pub digits: usize,
    /// Number of drawings that aren't digits: letters, neighbours, scribbles.
    pub others: usize,
    pub restyle: Restyle,
    /// The augmentation that some of the images then get, as MNIST's do.
    pub softening: Augmentation,
}

/// How the weights of a new network are initialised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Start {
    /// Uniform within `1 / sqrt(fan in)`, including biases, as in PyTorch.
    #[default]
    FanIn,
    /// Uniform, with the same standard deviation in all layers; biases 0. A step of Adam moves all weights about
    /// equally far, so weights of equal size change by an equal share. Only for networks whose output length has no
    /// meaning.
    Even { deviation: f32 },
}

/// What a network learns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Objective {
    /// The class of an image: cross-entropy of its logits.
    #[default]
    Classify,
    /// Embeddings of triplets: an image's embedding must be closer to another of its class than to one of another
    /// class, by `margin` in squared distance (Schroff et al. 2015).
    Triplet { margin: f32 },
    /// Embeddings of pairs, two drawings of each [glyph](super::Glyph) in a batch. The first drawing's embedding must
    /// point closest to the second drawing of its own glyph among all second drawings, and vice versa. A softmax over
    /// cosines, divided by `temperature` (Sohn 2016; Chen et al. 2020).
    Pairs {
        /// How many glyphs make an epoch.
        glyphs: usize,
        temperature: f32,
    },
    /// The same with digits and characters of many scripts instead of glyphs. Each quarter turn of a character is a
    /// separate class. Half of a batch comes from one script and one rotation, because those are the hardest to
    /// separate.
    Characters {
        /// How many pairs make an epoch.
        pairs: usize,
        temperature: f32,
        /// The augmentation of a drawing's strokes, and then of some of the images.
        restyle: Restyle,
        softening: Augmentation,
    },
}

impl Objective {
    /// How embeddings are compared; `None` unless the network learns embeddings.
    pub fn metric(self) -> Option<Metric> {
        match self {
            Self::Classify => None,
            Self::Triplet { .. } => Some(Metric::Distance),
            Self::Pairs { .. } | Self::Characters { .. } => Some(Metric::Direction),
        }
    }
}

/// The optimiser.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum OptimizerConfig {
    /// Stochastic gradient descent. Momentum is Nesterov's under a cosine schedule.
    Sgd { momentum: f64 },
    /// AdamW (Loshchilov and Hutter 2017).
    AdamW,
}

/// The learning rate schedule.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Schedule {
    /// Linear warm-up (Goyal et al. 2017), then down to 0 along half a cosine (Loshchilov and Hutter 2016).
    Cosine {
        warmup_epochs: f64,
    },
    /// Multiplies by `factor` every `epochs` epochs.
    Step {
        epochs: usize,
        factor: f64,
    },
    Constant,
}

impl TrainConfig {
    /// Drawings per epoch, in addition to the images.
    pub fn n_drawings(&self) -> usize {
        let n = |drawings: &DrawingsConfig| drawings.digits + drawings.others;
        self.drawings.as_ref().map_or(0, n)
    }

    /// Images per epoch; for an embedding network, pairs of images.
    pub fn n_items(&self) -> usize {
        match self.objective {
            Objective::Pairs { glyphs, .. } => glyphs,
            Objective::Characters { pairs, .. } => pairs,
            Objective::Classify | Objective::Triplet { .. } => self.n_train + self.n_drawings(),
        }
    }

    /// Steps per epoch over `n_images`. An incomplete last batch counts too.
    pub fn n_steps(&self, n_images: usize) -> usize {
        n_images.div_ceil(self.batch_size)
    }

    /// The learning rate of a step in an epoch of `n_steps`.
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
            Schedule::Constant => self.learning_rate,
        }
    }

    pub fn optimizer(&self) -> ModuleOptimizer {
        match self.optimizer {
            OptimizerConfig::AdamW => adam_w(self.weight_decay),
            OptimizerConfig::Sgd { momentum: 0.0 } if self.weight_decay == 0.0 => {
                optimizer(OptimizerKind::Sgd)
            }
            OptimizerConfig::Sgd { momentum } => {
                let momentum = MomentumConfig::new()
                    .with_momentum(momentum)
                    .with_dampening(0.0)
                    .with_nesterov(matches!(self.schedule, Schedule::Cosine { .. }));
                let decay = burn::optim::decay::WeightDecayConfig::new(self.weight_decay);
                SgdConfig::new()
                    .with_momentum(Some(momentum))
                    .with_weight_decay((self.weight_decay > 0.0).then_some(decay))
                    .init()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Recipe;
    use crate::zoo::ModelId;

    #[test]
    fn a_cosine_rises_and_falls_to_nothing() {
        let config = TrainConfig::new(ModelId::TinyBn, Recipe::Best);
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
            ..TrainConfig::new(ModelId::TinyBn, Recipe::Best)
        };
        assert_eq!(config.n_steps(48_000), 750);
        assert_eq!(config.n_steps(65), 2);
    }
}
