//! The two recipes for each network: its source's, and ours.

use super::config::{DrawingsConfig, Objective, OptimizerConfig, Schedule, Start, TrainConfig};
use crate::data::{Augmentation, Restyle};
use crate::zoo::{ModelId, Multipliers};

/// Where a configuration comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipe {
    /// Our best settings, chosen on validation data.
    Best,
    /// The settings of the network's source, for comparison. The network's card lists what the source leaves open.
    Source,
}

impl Recipe {
    /// The name on the command line and in a run's folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::Source => "source",
        }
    }
}

/// As much as a digit can take, judged by eye. These were the first amounts tried, and all targets were met with them.
const AFFINE: Augmentation = Augmentation {
    rotation_degrees: 12.0,
    resize: 0.1,
    aspect: 0.08,
    shear: 0.12,
    shift_pixels: 1.5,
    ..Augmentation::NONE
};

const ELASTIC: Augmentation = Augmentation {
    elastic_pixels: 1.5,
    ..AFFINE
};

const DRAWINGS: DrawingsConfig = DrawingsConfig {
    digits: 16_000,
    others: 12_000,
    softening: Augmentation {
        resize: 0.05,
        shift_pixels: 1.0,
        unchanged: 0.6,
        ..Augmentation::NONE
    },
    restyle: Restyle {
        rotation_degrees: 10.0,
        shear: 0.3,
        aspect: 0.2,
        elastic: 0.05,
        ink_radius: [0.9, 1.7],
        speed: 4,
        cut: 0.1,
        habit: 0.25,
    },
};

/// Like `DRAWINGS`, but characters have no habits and their strokes no speed. Nothing is cut off, since that could be
/// the distinguishing part.
const CHARACTERS: Restyle = Restyle {
    speed: 1,
    cut: 0.0,
    habit: 0.0,
    ..DRAWINGS.restyle
};

impl TrainConfig {
    pub fn new(model: ModelId, recipe: Recipe) -> Self {
        let common = Self {
            model: model.name().into(),
            multipliers: Multipliers::ONE,
            seed: 42,
            split_seed: 2026,
            n_validation: 12_000,
            n_train: 48_000,
            epoch_images: None,
            epochs: 10,
            batch_size: 64,
            optimizer: OptimizerConfig::AdamW,
            learning_rate: 0.001,
            weight_decay: 0.0,
            schedule: Schedule::Constant,
            augmentation: Augmentation::NONE,
            objective: Objective::Classify,
            start: Start::FanIn,
            drawings: None,
        };
        match recipe {
            Recipe::Best => best(model, common),
            Recipe::Source => source(model, common),
        }
    }
}

