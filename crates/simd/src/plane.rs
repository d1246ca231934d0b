//! Copies planes of numbers, row after row, for convolutions.

use std::borrow::Cow;

/// Copies rows of `width` numbers. They start `from_stride` apart in the source and `to_stride` in the target.
pub fn copy_rows(from: &[f32], from_stride: usize, to: &mut [f32], to_stride: usize, width: usize) {
    for (to, from) in to.chunks_mut(to_stride).zip(from.chunks(from_stride)) {
        to[..width].copy_from_slice(&from[..width]);
    }
}

/// The input that a convolution with the kernel turned around needs to compute the gradient of the input: the gradient
/// of the output, its shape and its padding. Sums over padding alone contribute nothing and are left out.
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
