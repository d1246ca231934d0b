//! How well embeddings separate classes, given prototypes from a few examples of each (Snell et al. 2017).
//!
//! Pure except for [`Embeddings::of`]: all random numbers come from a seed.

use std::ops::Range;

use burn::tensor::{Device, ExecutionError};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

use crate::data::{Dataset, mix_seed};
use crate::digit::{DigitImage, N_CLASSES, SIDE};
use crate::zoo::{Network, images_tensor};

/// How embeddings are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// By distance.
    Distance,
    /// By distance after scaling to length 1, which compares angles.
    Direction,
}

/// Images of each class that an episode classifies.
const N_QUERIES: usize = 100;
/// Images in one forward pass.
const BATCH: usize = 100;

/// Embeddings of labelled images, prepared for comparison.
#[derive(Clone, Debug)]
pub struct Embeddings {
    metric: Metric,
    rows: Vec<Vec<f32>>,
    labels: Vec<u16>,
}

/// A mean, and half the width of its 95 % confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub mean: f64,
    pub interval: f64,
}

impl Embeddings {
    /// Pairs `rows` with `labels`; if one is longer, its surplus is dropped.
    pub fn new(mut rows: Vec<Vec<f32>>, mut labels: Vec<u16>, metric: Metric) -> Self {
        rows.truncate(labels.len());
        rows.iter_mut().for_each(|row| metric.prepare(row));
        labels.truncate(rows.len());
        Self {
            metric,
            rows,
            labels,
        }
    }

    /// The inputs of a network's last layer. The network must be on `device`, without autodiff.
    pub async fn of(
        network: &Network,
        dataset: &Dataset,
        metric: Metric,
        device: &Device,
    ) -> Result<Self, ExecutionError> {
        let rows = features(network, dataset.images(), device).await?;
        Ok(Self::new(rows, wide(dataset.labels()), metric))
    }

    /// Pixels instead of embeddings, blurred by a Gaussian of `sigma` pixels and compared by direction.
    pub fn of_pixels(dataset: &Dataset, sigma: f32) -> Self {
        let rows = blurred(dataset.images(), sigma);
        Self::new(rows, wide(dataset.labels()), Metric::Direction)
    }

    /// The squared distance between two prepared embeddings.
    pub fn squared_distance(&self, one: usize, other: usize) -> f32 {
        squared_distance(&self.rows[one], &self.rows[other])
    }

    /// The mean of each class, prepared for comparison; empty for a class without embeddings.
    pub fn prototypes(&self, classes: Range<u8>) -> Vec<Vec<f32>> {
        classes
            .map(|class| {
                let of_class = (0..self.rows.len()).filter(|&i| self.labels[i] == u16::from(class));
                self.prototype(&of_class.collect::<Vec<_>>())
            })
            .collect()
    }

    fn prototype(&self, members: &[usize]) -> Vec<f32> {
        let mut mean = match members {
            [] => Vec::new(),
            [first, ..] => vec![0.0; self.rows[*first].len()],
        };
        for &member in members {
            for (sum, value) in mean.iter_mut().zip(&self.rows[member]) {
                *sum += value / members.len() as f32;
            }
        }
        self.metric.prepare(&mut mean);
        mean
    }

    /// Accuracy of choosing the nearest prototype, where `shots` random examples of each class form a prototype. Runs
    /// `n_episodes` random sets of examples, each tested on 100 other images of each class.
    pub fn accuracy(
        &self,
        classes: Range<u8>,
        shots: usize,
        n_episodes: usize,
        seed: u64,
    ) -> Estimate {
        let members = self.by_class(classes.start.into()..classes.end.into());
        let episode = |episode: usize| {
            let seed = mix_seed(seed, &[shots as u64, episode as u64]);
            self.episode(&members, shots, &mut StdRng::seed_from_u64(seed))
        };
        estimate(&(0..n_episodes).map(episode).collect::<Vec<_>>())
    }

