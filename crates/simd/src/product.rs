//! C = A · B (+ an initial C), one tile of C at a time in SIMD registers. The tile's loop over k reads one number from
//! each of a few rows of A, and two vectors from one row of B. B's rows may start anywhere ([`Rows::At`]), so a
//! convolution is a product without unfolding. After Goto and van de Geijn 2008; at these sizes (B fits the level-2
//! cache) further blocking doesn't pay.

use std::array::from_fn;

use pulp::{Arch, Simd, WithSimd};

use crate::Activation;

/// Vectors of B that a tile spans.
const VECTORS: usize = 2;
/// Rows of a tile that fit the registers: there are 32 with 16 lanes, and 16 with 8. In a browser a product needs a
/// separate register before it is added, so a fifth row would halve the speed.
const ROWS_16: usize = 12;
const ROWS_8: usize = 6;
const ROWS_4: usize = 4;
/// The widest tile of any instruction set, in columns.
pub const MAX_COLUMNS: usize = VECTORS * 16;

/// The layout of A: element (row, k) at `row * row_stride + k * k_stride`, or each row at an offset.
#[derive(Clone, Copy)]
pub enum A<'a> {
    Strided {
        values: &'a [f32],
        row_stride: usize,
        k_stride: usize,
    },
    /// Row `i` starts at `at[i]`, and its numbers are contiguous.
    At { values: &'a [f32], at: &'a [usize] },
    /// As [`Packed::new`] packed them.
    Packed(&'a Packed),
}

/// A matrix A that many products share.
pub struct Packed {
    m: usize,
    k: usize,
    values: Vec<f32>,
}

impl Packed {
    /// Packs `m` rows of `k` numbers.
    pub fn new(m: usize, k: usize, values: &[f32]) -> Self {
        assert_eq!(values.len(), m * k);
        let values = match Arch::new().dispatch(Lanes) {
            16 => pack_a::<ROWS_16>(values, k, 1, m, k),
            8 => pack_a::<ROWS_8>(values, k, 1, m, k),
            _ => pack_a::<ROWS_4>(values, k, 1, m, k),
        };
        Self { m, k, values }
    }
}

/// How many numbers one of this CPU's vectors holds.
struct Lanes;

impl WithSimd for Lanes {
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) -> usize {
        S::F32_LANES
    }
}

/// The layout of B: element (k, column).
#[derive(Clone, Copy)]
pub enum B<'a> {
    Strided {
        values: &'a [f32],
        k_stride: usize,
        column_stride: usize,
    },
    /// Row `k` starts at `at[k]`. After the last number of every row, [`MAX_COLUMNS`] more must be readable; their
    /// values don't matter.
    At { values: &'a [f32], at: &'a [usize] },
}

/// The initial values of C.
#[derive(Clone, Copy)]
pub enum Start<'a> {
    Zero,
    /// The values that C already holds.
    Given,
    /// One number for each column, such as a linear layer's bias.
    Columns(&'a [f32]),
}

pub struct Product<'a> {
    pub m: usize,
    pub n: usize,
    pub k: usize,
    pub a: A<'a>,
    pub b: B<'a>,
    pub start: Start<'a>,
    pub activation: Activation,
}

/// Computes the product into `c`, whose rows start `c_stride` apart.
///
/// # Panics If a matrix reaches beyond its slice.
pub fn product(product: &Product, c: &mut [f32], c_stride: usize) {
    product.check(c, c_stride);
    Arch::new().dispatch(Run {
        product,
        c,
        c_stride,
    });
}

