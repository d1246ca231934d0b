//! The few operations that take most of a network's time, as an extension of Burn's backends. Burn's own operations
//! compute one thing each. Here a layer is one operation: convolution or product, bias and ReLU pass through memory
//! once, and on a graphics card they take one dispatch instead of six. Networks are still Burn modules on Burn
//! tensors, and train through Burn's autodiff.
//!
//! | backend | how |
//! |---|---|
//! | flex | [`inkling_simd`]: one SIMD matrix kernel for convolutions, products and their gradients |
//! | WebGPU, Vulkan, Metal, CUDA | [`cube`]: CubeCL kernels |
//! | ndarray | the default bodies: Burn's own operations, which are the reference for the others |
//!
//! docs/decisions/0007-kernels.md explains why, with figures. This module must not know networks.
#![allow(
    deprecated,
    reason = "ndarray is the fallback that the product promises; see docs/decisions"
)]

mod autodiff;
#[cfg(feature = "gpu")]
mod cube;
#[cfg(feature = "flex")]
mod flex;
mod reference;

use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, Dispatch, ExtensionType, TensorMetadata, backend_extension};
use burn::tensor::{Int, Tensor};

pub use inkling_simd::{Activation, AdamFactors, Pool};

/// A parameter and its moments, the input and output of an Adam step.
#[derive(Clone, Debug, ExtensionType)]
pub struct AdamTensors<B: Backend> {
    pub param: FloatTensor<B>,
    pub moment_1: FloatTensor<B>,
    pub moment_2: FloatTensor<B>,
}

/// Layers and optimiser steps. All tensors are contiguous f32, and convolutions have stride 1 and square kernels. The
/// default bodies define what each operation computes.
#[backend_extension(
    Autodiff,
    Flex: cfg(feature = "flex"),
    NdArray: cfg(feature = "ndarray"),
    Cube: cfg(feature = "gpu")
)]
pub trait Kernels: Backend {
    /// `[b, i, h, w]`, `[o, i, k, k]`, `[o]` to `[b, o, h + 2 padding - k + 1, w + 2 padding - k + 1]`.
    fn conv_layer(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        padding: usize,
        activation: Activation,
    ) -> FloatTensor<Self> {
        reference::conv_layer::<Self>(x, weight, bias, padding, activation)
    }

    /// [`conv_layer`](Self::conv_layer) and [`pool_layer`](Self::pool_layer) after it.
    fn conv_pool_layer(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        padding: usize,
        activation: Activation,
        pool: Pool,
    ) -> FloatTensor<Self> {
        Self::pool_layer(Self::conv_layer(x, weight, bias, padding, activation), pool)
    }

    /// `[b, c, h, w]`, `[c, 1, k, k]` to `[b, c, h', w']`, sized as for a convolution; each channel separately.
    fn depthwise_layer(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        padding: usize,
    ) -> FloatTensor<Self> {
        reference::depthwise_layer::<Self>(x, weight, padding)
    }

    /// `[b, i]`, `[i, o]`, `[o]` to `[b, o]`.
    fn linear_layer(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        activation: Activation,
    ) -> FloatTensor<Self> {
        reference::linear_layer::<Self>(x, weight, bias, activation)
    }

    /// The largest value of each window: `[b, c, h, w]` to `[b, c, (h + 2 padding - size) / stride + 1, …]`,
    /// rounded down.
    fn pool_layer(x: FloatTensor<Self>, pool: Pool) -> FloatTensor<Self> {
        reference::pool_layer::<Self>(x, pool)
    }

    /// Mean softmax cross-entropy of logits `[b, c]` against labels `[b]`, as `[1]`.
    fn cross_entropy(logits: FloatTensor<Self>, labels: IntTensor<Self>) -> FloatTensor<Self> {
        reference::cross_entropy::<Self>(logits, labels)
    }

    /// `param - rate · grad`. Not differentiable, like the next operation.
    fn sgd_step(param: FloatTensor<Self>, grad: FloatTensor<Self>, rate: f32) -> FloatTensor<Self> {
        reference::sgd_step::<Self>(param, grad, rate)
    }

    /// The moments move towards `grad` and its square. The parameter is scaled by `keep` and moves by `step · moment_1
    /// / (√moment_2 + epsilon)`.
    fn adam_step(
        #[extension_type] tensors: AdamTensors<Self>,
        grad: FloatTensor<Self>,
        factors: AdamFactors,
    ) -> AdamTensors<Self> {
        reference::adam_step::<Self>(tensors, grad, factors)
    }
}

/// The gradients that a backend adds to its [`Kernels`]. `grad` is always the gradient of the layer's output.
pub trait Gradients: Kernels {
    /// `grad` where the layer's output `y` is positive, otherwise 0.
    fn relu_grad(y: FloatTensor<Self>, grad: FloatTensor<Self>) -> FloatTensor<Self> {
        reference::relu_grad::<Self>(y, grad)
    }

    /// Gradient of a convolution's input `x`.
    fn conv_grad_x(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        padding: usize,
    ) -> FloatTensor<Self> {
        Self::conv2d_x_backward(x, weight, grad, reference::options(padding, 1))
    }

    /// Gradient of a convolution's weight.
    fn conv_grad_weight(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        padding: usize,
    ) -> FloatTensor<Self> {
        Self::conv2d_weight_backward(x, weight, grad, reference::options(padding, 1))
    }