    fn episode(&self, members: &[Vec<usize>], shots: usize, rng: &mut impl Rng) -> f64 {
        let mut prototypes = Vec::with_capacity(members.len());
        let mut queries = Vec::with_capacity(members.len());
        for of_class in members {
            let drawn: Vec<usize> = of_class.sample(rng, shots + N_QUERIES).copied().collect();
            let (examples, rest) = drawn.split_at(shots.min(drawn.len()));
            let prototype = self.prototype(examples);
            let half_square = 0.5 * dot(&prototype, &prototype);
            prototypes.push((prototype, half_square));
            queries.push(rest.to_vec());
        }
        // -‖f - p‖² without the term that all classes share, halved.
        let score = |query: usize, (p, half_square): &(Vec<f32>, f32)| {
            dot(&self.rows[query], p) - half_square
        };
        let (mut n_right, mut n_all) = (0.0, 0);
        for (class, queries) in queries.iter().enumerate() {
            for &query in queries {
                let scores: Vec<f32> = prototypes.iter().map(|p| score(query, p)).collect();
                n_right += share_of_first(&scores, class);
                n_all += 1;
            }
        }
        n_right / f64::from(n_all.max(1))
    }

    /// Accuracy in tasks of `ways` classes of one group with `shots` random examples of each. `groups` may be all
    /// classes at once, or the characters of each alphabet. Every task randomly chooses a group that is large enough,
    /// classes from it, examples, and up to 100 other images of each.
    pub fn accuracy_among(
        &self,
        groups: &[Range<u16>],
        ways: usize,
        shots: usize,
        n_episodes: usize,
        seed: u64,
    ) -> Estimate {
        let groups = self.groups(groups, ways);
        let episode = |episode: usize| {
            let seed = mix_seed(seed, &[ways as u64, shots as u64, episode as u64]);
            let mut rng = StdRng::seed_from_u64(seed);
            let group = groups.choose(&mut rng)?;
            let members: Vec<Vec<usize>> = group.sample(&mut rng, ways).cloned().collect();
            Some(self.episode(&members, shots, &mut rng))
        };
        estimate(&(0..n_episodes).filter_map(episode).collect::<Vec<_>>())
    }

    /// Tasks of ten classes of one group with one example of each, in the form of a ten-class classifier: as logits
    /// the cosines between each task's ten other drawings and the examples, times `sharpness`; as labels the class of
    /// each drawing.
    pub fn ten_ways(
        &self,
        groups: &[Range<u16>],
        n_episodes: usize,
        sharpness: f32,
        seed: u64,
    ) -> (Vec<[f32; N_CLASSES]>, Vec<u8>) {
        let groups = self.groups(groups, N_CLASSES);
        let (mut logits, mut labels) = (Vec::new(), Vec::new());
        for episode in 0..n_episodes {
            let mut rng = StdRng::seed_from_u64(mix_seed(seed, &[episode as u64]));
            let Some(group) = groups.choose(&mut rng) else {
                break;
            };
            let members: Vec<Vec<usize>> = group.sample(&mut rng, N_CLASSES).cloned().collect();
            let mut two = |of: &Vec<usize>| {
                let drawn: Vec<usize> = of.sample(&mut rng, 2).copied().collect();
                (drawn[0], *drawn.last().unwrap_or(&drawn[0]))
            };
            let drawn: Vec<(usize, usize)> = members.iter().map(&mut two).collect();
            for (label, &(_, query)) in drawn.iter().enumerate() {
                let cosine = |place: usize| {
                    let (example, _) = drawn[place];
                    sharpness * dot(&self.rows[query], &self.rows[example])
                };
                logits.push(std::array::from_fn(cosine));
                labels.push(label as u8);
            }
        }
        (logits, labels)
    }

    /// The images of each class, for each group with at least `n_classes` classes that have two images or more.
    fn groups(&self, groups: &[Range<u16>], n_classes: usize) -> Vec<Vec<Vec<usize>>> {
        let groups = groups.iter().cloned().map(|group| {
            let mut members = self.by_class(group);
            members.retain(|of_class| of_class.len() > 1);
            members
        });
        groups
            .filter(|members| members.len() >= n_classes)
            .collect()
    }

