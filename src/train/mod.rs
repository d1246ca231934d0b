//! Training: pure steps, schedules, metrics, and one visible loop that reports [`TrainEvent`]s.
//!
//! This module must not know who listens, nor files, nor the web.

mod config;
mod evaluate;
mod fit;
mod optim;
mod recipe;
mod step;

pub use config::{OptimizerConfig, Schedule, TrainConfig};
pub use evaluate::{CalibrationBin, Confusion, EvalReport, evaluate};
pub use fit::{Ended, Position, Running, TrainError, TrainEvent, TrainState, fit};
pub use optim::optimizer;
pub use recipe::Recipe;
pub use step::{Batch, Learner, StepMetrics, labels_tensor};
