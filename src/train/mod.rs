//! Training: pure steps, schedules, metrics, and one visible loop that reports [`TrainEvent`]s.
//!
//! This module must not know its listeners, files or the web.

mod calibration;
mod characters;
mod config;
mod course;
mod evaluate;
mod few_shot;
mod fit;
mod glyph;
mod lesson;
mod optim;
mod recipe;
mod start;
mod step;
mod teach;
mod triplet;

pub use calibration::Calibration;
pub use config::{DrawingsConfig, Objective, OptimizerConfig, Schedule, Start, TrainConfig};
pub use evaluate::{CalibrationBin, Confusion, EvalReport, evaluate};
pub use few_shot::{Distances, Embeddings, Estimate, Metric, blurred, estimate, features};
pub use fit::{Ended, Position, Running, TrainError, TrainEvent, TrainState, fit};
pub use glyph::Glyph;
pub use optim::optimizer;
pub use recipe::Recipe;
pub use step::{Batch, Learner, StepMetrics, labels_tensor};
pub use teach::{Learning, Taught, Teaching};
pub use triplet::{EmbeddingTask, N_EXAMPLES, SEEN};