    /// Sorted squared distances of random same-class pairs and of random different-class pairs.
    pub fn distances(&self, classes: Range<u8>, n_pairs: usize, seed: u64) -> Distances {
        self.distances_among(classes.start.into()..classes.end.into(), n_pairs, seed)
    }

    /// The same for more classes.
    pub fn distances_among(&self, classes: Range<u16>, n_pairs: usize, seed: u64) -> Distances {
        let members = self.by_class(classes);
        let mut rng = StdRng::seed_from_u64(seed);
        let (mut same, mut other) = (Vec::new(), Vec::new());
        for _ in 0..n_pairs {
            let two: Vec<_> = members.sample(&mut rng, 2).collect();
            let [of_one, of_other] = two[..] else { break };
            let pair: Vec<_> = of_one.sample(&mut rng, 2).collect();
            if let (&[&a, &b], Some(&c)) = (&pair[..], of_other.choose(&mut rng)) {
                same.push(squared_distance(&self.rows[a], &self.rows[b]));
                other.push(squared_distance(&self.rows[a], &self.rows[c]));
            }
        }
        Distances::new(same, other)
    }

    fn by_class(&self, classes: Range<u16>) -> Vec<Vec<usize>> {
        let mut members = vec![Vec::new(); classes.len()];
        for (index, label) in self.labels.iter().enumerate() {
            if let Some(of_class) = label
                .checked_sub(classes.start)
                .and_then(|place| members.get_mut(usize::from(place)))
            {
                of_class.push(index);
            }
        }
        members
    }
}

/// The inputs of a network's last layer for images. The network must be on `device`, without autodiff.
pub async fn features(
    network: &Network,
    images: &[DigitImage],
    device: &Device,
) -> Result<Vec<Vec<f32>>, ExecutionError> {
    let mut rows = Vec::with_capacity(images.len());
    for images in images.chunks(BATCH) {
        let features = network.features(images_tensor(images, device));
        let width = features.dims()[1];
        let data = features.into_data_async().await?.convert::<f32>();
        let values: Vec<f32> = data.try_into_vec().unwrap_or_default();
        rows.extend(values.chunks(width.max(1)).map(<[f32]>::to_vec));
    }
    Ok(rows)
}

/// Pixels, blurred by a Gaussian of `sigma` pixels: the baseline that embeddings must beat.
pub fn blurred(images: &[DigitImage], sigma: f32) -> Vec<Vec<f32>> {
    let blurred = |image: &DigitImage| {
        let pixels: Vec<f32> = image.pixels().iter().map(|&p| f32::from(p)).collect();
        blur(&blur(&pixels, sigma, SIDE), sigma, 1)
    };
    images.iter().map(blurred).collect()
}

fn wide(labels: &[u8]) -> Vec<u16> {
    labels.iter().map(|&label| label.into()).collect()
}

impl Metric {
    /// Prepares an embedding for comparison.
    fn prepare(self, row: &mut [f32]) {
        if self == Self::Direction {
            let length = dot(row, row).sqrt().max(f32::MIN_POSITIVE);
            row.iter_mut().for_each(|value| *value /= length);
        }
    }
}

/// Sorted distances of same-class and different-class pairs. A pair within a bound is accepted as one class.
pub struct Distances {
    same: Vec<f32>,
    other: Vec<f32>,
}

impl Distances {
    pub fn new(mut same: Vec<f32>, mut other: Vec<f32>) -> Self {
        same.sort_by(f32::total_cmp);
        other.sort_by(f32::total_cmp);
        Self { same, other }
    }

    /// Share of same-class pairs accepted when this share of the others is.
    pub fn true_acceptance(&self, false_acceptance: f64) -> f64 {
        exchanged(&self.other, &self.same, false_acceptance)
    }

    /// Share of different-class pairs accepted when this share of same-class pairs is.
    pub fn false_acceptance(&self, true_acceptance: f64) -> f64 {
        exchanged(&self.same, &self.other, true_acceptance)
    }
}

