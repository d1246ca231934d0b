//! Depthwise convolutions and their gradients.
//!
//! Each thread computes one pixel. A pixel takes so few products that memory, not arithmetic, is the limit.

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::sum::{self, Sum};
use super::tensor::{buffer, empty_like, threads};

/// Enough threads to fill a card.
const ENOUGH_THREADS: usize = 4096;
/// At most this many threads share the rows, so that adding up their parts stays cheap.
const MOST_PARTS: usize = 128;

#[derive(CubeLaunch, CubeType)]
struct Sizes {
    batch: usize,
    channels: usize,
    height: usize,
    width: usize,
    height_out: usize,
    width_out: usize,
    k: usize,
    /// If negative, the border of the image is left out.
    padding: i32,
}

#[cube(launch_unchecked)]
fn depthwise_kernel(x: &[f32], weight: &[f32], out: &mut [f32], sizes: Sizes, is_turned: u32) {
    let column = ABSOLUTE_POS % sizes.width_out;
    let rest = ABSOLUTE_POS / sizes.width_out;
    let (row, plane) = (rest % sizes.height_out, rest / sizes.height_out);
    if plane >= sizes.batch * sizes.channels {
        terminate!();
    }
    let n_places = sizes.k * sizes.k;
    let kernel = plane % sizes.channels * n_places;
    let mut sum = 0.0f32;
    for place in 0..n_places {
        let y = (row + place / sizes.k) as i32 - sizes.padding;
        let i = (column + place % sizes.k) as i32 - sizes.padding;
        if y >= 0 && y < sizes.height as i32 && i >= 0 && i < sizes.width as i32 {
            let place = select(is_turned == 1, n_places - 1 - place, place);
            let pixel = x[(plane * sizes.height + y as usize) * sizes.width + i as usize];
            sum += weight[kernel + place] * pixel;
        }
    }
    out[ABSOLUTE_POS] = sum;
}

/// Each thread handles one place in one kernel, for some of the rows of all images. Writes `[parts, c, 1, k, k]`.
#[cube(launch_unchecked)]
fn depthwise_weight_kernel(x: &[f32], grad: &[f32], out: &mut [f32], sizes: Sizes, parts: usize) {
    let n_places = sizes.k * sizes.k;
    let place = ABSOLUTE_POS % n_places;
    let rest = ABSOLUTE_POS / n_places;
    let (channel, part) = (rest % sizes.channels, rest / sizes.channels);
    if part >= parts {
        terminate!();
    }
    // There is only padding before 0 and after the image.
    let left = (place % sizes.k) as i32 - sizes.padding;
    let first = max(-left, 0) as usize;
    let end = min(sizes.width as i32 - left, sizes.width_out as i32);
    let mut sum = 0.0f32;
    for row in range_stepped(part, sizes.batch * sizes.height_out, parts) {
        let plane = row / sizes.height_out * sizes.channels + channel;
        let row = row % sizes.height_out;
        let y = (row + place / sizes.k) as i32 - sizes.padding;
        if y >= 0 && y < sizes.height as i32 && end > 0 {
            let x_start = (plane * sizes.height + y as usize) * sizes.width;
            let grad_start = (plane * sizes.height_out + row) * sizes.width_out;
            for column in first..end as usize {
                let pixel = x[x_start + (column as i32 + left) as usize];
                sum += grad[grad_start + column] * pixel;
            }
        }
    }
    out[ABSOLUTE_POS] = sum;
}

fn sizes(x: &CubeTensor, out: [usize; 4], weight: &CubeTensor, padding: i32) -> SizesLaunch {
    let [batch, channels, height, width] = x.meta.shape().dims();
    let [_, _, height_out, width_out] = out;
    let k = weight.meta.shape().dims::<4>()[2];
    SizesLaunch::new(
        batch, channels, height, width, height_out, width_out, k, padding,
    )
}

fn launch(
    x: &CubeTensor,
    weight: &CubeTensor,
    shape: [usize; 4],
    padding: i32,
    is_turned: bool,
) -> CubeTensor {
    let out = empty_like(x, shape);
    let (count, dim) = threads(&x.client, shape.iter().product());
    // SAFETY: the kernel reads and writes only within the images that `sizes` describes.
    unsafe {
        depthwise_kernel::launch_unchecked(
            &x.client,
            count,
            dim,
            buffer(x),
            buffer(weight),
            out.clone().into_buffer_arg(),
            sizes(x, shape, weight, padding),
            is_turned.into(),
        );
    }
    out
}

/// `[b, c, h, w]` and `[c, 1, k, k]` to `[b, c, h', w']`
pub fn convolution(x: &CubeTensor, weight: &CubeTensor, padding: usize) -> CubeTensor {
    let [batch, channels, height, width] = x.meta.shape().dims();
    let k = weight.meta.shape().dims::<4>()[2];
    let grown = |side: usize| side + 2 * padding + 1 - k;
    let shape = [batch, channels, grown(height), grown(width)];
    launch(x, weight, shape, padding as i32, false)
}

/// The gradient of the input: `grad` with the kernels turned around.
pub fn grad_x(
    x: &CubeTensor,
    weight: &CubeTensor,
    grad: &CubeTensor,
    padding: usize,
) -> CubeTensor {
    let k = weight.meta.shape().dims::<4>()[2];
    let padding = k as i32 - 1 - padding as i32;
    launch(grad, weight, x.meta.shape().dims(), padding, true)
}

/// The gradient of the weight.
pub fn grad_weight(
    x: &CubeTensor,
    weight: &CubeTensor,
    grad: &CubeTensor,
    padding: usize,
) -> CubeTensor {
    let shape: [usize; 4] = grad.meta.shape().dims();
    let [batch, _, height_out, _] = shape;
    let n_weights = weight.meta.shape().num_elements();
    let parts = (ENOUGH_THREADS / n_weights)
        .min(batch * height_out)
        .clamp(1, MOST_PARTS);
    let out = empty_like(x, [parts, n_weights]);
    let (count, dim) = threads(&x.client, parts * n_weights);
    // SAFETY: the kernel reads and writes only within the images that `sizes` describes.
    unsafe {
        depthwise_weight_kernel::launch_unchecked(
            &x.client,
            count,
            dim,
            buffer(x),
            buffer(grad),
            out.clone().into_buffer_arg(),
            sizes(x, shape, weight, padding as i32),
            parts,
        );
    }
    let parts = Sum {
        outer: parts,
        n: n_weights,
        inner: 1,
    };
    sum::total(&out, parts, weight.meta.shape().clone())
}
