//! One step of training: state in, state and metrics out.

use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::digit::DigitImage;
use crate::zoo::{Network, images_tensor};

/// Images and labels on a device.
#[derive(Clone, Debug)]
pub struct Batch {
    /// `[batch, 1, 28, 28]`, normalised.
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
        let labels: Vec<i32> = labels.iter().map(|&label| label.into()).collect();
        let n = labels.len();
        Self {
            images: images_tensor(images, device),
            labels: Tensor::from_data(TensorData::new(labels, [n]), device),
        }
    }
}

/// A network and the optimiser that moves it.
#[derive(Clone)]
pub struct Learner {
    /// On a device with autodiff.
    pub network: Network,
    pub optimizer: ModuleOptimizer,
}

/// What a step measured, still on the device so that reading it does not stall a GPU.
pub struct StepMetrics {
    /// Sum of the items' losses, `[1]`.
    pub loss_sum: Tensor<1>,
    /// Items read right before the update, `[1]`.
    pub n_correct: Tensor<1, Int>,
}

impl Learner {
    /// Forward, mean cross-entropy, backward, update.
    pub fn step(mut self, batch: Batch, learning_rate: f64) -> (Self, StepMetrics) {
        let [n, ..] = batch.images.dims();
        let logits = self.network.forward(batch.images);
        let n_correct = n_correct(logits.clone().without_autodiff(), batch.labels.clone());
        let loss = CrossEntropyLossConfig::new()
            .init(&logits.device())
            .forward(logits, batch.labels);
        let gradients = GradientsParams::from_grads(loss.backward(), &self.network);
        let loss_sum = loss.without_autodiff().mul_scalar(n as f32);
        self.network = self.optimizer.step(learning_rate, self.network, gradients);
        (
            self,
            StepMetrics {
                loss_sum,
                n_correct,
            },
        )
    }

    /// The network as it infers: no gradients, running statistics, no dropout.
    pub fn valid(&self) -> Network {
        self.network.valid()
    }

    /// Makes the last step's running statistics part of the network, so that it can be saved. Batch
    /// normalisation holds them back until they are next asked for, and records leave them out.
    pub fn settle(&self) {
        drop(self.network.valid());
    }
}

fn n_correct(logits: Tensor<2>, labels: Tensor<1, Int>) -> Tensor<1, Int> {
    let labels = labels.without_autodiff();
    logits
        .argmax(1)
        .flatten::<1>(0, 1)
        .equal(labels)
        .int()
        .sum()
}