impl Product<'_> {
    /// Whether B can be read in place.
    fn are_rows_of_b_whole(&self) -> bool {
        let is_strided = matches!(self.a, A::Strided { .. });
        is_strided
            && matches!(
                self.b,
                B::Strided {
                    column_stride: 1,
                    ..
                }
            )
    }

    /// Checks everything that the unchecked reads and writes below rely on.
    fn check(&self, c: &[f32], c_stride: usize) {
        let Self { m, n, k, .. } = *self;
        assert!(n <= c_stride && (m == 0 || (m - 1) * c_stride + n <= c.len()));
        let last = |count: usize, stride: usize| count.saturating_sub(1) * stride;
        // The tiles don't support both at once.
        assert!(!matches!((self.a, self.b), (A::At { .. }, B::At { .. })));
        match self.a {
            A::Strided {
                values,
                row_stride,
                k_stride,
            } => {
                assert!(m * k == 0 || last(m, row_stride) + last(k, k_stride) < values.len());
            }
            A::At { values, at } => {
                assert!(at.len() == m && at.iter().all(|start| start + k <= values.len()));
            }
            A::Packed(packed) => assert!((packed.m, packed.k) == (m, k)),
        }
        match self.b {
            B::Strided {
                values,
                k_stride,
                column_stride,
            } => {
                assert!(k * n == 0 || last(k, k_stride) + last(n, column_stride) < values.len());
            }
            B::At { values, at } => {
                let n = n + MAX_COLUMNS;
                assert!(at.len() == k && at.iter().all(|start| start + n <= values.len()));
            }
        }
        match self.start {
            Start::Columns(bias) => assert!(bias.len() == n),
            Start::Zero | Start::Given => {}
        }
    }
}

struct Run<'a> {
    product: &'a Product<'a>,
    c: &'a mut [f32],
    c_stride: usize,
}

impl WithSimd for Run<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // SAFETY: `check` has verified that every read and write is in bounds.
        unsafe {
            match (S::F32_LANES, self.product.m) {
                (_, 1) if self.product.are_rows_of_b_whole() => row::<S>(simd, self),
                (16, _) => tiles::<S, ROWS_16>(simd, self),
                (8, _) => tiles::<S, ROWS_8>(simd, self),
                _ => tiles::<S, ROWS_4>(simd, self),
            }
        }
    }
}

/// Computes all tiles of C, `ROWS` rows high.
#[inline(always)]
unsafe fn tiles<S: Simd, const ROWS: usize>(simd: S, run: Run) {
    let Product {
        m,
        n,
        k,
        a,
        b,
        start,
        activation,
    } = *run.product;
    let columns = VECTORS * S::F32_LANES;
    let packed_now = match a {
        A::Strided {
            values,
            row_stride,
            k_stride,
        } => pack_a::<ROWS>(values, row_stride, k_stride, m, k),
        A::At { .. } | A::Packed(_) => Vec::new(),
    };
    let packed_a = match a {
        A::Packed(packed) => &packed.values,
        _ => &packed_now,
    };
    let mut packed_b = match b {
        B::Strided { .. } => vec![0.0; k * columns],
        B::At { .. } => Vec::new(),
    };
    for column in (0..n).step_by(columns) {
        let width = columns.min(n - column);
        if let B::Strided {
            values,
            k_stride,
            column_stride,
        } = b
        {
            pack_b::<S>(
                &mut packed_b,
                &values[column * column_stride..],
                k_stride,
                column_stride,
                k,
                width,
            );
        }
        for row in (0..m).step_by(ROWS) {
            let height = ROWS.min(m - row);
            let c = unsafe { run.c.as_mut_ptr().add(row * run.c_stride + column) };
            let mut tile =
                unsafe { begin::<S, ROWS>(simd, start, c, run.c_stride, column, height, width) };
            tile = unsafe {
                match (a, b) {
                    (A::Strided { .. } | A::Packed(_), B::Strided { .. }) => {
                        let a = packed_a.as_ptr().add(row * k);
                        let b = packed_b.as_ptr();
                        accumulate(
                            simd,
                            k,
                            |k, r| *a.add(k * ROWS + r),
                            |k| b.add(k * columns),
                            tile,
                        )
                    }
                    (A::Strided { .. } | A::Packed(_), B::At { values, at }) => {
                        let a = packed_a.as_ptr().add(row * k);
                        let b = values.as_ptr().add(column);
                        let at = at.as_ptr();
                        accumulate(
                            simd,
                            k,
                            |k, r| *a.add(k * ROWS + r),
                            |k| b.add(*at.add(k)),
                            tile,
                        )
                    }
                    (A::At { values, at }, _) => {
                        // Rows past the last one repeat it; their results are not written.
                        let a: [*const f32; ROWS] =
                            from_fn(|r| values.as_ptr().add(at[row + r.min(height - 1)]));
                        let b = packed_b.as_ptr();
                        accumulate(simd, k, |k, r| *a[r].add(k), |k| b.add(k * columns), tile)
                    }
                }
            };
            unsafe { end::<S, ROWS>(simd, tile, activation, c, run.c_stride, height, width) };
        }
    }
}

