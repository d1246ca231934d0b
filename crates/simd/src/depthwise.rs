//! Depthwise convolutions with stride 1: each channel has its own kernel. This isn't a matrix product, because no sum
//! runs over channels. As in [`conv`](crate::conv), the pixels of a weight are the padded plane, read from a later
//! start. A few vectors of sums stay in registers while the loop runs over all weights.

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use crate::conv::Geometry;
use crate::plane::{copy_rows, turned_input};
use crate::threads::{share, sum};

/// Vectors of sums that are computed at once.
const VECTORS: usize = 4;
/// The same in numbers, for the widest vectors.
const MAX_COLUMNS: usize = VECTORS * 16;
/// Weights whose gradients are summed at once. That divides a 3×3 kernel evenly and leaves two idle in a 5×5 kernel.
const TAPS: usize = 9;

/// Treats every channel of every image as a separate image.
fn planes([n, channels, height, width]: [usize; 4], kernel: usize, padding: usize) -> Geometry {
    Geometry::new(
        [n * channels, 1, height, width],
        [1, 1, kernel, kernel],
        padding,
    )
}

/// `[b, c, h, w]` and `[c, 1, k, k]` to `[b, c, h', w']`.
pub fn forward(
    shape: [usize; 4],
    kernel: usize,
    x: &[f32],
    weight: &[f32],
    padding: usize,
) -> Vec<f32> {
    let planes = planes(shape, kernel, padding);
    let mut y = vec![0.0; planes.output_shape(1).iter().product()];
    run(&planes, shape[1], Some(x), weight, &mut y);
    y
}

/// [`forward`] in place, for padding that keeps the size. In large batches this avoids fresh allocations from the
/// system.
///
/// # Panics If the padding doesn't keep the size.
pub fn forward_in_place(
    shape: [usize; 4],
    kernel: usize,
    x: &mut [f32],
    weight: &[f32],
    padding: usize,
) {
    assert!(kernel == 2 * padding + 1);
    run(&planes(shape, kernel, padding), shape[1], None, weight, x);
}

/// Computes all planes, from `x` or from `y` itself.
fn run(planes: &Geometry, channels: usize, x: Option<&[f32]>, weight: &[f32], y: &mut [f32]) {
    let [n_planes, _, height_out, width_out] = planes.output_shape(1);
    let (area, area_out) = (planes.area(), height_out * width_out);
    let padded_width = planes.padded_size().1;
    let at = planes.offsets();
    share(n_planes, 1, planes.work(), y, area_out, |range, y| {
        let mut padded = planes.padded_buffer();
        padded.resize(padded.len() + MAX_COLUMNS, 0.0);
        let mut sums = vec![0.0; planes.span().next_multiple_of(MAX_COLUMNS)];
        for (plane, y) in range.zip(y.chunks_exact_mut(area_out)) {
            let image = x.map_or(&*y, |x| &x[plane * area..][..area]);
            planes.pad(image, &mut padded);
            Arch::new().dispatch(Slide {
                padded: &padded,
                at: &at,
                weight: &weight[plane % channels * at.len()..][..at.len()],
                sums: &mut sums,
            });
            copy_rows(&sums, padded_width, y, width_out, width_out);
        }
    });
}

/// Sum number `j` adds up `weight[t] * padded[at[t] + j]` over `t`.
struct Slide<'a> {
    padded: &'a [f32],
    at: &'a [usize],
    weight: &'a [f32],
    sums: &'a mut [f32],
}

impl WithSimd for Slide<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let columns = VECTORS * S::F32_LANES;
        for (i, out) in self.sums.chunks_exact_mut(columns).enumerate() {
            let padded = &self.padded[i * columns..];
            let mut sums = [simd.splat_f32s(0.0); VECTORS];
            for (&at, &weight) in self.at.iter().zip(self.weight) {
                let weight = simd.splat_f32s(weight);
                let (pixels, _) = S::as_simd_f32s(&padded[at..][..columns]);
                for (sum, &pixels) in sums.iter_mut().zip(pixels) {
                    *sum = simd.mul_add_e_f32s(weight, pixels, *sum);
                }
            }
            S::as_mut_simd_f32s(out).0.copy_from_slice(&sums);
        }
    }
}

/// The gradient of the input: a depthwise convolution of `grad`, of shape `shape`, with the kernels turned
/// around.
pub fn grad_x(
    shape: [usize; 4],
    kernel: usize,
    weight: &[f32],
    grad: &[f32],
    padding: usize,
) -> Vec<f32> {
    let (grad, shape, padding) = turned_input(grad, shape, kernel, padding);
    let mut turned = weight.to_vec();
    turned
        .chunks_exact_mut(kernel * kernel)
        .for_each(<[f32]>::reverse);
    forward(shape, kernel, &grad, &turned, padding)
}

/// The gradient of the weight: the products of its pixels and `grad`, summed over images.
pub fn grad_weight(
    shape: [usize; 4],
    kernel: usize,
    x: &[f32],
    grad: &[f32],
    padding: usize,
) -> Vec<f32> {
    let [n, channels, ..] = shape;
    let planes = planes(shape, kernel, padding);
    let at = planes.offsets();
    let len = channels * at.len();
    sum(n, len, planes.work(), |images, sums| {
        Arch::new().dispatch(Correlate {
            planes: &planes,
            images,
            channels,
            x,
            grad,
            at: &at,
            sums,
        });
    })
}

