//! Convolutions with stride 1, as products with shifted views of the padded image.
//!
//! In an image with `padding` zeros around it, laid out row after row, the distance between the pixel that a weight
//! multiplies and the output pixel is always the same. So row `(channel, dy, dx)` of B is the padded image itself,
//! read from a later start. At the end of each image row a few sums are meaningless; the result leaves them out.

use crate::Activation;
use crate::plane::{copy_rows, turned_input};
use crate::pool::{self, larger};
use crate::product::{A, B, MAX_COLUMNS, Packed, Product, Start, product};
use crate::threads::{share, sum};

/// The sizes of a convolution.
#[derive(Clone, Copy, Debug)]
pub struct Geometry {
    n: usize,
    channels: usize,
    height: usize,
    width: usize,
    n_out: usize,
    kernel: usize,
    padding: usize,
}

impl Geometry {
    /// The geometry of images `[b, i, h, w]` and a weight `[o, i, k, k]`.
    pub fn new(x: [usize; 4], weight: [usize; 4], padding: usize) -> Self {
        let [n, channels, height, width] = x;
        let [n_out, _, kernel, _] = weight;
        Self {
            n,
            channels,
            height,
            width,
            n_out,
            kernel,
            padding,
        }
    }

    /// Shape of the output, after a max pool with windows of `pool`.
    pub fn output_shape(&self, pool: usize) -> [usize; 4] {
        let (height, width) = self.output_size();
        [self.n, self.n_out, height / pool, width / pool]
    }

    pub(crate) fn output_size(&self) -> (usize, usize) {
        let grown = |side: usize| side + 2 * self.padding + 1 - self.kernel;
        (grown(self.height), grown(self.width))
    }

    /// Pixels per channel.
    pub(crate) fn area(&self) -> usize {
        self.height * self.width
    }

    /// Height and width including the padding.
    pub(crate) fn padded_size(&self) -> (usize, usize) {
        (
            self.height + 2 * self.padding,
            self.width + 2 * self.padding,
        )
    }

    /// Distance from the first computed pixel to the last in a padded image.
    pub(crate) fn span(&self) -> usize {
        let (height, width) = self.output_size();
        (height - 1) * self.padded_size().1 + width
    }

    /// The offset of each row of B.
    pub(crate) fn offsets(&self) -> Vec<usize> {
        let (height, width) = self.padded_size();
        let k = self.kernel;
        let offset = |i: usize| i / (k * k) * height * width + i / k % k * width + i % k;
        (0..self.channels * k * k).map(offset).collect()
    }

    fn n_weights(&self) -> usize {
        self.channels * self.kernel * self.kernel
    }

    pub(crate) fn work(&self) -> usize {
        let (height, width) = self.output_size();
        self.n * height * width * self.n_out * self.n_weights()
    }

    /// A buffer for a padded image, plus the numbers that [`B::At`] may read past its end.
    pub(crate) fn padded_buffer(&self) -> Vec<f32> {
        let (height, width) = self.padded_size();
        vec![0.0; self.channels * height * width + MAX_COLUMNS]
    }

    /// Copies an image into a buffer whose padding is 0.
    pub(crate) fn pad(&self, image: &[f32], padded: &mut [f32]) {
        let (height, width) = self.padded_size();
        let planes = padded.chunks_exact_mut(height * width);
        for (plane, image) in planes.zip(image.chunks_exact(self.height * self.width)) {
            let first = self.padding * width + self.padding;
            copy_rows(image, self.width, &mut plane[first..], width, self.width);
        }
    }
}

/// The operations between a layer's sums and its output.
#[derive(Clone, Copy)]
pub struct Finish<'a> {
    pub bias: Option<&'a [f32]>,
    pub activation: Activation,
    /// Side of a max pool's windows; 1 means no pooling.
    pub pool: usize,
}