type Tile<S, const ROWS: usize> = [[<S as Simd>::f32s; VECTORS]; ROWS];

/// The loop that takes all the time.
#[inline(always)]
unsafe fn accumulate<S: Simd, const ROWS: usize>(
    simd: S,
    k: usize,
    a: impl Fn(usize, usize) -> f32,
    b: impl Fn(usize) -> *const f32,
    mut tile: Tile<S, ROWS>,
) -> Tile<S, ROWS> {
    for k in 0..k {
        let b = b(k);
        let b: [S::f32s; VECTORS] = from_fn(|v| unsafe { read::<S>(b.add(v * S::F32_LANES)) });
        for (r, sums) in tile.iter_mut().enumerate() {
            let a = simd.splat_f32s(a(k, r));
            for (sum, &b) in sums.iter_mut().zip(&b) {
                *sum = simd.mul_add_e_f32s(a, b, *sum);
            }
        }
    }
    tile
}

#[inline(always)]
unsafe fn read<S: Simd>(from: *const f32) -> S::f32s {
    unsafe { from.cast::<S::f32s>().read_unaligned() }
}

/// The tile before the first product.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "a place in C takes many numbers")]
unsafe fn begin<S: Simd, const ROWS: usize>(
    simd: S,
    start: Start,
    c: *const f32,
    c_stride: usize,
    column: usize,
    height: usize,
    width: usize,
) -> Tile<S, ROWS> {
    let zero = [simd.splat_f32s(0.0); VECTORS];
    match start {
        Start::Zero => [zero; ROWS],
        Start::Columns(bias) => [unsafe { part::<S>(bias.as_ptr().add(column), width) }; ROWS],
        Start::Given => from_fn(|r| match r < height {
            true => unsafe { part::<S>(c.add(r * c_stride), width) },
            false => zero,
        }),
    }
}

/// Loads `width` numbers as vectors, padded with zeros.
#[inline(always)]
unsafe fn part<S: Simd>(from: *const f32, width: usize) -> [S::f32s; VECTORS] {
    let mut copy = [0.0; MAX_COLUMNS];
    let from = match width == VECTORS * S::F32_LANES {
        true => from,
        false => unsafe {
            copy.as_mut_ptr().copy_from_nonoverlapping(from, width);
            copy.as_ptr()
        },
    };
    from_fn(|v| unsafe { read::<S>(from.add(v * S::F32_LANES)) })
}

/// Writes the part of the tile that lies in C.
#[inline(always)]
unsafe fn end<S: Simd, const ROWS: usize>(
    simd: S,
    tile: Tile<S, ROWS>,
    activation: Activation,
    c: *mut f32,
    c_stride: usize,
    height: usize,
    width: usize,
) {
    let zero = simd.splat_f32s(0.0);
    for (r, mut sums) in tile.into_iter().enumerate().take(height) {
        if activation == Activation::Relu {
            sums = sums.map(|sum| simd.max_f32s(sum, zero));
        }
        let c = unsafe { c.add(r * c_stride) };
        unsafe {
            if width == VECTORS * S::F32_LANES {
                c.cast::<[S::f32s; VECTORS]>().write_unaligned(sums);
            } else {
                c.copy_from_nonoverlapping((&raw const sums).cast(), width);
            }
        }
    }
}

/// Packs panels of `ROWS` rows, with the rows' numbers for one k side by side, and zeros past the end of A.
fn pack_a<const ROWS: usize>(
    values: &[f32],
    row_stride: usize,
    k_stride: usize,
    m: usize,
    k: usize,
) -> Vec<f32> {
    let mut packed = vec![0.0; m.div_ceil(ROWS) * ROWS * k];
    for (panel, packed) in packed.chunks_exact_mut(ROWS * k.max(1)).enumerate() {
        for row in 0..ROWS.min(m - panel * ROWS) {
            let values = &values[(panel * ROWS + row) * row_stride..];
            for (k, packed) in packed.chunks_exact_mut(ROWS).enumerate() {
                packed[row] = values[k * k_stride];
            }
        }
    }
    packed
}