struct Correlate<'a> {
    planes: &'a Geometry,
    images: Range<usize>,
    channels: usize,
    x: &'a [f32],
    grad: &'a [f32],
    at: &'a [usize],
    sums: &'a mut [f32],
}

impl WithSimd for Correlate<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (height, width) = self.planes.output_size();
        let padded_width = self.planes.padded_size().1;
        let area = self.planes.area();
        let mut padded = self.planes.padded_buffer();
        // The gaps between the gradient's rows stay 0.
        let mut spread = vec![0.0; self.planes.span().next_multiple_of(S::F32_LANES)];
        let mut totals = vec![simd.splat_f32s(0.0); self.at.len()];
        for (channel, out) in self.sums.chunks_exact_mut(self.at.len()).enumerate() {
            totals.fill(simd.splat_f32s(0.0));
            for image in self.images.clone() {
                let plane = image * self.channels + channel;
                self.planes
                    .pad(&self.x[plane * area..][..area], &mut padded);
                let grad = &self.grad[plane * height * width..][..height * width];
                copy_rows(grad, width, &mut spread, padded_width, width);
                let (grads, _) = S::as_simd_f32s(&spread);
                for (totals, at) in totals.chunks_mut(TAPS).zip(self.at.chunks(TAPS)) {
                    // Places past the last repeat it; their results are dropped.
                    let pixels: [&[f32]; TAPS] =
                        std::array::from_fn(|t| &padded[at[t.min(at.len() - 1)]..][..spread.len()]);
                    let pixels = pixels.map(|pixels| S::as_simd_f32s(pixels).0);
                    let mut sums = [simd.splat_f32s(0.0); TAPS];
                    for (j, &grad) in grads.iter().enumerate() {
                        for (sum, pixels) in sums.iter_mut().zip(&pixels) {
                            *sum = simd.mul_add_e_f32s(grad, pixels[j], *sum);
                        }
                    }
                    for (total, &sum) in totals.iter_mut().zip(&sums) {
                        *total = simd.add_f32s(*total, sum);
                    }
                }
            }
            for (out, &total) in out.iter_mut().zip(&totals) {
                *out = simd.reduce_sum_f32s(total);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Small whole numbers, so that the order of addition doesn't change the sum.
    fn numbers(n: usize, seed: usize) -> Vec<f32> {
        (0..n)
            .map(|i| ((i * 37 + seed * 11) % 23) as f32 - 11.0)
            .collect()
    }

    fn naive(shape: [usize; 4], k: usize, x: &[f32], weight: &[f32], padding: usize) -> Vec<f32> {
        let [n, channels, height, width] = shape;
        let (height_out, width_out) = (height + 2 * padding + 1 - k, width + 2 * padding + 1 - k);
        let mut y = Vec::new();
        for i in 0..n * channels * height_out * width_out {
            let (plane, row, column) = (
                i / (height_out * width_out),
                i / width_out % height_out,
                i % width_out,
            );
            let pixel = |ky: usize, kx: usize| {
                let (row, column) = (
                    (row + ky).checked_sub(padding),
                    (column + kx).checked_sub(padding),
                );
                match (row, column) {
                    (Some(row), Some(column)) if row < height && column < width => {
                        x[(plane * height + row) * width + column]
                    }
                    _ => 0.0,
                }
            };
            let weight = &weight[plane % channels * k * k..][..k * k];
            y.push((0..k * k).map(|t| weight[t] * pixel(t / k, t % k)).sum());
        }
        y
    }

    fn dot(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    }

    /// The convolution is linear in its input and in its weight, so its gradients must reproduce the product of output
    /// and gradient.
    #[test]
    fn convolutions_and_their_gradients_are_right() {
        for (shape, k, padding) in [
            ([2, 3, 5, 7], 3, 1),
            ([1, 1, 28, 28], 5, 2),
            ([3, 2, 6, 5], 5, 0),
            ([2, 2, 4, 3], 1, 0),
            ([2, 2, 4, 3], 1, 2),
            ([1, 4, 3, 19], 3, 3),
        ] {
            let [n, channels, height, width] = shape;
            let x = numbers(n * channels * height * width, 1);
            let weight = numbers(channels * k * k, 2);
            let expected = naive(shape, k, &x, &weight, padding);
            let y = forward(shape, k, &x, &weight, padding);
            assert_eq!(y, expected, "{shape:?} {k} {padding}");
            if k == 2 * padding + 1 {
                let mut y = x.clone();
                forward_in_place(shape, k, &mut y, &weight, padding);
                assert_eq!(y, expected, "{shape:?} {k} {padding} in place");
            }

            let grad = numbers(y.len(), 3);
            let grown = |side: usize| side + 2 * padding + 1 - k;
            let shape_out = [n, channels, grown(height), grown(width)];
            let of_x = grad_x(shape_out, k, &weight, &grad, padding);
            let of_weight = grad_weight(shape, k, &x, &grad, padding);
            assert_eq!(dot(&x, &of_x), dot(&y, &grad), "{shape:?} {k} {padding}");
            assert_eq!(
                dot(&weight, &of_weight),
                dot(&y, &grad),
                "{shape:?} {k} {padding}"
            );
        }
    }
}
