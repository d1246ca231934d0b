//! Max pools and their gradient: a thread a window.

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::tensor::{buffer, empty_like, threads};

#[derive(CubeLaunch, CubeType)]
struct Sizes {
    n_windows: usize,
    height: usize,
    width: usize,
    /// Windows above and beside each other.
    n_down: usize,
    n_across: usize,
    size: usize,
}

#[cube(launch_unchecked)]
fn pool_kernel(x: &[f32], out: &mut [f32], sizes: Sizes) {
    if ABSOLUTE_POS >= sizes.n_windows {
        terminate!();
    }
    let across = ABSOLUTE_POS % sizes.n_across;
    let rest = ABSOLUTE_POS / sizes.n_across;
    let (down, plane) = (rest % sizes.n_down, rest / sizes.n_down);
    let start = (plane * sizes.height + down * sizes.size) * sizes.width + across * sizes.size;
    let mut largest = x[start];
    for y in 0..sizes.size {
        for i in 0..sizes.size {
            let value = x[start + y * sizes.width + i];
            // A value that is no number stays, so that it is noticed.
            largest = select(value <= largest, largest, value);
        }
    }
    out[ABSOLUTE_POS] = largest;
}

/// Windows are counted up to the border here, so that those cut off by it get their zeros too.
#[cube(launch_unchecked)]
fn pool_gradient_kernel(x: &[f32], y: &[f32], grad: &[f32], out: &mut [f32], sizes: Sizes) {
    if ABSOLUTE_POS >= sizes.n_windows {
        terminate!();
    }
    let across = ABSOLUTE_POS % sizes.n_across;
    let rest = ABSOLUTE_POS / sizes.n_across;
    let (down, plane) = (rest % sizes.n_down, rest / sizes.n_down);
    let (whole_down, whole_across) = (sizes.height / sizes.size, sizes.width / sizes.size);
    let is_whole = down < whole_down && across < whole_across;
    let window = (plane * whole_down + min(down, whole_down - 1)) * whole_across
        + min(across, whole_across - 1);
    let largest = y[window];
    let gradient = grad[window];
    let mut is_open = is_whole;
    for row in down * sizes.size..min((down + 1) * sizes.size, sizes.height) {
        for column in across * sizes.size..min((across + 1) * sizes.size, sizes.width) {
            let place = (plane * sizes.height + row) * sizes.width + column;
            let is_first = is_open && x[place] == largest;
            out[place] = select(is_first, gradient, 0.0f32);
            is_open = is_open && !is_first;
        }
    }
}

/// `[b, c, h, w]` to `[b, c, h / size, w / size]`
pub fn pool(x: &CubeTensor, size: usize) -> CubeTensor {
    let [batch, channels, height, width] = x.meta.shape().dims();
    let (n_down, n_across) = (height / size, width / size);
    let n_windows = batch * channels * n_down * n_across;
    let out = empty_like(x, [batch, channels, n_down, n_across]);
    let (count, dim) = threads(&x.client, n_windows);
    let sizes = SizesLaunch::new(n_windows, height, width, n_down, n_across, size);
    // SAFETY: every window lies within the images that `sizes` describes.
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
pub fn gradient(x: &CubeTensor, y: &CubeTensor, grad: &CubeTensor, size: usize) -> CubeTensor {
    let [batch, channels, height, width] = x.meta.shape().dims();
    let (n_down, n_across) = (height.div_ceil(size), width.div_ceil(size));
    let n_windows = batch * channels * n_down * n_across;
    let out = empty_like(x, x.meta.shape().clone());
    let (count, dim) = threads(&x.client, n_windows);
    let sizes = SizesLaunch::new(n_windows, height, width, n_down, n_across, size);
    // SAFETY: every place lies within the images that `sizes` describes.
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
