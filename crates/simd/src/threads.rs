//! Spreads work over threads: one in a browser, all of the CPU's natively.

use std::ops::Range;

/// Below this many multiplications, waking other threads doesn't pay.
#[cfg(feature = "threads")]
const WORTH_IT: usize = 1 << 18;

/// Splits `0..n` into ranges for the threads, in multiples of `step`. Each thread gets its part of `out`, with `width`
/// numbers per item.
#[cfg(feature = "threads")]
pub fn share(
    n: usize,
    step: usize,
    work: usize,
    out: &mut [f32],
    width: usize,
    run: impl Fn(Range<usize>, &mut [f32]) + Sync,
) {
    use rayon::prelude::*;

    let n_threads = if work < WORTH_IT {
        1
    } else {
        rayon::current_num_threads()
    };
    let size = n.div_ceil(n_threads).next_multiple_of(step.max(1)).max(1);
    if size >= n {
        return run(0..n, out);
    }
    out.par_chunks_mut(size * width)
        .enumerate()
        .for_each(|(i, out)| {
            run(i * size..n.min((i + 1) * size), out);
        });
}

#[cfg(not(feature = "threads"))]
pub fn share(
    n: usize,
    _step: usize,
    _work: usize,
    out: &mut [f32],
    _width: usize,
    run: impl Fn(Range<usize>, &mut [f32]) + Sync,
) {
    run(0..n, out);
}

/// Splits `0..n` over the threads, each of which adds into its own `len` numbers, and returns the sum.
#[cfg(feature = "threads")]
pub fn sum(
    n: usize,
    len: usize,
    work: usize,
    run: impl Fn(Range<usize>, &mut [f32]) + Sync,
) -> Vec<f32> {
    use rayon::prelude::*;

    let n_threads = if work < WORTH_IT {
        1
    } else {
        rayon::current_num_threads().min(n)
    };
    let size = n.div_ceil(n_threads.max(1)).max(1);
    let mut parts = vec![0.0; len * n_threads.max(1)];
    parts
        .par_chunks_mut(len.max(1))
        .enumerate()
        .for_each(|(i, part)| {
            run((i * size).min(n)..n.min((i + 1) * size), part);
        });
    let (total, others) = parts.split_at_mut(len);
    for other in others.chunks_exact(len.max(1)) {
        total
            .iter_mut()
            .zip(other)
            .for_each(|(total, other)| *total += other);
    }
    parts.truncate(len);
    parts
}

#[cfg(not(feature = "threads"))]
pub fn sum(
    n: usize,
    len: usize,
    _work: usize,
    run: impl Fn(Range<usize>, &mut [f32]) + Sync,
) -> Vec<f32> {
    let mut total = vec![0.0; len];
    run(0..n, &mut total);
    total
}

/// Splits slices of equal length into parts for the threads; each thread gets its part of every slice.
#[cfg(feature = "threads")]
pub fn share_all<const N: usize>(
    slices: [&mut [f32]; N],
    run: impl Fn(Range<usize>, [&mut [f32]; N]) + Sync,
) {
    let n = slices.iter().map(|slice| slice.len()).min().unwrap_or(0);
    let n_threads = if n < WORTH_IT {
        1
    } else {
        rayon::current_num_threads()
    };
    let size = n.div_ceil(n_threads);
    if size >= n {
        return run(0..n, slices);
    }
    let run = &run;
    rayon::scope(|scope| {
        let mut rest = slices;
        for start in (0..n).step_by(size) {
            let len = size.min(n - start);
            let parts = rest.each_mut().map(|rest| {
                let (part, others) = std::mem::take(rest).split_at_mut(len);
                *rest = others;
                part
            });
            scope.spawn(move |_| run(start..start + len, parts));
        }
    });
}

#[cfg(not(feature = "threads"))]
pub fn share_all<const N: usize>(
    slices: [&mut [f32]; N],
    run: impl Fn(Range<usize>, [&mut [f32]; N]) + Sync,
) {
    let n = slices.iter().map(|slice| slice.len()).min().unwrap_or(0);
    run(0..n, slices);
}
