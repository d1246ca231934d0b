//! The operations built from Burn's own. ndarray runs them, and the other backends are compared with them.

use burn::backend::ops::ConvOptions;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, FloatDType, IntDType, Scalar, TensorMetadata};
use burn::tensor::{IndexingUpdateOp, Shape};

use super::{Activation, AdamFactors, AdamTensors, Pool};

pub fn options(padding: usize, groups: usize) -> ConvOptions<2> {
    ConvOptions::new([1, 1], [padding, padding], [1, 1], groups)
}

fn activate<B: Backend>(x: FloatTensor<B>, activation: Activation) -> FloatTensor<B> {
    match activation {
        Activation::Identity => x,
        Activation::Relu => B::relu(x),
    }
}

pub fn conv_layer<B: Backend>(
    x: FloatTensor<B>,
    weight: FloatTensor<B>,
    bias: FloatTensor<B>,
    padding: usize,
    activation: Activation,
) -> FloatTensor<B> {
    activate::<B>(
        B::conv2d(x, weight, Some(bias), options(padding, 1)),
        activation,
    )
}

pub fn depthwise_layer<B: Backend>(
    x: FloatTensor<B>,
    weight: FloatTensor<B>,
    padding: usize,
) -> FloatTensor<B> {
    let channels = weight.shape()[0];
    B::conv2d(x, weight, None, options(padding, channels))
}

pub fn linear_layer<B: Backend>(
    x: FloatTensor<B>,
    weight: FloatTensor<B>,
    bias: FloatTensor<B>,
    activation: Activation,
) -> FloatTensor<B> {
    let n_out = bias.shape()[0];
    let bias = B::float_reshape(bias, Shape::from([1, n_out]));
    activate::<B>(B::float_add(B::float_matmul(x, weight), bias), activation)
}

pub fn pool_layer<B: Backend>(x: FloatTensor<B>, pool: Pool) -> FloatTensor<B> {
    let [size, stride, padding] = [pool.size, pool.stride, pool.padding].map(|side| [side; 2]);
    B::max_pool2d(x, size, stride, padding, [1, 1], false)
}

/// Rows of log-probabilities.
fn log_softmax<B: Backend>(logits: FloatTensor<B>) -> FloatTensor<B> {
    let largest = B::float_max_dim(logits.clone(), 1);
    let shifted = B::float_sub(logits, largest);
    let sum = B::float_sum_dim(B::float_exp(shifted.clone()), 1);
    B::float_sub(shifted, B::float_log(sum))
}

pub fn cross_entropy<B: Backend>(logits: FloatTensor<B>, labels: IntTensor<B>) -> FloatTensor<B> {
    let n = logits.shape()[0];
    let labels = B::int_reshape(labels, Shape::from([n, 1]));
    let of_label = B::float_gather(1, log_softmax::<B>(logits), labels);
    B::float_div_scalar(B::float_sum(of_label), Scalar::from(-(n as f32)))
}

pub fn cross_entropy_grad<B: Backend>(
    logits: FloatTensor<B>,
    labels: IntTensor<B>,
    grad: FloatTensor<B>,
) -> FloatTensor<B> {
    let n = logits.shape()[0];
    let device = logits.device();
    let labels = B::int_reshape(labels, Shape::from([n, 1]));
    let softmax = B::float_exp(log_softmax::<B>(logits));
    let minus_one = B::float_full(
        Shape::from([n, 1]),
        Scalar::from(-1.0f32),
        &device,
        FloatDType::F32,
    );
    let error = B::float_scatter(1, softmax, labels, minus_one, IndexingUpdateOp::Add);
    let grad = B::float_reshape(grad, Shape::from([1, 1]));
    B::float_mul(B::float_div_scalar(error, Scalar::from(n as f32)), grad)
}

pub fn relu_grad<B: Backend>(y: FloatTensor<B>, grad: FloatTensor<B>) -> FloatTensor<B> {
    B::relu_backward(y, grad)
}

pub fn conv_grad_bias<B: Backend>(grad: FloatTensor<B>) -> FloatTensor<B> {
    let n_out = grad.shape()[1];
    let by_channel = B::float_swap_dims(grad, 0, 1);
    let flat = B::float_reshape(
        by_channel.clone(),
        Shape::from([n_out, by_channel.shape().num_elements() / n_out]),
    );
    B::float_reshape(B::float_sum_dim(flat, 1), Shape::from([n_out]))
}

pub fn linear_grad_weight<B: Backend>(x: FloatTensor<B>, grad: FloatTensor<B>) -> FloatTensor<B> {
    B::float_matmul(B::float_swap_dims(x, 0, 1), grad)
}

pub fn linear_grad_bias<B: Backend>(grad: FloatTensor<B>) -> FloatTensor<B> {
    let n_out = grad.shape()[1];
    B::float_reshape(B::float_sum_dim(grad, 0), Shape::from([n_out]))
}

pub fn pool_grad<B: Backend>(
    x: FloatTensor<B>,
    _y: FloatTensor<B>,
    grad: FloatTensor<B>,
    pool: Pool,
) -> FloatTensor<B> {
    let [size, stride, padding] = [pool.size, pool.stride, pool.padding].map(|side| [side; 2]);
    let with_indices = B::max_pool2d_with_indices(
        x.clone(),
        size,
        stride,
        padding,
        [1, 1],
        false,
        IntDType::I32,
    );
    let backward = B::max_pool2d_with_indices_backward(
        x,
        size,
        stride,
        padding,
        [1, 1],
        false,
        grad,
        with_indices.indices,
    );
    backward.x_grad
}

pub fn sgd_step<B: Backend>(
    param: FloatTensor<B>,
    grad: FloatTensor<B>,
    rate: f32,
) -> FloatTensor<B> {
    B::float_sub(param, B::float_mul_scalar(grad, Scalar::from(rate)))
}

pub fn adam_step<B: Backend>(
    tensors: AdamTensors<B>,
    grad: FloatTensor<B>,
    factors: AdamFactors,
) -> AdamTensors<B> {
    let towards = |moment, grad, beta: f32| {
        let kept = B::float_mul_scalar(moment, Scalar::from(beta));
        B::float_add(kept, B::float_mul_scalar(grad, Scalar::from(1.0 - beta)))
    };
    let squared = B::float_mul(grad.clone(), grad.clone());
    let moment_1 = towards(tensors.moment_1, grad, factors.beta_1);
    let moment_2 = towards(tensors.moment_2, squared, factors.beta_2);
    let root = B::float_sqrt(moment_2.clone());
    let divisor = B::float_add_scalar(root, Scalar::from(factors.epsilon));
    let delta = B::float_div(moment_1.clone(), divisor);
    AdamTensors {
        param: sgd_step::<B>(
            B::float_mul_scalar(tensors.param, Scalar::from(factors.keep)),
            delta,
            factors.step,
        ),
        moment_1,
        moment_2,
    }
}
