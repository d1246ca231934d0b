//! The two kinds of course that [`fit`](super::fit()) runs: classes of images and drawings, or embeddings.

use burn::tensor::{Device, ExecutionError};

use super::config::TrainConfig;
use super::evaluate::{EvalReport, evaluate};
use super::fit::TrainError;
use super::lesson;
use super::step::{Learner, StepMetrics};
use super::triplet::EmbeddingTask;
use crate::data::Split;
use crate::zoo::Network;

pub(super) trait Course {
    /// Items per epoch.
    fn n_items(&self) -> usize;

    /// Runs one step on some of an epoch's items. `device` has autodiff.
    fn step(
        &self,
        learner: Learner,
        indices: &[usize],
        epoch: usize,
        learning_rate: f64,
        device: &Device,
    ) -> (Learner, StepMetrics);

    /// The network as it infers. Input and output are without autodiff.
    async fn for_inference(
        &self,
        network: Network,
        device: &Device,
    ) -> Result<Network, ExecutionError>;

    /// The figures that decide which epoch is best. The network comes from [`for_inference`](Self::for_inference).
    async fn validate(
        &self,
        network: &Network,
        device: &Device,
    ) -> Result<EvalReport, ExecutionError>;
}

/// Classification of images, and of drawings in addition to them.
pub(super) struct Lesson<'a> {
    config: &'a TrainConfig,
    data: &'a Split,
}

impl<'a> Lesson<'a> {
    pub fn new(config: &'a TrainConfig, data: &'a Split) -> Result<Self, TrainError> {
        if config.drawings.is_some() && data.drawings.digits.is_empty() {
            return Err(TrainError::NoDrawings);
        }
        if config.epoch_images.is_some() && data.train.is_empty() {
            return Err(TrainError::NoImages);
        }
        Ok(Self { config, data })
    }
}

impl Course for Lesson<'_> {
    fn n_items(&self) -> usize {
        lesson::n_items(self.config, self.data)
    }

    fn step(
        &self,
        learner: Learner,
        indices: &[usize],
        epoch: usize,
        learning_rate: f64,
        device: &Device,
    ) -> (Learner, StepMetrics) {
        let batch = lesson::batch(indices, epoch, self.config, self.data, device);
        // Without other ink, there is no class for it.
        match self.config.drawings {
            Some(drawings) if drawings.others > 0 => {
                learner.step_among_others(batch, learning_rate)
            }
            _ => learner.step(batch, learning_rate),
        }
    }

    async fn for_inference(&self, network: Network, _: &Device) -> Result<Network, ExecutionError> {
        Ok(network)
    }

    async fn validate(
        &self,
        network: &Network,
        device: &Device,
    ) -> Result<EvalReport, ExecutionError> {
        evaluate(network, &self.data.validation, device).await
    }
}

impl Course for EmbeddingTask {
    fn n_items(&self) -> usize {
        EmbeddingTask::n_items(self)
    }

    fn step(
        &self,
        learner: Learner,
        indices: &[usize],
        epoch: usize,
        learning_rate: f64,
        device: &Device,
    ) -> (Learner, StepMetrics) {
        let batch = self.batch(indices, epoch, device);
        learner.embedding_step(batch, self, learning_rate)
    }

    async fn for_inference(
        &self,
        network: Network,
        device: &Device,
    ) -> Result<Network, ExecutionError> {
        self.with_prototypes(network, device).await
    }

    async fn validate(
        &self,
        network: &Network,
        device: &Device,
    ) -> Result<EvalReport, ExecutionError> {
        EmbeddingTask::validate(self, network, device).await
    }
}
