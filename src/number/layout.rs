//! Where strokes lie relative to each other, in heights of the writing.

use super::sort::{order, sorted};
use crate::strokes::{Extent, Stroke};

/// How many points of a stroke are used to measure its distance to another.
const N_PROBES: usize = 24;
/// The least height of a line of writing, as a share of its widest stroke, so that a lone dash is not measured against
/// its own tiny height.
const MIN_ASPECT: f32 = 0.25;
/// Beyond this gap between digits, in heights of the writing, a larger gap says nothing more about the strokes within
/// a digit.
const MAX_GAP: f32 = 0.3;

/// Everything that grouping knows about the places of strokes.
pub(super) struct Layout {
    extents: Vec<Extent>,
    /// Height of the writing, in units of the drawing; above 0.
    pub height: f32,
    /// Nearest distance of the ink of two strokes, in heights of the writing.
    distances: Vec<f32>,
    /// The estimated gap between neighbouring digits, in heights of the writing: the upper quartile of the distances
    /// between neighbouring strokes along the line, as distances within a digit are smaller. At most [`MAX_GAP`].
    pub usual_gap: f32,
}

impl Layout {
    pub fn of(strokes: &[Stroke]) -> Self {
        let extents: Vec<_> = strokes.iter().map(|stroke| Extent::of([stroke])).collect();
        let height = writing_height(&extents);
        let n = strokes.len();
        let mut distances = vec![0.0; n * n];
        for a in 0..n {
            for b in 0..a {
                let gap = -extents[a].overlap(&extents[b]) / height;
                // For strokes far apart, the gap is accurate enough.
                let distance = match gap > 1.0 {
                    true => gap,
                    false => distance(&strokes[a], &strokes[b]) / height,
                };
                distances[a * n + b] = distance;
                distances[b * n + a] = distance;
            }
        }
        let line = order(n, &|a, b| {
            extents[a].middle().total_cmp(&extents[b].middle())
        });
        let pairs = line.windows(2);
        let gaps: Vec<_> = pairs.map(|pair| distances[pair[0] * n + pair[1]]).collect();
        Self {
            usual_gap: upper_quartile(&gaps).clamp(0.0, MAX_GAP),
            extents,
            height,
            distances,
        }
    }

    /// The nearest distance of a group's ink to that of another stroke, in heights of the writing.
    pub fn distance(&self, strokes: &[usize], other: usize) -> f32 {
        let distances = strokes
            .iter()
            .map(|a| self.distances[a * self.extents.len() + other]);
        distances.fold(f32::INFINITY, f32::min)
    }

    pub fn n_strokes(&self) -> usize {
        self.extents.len()
    }

    pub fn extent(&self, strokes: &[usize]) -> Extent {
        let extents = strokes.iter().map(|&index| self.extents[index]);
        extents.fold(Extent::NONE, Extent::with)
    }

    /// How far apart the strokes of a group are: the total length of the shortest lines that connect them all, in
    /// heights of the writing (Prim's minimum spanning tree).
    pub fn spread(&self, strokes: &[usize]) -> f32 {
        let n = self.extents.len();
        let Some((&first, rest)) = strokes.split_first() else {
            return 0.0;
        };
        let mut rest: Vec<_> = rest
            .iter()
            .map(|&b| (self.distances[first * n + b], b))
            .collect();
        let mut total = 0.0;
        while let Some(nearest) = (0..rest.len()).min_by(|&a, &b| rest[a].0.total_cmp(&rest[b].0)) {
            let (distance, added) = rest.swap_remove(nearest);
            total += distance;
            for (distance, stroke) in &mut rest {
                *distance = distance.min(self.distances[added * n + *stroke]);
            }
        }
        total
    }
}

/// The upper quartile of the strokes' heights: bars are low, but each digit has a stroke nearly as high as the digit.
fn writing_height(extents: &[Extent]) -> f32 {
    let heights: Vec<_> = extents.iter().map(Extent::height).collect();
    let quartile = upper_quartile(&heights);
    let widest = extents.iter().map(Extent::width).fold(0.0, f32::max);
    let height = quartile.max(MIN_ASPECT * widest);
    match height > 0.0 {
        true => height,
        false => 1.0,
    }
}

/// Returns 0 if there are no values.
fn upper_quartile(values: &[f32]) -> f32 {
    let values = sorted(values, f32::total_cmp);
    let quartile = values.get(values.len() * 3 / 4);
    quartile.copied().unwrap_or_default()
}

/// Nearest distance between points of two strokes.
fn distance(a: &Stroke, b: &Stroke) -> f32 {
    let probes = |stroke: &Stroke| -> Vec<(f32, f32)> {
        let last = stroke.points.len().saturating_sub(1);
        let n = last.min(N_PROBES - 1);
        let place = |i: usize| stroke.points.get(i * last / n.max(1));
        (0..=n)
            .filter_map(place)
            .map(|point| (point.x, point.y))
            .collect()
    };
    let b = probes(b);
    let squares = probes(a).into_iter().flat_map(|(x, y)| {
        b.iter()
            .map(move |(u, v)| (x - u) * (x - u) + (y - v) * (y - v))
    });
    squares.fold(f32::INFINITY, f32::min).sqrt()
}
