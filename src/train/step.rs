//! One step of training: state in, state and metrics out.

use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::triplet::EmbeddingTask;
use crate::digit::DigitImage;
use crate::kernels;
use crate::protocol::Scope;
use crate::zoo::{Network, images_tensor};

/// Images and labels on a device.
#[derive(Clone, Debug)]
pub struct Batch {
    /// `[batch, 1, 28, 28]`, normalised; several per label if the network learns embeddings.
    pub images: Tensor<4>,
    /// `[batch]`, 0 to 9.
    pub labels: Tensor<1, Int>,
}

impl Batch {
    pub fn new<'a>(
        images: impl IntoIterator<Item = &'a DigitImage>,
        labels: &[u8],
        device: &Device,
    ) -> Self {
        Self {
            images: images_tensor(images, device),
            labels: labels_tensor(labels, device),
        }
    }
}

/// Labels as `[batch]`.
pub fn labels_tensor(labels: &[u8], device: &Device) -> Tensor<1, Int> {
    let labels: Vec<i32> = labels.iter().map(|&label| label.into()).collect();
    let n = labels.len();
    Tensor::from_data(TensorData::new(labels, [n]), device)
}

/// A network and its optimiser.
#[derive(Clone)]
pub struct Learner {
    /// On a device with autodiff.
    pub network: Network,
    pub optimizer: ModuleOptimizer,
    pub scope: Scope,
}

/// A step's metrics, still on the device so that reading them doesn't stall a GPU.
pub struct StepMetrics {
    /// Mean loss, `[1]`.
    pub loss: Tensor<1>,
    /// Logits from just before the update, `[batch, classes]`.
    logits: Tensor<2>,
    labels: Tensor<1, Int>,
}

impl Learner {
    /// Forward, mean cross-entropy, backward, update.
    pub fn step(self, batch: Batch, learning_rate: f64) -> (Self, StepMetrics) {
        let logits = self.logits(batch.images);
        let loss = kernels::cross_entropy(logits.clone(), batch.labels.clone());
        self.update(loss, logits, batch.labels, learning_rate)
    }

    /// The same, but labels may also be 10 for ink that isn't a digit, a class whose logit is always 0. See
    /// [`digit_probability`](crate::protocol::digit_probability).
    pub fn step_among_others(self, batch: Batch, learning_rate: f64) -> (Self, StepMetrics) {
        let logits = self.logits(batch.images);
        let no_digit = Tensor::zeros([logits.dims()[0], 1], &logits.device());
        let logits = Tensor::cat(vec![logits, no_digit], 1);
        let loss = kernels::cross_entropy(logits.clone(), batch.labels.clone());
        self.update(loss, logits, batch.labels, learning_rate)
    }

    fn logits(&self, images: Tensor<4>) -> Tensor<2> {
        match self.scope {
            Scope::Full => self.network.forward(images),
            Scope::Last => self.network.forward_last(images),
        }
    }

    /// Forward to the embeddings, the loss of a task, backward, update.
    pub fn embedding_step(
        self,
        batch: Batch,
        task: &EmbeddingTask,
        learning_rate: f64,
    ) -> (Self, StepMetrics) {
        let embeddings = self.network.features(batch.images);
        let (logits, loss) = task.loss(embeddings, batch.labels.clone());
        self.update(loss, logits, batch.labels, learning_rate)
    }

    fn update(
        mut self,
        loss: Tensor<1>,
        logits: Tensor<2>,
        labels: Tensor<1, Int>,
        learning_rate: f64,
    ) -> (Self, StepMetrics) {
        let metrics = StepMetrics {
            loss: loss.clone().without_autodiff(),
            logits: logits.without_autodiff(),
            labels: labels.without_autodiff(),
        };
        let gradients = GradientsParams::from_grads(loss.backward(), &self.network);
        self.network = self.optimizer.step(learning_rate, self.network, gradients);
        (self, metrics)
    }

    /// The network as it infers: no gradients, running statistics, no dropout.
    pub fn valid(&self) -> Network {
        self.network.valid()
    }

    /// Writes the last step's running statistics into the network, so that it can be saved. Batch normalisation
    /// applies them only on their next use, and records would leave them out.
    pub fn settle(&self) {
        drop(self.network.valid());
    }
}

impl StepMetrics {
    /// Sum of the items' losses, `[1]`.
    pub fn loss_sum(&self) -> Tensor<1> {
        let [n] = self.labels.dims();
        self.loss.clone().mul_scalar(n as f32)
    }

    /// Number of correct items, `[1]`.
    pub fn n_correct(&self) -> Tensor<1, Int> {
        let read = self.logits.clone().argmax(1).flatten::<1>(0, 1);
        read.equal(self.labels.clone()).int().sum()
    }
}
