//! Convolutions, and the gradient of their input, which is a convolution of the gradient with the kernel turned
//! around. Each thread computes [`ACROSS`] neighbouring pixels of `channels` channels. It uses each pixel that it
//! reads for several places in the kernel, and each weight for several pixels.

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::tensor::{buffer, empty_like, threads};
use crate::kernels::Activation;

/// Pixels of a row that a thread computes. It divides 28, 14 and 7, the sides in most networks for digits.
const ACROSS: usize = 7;
/// Channels that a thread computes.
const CHANNELS: usize = 4;

#[derive(CubeLaunch, CubeType)]
struct Sizes {
    batch: usize,
    n_in: usize,
    n_out: usize,
    height: usize,
    width: usize,
    height_out: usize,
    width_out: usize,
    /// If negative, the border of the image is left out.
    padding: i32,
    /// The strides of output and input channels in the weight.
    weight_out: usize,
    weight_in: usize,
    /// 1 if the kernel is turned by 180°, otherwise 0.
    is_turned: u32,
    has_bias: u32,
    is_relu: u32,
}

#[cube(launch_unchecked)]
fn convolution_kernel(
    x: &[f32],
    weight: &[f32],
    bias: &[f32],
    out: &mut [f32],
    sizes: Sizes,
    #[comptime] k: usize,
) {
    let columns = comptime!(ACROSS + k - 1);
    let n_across = sizes.width_out.div_ceil(ACROSS);
    let n_channels = sizes.n_out.div_ceil(CHANNELS);
    let left = ABSOLUTE_POS % n_across * ACROSS;
    let rest = ABSOLUTE_POS / n_across;
    let row = rest % sizes.height_out;
    let rest = rest / sizes.height_out;
    let first_channel = rest % n_channels * CHANNELS;
    let image = rest / n_channels;
    if image >= sizes.batch {
        terminate!();
    }

    // The positions of this thread's columns in a row, and 0 for columns outside the image.
    let mut column_at = Array::<usize>::new(columns);
    let mut is_inside = Array::<f32>::new(columns);
    #[unroll]
    for j in 0..columns {
        let column = (left + j) as i32 - sizes.padding;
        column_at[j] = clamp(column, 0, sizes.width as i32 - 1) as usize;
        is_inside[j] = select(column >= 0 && column < sizes.width as i32, 1.0f32, 0.0f32);
    }
    let mut weight_at = Array::<usize>::new(CHANNELS);
    #[unroll]
    for c in 0..CHANNELS {
        weight_at[c] = min(first_channel + c, sizes.n_out - 1) * sizes.weight_out;
    }
    let mut sums = Array::<f32>::new(comptime!(CHANNELS * ACROSS));
    #[unroll]
    for i in 0..comptime!(CHANNELS * ACROSS) {
        sums[i] = 0.0f32;
    }

    for channel in 0..sizes.n_in {
        let plane = (image * sizes.n_in + channel) * sizes.height;
        for ky in 0..k {
            let y = (row + ky) as i32 - sizes.padding;
            if y >= 0 && y < sizes.height as i32 {
                let x_start = (plane + y as usize) * sizes.width;
                let mut pixels = Array::<f32>::new(columns);
                #[unroll]
                for j in 0..columns {
                    pixels[j] = x[x_start + column_at[j]] * is_inside[j];
                }
                let weight_start = channel * sizes.weight_in;
                #[unroll]
                for kx in 0..k {
                    let place = ky * k + kx;
                    let place = select(sizes.is_turned == 1, comptime!(k * k - 1) - place, place);
                    #[unroll]
                    for c in 0..CHANNELS {
                        let factor = weight[weight_start + weight_at[c] + place];
                        #[unroll]
                        for j in 0..ACROSS {
                            sums[comptime!(c * ACROSS + j)] += factor * pixels[comptime!(j + kx)];
                        }
                    }
                }
            }
        }
    }

    #[unroll]
    for c in 0..CHANNELS {
        let channel = first_channel + c;
        if channel < sizes.n_out {
            let shift = select(sizes.has_bias == 1, bias[channel], 0.0f32);
            let start =
                ((image * sizes.n_out + channel) * sizes.height_out + row) * sizes.width_out;
            #[unroll]
            for j in 0..ACROSS {
                if left + j < sizes.width_out {
                    let sum = sums[comptime!(c * ACROSS + j)] + shift;
                    out[start + left + j] = select(sizes.is_relu == 1 && sum < 0.0f32, 0.0f32, sum);
                }
            }
        }
    }
}

/// `activation(x ∗ weight + bias)`
pub fn convolution(
    x: &CubeTensor,
    weight: &CubeTensor,
    bias: &CubeTensor,
    padding: usize,
    activation: Activation,
) -> CubeTensor {
    let [batch, n_in, height, width] = x.meta.shape().dims();
    let [n_out, _, k, _] = weight.meta.shape().dims();
    let (height_out, width_out) = (height + 2 * padding + 1 - k, width + 2 * padding + 1 - k);
    let sizes = SizesLaunch::new(
        batch,
        n_in,
        n_out,
        height,
        width,
        height_out,
        width_out,
        padding as i32,
        n_in * k * k,
        k * k,
        0,
        1,
        (activation == Activation::Relu).into(),
    );
    let out = empty_like(x, [batch, n_out, height_out, width_out]);
    launch(x, weight, bias, &out, sizes);
    out
}

/// The gradient of the input.
pub fn grad_x(
    x: &CubeTensor,
    weight: &CubeTensor,
    grad: &CubeTensor,
    padding: usize,
) -> CubeTensor {
    let [batch, n_out, height_out, width_out] = grad.meta.shape().dims();
    let [_, n_in, height, width] = x.meta.shape().dims();
    let k = weight.meta.shape().dims::<4>()[2];
    let sizes = SizesLaunch::new(
        batch,
        n_out,
        n_in,
        height_out,
        width_out,
        height,
        width,
        k as i32 - 1 - padding as i32,
        k * k,
        n_in * k * k,
        1,
        0,
        0,
    );
    let out = empty_like(x, x.meta.shape().clone());
    // A buffer must be bound as the bias; it isn't used.
    launch(grad, weight, weight, &out, sizes);
    out
}

fn launch(
    x: &CubeTensor,
    weight: &CubeTensor,
    bias: &CubeTensor,
    out: &CubeTensor,
    sizes: SizesLaunch,
) {
    let [batch, n_out, height_out, width_out] = out.meta.shape().dims();
    let k = weight.meta.shape().dims::<4>()[2];
    let n = batch * n_out.div_ceil(CHANNELS) * height_out * width_out.div_ceil(ACROSS);
    let (count, dim) = threads(&x.client, n);
    // SAFETY: the kernel reads and writes only within the images that `sizes` describes.
    unsafe {
        convolution_kernel::launch_unchecked(
            &x.client,
            count,
            dim,
            buffer(x),
            buffer(weight),
            buffer(bias),
            out.clone().into_buffer_arg(),
            sizes,
            k,
        );
    }
}
