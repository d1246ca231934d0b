//! For graphics cards: one CubeCL kernel and one dispatch per operation, except for sums long enough to be worth two.
//! Sizes are arguments of the kernels, not constants in them, so that all layers of a network share a few shaders; a
//! browser compiles each at its first use. docs/experiments.md has the figures.

mod convolution;
mod depthwise;
mod loss;
mod optim;
mod pool;
mod product;
mod sum;
mod tensor;
mod weight_gradient;

use burn::backend::Cube;
use burn::backend::tensor::{FloatTensor, IntTensor};

use super::{Activation, AdamFactors, AdamTensors, Gradients, Kernels, Pool};

impl Kernels for Cube {
    fn conv_layer(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        padding: usize,
        activation: Activation,
    ) -> FloatTensor<Self> {
        convolution::convolution(&x, &weight, &bias, padding, activation)
    }

    fn depthwise_layer(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        padding: usize,
    ) -> FloatTensor<Self> {
        depthwise::convolution(&x, &weight, padding)
    }

    fn linear_layer(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        activation: Activation,
    ) -> FloatTensor<Self> {
        product::linear(&x, &weight, &bias, activation)
    }

    fn pool_layer(x: FloatTensor<Self>, pool: Pool) -> FloatTensor<Self> {
        pool::pool(&x, pool)
    }

    fn cross_entropy(logits: FloatTensor<Self>, labels: IntTensor<Self>) -> FloatTensor<Self> {
        loss::cross_entropy(&logits, &labels)
    }

    fn sgd_step(param: FloatTensor<Self>, grad: FloatTensor<Self>, rate: f32) -> FloatTensor<Self> {
        optim::sgd_step(&param, &grad, rate)
    }

    fn adam_step(
        tensors: AdamTensors<Self>,
        grad: FloatTensor<Self>,
        factors: AdamFactors,
    ) -> AdamTensors<Self> {
        optim::adam_step(&tensors, &grad, factors)
    }
}

impl Gradients for Cube {
    fn relu_grad(y: FloatTensor<Self>, grad: FloatTensor<Self>) -> FloatTensor<Self> {
        loss::relu_gradient(&y, &grad)
    }

    fn conv_grad_x(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        padding: usize,
    ) -> FloatTensor<Self> {
        convolution::grad_x(&x, &weight, &grad, padding)
    }

    fn conv_grad_weight(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        padding: usize,
    ) -> FloatTensor<Self> {
        weight_gradient::weight_gradient(&x, &weight, &grad, padding)
    }

    fn conv_grad_bias(grad: FloatTensor<Self>) -> FloatTensor<Self> {
        sum::bias_gradient(&grad)
    }

    fn depthwise_grad_x(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        padding: usize,
    ) -> FloatTensor<Self> {
        depthwise::grad_x(&x, &weight, &grad, padding)
    }

    fn depthwise_grad_weight(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        padding: usize,
    ) -> FloatTensor<Self> {
        depthwise::grad_weight(&x, &weight, &grad, padding)
    }

    fn linear_grad_x(weight: FloatTensor<Self>, grad: FloatTensor<Self>) -> FloatTensor<Self> {
        product::grad_x(&weight, &grad)
    }

    fn linear_grad_weight(x: FloatTensor<Self>, grad: FloatTensor<Self>) -> FloatTensor<Self> {
        product::grad_weight(&x, &grad)
    }

    fn linear_grad_bias(grad: FloatTensor<Self>) -> FloatTensor<Self> {
        sum::bias_gradient(&grad)
    }

    fn pool_grad(
        x: FloatTensor<Self>,
        y: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        pool: Pool,
    ) -> FloatTensor<Self> {
        pool::gradient(&x, &y, &grad, pool)
    }

    fn cross_entropy_grad(
        logits: FloatTensor<Self>,
        labels: IntTensor<Self>,
        grad: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        loss::cross_entropy_gradient(&logits, &labels, &grad)
    }
}