/// Share of `others` within the bound that accepts `share` of `those`. Pairs exactly on the bound count in proportion,
/// as if a random choice decided each.
fn exchanged(those: &[f32], others: &[f32], share: f64) -> f64 {
    let n_accepted = share * those.len() as f64;
    let Some(&bound) = those.get((n_accepted as usize).min(those.len().saturating_sub(1))) else {
        return 0.0;
    };
    let below = |sorted: &[f32]| sorted.partition_point(|&d| d < bound) as f64;
    let on = |sorted: &[f32]| sorted.partition_point(|&d| d <= bound) as f64 - below(sorted);
    let of_ties = (n_accepted - below(those)) / on(those);
    (below(others) + of_ties * on(others)) / others.len().max(1) as f64
}

/// 1 if this score is the largest, a half if another one equals it, and so on.
fn share_of_first(scores: &[f32], of: usize) -> f64 {
    let best = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let n_best = scores.iter().filter(|&&score| score == best).count();
    f64::from(u8::from(scores[of] == best)) / n_best.max(1) as f64
}

/// Estimates the mean from random values.
pub fn estimate(values: &[f64]) -> Estimate {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
    Estimate {
        mean,
        interval: 1.96 * (variance / n).sqrt(),
    }
}

/// `Σ a b`, in eight parallel sums so that it can be vectorised.
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a, rest_of_a) = a.as_chunks::<8>();
    let (b, rest_of_b) = b.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        for i in 0..8 {
            sums[i] += a[i] * b[i];
        }
    }
    let rest = rest_of_a.iter().zip(rest_of_b).map(|(a, b)| a * b);
    sums.iter().sum::<f32>() + rest.sum::<f32>()
}

fn squared_distance(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum()
}

