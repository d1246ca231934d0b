//! Softmax cross-entropy, and the gradient of a ReLU.

use burn::tensor::DType;
use burn_cubecl::kernel::cast;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::tensor::{UNITS, buffer, empty_like, groups, threads};

/// The largest logit of a row, and the logarithm of the sum of `e^(logit - largest)`.
#[cube]
fn normaliser(logits: &[f32], start: usize, classes: usize) -> (f32, f32) {
    let mut largest = logits[start];
    for c in 1..classes {
        largest = max(largest, logits[start + c]);
    }
    let mut sum = 0.0f32;
    for c in 0..classes {
        sum += (logits[start + c] - largest).exp();
    }
    (largest, sum.ln())
}

/// One workgroup: each thread sums the losses of its rows, the first adds them up.
#[cube(launch_unchecked)]
fn cross_entropy_kernel(
    logits: &[f32],
    labels: &[i32],
    out: &mut [f32],
    rows: usize,
    classes: usize,
) {
    let unit = UNIT_POS as usize;
    let mut sum = 0.0f32;
    for row in range_stepped(unit, rows, UNITS) {
        let start = row * classes;
        let (largest, log_sum) = normaliser(logits, start, classes);
        let label = min(labels[row] as usize, classes - 1);
        sum += log_sum - (logits[start + label] - largest);
    }
    let mut shared = Shared::<[f32]>::new_slice(UNITS);
    shared[unit] = sum;
    sync_cube();
    if unit == 0 {
        sum = 0.0f32;
        for i in 0..UNITS {
            sum += shared[i];
        }
        out[0] = sum / rows as f32;
    }
}

/// One thread per row.
#[cube(launch_unchecked)]
fn cross_entropy_gradient_kernel(
    logits: &[f32],
    labels: &[i32],
    grad: &[f32],
    out: &mut [f32],
    rows: usize,
    classes: usize,
) {
    let row = ABSOLUTE_POS;
    if row >= rows {
        terminate!();
    }
    let start = row * classes;
    let (largest, log_sum) = normaliser(logits, start, classes);
    let factor = grad[0] / rows as f32;
    let label = labels[row] as usize;
    for c in 0..classes {
        let probability = (logits[start + c] - largest - log_sum).exp();
        out[start + c] = (probability - select(c == label, 1.0f32, 0.0f32)) * factor;
    }
}

#[cube(launch_unchecked)]
fn relu_gradient_kernel(y: &[f32], grad: &[f32], out: &mut [f32], n: usize) {
    if ABSOLUTE_POS < n {
        out[ABSOLUTE_POS] = select(y[ABSOLUTE_POS] > 0.0f32, grad[ABSOLUTE_POS], 0.0f32);
    }
}

/// Converts labels to i32 for the kernels; in a browser they already are.
fn as_i32(labels: &CubeTensor) -> CubeTensor {
    match labels.dtype {
        DType::I32 => labels.clone(),
        _ => cast(labels.clone(), DType::I32),
    }
}

/// Mean cross-entropy of `[b, c]` against labels `[b]`, as `[1]`.
pub fn cross_entropy(logits: &CubeTensor, labels: &CubeTensor) -> CubeTensor {
    let [rows, classes] = logits.meta.shape().dims();
    let out = empty_like(logits, [1]);
    let (count, dim) = groups(&logits.client, 1);
    // SAFETY: the kernel reads `rows` × `classes` logits and `rows` labels.
    unsafe {
        cross_entropy_kernel::launch_unchecked(
            &logits.client,
            count,
            dim,
            buffer(logits),
            buffer(&as_i32(labels)),
            out.clone().into_buffer_arg(),
            rows,
            classes,
        );
    }
    out
}

pub fn cross_entropy_gradient(
    logits: &CubeTensor,
    labels: &CubeTensor,
    grad: &CubeTensor,
) -> CubeTensor {
    let [rows, classes] = logits.meta.shape().dims();
    let out = empty_like(logits, [rows, classes]);
    let (count, dim) = threads(&logits.client, rows);
    // SAFETY: the kernel reads and writes `rows` × `classes` logits.
    unsafe {
        cross_entropy_gradient_kernel::launch_unchecked(
            &logits.client,
            count,
            dim,
            buffer(logits),
            buffer(&as_i32(labels)),
            buffer(grad),
            out.clone().into_buffer_arg(),
            rows,
            classes,
        );
    }
    out
}

pub fn relu_gradient(y: &CubeTensor, grad: &CubeTensor) -> CubeTensor {
    let n = y.meta.shape().num_elements();
    let out = empty_like(y, y.meta.shape().clone());
    let (count, dim) = threads(&y.client, n);
    // SAFETY: all three tensors have `n` elements.
    unsafe {
        relu_gradient_kernel::launch_unchecked(
            &y.client,
            count,
            dim,
            buffer(y),
            buffer(grad),
            out.clone().into_buffer_arg(),
            n,
        );
    }
    out
}
