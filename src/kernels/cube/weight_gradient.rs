//! The gradient of a convolution's weight. Each thread handles one input channel and a few output channels, for some
//! of the rows of all images, and keeps a whole kernel of sums per output channel in registers. A second kernel adds
//! up the threads' parts. Along a row the pixels under the kernel are shifted, not read again.

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
    n_rows: usize,
    n_in: usize,
    n_out: usize,
    height: usize,
    width: usize,
    height_out: usize,
    width_out: usize,
    padding: i32,
    /// Threads that share the rows.
    parts: usize,
}

/// Writes `[parts, n_out, n_in, k, k]`.
#[cube(launch_unchecked)]
fn weight_gradient_kernel(
    x: &[f32],
    grad: &[f32],
    out: &mut [f32],
    sizes: Sizes,
    #[comptime] k: usize,
    #[comptime] channels: usize,
) {
    let places = comptime!(k * k);
    let n_sums = comptime!(k * k * channels);
    let n_channels = sizes.n_out.div_ceil(channels);
    let channel_in = ABSOLUTE_POS % sizes.n_in;
    let rest = ABSOLUTE_POS / sizes.n_in;
    let first_channel = rest % n_channels * channels;
    let part = rest / n_channels;
    if part >= sizes.parts {
        terminate!();
    }

    let mut sums = Array::<f32>::new(n_sums);
    #[unroll]
    for i in 0..n_sums {
        sums[i] = 0.0f32;
    }

    for row in range_stepped(part, sizes.n_rows, sizes.parts) {
        let image = row / sizes.height_out;
        let y_out = row % sizes.height_out;
        let plane = (image * sizes.n_in + channel_in) * sizes.height;

        let mut row_at = Array::<usize>::new(k);
        let mut is_inside = Array::<f32>::new(k);
        #[unroll]
        for ky in 0..k {
            let y = (y_out + ky) as i32 - sizes.padding;
            row_at[ky] = (plane + clamp(y, 0, sizes.height as i32 - 1) as usize) * sizes.width;
            is_inside[ky] = select(y >= 0 && y < sizes.height as i32, 1.0f32, 0.0f32);
        }
        let mut grad_at = Array::<usize>::new(channels);
        #[unroll]
        for c in 0..channels {
            let channel = min(first_channel + c, sizes.n_out - 1);
            grad_at[c] =
                ((image * sizes.n_out + channel) * sizes.height_out + y_out) * sizes.width_out;
        }

        // The pixels under the kernel. Before the first step, all columns except the last are known.
        let mut pixels = Array::<f32>::new(places);
        #[unroll]
        for kx in 1..k {
            let column = (kx - 1) as i32 - sizes.padding;
            let place = clamp(column, 0, sizes.width as i32 - 1) as usize;
            let is_column = select(column >= 0 && column < sizes.width as i32, 1.0f32, 0.0f32);
            #[unroll]
            for ky in 0..k {
                pixels[comptime!(ky * k + kx)] =
                    x[row_at[ky] + place] * (is_inside[ky] * is_column);
            }
        }
        for column_out in 0..sizes.width_out {
            let column = (column_out + (k - 1)) as i32 - sizes.padding;
            let place = clamp(column, 0, sizes.width as i32 - 1) as usize;
            let is_column = select(column >= 0 && column < sizes.width as i32, 1.0f32, 0.0f32);
            #[unroll]
            for ky in 0..k {
                #[unroll]
                for kx in 1..k {
                    pixels[comptime!(ky * k + kx - 1)] = pixels[comptime!(ky * k + kx)];
                }
                pixels[comptime!(ky * k + k - 1)] =
                    x[row_at[ky] + place] * (is_inside[ky] * is_column);
            }
            #[unroll]
            for c in 0..channels {
                let g = grad[grad_at[c] + column_out];
                #[unroll]
                for i in 0..places {
                    sums[comptime!(c * places + i)] += g * pixels[i];
                }
            }
        }
    }

    #[unroll]
    for c in 0..channels {
        let channel = first_channel + c;
        if channel < sizes.n_out {
            let start = ((part * sizes.n_out + channel) * sizes.n_in + channel_in) * places;
            #[unroll]
            for i in 0..places {
                out[start + i] = sums[comptime!(c * places + i)];
            }
        }
    }
}

/// Output channels per thread: as many as possible while the sums fit in registers.
fn channels(k: usize) -> usize {
    match k {
        ..=3 => 4,
        _ => 2,
    }
}

pub fn weight_gradient(
    x: &CubeTensor,
    weight: &CubeTensor,
    grad: &CubeTensor,
    padding: usize,
) -> CubeTensor {
    let [batch, n_in, height, width] = x.meta.shape().dims();
    let [_, n_out, height_out, width_out] = grad.meta.shape().dims();
    let k = weight.meta.shape().dims::<4>()[2];
    let channels = channels(k);
    let (n_rows, n_tiles) = (batch * height_out, n_in * n_out.div_ceil(channels));
    let parts = (ENOUGH_THREADS / n_tiles).min(n_rows).clamp(1, MOST_PARTS);
    let out = empty_like(x, [parts, n_out, n_in, k, k]);
    let sizes = SizesLaunch::new(
        n_rows,
        n_in,
        n_out,
        height,
        width,
        height_out,
        width_out,
        padding as i32,
        parts,
    );
    let (count, dim) = threads(&x.client, n_tiles * parts);
    // SAFETY: the kernel reads and writes only within the images that `sizes` describes.
    unsafe {
        weight_gradient_kernel::launch_unchecked(
            &x.client,
            count,
            dim,
            buffer(x),
            buffer(grad),
            out.clone().into_buffer_arg(),
            sizes,
            k,
            channels,
        );
    }
    sum::total(
        &out,
        Sum {
            outer: parts,
            n: n_out * n_in * k * k,
            inner: 1,
        },
        weight.meta.shape().clone(),
    )
}