fn best(model: ModelId, common: TrainConfig) -> TrainConfig {
    let adam_w = TrainConfig {
        batch_size: 128,
        learning_rate: 0.002,
        weight_decay: 0.02,
        schedule: Schedule::Cosine { warmup_epochs: 1.0 },
        augmentation: ELASTIC,
        ..common.clone()
    };
    match model {
        // With one template per digit, it tolerates little augmentation.
        ModelId::Softmax => TrainConfig {
            epochs: 30,
            learning_rate: 0.001,
            augmentation: Augmentation {
                shift_pixels: 0.3,
                elastic_pixels: 0.5,
                ..Augmentation::NONE
            },
            ..adam_w
        },
        ModelId::Mlp512x128x32 | ModelId::Fcnn512x256 => TrainConfig {
            epochs: 60,
            ..adam_w
        },
        ModelId::Mlp128x64 => TrainConfig {
            epochs: 80,
            augmentation: AFFINE,
            ..adam_w
        },
        ModelId::LeNet6x12 => TrainConfig {
            epochs: 60,
            learning_rate: 0.004,
            ..adam_w
        },
        ModelId::Cnn16x32 => TrainConfig {
            epochs: 30,
            ..adam_w
        },
        ModelId::Cnn4x8x16x32 | ModelId::Separable32x64 => TrainConfig {
            epochs: 15,
            ..adam_w
        },
        ModelId::Cnn32x64 => TrainConfig {
            epochs: 10,
            learning_rate: 0.001,
            ..adam_w
        },
        // 16,384 pairs, each used for one step only.
        ModelId::Siamese => TrainConfig {
            n_train: 300,
            epochs: 16,
            batch_size: 32,
            learning_rate: 0.0004,
            augmentation: Augmentation::NONE,
            objective: Objective::Pairs {
                glyphs: 1024,
                temperature: 0.1,
            },
            start: Start::Even { deviation: 0.1 },
            ..adam_w
        },
        ModelId::Embedding => TrainConfig {
            epochs: 10,
            batch_size: 128,
            learning_rate: 0.003,
            augmentation: ELASTIC,
            objective: Objective::Characters {
                pairs: 25_600,
                temperature: 0.07,
                restyle: CHARACTERS,
                softening: DRAWINGS.softening,
            },
            ..adam_w
        },
        ModelId::TinyBn => TrainConfig {
            epochs: 30,
            ..momentum(common)
        },
        ModelId::Pen | ModelId::PenSmall => TrainConfig {
            epochs: if model == ModelId::Pen { 30 } else { 18 },
            augmentation: Augmentation {
                unchanged: 0.3,
                ..AFFINE
            },
            drawings: Some(DRAWINGS),
            ..momentum(common)
        },
    }
}

/// The best settings for batch-normalised convolutions.
fn momentum(common: TrainConfig) -> TrainConfig {
    TrainConfig {
        batch_size: 64,
        optimizer: OptimizerConfig::Sgd { momentum: 0.9 },
        learning_rate: 0.05,
        weight_decay: 1e-4,
        schedule: Schedule::Cosine { warmup_epochs: 2.0 },
        augmentation: AFFINE,
        ..common
    }
}

fn source(model: ModelId, common: TrainConfig) -> TrainConfig {
    let sgd = OptimizerConfig::Sgd { momentum: 0.0 };
    match model {
        ModelId::Softmax => TrainConfig {
            optimizer: sgd,
            learning_rate: 0.009,
            ..common
        },
        ModelId::Mlp512x128x32 => TrainConfig {
            optimizer: sgd,
            learning_rate: 0.11,
            ..common
        },
        ModelId::LeNet6x12 => TrainConfig {
            batch_size: 100,
            learning_rate: 0.002,
            epochs: 50,
            ..common
        },
        // 4,300 iterations.
        ModelId::Cnn4x8x16x32 | ModelId::Cnn32x64 | ModelId::Separable32x64 => TrainConfig {
            batch_size: 128,
            epochs: 11,
            ..common
        },
        ModelId::Fcnn512x256 | ModelId::Cnn16x32 => TrainConfig {
            epochs: 20,
            ..common
        },
        ModelId::Mlp128x64 => TrainConfig {
            batch_size: 32,
            ..common
        },
        // The source doesn't give margin and learning rate: these are FaceNet's margin and Adam's default.
        ModelId::Siamese => TrainConfig {
            n_train: 300,
            batch_size: 10,
            epochs: 5,
            objective: Objective::Triplet { margin: 0.2 },
            ..common
        },
        // It has no source, so it uses that of the Siamese network.
        ModelId::Embedding => TrainConfig {
            n_train: 300,
            objective: Objective::Triplet { margin: 0.2 },
            ..common
        },
        // They have no source, so they train on MNIST alone instead.
        ModelId::Pen | ModelId::PenSmall => TrainConfig {
            epochs: 10,
            ..momentum(common)
        },
        ModelId::TinyBn => TrainConfig {
            epochs: 20,
            optimizer: OptimizerConfig::Sgd { momentum: 0.9 },
            learning_rate: 0.01,
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
            ..common
        },
    }
}
