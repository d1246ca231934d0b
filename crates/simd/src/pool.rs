//! Max pools.

use std::ops::Range;

use crate::threads::share;

/// The windows of a max pool. Padding around an image never wins, so no window may lie in padding alone: at most half
/// of `size` may be padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Side of a window.
    pub size: usize,
    /// Distance from one window to the next.
    pub stride: usize,
    /// Pixels of padding on each side.
    pub padding: usize,
}

impl Pool {
    /// Windows side by side, without padding.
    pub const fn side_by_side(size: usize) -> Self {
        let (stride, padding) = (size, 0);
        Self {
            size,
            stride,
            padding,
        }
    }

    pub fn is_side_by_side(self) -> bool {
        self == Self::side_by_side(self.size)
    }

    /// Shape of the output for images `[b, c, h, w]`.
    pub fn output_shape(self, [n, channels, height, width]: [usize; 4]) -> [usize; 4] {
        let windows = |side: usize| {
            let rest = (side + 2 * self.padding).checked_sub(self.size);
            rest.map_or(0, |rest| rest / self.stride + 1)
        };
        [n, channels, windows(height), windows(width)]
    }

    /// The part of a side that window `i` covers.
    fn window(self, i: usize, side: usize) -> Range<usize> {
        let start = i * self.stride;
        let inside = |place: usize| place.saturating_sub(self.padding).min(side);
        inside(start)..inside(start + self.size)
    }
}

/// `[b, c, h, w]` to `[b, c, h', w']`.
pub fn forward(shape: [usize; 4], x: &[f32], pool: Pool) -> Vec<f32> {
    let [n, channels, height, width] = shape;
    let [_, _, height_out, width_out] = pool.output_shape(shape);
    let (of_plane, of_output) = (height * width, height_out * width_out);
    let mut y = vec![0.0; n * channels * of_output];
    if y.is_empty() {
        return y;
    }
    share(n * channels, 1, x.len(), &mut y, of_output, |planes, y| {
        let planes = x[planes.start * of_plane..planes.end * of_plane].chunks_exact(of_plane);
        for (plane, y) in planes.zip(y.chunks_exact_mut(of_output)) {
            match pool.is_side_by_side() {
                true => {
                    let windows = plane.chunks_exact(pool.size * width);
                    for (y, rows) in y.chunks_exact_mut(width_out).zip(windows) {
                        row(y, rows, width, pool.size, |largest| largest);
                    }
                }
                false => forward_plane(plane, height, width, pool, y, width_out),
            }
        }
    });
    y
}

/// Pools a plane whose windows overlap or reach into the padding. It takes the largest value of each column first,
/// many columns at once, then the largest of those.
fn forward_plane(
    plane: &[f32],
    height: usize,
    width: usize,
    pool: Pool,
    y: &mut [f32],
    width_out: usize,
) {
    let mut columns = vec![f32::NEG_INFINITY; width];
    for (down, y) in y.chunks_exact_mut(width_out).enumerate() {
        columns.fill(f32::NEG_INFINITY);
        let rows = pool.window(down, height);
        let rows = &plane[rows.start * width..rows.end * width];
        for row in rows.chunks_exact(width) {
            for (column, &value) in columns.iter_mut().zip(row) {
                *column = larger(*column, value);
            }
        }
        for (across, y) in y.iter_mut().enumerate() {
            let window = &columns[pool.window(across, width)];
            *y = window.iter().copied().fold(f32::NEG_INFINITY, larger);
        }
    }
}

/// One row of windows: calls `output` with each window's largest value. Rows of `values` are `width` apart.
pub(crate) fn row(
    y: &mut [f32],
    values: &[f32],
    width: usize,
    size: usize,
    output: impl Fn(f32) -> f32,
) {
    match size {
        // A fixed size, so that the compiler vectorises it.
        2 => {
            let (top, bottom) = values.split_at(width);
            let windows = top.as_chunks::<2>().0.iter().zip(bottom.as_chunks::<2>().0);
            for (y, (top, bottom)) in y.iter_mut().zip(windows) {
                *y = output(larger(larger(top[0], top[1]), larger(bottom[0], bottom[1])));
            }
        }
        _ => {
            for (column, y) in y.iter_mut().enumerate() {
                let part = |row: usize| &values[row * width + column * size..][..size];
                let window = (0..size).flat_map(part).copied();
                *y = output(window.fold(f32::NEG_INFINITY, larger));
            }
        }
    }
}