/// `[b, i, h, w]` to `[b, o, h', w']`.
pub fn forward(geometry: &Geometry, x: &[f32], weight: &[f32], finish: Finish) -> Vec<f32> {
    let [n, n_out, height, width] = geometry.output_shape(finish.pool);
    let image_len = geometry.channels * geometry.height * geometry.width;
    let output_len = n_out * height * width;
    let at = geometry.offsets();
    let weight = Packed::new(n_out, at.len(), weight);
    let (span, padded_width) = (geometry.span(), geometry.padded_size().1);
    let mut y = vec![0.0; n * output_len];
    share(n, 1, geometry.work(), &mut y, output_len, |images, y| {
        let mut padded = geometry.padded_buffer();
        let mut sums = vec![0.0; n_out * span];
        for (image, y) in images.zip(y.chunks_exact_mut(output_len.max(1))) {
            geometry.pad(&x[image * image_len..][..image_len], &mut padded);
            let convolution = Product {
                m: n_out,
                n: span,
                k: at.len(),
                a: A::Packed(&weight),
                b: B::At {
                    values: &padded,
                    at: &at,
                },
                start: Start::Zero,
                activation: Activation::Identity,
            };
            product(&convolution, &mut sums, span);
            let planes = y
                .chunks_exact_mut(height * width)
                .zip(sums.chunks_exact(span));
            for (channel, (plane, sums)) in planes.enumerate() {
                let bias = finish.bias.map_or(0.0, |bias| bias[channel]);
                let sums = sums.chunks(finish.pool * padded_width);
                for (row, sums) in plane.chunks_exact_mut(width).zip(sums) {
                    finish.row(row, sums, padded_width, bias);
                }
            }
        }
    });
    y
}

impl Finish<'_> {
    /// Computes one output row from as many rows of sums as a window is high.
    fn row(&self, row: &mut [f32], sums: &[f32], padded_width: usize, bias: f32) {
        let least = match self.activation {
            Activation::Identity => f32::NEG_INFINITY,
            Activation::Relu => 0.0,
        };
        let output = |sum: f32| larger(sum + bias, least);
        match self.pool {
            1 => row
                .iter_mut()
                .zip(sums)
                .for_each(|(y, &sum)| *y = output(sum)),
            size => pool::row(row, sums, padded_width, size, output),
        }
    }
}

/// The gradient of the input: a convolution of `grad`, of shape `shape`, with the weight turned around.
pub fn grad_x(
    kernel: [usize; 4],
    shape: [usize; 4],
    weight: &[f32],
    grad: &[f32],
    padding: usize,
) -> Vec<f32> {
    let [n_out, n_in, k, _] = kernel;
    let (grad, shape, padding) = turned_input(grad, shape, k, padding);
    let mut turned = vec![0.0; weight.len()];
    for (i, &value) in weight.iter().enumerate() {
        let (out, channel, place) = (i / (n_in * k * k), i / (k * k) % n_in, i % (k * k));
        turned[(channel * n_out + out) * k * k + (k * k - 1 - place)] = value;
    }
    let geometry = Geometry::new(shape, [n_in, n_out, k, k], padding);
    let finish = Finish {
        bias: None,
        activation: Activation::Identity,
        pool: 1,
    };
    forward(&geometry, &grad, &turned, finish)
}

/// The gradient of the weight: the product of shifted images and `grad`, summed over images.
pub fn grad_weight(geometry: &Geometry, x: &[f32], grad: &[f32]) -> Vec<f32> {
    let (height, width) = geometry.output_size();
    let (image_len, output_len) = (
        geometry.channels * geometry.height * geometry.width,
        geometry.n_out * height * width,
    );
    let (span, padded_width, n_out) = (geometry.span(), geometry.padded_size().1, geometry.n_out);
    let at = geometry.offsets();
    let sums = sum(
        geometry.n,
        at.len() * n_out,
        geometry.work(),
        |images, sums| {
            let mut padded = geometry.padded_buffer();
            // The gradient with its channels last. The gaps between its rows stay 0.
            let mut channels_last = vec![0.0; span * n_out];
            for image in images {
                geometry.pad(&x[image * image_len..][..image_len], &mut padded);
                let grad = &grad[image * output_len..][..output_len];
                for (y, row) in channels_last.chunks_mut(padded_width * n_out).enumerate() {
                    let places = row.chunks_exact_mut(n_out).take(width).enumerate();
                    for (x, place) in places {
                        for (value, plane) in
                            place.iter_mut().zip(grad.chunks_exact(height * width))
                        {
                            *value = plane[y * width + x];
                        }
                    }
                }
                let outer = Product {
                    m: at.len(),
                    n: n_out,
                    k: span,
                    a: A::At {
                        values: &padded,
                        at: &at,
                    },
                    b: B::Strided {
                        values: &channels_last,
                        k_stride: n_out,
                        column_stride: 1,
                    },
                    start: Start::Given,
                    activation: Activation::Identity,
                };
                product(&outer, sums, n_out);
            }
        },
    );
    // From [i · k · k, o] to [o, i · k · k].
    let n_weights = geometry.n_weights();
    (0..sums.len())
        .map(|i| sums[i % n_weights * n_out + i / n_weights])
        .collect()
}