/// Packs `width` columns of B, with the columns of one k side by side.
#[inline(always)]
fn pack_b<S: Simd>(
    packed: &mut [f32],
    values: &[f32],
    k_stride: usize,
    column_stride: usize,
    k: usize,
    width: usize,
) {
    let columns = VECTORS * S::F32_LANES;
    if column_stride == 1 && width == columns {
        for (k, packed) in packed.chunks_exact_mut(columns).enumerate() {
            let values = values[k * k_stride..][..columns].as_ptr();
            // SAFETY: both slices have this length. Uses vectors, because a browser calls out of wasm to copy bytes.
            unsafe {
                let row: [S::f32s; VECTORS] = values.cast::<[S::f32s; VECTORS]>().read_unaligned();
                packed
                    .as_mut_ptr()
                    .cast::<[S::f32s; VECTORS]>()
                    .write_unaligned(row);
            }
        }
        return;
    }
    for column in 0..width {
        let values = &values[column * column_stride..];
        for k in 0..k {
            packed[k * columns + column] = values[k * k_stride];
        }
    }
}

/// Rows of B that are added to C in one pass.
const AT_ONCE: usize = 4;

/// Computes a C with one row: adds up rows of B in memory order, so that B is read once, from front to back.
#[inline(always)]
unsafe fn row<S: Simd>(simd: S, run: Run) {
    let Product {
        n,
        k,
        a,
        b,
        start,
        activation,
        ..
    } = *run.product;
    let (
        A::Strided {
            values: a,
            k_stride: a_stride,
            ..
        },
        B::Strided {
            values: b,
            k_stride,
            column_stride: 1,
        },
    ) = (a, b)
    else {
        unreachable!("only for contiguous rows of B");
    };
    let c = &mut run.c[..n];
    match start {
        Start::Zero => c.fill(0.0),
        Start::Given => {}
        Start::Columns(bias) => c.copy_from_slice(bias),
    }
    for first in (0..k).step_by(AT_ONCE) {
        let count = AT_ONCE.min(k - first);
        // Rows past the last one read the last one, times 0.
        let at = |i: usize| first + i.min(count - 1);
        let a: [f32; AT_ONCE] = from_fn(|i| if i < count { a[at(i) * a_stride] } else { 0.0 });
        let b: [*const f32; AT_ONCE] = from_fn(|i| unsafe { b.as_ptr().add(at(i) * k_stride) });
        let splats = a.map(|a| simd.splat_f32s(a));
        let whole = n - n % S::F32_LANES;
        for column in (0..whole).step_by(S::F32_LANES) {
            let c = unsafe { c.as_mut_ptr().add(column) };
            let mut sums = [unsafe { read::<S>(c) }, simd.splat_f32s(0.0)];
            for i in 0..AT_ONCE {
                let b = unsafe { read::<S>(b[i].add(column)) };
                sums[i % 2] = simd.mul_add_e_f32s(splats[i], b, sums[i % 2]);
            }
            let sum = simd.add_f32s(sums[0], sums[1]);
            unsafe { c.cast::<S::f32s>().write_unaligned(sum) };
        }
        for (column, c) in c.iter_mut().enumerate().skip(whole) {
            for i in 0..AT_ONCE {
                *c += a[i] * unsafe { *b[i].add(column) };
            }
        }
    }
    if activation == Activation::Relu {
        c.iter_mut().for_each(|c| *c = c.max(0.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(n: usize, seed: usize) -> Vec<f32> {
        (0..n)
            .map(|i| ((i * 37 + seed * 11) % 23) as f32 - 11.0)
            .collect()
    }

    /// Small whole numbers, so that the order of addition doesn't change the sum.
    fn naive(
        m: usize,
        n: usize,
        k: usize,
        a: impl Fn(usize, usize) -> f32,
        b: impl Fn(usize, usize) -> f32,
    ) -> Vec<f32> {
        let element = |i: usize| (0..k).map(|k| a(i / n, k) * b(k, i % n)).sum();
        (0..m * n).map(element).collect()
    }

    #[test]
    fn products_of_all_sizes_are_right() {
        for m in [1, 2, 5, 6, 7, 13] {
            for n in [1, 7, 8, 9, 16, 33, 64, 65] {
                for k in [1, 3, 8, 17] {
                    let (a, b) = (numbers(m * k, 1), numbers(k * n, 2));
                    let expected = naive(m, n, k, |i, k_| a[i * k + k_], |k, j| b[k * n + j]);
                    let mut c = vec![f32::NAN; m * n];
                    let strided = Product {
                        m,
                        n,
                        k,
                        a: A::Strided {
                            values: &a,
                            row_stride: k,
                            k_stride: 1,
                        },
                        b: B::Strided {
                            values: &b,
                            k_stride: n,
                            column_stride: 1,
                        },
                        start: Start::Zero,
                        activation: Activation::Identity,
                    };
                    product(&strided, &mut c, n);
                    assert_eq!(c, expected, "{m} {n} {k}");

                    let twice = Product {
                        start: Start::Given,
                        ..strided
                    };
                    product(&twice, &mut c, n);
                    assert!(
                        c.iter().zip(&expected).all(|(c, e)| *c == 2.0 * e),
                        "{m} {n} {k}"
                    );
                }
            }
        }
    }

    #[test]
    fn rows_may_begin_anywhere() {
        let (m, n, k) = (7, 19, 5);
        let values = numbers(200, 3);
        let at_a: Vec<_> = (0..m).map(|i| i * 3).collect();
        let at_b: Vec<_> = (0..k).map(|i| 2 + i * 7).collect();
        let (a, b) = (numbers(m * k, 4), numbers(k * n, 5));
        let mut c = vec![0.0; m * 20];
        let with = |a, b| Product {
            m,
            n,
            k,
            a,
            b,
            start: Start::Zero,
            activation: Activation::Relu,
        };
        product(
            &with(
                A::Strided {
                    values: &a,
                    row_stride: k,
                    k_stride: 1,
                },
                B::At {
                    values: &values,
                    at: &at_b,
                },
            ),
            &mut c,
            20,
        );
        let expected = naive(m, n, k, |i, k_| a[i * k + k_], |k, j| values[at_b[k] + j]);
        for i in 0..m * n {
            assert_eq!(c[i / n * 20 + i % n], expected[i].max(0.0));
        }
        product(
            &with(
                A::At {
                    values: &values,
                    at: &at_a,
                },
                B::Strided {
                    values: &b,
                    k_stride: n,
                    column_stride: 1,
                },
            ),
            &mut c,
            20,
        );
        let expected = naive(m, n, k, |i, k| values[at_a[i] + k], |k, j| b[k * n + j]);
        for i in 0..m * n {
            assert_eq!(c[i / n * 20 + i % n], expected[i].max(0.0));
        }
    }

    #[test]
    fn biases_go_along_columns() {
        let (a, b) = (numbers(6, 1), numbers(8, 2));
        let with = |start| Product {
            m: 3,
            n: 4,
            k: 2,
            a: A::Strided {
                values: &a,
                row_stride: 2,
                k_stride: 1,
            },
            b: B::Strided {
                values: &b,
                k_stride: 4,
                column_stride: 1,
            },
            start,
            activation: Activation::Identity,
        };
        let (mut zero, mut columns) = ([0.0; 12], [0.0; 12]);
        product(&with(Start::Zero), &mut zero, 4);
        product(
            &with(Start::Columns(&[1.0, 2.0, 3.0, 4.0])),
            &mut columns,
            4,
        );
        for i in 0..12 {
            assert_eq!(columns[i] - zero[i], (i % 4 + 1) as f32);
        }
    }

    #[test]
    #[should_panic]
    fn a_matrix_that_is_too_small_is_refused() {
        let a = [0.0; 5];
        let short = Product {
            m: 3,
            n: 2,
            k: 2,
            a: A::Strided {
                values: &a,
                row_stride: 2,
                k_stride: 1,
            },
            b: B::Strided {
                values: &[0.0; 4],
                k_stride: 2,
                column_stride: 1,
            },
            start: Start::Zero,
            activation: Activation::Identity,
        };
        product(&short, &mut [0.0; 6], 2);
    }
}