/// `f32::max` without its costly NaN handling.
pub fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// Passes each gradient to the first value in its window that equals the largest, `y`. Where windows overlap,
/// gradients add up.
pub fn grad(shape: [usize; 4], x: &[f32], y: &[f32], grad: &[f32], pool: Pool) -> Vec<f32> {
    let [n, channels, height, width] = shape;
    let [_, _, height_out, width_out] = pool.output_shape(shape);
    let (of_plane, of_output) = (height * width, height_out * width_out);
    let mut of_x = vec![0.0; x.len()];
    if y.is_empty() {
        return of_x;
    }
    share(
        n * channels,
        1,
        x.len(),
        &mut of_x,
        of_plane,
        |planes, of_x| {
            for (plane, of_x) in planes.zip(of_x.chunks_exact_mut(of_plane)) {
                let x = &x[plane * of_plane..][..of_plane];
                let outputs = plane * of_output..(plane + 1) * of_output;
                let rows = y[outputs.clone()]
                    .chunks_exact(width_out)
                    .zip(grad[outputs].chunks_exact(width_out))
                    .enumerate();
                for (down, (y, grad)) in rows {
                    let rows = pool.window(down, height);
                    let rows = rows.start * width..rows.end * width;
                    let (x, of_x) = (&x[rows.clone()], &mut of_x[rows]);
                    match pool == Pool::side_by_side(2) {
                        true => grad_2(x, y, grad, of_x),
                        false => grad_row(x, width, y, grad, of_x, pool),
                    }
                }
            }
        },
    );
    of_x
}

/// One row of windows.
fn grad_row(rows: &[f32], width: usize, y: &[f32], grad: &[f32], of_rows: &mut [f32], pool: Pool) {
    for (across, (&y, &grad)) in y.iter().zip(grad).enumerate() {
        let columns = pool.window(across, width);
        let mut starts = (0..rows.len()).step_by(width);
        let first = starts.find_map(|start| {
            let row = &rows[start..][columns.clone()];
            let column = row.iter().position(|&value| value == y)?;
            Some(start + columns.start + column)
        });
        if let Some(place) = first {
            of_rows[place] += grad;
        }
    }
}

/// Two rows of windows of 2 × 2, without branches.
fn grad_2(rows: &[f32], y: &[f32], grad: &[f32], of_rows: &mut [f32]) {
    let width = rows.len() / 2;
    let (top, bottom) = rows.split_at(width);
    let (of_top, of_bottom) = of_rows.split_at_mut(width);
    let values = top.as_chunks::<2>().0.iter().zip(bottom.as_chunks::<2>().0);
    let of_top = of_top.as_chunks_mut::<2>().0.iter_mut();
    let places = of_top.zip(of_bottom.as_chunks_mut::<2>().0);
    for (((top, bottom), (of_top, of_bottom)), (&y, &grad)) in
        values.zip(places).zip(y.iter().zip(grad))
    {
        let is_top = top.map(|x| x == y);
        let is_left = bottom[0] == y;
        let above = is_top[0] | is_top[1];
        let or_0 = |is: bool| if is { grad } else { 0.0 };
        *of_top = [or_0(is_top[0]), or_0(is_top[1] & !is_top[0])];
        *of_bottom = [or_0(is_left & !above), or_0(!is_left & !above)];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two planes of 4×5; the second has windows that contain 3 twice.
    #[rustfmt::skip]
    const X: [f32; 40] = [
        -1.0, -2.0, -3.0, -4.0, -5.0,
        -6.0, -7.0, -8.0, -9.0, -1.0,
        -2.0, -3.0, -4.0, -5.0, -6.0,
        -7.0, -8.0, -9.0, -1.0, -2.0,
        0.0, 3.0, 0.0, 0.0, 0.0,
        0.0, 0.0, 3.0, 0.0, 0.0,
        1.0, 0.0, 0.0, 0.0, 2.0,
        0.0, 0.0, 0.0, 0.0, 0.0,
    ];
    const SHAPE: [usize; 4] = [1, 2, 4, 5];

    #[test]
    fn windows_may_overlap_and_padding_never_wins() {
        let (size, stride, padding) = (3, 2, 1);
        let pool = Pool {
            size,
            stride,
            padding,
        };
        assert_eq!(pool.output_shape(SHAPE), [1, 2, 2, 3]);
        let y = forward(SHAPE, &X, pool);
        let expected = [
            -1.0, -2.0, -1.0, -2.0, -1.0, -1.0, 3.0, 3.0, 0.0, 1.0, 3.0, 2.0,
        ];
        assert_eq!(y, expected);

        let of_x = grad(SHAPE, &X, &y, &[1.0; 12], pool);
        let at: Vec<_> = (0..X.len()).filter(|&i| of_x[i] != 0.0).collect();
        assert_eq!(at, [0, 1, 9, 10, 18, 21, 23, 27, 30, 34]);
        assert_eq!(of_x[9], 2.0);
        assert_eq!(of_x[21], 2.0);
        assert_eq!(of_x.iter().sum::<f32>(), 12.0);
    }

    #[test]
    fn windows_side_by_side_leave_the_rest_out() {
        for size in [2, 3] {
            let pool = Pool::side_by_side(size);
            let y = forward(SHAPE, &X, pool);
            assert_eq!(y.len(), 2 * (4 / size) * (5 / size));
            let of_x = grad(SHAPE, &X, &y, &vec![1.0; y.len()], pool);
            assert_eq!(of_x.iter().sum::<f32>(), y.len() as f32);
        }
        assert!(forward(SHAPE, &X, Pool::side_by_side(6)).is_empty());
    }
}
