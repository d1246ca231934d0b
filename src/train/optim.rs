//! Plain optimisers with one operation per tensor; Burn's take two (SGD) to a dozen (Adam).

use burn::optim::{AdamState, AdaptiveMomentumState, LearningRate, ModuleOptimizer, Optimizer};
use burn::tensor::{Device, Tensor};

use crate::kernels::{self, AdamFactors};
use crate::protocol::OptimizerKind;

/// SGD without momentum (Robbins and Monro 1951), or Adam (Kingma and Ba 2014) with betas 0.9 and
/// 0.999 and epsilon 1e-8.
pub fn optimizer(kind: OptimizerKind) -> ModuleOptimizer {
    match kind {
        OptimizerKind::Sgd => Sgd.into(),
        OptimizerKind::Adam => adam_w(0.0),
    }
}

/// Adam whose weight decay is decoupled from the gradient (Loshchilov and Hutter 2017): a step leaves
/// `1 - learning rate · decay` of a parameter. Biases decay too.
pub fn adam_w(decay: f32) -> ModuleOptimizer {
    Adam { decay }.into()
}

#[derive(Clone)]
struct Sgd;

impl Optimizer for Sgd {
    type State<const D: usize> = ();

    fn step<const D: usize>(
        &self,
        learning_rate: LearningRate,
        tensor: Tensor<D>,
        grad: Tensor<D>,
        _state: Option<()>,
    ) -> (Tensor<D>, Option<()>) {
        (kernels::sgd_step(tensor, grad, learning_rate as f32), None)
    }

    fn to_device<const D: usize>(_state: (), _device: &Device) {}
}

const BETA_1: f32 = 0.9;
const BETA_2: f32 = 0.999;
const EPSILON: f32 = 1e-8;

#[derive(Clone)]
struct Adam {
    decay: f32,
}

impl Optimizer for Adam {
    type State<const D: usize> = AdamState<D>;

    fn step<const D: usize>(
        &self,
        learning_rate: LearningRate,
        tensor: Tensor<D>,
        grad: Tensor<D>,
        state: Option<AdamState<D>>,
    ) -> (Tensor<D>, Option<AdamState<D>>) {
        let momentum = match state {
            Some(state) => state.momentum,
            None => AdaptiveMomentumState::new(0, grad.zeros_like(), grad.zeros_like()),
        };
        let time = momentum.time + 1;
        let correction = |beta: f32| 1.0 - beta.powi(time as i32);
        let root = correction(BETA_2).sqrt();
        let factors = AdamFactors {
            beta_1: BETA_1,
            beta_2: BETA_2,
            step: learning_rate as f32 * root / correction(BETA_1),
            epsilon: EPSILON * root,
            keep: 1.0 - learning_rate as f32 * self.decay,
        };
        let (tensor, moment_1, moment_2) =
            kernels::adam_step(tensor, momentum.moment_1, momentum.moment_2, grad, factors);
        let momentum = AdaptiveMomentumState::new(time, moment_1, moment_2);
        (tensor, Some(AdamState::new(momentum)))
    }

    fn to_device<const D: usize>(mut state: AdamState<D>, device: &Device) -> AdamState<D> {
        state.momentum = state.momentum.to_device(device);
        state
    }
}
