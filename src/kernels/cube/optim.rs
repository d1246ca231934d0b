//! A step of an optimiser, with one thread per number in a tensor.

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::tensor::{buffer, empty_like, threads};
use crate::kernels::{AdamFactors, AdamTensors};

#[cube(launch_unchecked)]
fn sgd_kernel(param: &[f32], grad: &[f32], out: &mut [f32], rate: f32, n: usize) {
    if ABSOLUTE_POS < n {
        out[ABSOLUTE_POS] = param[ABSOLUTE_POS] - rate * grad[ABSOLUTE_POS];
    }
}

#[cube(launch_unchecked)]
fn adam_kernel(
    param: &[f32],
    moment_1: &[f32],
    moment_2: &[f32],
    grad: &[f32],
    out: &mut [f32],
    out_1: &mut [f32],
    out_2: &mut [f32],
    beta_1: f32,
    beta_2: f32,
    step: f32,
    epsilon: f32,
    keep: f32,
    n: usize,
) {
    if ABSOLUTE_POS < n {
        let i = ABSOLUTE_POS;
        let g = grad[i];
        let m = beta_1 * moment_1[i] + (1.0f32 - beta_1) * g;
        let v = beta_2 * moment_2[i] + (1.0f32 - beta_2) * g * g;
        out_1[i] = m;
        out_2[i] = v;
        out[i] = keep * param[i] - step * m / (v.sqrt() + epsilon);
    }
}

pub fn sgd_step(param: &CubeTensor, grad: &CubeTensor, rate: f32) -> CubeTensor {
    let n = param.meta.shape().num_elements();
    let out = empty_like(param, param.meta.shape().clone());
    let (count, dim) = threads(&param.client, n);
    // SAFETY: all three tensors have `n` elements.
    unsafe {
        sgd_kernel::launch_unchecked(
            &param.client,
            count,
            dim,
            buffer(param),
            buffer(grad),
            out.clone().into_buffer_arg(),
            rate,
            n,
        );
    }
    out
}

pub fn adam_step(
    tensors: &AdamTensors<burn::backend::Cube>,
    grad: &CubeTensor,
    factors: AdamFactors,
) -> AdamTensors<burn::backend::Cube> {
    let param: &CubeTensor = &tensors.param;
    let n = param.meta.shape().num_elements();
    let [out, out_1, out_2] = [(); 3].map(|()| empty_like(param, param.meta.shape().clone()));
    let (count, dim) = threads(&param.client, n);
    // SAFETY: all tensors have `n` elements.
    unsafe {
        adam_kernel::launch_unchecked(
            &param.client,
            count,
            dim,
            buffer(param),
            buffer(&tensors.moment_1),
            buffer(&tensors.moment_2),
            buffer(grad),
            out.clone().into_buffer_arg(),
            out_1.clone().into_buffer_arg(),
            out_2.clone().into_buffer_arg(),
            factors.beta_1,
            factors.beta_2,
            factors.step,
            factors.epsilon,
            factors.keep,
            n,
        );
    }
    AdamTensors {
        param: out,
        moment_1: out_1,
        moment_2: out_2,
    }
}
