//! Everything that isn't a product: sums, masks, the loss and the optimisers.

use crate::AdamFactors;
use crate::threads::{share, share_all};

/// `grad` where `y` is positive, else 0.
pub fn relu_grad(y: &[f32], grad: &[f32]) -> Vec<f32> {
    let mut masked = vec![0.0; y.len()];
    share(y.len(), 16, y.len(), &mut masked, 1, |places, masked| {
        let values = y[places.clone()].iter().zip(&grad[places]);
        for (masked, (&y, &grad)) in masked.iter_mut().zip(values) {
            *masked = if y > 0.0 { grad } else { 0.0 };
        }
    });
    masked
}

/// Sums `[b, o, area]` to `[o]`.
pub fn sum_channels(values: &[f32], n_out: usize, area: usize) -> Vec<f32> {
    let mut sums = vec![0.0; n_out];
    for image in values.chunks_exact((n_out * area).max(1)) {
        for (sum, plane) in sums.iter_mut().zip(image.chunks_exact(area)) {
            *sum += total(plane);
        }
    }
    sums
}

/// The sum, split into lanes so that it vectorises.
fn total(values: &[f32]) -> f32 {
    let (chunks, rest) = values.as_chunks::<16>();
    let mut lanes = [0.0; 16];
    for chunk in chunks {
        lanes
            .iter_mut()
            .zip(chunk)
            .for_each(|(lane, value)| *lane += value);
    }
    lanes.iter().sum::<f32>() + rest.iter().sum::<f32>()
}

/// Sums `[b, o]` to `[o]`.
pub fn sum_rows(values: &[f32], n_out: usize) -> Vec<f32> {
    let mut sums = vec![0.0; n_out];
    for row in values.chunks_exact(n_out.max(1)) {
        sums.iter_mut()
            .zip(row)
            .for_each(|(sum, value)| *sum += value);
    }
    sums
}

/// Mean over rows of `log(sum of exp) - logit of the label`, shifted by the largest logit.
pub fn cross_entropy(logits: &[f32], n_classes: usize, labels: &[usize]) -> f32 {
    let rows = logits.chunks_exact(n_classes.max(1)).zip(labels);
    let loss = |(row, &label): (&[f32], &usize)| {
        let max = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let sum: f32 = row.iter().map(|logit| (logit - max).exp()).sum();
        max + sum.ln() - row[label]
    };
    rows.map(loss).sum::<f32>() / labels.len() as f32
}

/// `(softmax - one hot) · scale / b`.
pub fn cross_entropy_grad(
    logits: &[f32],
    n_classes: usize,
    labels: &[usize],
    scale: f32,
) -> Vec<f32> {
    let scale = scale / labels.len() as f32;
    let mut grad = Vec::with_capacity(logits.len());
    for (row, &label) in logits.chunks_exact(n_classes.max(1)).zip(labels) {
        let max = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let sum: f32 = row.iter().map(|logit| (logit - max).exp()).sum();
        grad.extend(row.iter().enumerate().map(|(i, logit)| {
            let probability = (logit - max).exp() / sum;
            (probability - f32::from(u8::from(i == label))) * scale
        }));
    }
    grad
}

/// Updates `param` in place.
pub fn sgd_step(param: &mut [f32], grad: &[f32], rate: f32) {
    share_all([param], |range, [param]| {
        for (param, grad) in param.iter_mut().zip(&grad[range]) {
            *param -= rate * grad;
        }
    });
}

/// Updates `param` and the moments in place.
pub fn adam_step(
    param: &mut [f32],
    moment_1: &mut [f32],
    moment_2: &mut [f32],
    grad: &[f32],
    factors: AdamFactors,
) {
    let AdamFactors {
        beta_1,
        beta_2,
        step,
        epsilon,
        keep,
    } = factors;
    share_all(
        [param, moment_1, moment_2],
        |range, [param, moment_1, moment_2]| {
            let moments = moment_1.iter_mut().zip(moment_2);
            for ((param, (m, v)), grad) in param.iter_mut().zip(moments).zip(&grad[range]) {
                *m = beta_1 * *m + (1.0 - beta_1) * grad;
                *v = beta_2 * *v + (1.0 - beta_2) * grad * grad;
                *param = keep * *param - step * *m / (v.sqrt() + epsilon);
            }
        },
    );
}
