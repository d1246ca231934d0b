//! Matrix products for linear layers and their gradients. One kernel takes strides, so nothing is transposed in memory
//! and all products share a shader. Each thread keeps a tile of `rows` × [`COLUMNS`] sums in registers and uses each
//! number it reads several times. There is no tile in shared memory, because at these sizes the caches hold the
//! matrices. If sums are few and long, as for one image, several threads share each sum, and a second kernel adds up
//! their parts.

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::sum::{self, Sum};
use super::tensor::{buffer, empty_like, threads};
use crate::kernels::Activation;

/// Columns of a thread's tile.
const COLUMNS: usize = 4;
/// Enough threads to fill a card that computes a network for one image.
const ENOUGH_THREADS: usize = 2048;
/// A sum is split into at most this many parts, each at least [`SHORTEST_PART`] long.
const MOST_PARTS: usize = 16;
const SHORTEST_PART: usize = 128;

/// Sizes of `a [m, k] · b [k, n]`, and the strides of their rows and columns.
#[derive(CubeLaunch, CubeType)]
struct Sizes {
    m: usize,
    n: usize,
    k: usize,
    a_row: usize,
    a_column: usize,
    b_row: usize,
    b_column: usize,
    /// Number of parts per sum.
    parts: usize,
    /// 1 if there is a bias to add, otherwise 0.
    has_bias: u32,
    /// 1 if negative values become 0, otherwise 0.
    is_relu: u32,
}

/// Writes `[parts, m, n]`.
#[cube(launch_unchecked)]
fn product_kernel(
    a: &[f32],
    b: &[f32],
    bias: &[f32],
    out: &mut [f32],
    sizes: Sizes,
    #[comptime] rows: usize,
) {
    // A thread's rows and columns are spread out, so that neighbouring threads read neighbouring columns.
    let n_across = sizes.n.div_ceil(COLUMNS);
    let n_down = sizes.m.div_ceil(rows);
    let across = ABSOLUTE_POS % n_across;
    let rest = ABSOLUTE_POS / n_across;
    let (down, part) = (rest % n_down, rest / n_down);
    if part >= sizes.parts {
        terminate!();
    }

    let mut of_row = Array::<usize>::new(rows);
    let mut of_column = Array::<usize>::new(COLUMNS);
    let mut sums = Array::<f32>::new(comptime!(rows * COLUMNS));
    #[unroll]
    for r in 0..rows {
        of_row[r] = min(down + r * n_down, sizes.m - 1) * sizes.a_row;
    }
    #[unroll]
    for c in 0..COLUMNS {
        of_column[c] = min(across + c * n_across, sizes.n - 1) * sizes.b_column;
    }
    #[unroll]
    for i in 0..comptime!(rows * COLUMNS) {
        sums[i] = 0.0f32;
    }

    for k in range_stepped(part, sizes.k, sizes.parts) {
        let (a_start, b_start) = (k * sizes.a_column, k * sizes.b_row);
        let mut b_row = Array::<f32>::new(COLUMNS);
        #[unroll]
        for c in 0..COLUMNS {
            b_row[c] = b[b_start + of_column[c]];
        }
        #[unroll]
        for r in 0..rows {
            let value = a[a_start + of_row[r]];
            #[unroll]
            for c in 0..COLUMNS {
                sums[comptime!(r * COLUMNS + c)] += value * b_row[c];
            }
        }
    }

    #[unroll]
    for c in 0..COLUMNS {
        let column = across + c * n_across;
        if column < sizes.n {
            let shift = select(sizes.has_bias == 1, bias[column], 0.0f32);
            #[unroll]
            for r in 0..rows {
                let row = down + r * n_down;
                if row < sizes.m {
                    let sum = sums[comptime!(r * COLUMNS + c)] + shift;
                    let sum = select(sizes.is_relu == 1 && sum < 0.0f32, 0.0f32, sum);
                    out[(part * sizes.m + row) * sizes.n + column] = sum;
                }
            }
        }
    }
}

/// A matrix in a tensor's buffer, plain or transposed.
struct Matrix<'a> {
    tensor: &'a CubeTensor,
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a> Matrix<'a> {
    fn new(tensor: &'a CubeTensor) -> Self {
        let [rows, columns] = tensor.meta.shape().dims();
        Self {
            tensor,
            rows,
            columns,
            row_stride: columns,
            column_stride: 1,
        }
    }

    fn transposed(tensor: &'a CubeTensor) -> Self {
        let [rows, columns] = tensor.meta.shape().dims();
        Self {
            tensor,
            rows: columns,
            columns: rows,
            row_stride: 1,
            column_stride: columns,
        }
    }
}

fn product(a: Matrix, b: Matrix, bias: Option<&CubeTensor>, activation: Activation) -> CubeTensor {
    let (m, n, k) = (a.rows, b.columns, a.columns);
    let client = &a.tensor.client;
    let rows = if m == 1 { 1 } else { 4 };
    let n_tiles = m.div_ceil(rows) * n.div_ceil(COLUMNS);
    let parts = (ENOUGH_THREADS / n_tiles)
        .min(k / SHORTEST_PART)
        .clamp(1, MOST_PARTS);
    let is_whole = parts == 1;
    let out = if is_whole {
        empty_like(a.tensor, [m, n])
    } else {
        empty_like(a.tensor, [parts, m, n])
    };
    let (count, dim) = threads(client, n_tiles * parts);
    let sizes = SizesLaunch::new(
        m,
        n,
        k,
        a.row_stride,
        a.column_stride,
        b.row_stride,
        b.column_stride,
        parts,
        (is_whole && bias.is_some()).into(),
        (is_whole && activation == Activation::Relu).into(),
    );
    // SAFETY: the kernel reads and writes only within the matrices that `sizes` describes.
    unsafe {
        product_kernel::launch_unchecked(
            client,
            count,
            dim,
            buffer(a.tensor),
            buffer(b.tensor),
            // A buffer must be bound; it isn't used.
            buffer(bias.unwrap_or(b.tensor)),
            out.clone().into_buffer_arg(),
            sizes,
            rows,
        );
    }
    match is_whole {
        true => out,
        false => sum::sum(
            &out,
            Sum {
                outer: parts,
                n: m * n,
                inner: 1,
            },
            [m, n],
            bias,
            activation,
        ),
    }
}

/// `activation(x · weight + bias)`
pub fn linear(
    x: &CubeTensor,
    weight: &CubeTensor,
    bias: &CubeTensor,
    activation: Activation,
) -> CubeTensor {
    product(Matrix::new(x), Matrix::new(weight), Some(bias), activation)
}

/// `grad · weightᵀ`
pub fn grad_x(weight: &CubeTensor, grad: &CubeTensor) -> CubeTensor {
    product(
        Matrix::new(grad),
        Matrix::transposed(weight),
        None,
        Activation::Identity,
    )
}

/// `xᵀ · grad`
pub fn grad_weight(x: &CubeTensor, grad: &CubeTensor) -> CubeTensor {
    product(
        Matrix::transposed(x),
        Matrix::new(grad),
        None,
        Activation::Identity,
    )
}
