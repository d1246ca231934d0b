//! Sums over whole axes: the gradient of a bias, and the parts that other kernels leave. Each thread computes one sum.
//! Threads that share a sum would need shared memory, and a browser's software adapter takes several times as long to
//! compile shaders with it.

use burn::tensor::Shape;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::tensor::{buffer, empty_like, threads};
use crate::kernels::Activation;

/// Sums all axes of `[outer, n, inner]` except the middle one.
#[derive(Clone, Copy, CubeLaunch, CubeType)]
pub struct Sum {
    pub outer: usize,
    pub n: usize,
    pub inner: usize,
}

#[cube(launch_unchecked)]
fn sum_kernel(
    x: &[f32],
    bias: &[f32],
    out: &mut [f32],
    axes: Sum,
    columns: usize,
    has_bias: u32,
    is_relu: u32,
) {
    let i = ABSOLUTE_POS;
    if i >= axes.n {
        terminate!();
    }
    let mut sum = select(has_bias == 1, bias[i % columns], 0.0f32);
    for outer in 0..axes.outer {
        let start = (outer * axes.n + i) * axes.inner;
        for inner in 0..axes.inner {
            sum += x[start + inner];
        }
    }
    out[i] = select(is_relu == 1 && sum < 0.0f32, 0.0f32, sum);
}

/// `activation(sum + bias)` with shape `shape`; the bias runs along `shape`'s last axis.
pub fn sum(
    x: &CubeTensor,
    axes: Sum,
    shape: impl Into<Shape>,
    bias: Option<&CubeTensor>,
    activation: Activation,
) -> CubeTensor {
    let shape = shape.into();
    let columns = shape[shape.num_dims() - 1];
    let out = empty_like(x, shape);
    let (count, dim) = threads(&x.client, axes.n);
    // SAFETY: the kernel reads `axes` of `x`, `columns` of the bias, and writes `axes.n` sums.
    unsafe {
        sum_kernel::launch_unchecked(
            &x.client,
            count,
            dim,
            buffer(x),
            // A buffer must be bound; it isn't used.
            buffer(bias.unwrap_or(x)),
            out.clone().into_buffer_arg(),
            SumLaunch::new(axes.outer, axes.n, axes.inner),
            columns,
            bias.is_some().into(),
            (activation == Activation::Relu).into(),
        );
    }
    out
}

/// The gradient of a bias: `[b, n, …]` to `[n]`.
pub fn bias_gradient(grad: &CubeTensor) -> CubeTensor {
    let shape = grad.meta.shape();
    let (outer, n) = (shape[0], shape[1]);
    let inner = shape.num_elements() / (outer * n);
    let by_image = match inner {
        1 => grad.clone(),
        _ => total(
            grad,
            Sum {
                outer: 1,
                n: outer * n,
                inner,
            },
            [outer, n],
        ),
    };
    total(&by_image, Sum { outer, n, inner: 1 }, [n])
}

/// The sum, without bias or activation.
pub fn total(x: &CubeTensor, axes: Sum, shape: impl Into<Shape>) -> CubeTensor {
    sum(x, axes, shape, None, Activation::Identity)
}
