//! Linear layers: `x · weight + bias` and its gradients.

use crate::Activation;
use crate::product::{A, B, Product, Start, product};
use crate::threads::share;

/// Rows of C that a thread takes at once, a multiple of every tile's height.
const STEP: usize = 12;

/// `[b, in]` and `[in, out]` to `[b, out]`.
pub fn forward(
    n_in: usize,
    n_out: usize,
    x: &[f32],
    weight: &[f32],
    bias: &[f32],
    activation: Activation,
) -> Vec<f32> {
    let n = x.len() / n_in.max(1);
    let mut y = vec![0.0; n * n_out];
    share(n, STEP, n * n_in * n_out, &mut y, n_out, |rows, y| {
        let rows = Product {
            m: rows.len(),
            n: n_out,
            k: n_in,
            a: A::Strided {
                values: &x[rows.start * n_in..],
                row_stride: n_in,
                k_stride: 1,
            },
            b: B::Strided {
                values: weight,
                k_stride: n_out,
                column_stride: 1,
            },
            start: Start::Columns(bias),
            activation,
        };
        product(&rows, y, n_out);
    });
    y
}

/// `grad · weightᵀ`: `[b, out]` and `[in, out]` to `[b, in]`.
pub fn grad_x(n_in: usize, n_out: usize, weight: &[f32], grad: &[f32]) -> Vec<f32> {
    let n = grad.len() / n_out.max(1);
    let mut of_x = vec![0.0; n * n_in];
    share(n, STEP, n * n_in * n_out, &mut of_x, n_in, |rows, of_x| {
        let rows = Product {
            m: rows.len(),
            n: n_in,
            k: n_out,
            a: A::Strided {
                values: &grad[rows.start * n_out..],
                row_stride: n_out,
                k_stride: 1,
            },
            b: B::Strided {
                values: weight,
                k_stride: 1,
                column_stride: n_out,
            },
            start: Start::Zero,
            activation: Activation::Identity,
        };
        product(&rows, of_x, n_in);
    });
    of_x
}

/// `xᵀ · grad`: `[b, in]` and `[b, out]` to `[in, out]`.
pub fn grad_weight(n_in: usize, n_out: usize, x: &[f32], grad: &[f32]) -> Vec<f32> {
    let n = x.len() / n_in.max(1);
    let mut of_weight = vec![0.0; n_in * n_out];
    share(
        n_in,
        STEP,
        n * n_in * n_out,
        &mut of_weight,
        n_out,
        |rows, of_weight| {
            let rows = Product {
                m: rows.len(),
                n: n_out,
                k: n,
                a: A::Strided {
                    values: &x[rows.start..],
                    row_stride: 1,
                    k_stride: n_in,
                },
                b: B::Strided {
                    values: grad,
                    k_stride: n_out,
                    column_stride: 1,
                },
                start: Start::Zero,
                activation: Activation::Identity,
            };
            product(&rows, of_weight, n_out);
        },
    );
    of_weight
}
