//! Max pools, with one thread per window, and their gradient, with one thread per pixel.

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::tensor::{buffer, empty_like, threads};
use crate::kernels::Pool;

#[derive(CubeLaunch, CubeType)]
struct Sizes {
    planes: usize,
    height: usize,
    width: usize,
    /// Number of windows down and across.
    n_down: usize,
    n_across: usize,
    size: usize,
    stride: usize,
    padding: usize,
}

/// Where window `i` starts in the image.
#[cube]
fn start(sizes: &Sizes, i: usize) -> usize {
    max(i * sizes.stride, sizes.padding) - sizes.padding
}

/// Where window `i` ends on a side of the image.
#[cube]
fn end(sizes: &Sizes, i: usize, side: usize) -> usize {
    let end = max(i * sizes.stride + sizes.size, sizes.padding) - sizes.padding;
    min(end, side)
}

#[cube(launch_unchecked)]
fn pool_kernel(x: &[f32], out: &mut [f32], sizes: Sizes) {
    let across = ABSOLUTE_POS % sizes.n_across;
    let rest = ABSOLUTE_POS / sizes.n_across;
    let (down, plane) = (rest % sizes.n_down, rest / sizes.n_down);
    if plane >= sizes.planes {
        terminate!();
    }
    let first = plane * sizes.height;
    let (top, left) = (start(&sizes, down), start(&sizes, across));
    let (bottom, right) = (
        end(&sizes, down, sizes.height),
        end(&sizes, across, sizes.width),
    );
    let mut largest = x[(first + top) * sizes.width + left];
    for row in top..bottom {
        for column in left..right {
            let value = x[(first + row) * sizes.width + column];
            // Keeps NaN, so that it is noticed.
            largest = select(value <= largest, largest, value);
        }
    }
    out[ABSOLUTE_POS] = largest;
}

/// A pixel's gradient is the sum over all windows whose first largest value it is.
#[cube(launch_unchecked)]
fn pool_gradient_kernel(x: &[f32], y: &[f32], grad: &[f32], out: &mut [f32], sizes: Sizes) {
    let column = ABSOLUTE_POS % sizes.width;
    let rest = ABSOLUTE_POS / sizes.width;
    let (row, plane) = (rest % sizes.height, rest / sizes.height);
    if plane >= sizes.planes {
        terminate!();
    }
    let first = plane * sizes.height;
    let value = x[ABSOLUTE_POS];
    let (row_end, column_end) = (row + sizes.padding + 1, column + sizes.padding + 1);
    // The first window that reaches the pixel, and the first one past it.
    let down = (max(row_end, sizes.size) - sizes.size).div_ceil(sizes.stride);
    let across = (max(column_end, sizes.size) - sizes.size).div_ceil(sizes.stride);
    let down_end = min(row_end.div_ceil(sizes.stride), sizes.n_down);
    let across_end = min(column_end.div_ceil(sizes.stride), sizes.n_across);
    let mut sum = 0.0f32;
    for down in down..down_end {
        for across in across..across_end {
            let window = (plane * sizes.n_down + down) * sizes.n_across + across;
            if value == y[window] {
                let mut is_first = true;
                let (left, right) = (start(&sizes, across), end(&sizes, across, sizes.width));
                for y in start(&sizes, down)..row + 1 {
                    let right = select(y == row, column, right);
                    for x_ in left..right {
                        is_first = is_first && x[(first + y) * sizes.width + x_] != value;
                    }
                }
                sum += select(is_first, grad[window], 0.0f32);
            }
        }
    }
    out[ABSOLUTE_POS] = sum;
}

fn sizes(x: &CubeTensor, pool: Pool) -> (SizesLaunch, [usize; 4]) {
    let shape: [usize; 4] = x.meta.shape().dims();
    let [batch, channels, height, width] = shape;
    let shape_out = pool.output_shape(shape);
    let [_, _, n_down, n_across] = shape_out;
    let Pool {
        size,
        stride,
        padding,
    } = pool;
    // The kernels don't check that a window contains a pixel.
    assert!(2 * padding <= size);
    let sizes = SizesLaunch::new(
        batch * channels,
        height,
        width,
        n_down,
        n_across,
        size,
        stride,
        padding,
    );
    (sizes, shape_out)
}

/// `[b, c, h, w]` to `[b, c, h', w']`
pub fn pool(x: &CubeTensor, pool: Pool) -> CubeTensor {
    let (sizes, shape) = sizes(x, pool);
    let out = empty_like(x, shape);
    let (count, dim) = threads(&x.client, shape.iter().product());
    // SAFETY: the kernel reads only the part of each window within the images that `sizes` describes.
    unsafe {
        pool_kernel::launch_unchecked(
            &x.client,
            count,
            dim,
            buffer(x),
            out.clone().into_buffer_arg(),
            sizes,
        );
    }
    out
}

/// The gradient of the input `x` of a pool with output `y`.
pub fn gradient(x: &CubeTensor, y: &CubeTensor, grad: &CubeTensor, pool: Pool) -> CubeTensor {
    let (sizes, _) = sizes(x, pool);
    let out = empty_like(x, x.meta.shape().clone());
    let (count, dim) = threads(&x.client, x.meta.shape().num_elements());
    // SAFETY: every access lies within the images that `sizes` describes.
    unsafe {
        pool_gradient_kernel::launch_unchecked(
            &x.client,
            count,
            dim,
            buffer(x),
            buffer(y),
            buffer(grad),
            out.clone().into_buffer_arg(),
            sizes,
        );
    }
    out
}
