//! Training: pure steps, schedules, metrics, and one visible loop that reports [`TrainEvent`]s.
//!
//! This module must not know who listens, nor files, nor the web.

mod config;
mod evaluate;
mod fit;
mod optim;
mod step;

pub use config::{Recipe, Schedule, TrainConfig};
pub use evaluate::{Confusion, EvalReport, evaluate};
pub use fit::{Ended, Position, Running, TrainError, TrainEvent, TrainState, fit};
pub use optim::optimizer;
pub use step::{Batch, Learner, StepMetrics, labels_tensor};
