//! What decides a training run.

use burn::optim::momentum::MomentumConfig;
use burn::optim::{ModuleOptimizer, SgdConfig};
use serde::{Deserialize, Serialize};

use super::few_shot::Metric;
use super::optim::{adam_w, optimizer};
use crate::data::{Augmentation, Restyle};
use crate::protocol::OptimizerKind;
use crate::zoo::Multipliers;

/// Everything that decides a run: the same configuration on the same device gives the same weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainConfig {
    /// The network's name in the registry.
    pub model: String,
    /// For networks that have them; see [`Multipliers`].
    pub multipliers: Multipliers,
    pub seed: u64,
    /// Seed of the split into training and validation.
    pub split_seed: u64,
    pub n_validation: usize,
    /// Images of the training part that are used, at most.
    pub n_train: usize,
    /// Images of one epoch, drawn anew for each, where it is not to have all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch_images: Option<usize>,
    pub epochs: usize,
    pub batch_size: usize,
    pub optimizer: OptimizerConfig,
    /// The largest of the schedule.
    pub learning_rate: f64,
    /// L2 penalty of SGD, decoupled decay of AdamW.
    pub weight_decay: f32,
    pub schedule: Schedule,
    pub augmentation: Augmentation,
    #[serde(default)]
    pub objective: Objective,
    #[serde(default)]
    pub start: Start,
    /// For networks that learn from pens too, and where digits end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawings: Option<DrawingsConfig>,
}

/// How many drawings an epoch has beside the images, each changed anew.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrawingsConfig {
    /// Digits of pens.
    pub digits: usize,
    /// Ink that is no digit: letters, neighbours, scribbles.
    pub others: usize,
    pub restyle: Restyle,
    /// What is then done to some of the images, as to those of MNIST.
    pub softening: Augmentation,
}

/// How the weights of a fresh network are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Start {
    /// Evenly within `1 / sqrt(fan in)`, biases too, as PyTorch draws them.
    #[default]
    FanIn,
    /// Evenly, with the same standard deviation in all layers; biases 0. A step of Adam moves all weights about as far, so
    /// equal weights change by an equal share. Only for a network whose output's length has no meaning.
    Even { deviation: f32 },
}

/// What a network is to learn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Objective {
    /// The class of an image: cross-entropy of its logits.
    #[default]
    Classify,
    /// Embeddings of triplets: that of an image is closer to that of another of its class than to one of another class,
    /// by `margin` in squared distance (Schroff et al. 2015).
    Triplet { margin: f32 },
    /// Embeddings of pairs: of the second drawings of all [glyphs](super::Glyph) of a batch, the
    /// one of its own glyph points most nearly where the first does, and the other way round. A softmax over
    /// cosines, divided by `temperature` (Sohn 2016; Chen et al. 2020).
    Pairs {
        /// How many glyphs make an epoch.
        glyphs: usize,
        temperature: f32,
    },
    /// The same of characters of many scripts in place of glyphs, each turn of a character by a quarter a class of its own,
    /// and of digits. Half of a batch is of one script and one turn, for those are the hardest to tell apart.
    Characters {
        /// How many pairs make an epoch.
        pairs: usize,
        temperature: f32,
        /// What is done to a drawing's strokes, and then to some of the images.
        restyle: Restyle,
        softening: Augmentation,
    },
}

impl Objective {
    /// How embeddings are compared, where the network is to give embeddings.
    pub fn metric(self) -> Option<Metric> {
        match self {
            Self::Classify => None,
            Self::Triplet { .. } => Some(Metric::Distance),
            Self::Pairs { .. } | Self::Characters { .. } => Some(Metric::Direction),
        }
    }
}

/// What moves weights along their gradients.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum OptimizerConfig {
    /// Stochastic gradient descent; with momentum it is Nesterov's under a cosine.
    Sgd { momentum: f64 },
    /// (Loshchilov and Hutter 2017)
    AdamW,
}

/// How the learning rate moves.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Schedule {
    /// Up in a straight line, then down to 0 along half a cosine (Loshchilov and Hutter 2016, with
    /// the warm-up of Goyal et al. 2017).
    Cosine {
        warmup_epochs: f64,
    },
    /// Times `factor` every `epochs` epochs.
    Step {
        epochs: usize,
        factor: f64,
    },
    Constant,
}

impl TrainConfig {
    /// Drawings of one epoch, beside the images.
    pub fn n_drawings(&self) -> usize {
        let n = |drawings: &DrawingsConfig| drawings.digits + drawings.others;
        self.drawings.as_ref().map_or(0, n)
    }

    /// Images of one epoch, or the pairs of them that a network of embeddings takes.
    pub fn n_items(&self) -> usize {
        match self.objective {
            Objective::Pairs { glyphs, .. } => glyphs,
            Objective::Characters { pairs, .. } => pairs,
            Objective::Classify | Objective::Triplet { .. } => self.n_train + self.n_drawings(),
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
