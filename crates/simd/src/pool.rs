//! Max pools of windows side by side.

use crate::threads::share;

pub fn output_shape([n, channels, height, width]: [usize; 4], size: usize) -> [usize; 4] {
    [n, channels, height / size, width / size]
}

/// `[b, c, h, w]` to `[b, c, h / size, w / size]`.
pub fn forward(shape: [usize; 4], x: &[f32], size: usize) -> Vec<f32> {
    let [n, channels, height, width] = shape;
    let mut y = vec![0.0; output_shape(shape, size).iter().product()];
    let (of_plane, of_output) = (height * width, (height / size) * (width / size));
    if y.is_empty() {
        return y;
    }
    share(n * channels, 1, x.len(), &mut y, of_output, |planes, y| {
        let x = &x[planes.start * of_plane..planes.end * of_plane];
        forward_planes(height, width, x, y, size);
    });
    y
}

fn forward_planes(height: usize, width: usize, x: &[f32], y: &mut [f32], size: usize) {
    let windows = x
        .chunks_exact(height * width)
        .flat_map(|plane| plane.chunks_exact(size * width));
    for (y, rows) in y.chunks_exact_mut(width / size).zip(windows) {
        row(y, rows, width, size, |largest| largest);
    }
}

/// One row of windows: `output` of each window's largest value. Rows of `values` are `width` apart.
pub(crate) fn row(
    y: &mut [f32],
    values: &[f32],
    width: usize,
    size: usize,
    output: impl Fn(f32) -> f32,
) {
    match size {
        // Of a fixed size, so that the compiler makes vectors of it.
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

/// `f32::max` without its care for NaN, which costs.
pub fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// The gradient goes to the first of each window's values that is its largest, `y`.
pub fn grad(shape: [usize; 4], x: &[f32], y: &[f32], grad: &[f32], size: usize) -> Vec<f32> {
    let [n, channels, height, width] = shape;
    let mut of_x = vec![0.0; x.len()];
    let (of_plane, of_output) = (height * width, (height / size) * (width / size));
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
            let inputs = planes.start * of_plane..planes.end * of_plane;
            let outputs = planes.start * of_output..planes.end * of_output;
            let (y, grad) = (&y[outputs.clone()], &grad[outputs]);
            let rows = (0..planes.len()).flat_map(|plane| {
                let rows = 0..height / size;
                rows.map(move |row| (plane * height + row * size) * width)
            });
            let windows = y
                .chunks_exact(width / size)
                .zip(grad.chunks_exact(width / size));
            for (start, (y, grad)) in rows.zip(windows) {
                let rows = start..start + size * width;
                grad_row(
                    &x[inputs.clone()][rows.clone()],
                    y,
                    grad,
                    &mut of_x[rows],
                    size,
                );
            }
        },
    );
    of_x
}

/// One row of windows.
fn grad_row(rows: &[f32], y: &[f32], grad: &[f32], of_rows: &mut [f32], size: usize) {
    if size == 2 {
        return grad_2(rows, y, grad, of_rows);
    }
    let width = rows.len() / size;
    for (column, (&y, &grad)) in y.iter().zip(grad).enumerate() {
        let place = |j: usize| j / size * width + column * size + j % size;
        if let Some(j) = (0..size * size).find(|&j| rows[place(j)] == y) {
            of_rows[place(j)] = grad;
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
