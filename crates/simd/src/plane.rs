//! Planes of numbers, row after row: what convolutions do with them besides arithmetic.

use std::borrow::Cow;

/// Copies rows of `width` numbers, which begin `from_stride` and `to_stride` apart.
pub fn copy_rows(from: &[f32], from_stride: usize, to: &mut [f32], to_stride: usize, width: usize) {
    for (to, from) in to.chunks_mut(to_stride).zip(from.chunks(from_stride)) {
        to[..width].copy_from_slice(&from[..width]);
    }
}

/// What a convolution with the kernel turned around takes to give the gradient of the input: the gradient
/// of the output, its shape and its padding. Sums over padding alone have nothing to give and are left out.
pub fn turned_input(
    grad: &[f32],
    shape: [usize; 4],
    kernel: usize,
    padding: usize,
) -> (Cow<'_, [f32]>, [usize; 4], usize) {
    let beyond = (padding + 1).saturating_sub(kernel);
    let padding = kernel - 1 - (padding - beyond);
    if beyond == 0 {
        return (grad.into(), shape, padding);
    }
    let [n, channels, height, width] = shape;
    let (rows, columns) = (beyond..height - beyond, beyond..width - beyond);
    let inside = grad
        .chunks_exact(width)
        .enumerate()
        .filter(|(row, _)| rows.contains(&(row % height)))
        .flat_map(|(_, row)| &row[columns.clone()])
        .copied()
        .collect();
    (inside, [n, channels, rows.len(), columns.len()], padding)
}