    /// Gradient of a convolution's bias: `[b, o, h, w]` to `[o]`.
    fn conv_grad_bias(grad: FloatTensor<Self>) -> FloatTensor<Self> {
        reference::conv_grad_bias::<Self>(grad)
    }

    /// Gradient of a depthwise convolution's input `x`.
    fn depthwise_grad_x(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        padding: usize,
    ) -> FloatTensor<Self> {
        let channels = weight.shape()[0];
        Self::conv2d_x_backward(x, weight, grad, reference::options(padding, channels))
    }

    /// Gradient of a depthwise convolution's weight.
    fn depthwise_grad_weight(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        padding: usize,
    ) -> FloatTensor<Self> {
        let channels = weight.shape()[0];
        Self::conv2d_weight_backward(x, weight, grad, reference::options(padding, channels))
    }

    /// Gradient of a linear layer's input: `grad · weightᵀ`.
    fn linear_grad_x(weight: FloatTensor<Self>, grad: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::linear_x_backward(weight, grad)
    }

    /// Gradient of a linear layer's weight: `xᵀ · grad`.
    fn linear_grad_weight(x: FloatTensor<Self>, grad: FloatTensor<Self>) -> FloatTensor<Self> {
        reference::linear_grad_weight::<Self>(x, grad)
    }

    /// Gradient of a linear layer's bias: `[b, o]` to `[o]`.
    fn linear_grad_bias(grad: FloatTensor<Self>) -> FloatTensor<Self> {
        reference::linear_grad_bias::<Self>(grad)
    }

    /// Gradient of the input of a max pool with output `y`. All of it goes to the first place in each window with the
    /// largest value; where windows overlap, it adds up.
    fn pool_grad(
        x: FloatTensor<Self>,
        y: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        pool: Pool,
    ) -> FloatTensor<Self> {
        reference::pool_grad::<Self>(x, y, grad, pool)
    }

    /// Gradient of the logits: `(softmax - one hot) · grad / b`.
    fn cross_entropy_grad(
        logits: FloatTensor<Self>,
        labels: IntTensor<Self>,
        grad: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        reference::cross_entropy_grad::<Self>(logits, labels, grad)
    }
}

#[cfg(feature = "ndarray")]
mod ndarray {
    use burn::backend::NdArray;

    impl super::Kernels for NdArray {}
    impl super::Gradients for NdArray {}
}

/// [`Kernels::conv_layer`] on tensors.
pub fn conv_layer(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Tensor<1>,
    padding: usize,
    activation: Activation,
) -> Tensor<4> {
    Tensor::from_dispatch(Dispatch::conv_layer(
        x.into_dispatch(),
        weight.into_dispatch(),
        bias.into_dispatch(),
        padding,
        activation,
    ))
}

/// [`Kernels::conv_pool_layer`] on tensors.
pub fn conv_pool_layer(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Tensor<1>,
    padding: usize,
    activation: Activation,
    pool: Pool,
) -> Tensor<4> {
    Tensor::from_dispatch(Dispatch::conv_pool_layer(
        x.into_dispatch(),
        weight.into_dispatch(),
        bias.into_dispatch(),
        padding,
        activation,
        pool,
    ))
}

/// [`Kernels::depthwise_layer`] on tensors.
pub fn depthwise_layer(x: Tensor<4>, weight: Tensor<4>, padding: usize) -> Tensor<4> {
    Tensor::from_dispatch(Dispatch::depthwise_layer(
        x.into_dispatch(),
        weight.into_dispatch(),
        padding,
    ))
}

/// [`Kernels::linear_layer`] on tensors.
pub fn linear_layer(
    x: Tensor<2>,
    weight: Tensor<2>,
    bias: Tensor<1>,
    activation: Activation,
) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::linear_layer(
        x.into_dispatch(),
        weight.into_dispatch(),
        bias.into_dispatch(),
        activation,
    ))
}

/// [`Kernels::pool_layer`] on tensors.
pub fn pool_layer(x: Tensor<4>, pool: Pool) -> Tensor<4> {
    Tensor::from_dispatch(Dispatch::pool_layer(x.into_dispatch(), pool))
}

/// [`Kernels::cross_entropy`] on tensors.
pub fn cross_entropy(logits: Tensor<2>, labels: Tensor<1, Int>) -> Tensor<1> {
    Tensor::from_dispatch(Dispatch::cross_entropy(
        logits.into_dispatch(),
        labels.into_dispatch(),
    ))
}

/// [`Kernels::sgd_step`] on tensors.
pub fn sgd_step<const D: usize>(param: Tensor<D>, grad: Tensor<D>, rate: f32) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::sgd_step(
        param.into_dispatch(),
        grad.into_dispatch(),
        rate,
    ))
}

/// [`Kernels::adam_step`] on tensors: the parameter and both moments.
pub fn adam_step<const D: usize>(
    param: Tensor<D>,
    moment_1: Tensor<D>,
    moment_2: Tensor<D>,
    grad: Tensor<D>,
    factors: AdamFactors,
) -> (Tensor<D>, Tensor<D>, Tensor<D>) {
    let tensors = AdamTensors {
        param: param.into_dispatch(),
        moment_1: moment_1.into_dispatch(),
        moment_2: moment_2.into_dispatch(),
    };
    let next = Dispatch::adam_step(tensors, grad.into_dispatch(), factors);
    (
        Tensor::from_dispatch(next.param),
        Tensor::from_dispatch(next.moment_1),
        Tensor::from_dispatch(next.moment_2),
    )
}