/// Blurs rows of pixels that lie `stride` apart (1: along, `SIDE`: down).
fn blur(pixels: &[f32], sigma: f32, stride: usize) -> Vec<f32> {
    let reach = (3.0 * sigma).ceil() as isize;
    let weight = |offset: isize| (-0.5 * (offset as f32 / sigma).powi(2)).exp();
    let at = |i: usize, offset: isize| {
        let place = (i / stride % SIDE) as isize + offset;
        let inside = (0..SIDE as isize).contains(&place);
        inside.then(|| pixels[(i as isize + offset * stride as isize) as usize])
    };
    let total: f32 = (-reach..=reach).map(weight).sum();
    let blurred = |i: usize| {
        let taps = (-reach..=reach).filter_map(|o| Some(weight(o) * at(i, o)?));
        taps.sum::<f32>() / total
    };
    (0..pixels.len()).map(blurred).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digit::N_PIXELS;
    use crate::protocol::winner;

    /// 20 embeddings of each of ten classes.
    fn embeddings(row: impl Fn(u8, usize) -> Vec<f32>, metric: Metric) -> Embeddings {
        let items = (0..200).map(|i| ((i % 10) as u8, i / 10));
        let rows = items.clone().map(|(class, i)| row(class, i)).collect();
        let labels = items.map(|(class, _)| class.into()).collect();
        Embeddings::new(rows, labels, metric)
    }

    /// Each class clusters around its own point.
    fn apart(class: u8, i: usize) -> Vec<f32> {
        vec![f32::from(class) * 10.0, (i % 5) as f32]
    }

    #[test]
    fn classes_that_lie_apart_are_all_told_apart() {
        let embeddings = embeddings(apart, Metric::Distance);
        for shots in [1, 5] {
            let accuracy = embeddings.accuracy(0..10, shots, 50, 1);
            assert_eq!((accuracy.mean, accuracy.interval), (1.0, 0.0));
        }
        let distances = embeddings.distances(0..10, 1000, 1);
        assert_eq!(distances.true_acceptance(0.01), 1.0);
        assert_eq!(distances.false_acceptance(0.9731), 0.0);
    }

    #[test]
    fn tasks_are_of_one_group_and_know_which_is_which() {
        let embeddings = embeddings(apart, Metric::Distance);
        let among = |groups: &[Range<u16>]| embeddings.accuracy_among(groups, 5, 1, 20, 1).mean;
        assert_eq!(among(&[0..5, 5..10]), 1.0);
        // No group is large enough.
        assert_eq!(among(&[0..4, 4..8]), 0.0);
        let turned = |class: u8, _: usize| {
            let (sin, cos) = (f32::from(class) * 0.6).sin_cos();
            vec![cos, sin]
        };
        let (logits, labels) = self::embeddings(turned, Metric::Direction).ten_ways(
            std::slice::from_ref(&(0..10)),
            3,
            9.0,
            1,
        );
        assert_eq!((logits.len(), labels.len()), (30, 30));
        for (logits, label) in logits.iter().zip(labels) {
            assert_eq!(winner(logits).0, usize::from(label));
            assert!((logits[usize::from(label)] - 9.0).abs() < 1e-4);
        }
    }

    #[test]
    fn an_embedding_that_is_always_the_same_tells_nothing() {
        for metric in [Metric::Distance, Metric::Direction] {
            let constant = embeddings(|_, _| vec![0.3, 0.4], metric);
            assert!((constant.accuracy(0..10, 1, 20, 1).mean - 0.1).abs() < 1e-9);
            assert!((constant.accuracy(3..10, 5, 20, 1).mean - 1.0 / 7.0).abs() < 1e-9);
            let distances = constant.distances(0..10, 1000, 1);
            assert!((distances.true_acceptance(0.01) - 0.01).abs() < 1e-9);
            assert!((distances.false_acceptance(0.9731) - 0.9731).abs() < 1e-9);
        }
    }

    #[test]
    fn directions_know_no_lengths() {
        let turned = |class: u8, i: usize| {
            let (sin, cos) = (f32::from(class) * 0.6).sin_cos();
            vec![cos * (i + 1) as f32, sin * (i + 1) as f32]
        };
        let by = |metric| embeddings(turned, metric).accuracy(0..10, 1, 50, 1).mean;
        assert_eq!(by(Metric::Direction), 1.0);
        assert!(by(Metric::Distance) < 0.9);
    }

    #[test]
    fn acceptance_is_read_off_sorted_distances() {
        let distances = Distances::new(vec![4.0, 1.0, 2.0, 3.0], vec![9.0, 2.5, 7.0, 8.0]);
        assert_eq!(distances.true_acceptance(0.0), 0.5);
        assert_eq!(distances.true_acceptance(0.25), 1.0);
        assert_eq!(distances.false_acceptance(0.25), 0.0);
        assert_eq!(distances.false_acceptance(0.5), 0.25);
    }

    #[test]
    fn prototypes_are_means() {
        let found = embeddings(apart, Metric::Distance).prototypes(2..4);
        assert_eq!(found.len(), 2);
        assert!((found[1][0] - 30.0).abs() < 1e-4 && (found[1][1] - 2.0).abs() < 1e-5);
    }

    #[test]
    fn the_interval_is_two_standard_errors() {
        let found = estimate(&[0.4, 0.6, 0.4, 0.6]);
        assert!((found.mean - 0.5).abs() < 1e-9);
        assert!((found.interval - 1.96 * (0.04_f64 / 3.0 / 4.0).sqrt()).abs() < 1e-9);
    }

    #[test]
    fn a_blur_keeps_the_ink_and_spreads_it() {
        let mut pixels = vec![0.0; N_PIXELS];
        pixels[14 * SIDE + 14] = 1.0;
        let blurred = blur(&blur(&pixels, 1.0, SIDE), 1.0, 1);
        assert!((blurred.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        assert!((blurred[13 * SIDE + 14] - blurred[14 * SIDE + 15]).abs() < 1e-6);
        let images = vec![DigitImage::probe(), DigitImage::blank()];
        let dataset = Dataset::new(images, vec![1, 2]).unwrap();
        assert_eq!(Embeddings::of_pixels(&dataset, 1.0).rows[0].len(), N_PIXELS);
    }
}
