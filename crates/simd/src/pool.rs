//! Max pools of windows side by side.

pub fn output_shape([n, channels, height, width]: [usize; 4], size: usize) -> [usize; 4] {
    [n, channels, height / size, width / size]
}

/// `[b, c, h, w]` to `[b, c, h / size, w / size]`.
pub fn forward(shape: [usize; 4], x: &[f32], size: usize) -> Vec<f32> {
    let [_, _, height, width] = shape;
    let mut y = vec![0.0; output_shape(shape, size).iter().product()];
    let windows = x
        .chunks_exact((height * width).max(1))
        .flat_map(|plane| plane.chunks_exact(size * width));
    for (y, rows) in y.chunks_exact_mut((width / size).max(1)).zip(windows) {
        match size {
            // Of a fixed size, so that the compiler makes vectors of it.
            2 => {
                let (top, bottom) = rows.split_at(width);
                let windows = top.as_chunks::<2>().0.iter().zip(bottom.as_chunks::<2>().0);
                for (y, (top, bottom)) in y.iter_mut().zip(windows) {
                    *y = larger(larger(top[0], top[1]), larger(bottom[0], bottom[1]));
                }
            }
            _ => {
                for (column, y) in y.iter_mut().enumerate() {
                    let row = |row: usize| &rows[row * width + column * size..][..size];
                    let values = (0..size).flat_map(row).copied();
                    *y = values.fold(f32::NEG_INFINITY, larger);
                }
            }
        }
    }
    y
}

/// `f32::max` without its care for NaN, which costs.
pub fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// The gradient goes to the first of each window's values that is its largest, `y`.
pub fn grad(shape: [usize; 4], x: &[f32], y: &[f32], grad: &[f32], size: usize) -> Vec<f32> {
    let [_, _, height, width] = shape;
    let out_width = (width / size).max(1);
    let mut of_x = vec![0.0; x.len()];
    let windows = |plane: usize| {
        let rows = 0..height / size;
        rows.map(move |row| plane * height * width + row * size * width)
    };
    let starts = (0..shape[0] * shape[1]).flat_map(windows);
    let outputs = y.chunks_exact(out_width).zip(grad.chunks_exact(out_width));
    for (start, (y, grad)) in starts.zip(outputs) {
        let rows = &x[start..start + size * width];
        let of_rows = &mut of_x[start..start + size * width];
        match size {
            2 => grad_2(rows, y, grad, of_rows),
            _ => {
                for (column, (&y, &grad)) in y.iter().zip(grad).enumerate() {
                    let place = |j: usize| j / size * width + column * size + j % size;
                    if let Some(j) = (0..size * size).find(|&j| rows[place(j)] == y) {
                        of_rows[place(j)] = grad;
                    }
                }
            }
        }
    }
    of_x
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
