//! The search for the best way to cover a drawing with candidates.

use super::Group;
use super::layout::Layout;
use super::scoring::{Scoring, features};
use super::sort::{order, sorted};
use crate::digit::N_CLASSES;
use crate::strokes::Stroke;

/// How many paths to each place are kept. There is more than one only if strokes of two digits alternate along the
/// line.
const BEAM: usize = 32;

/// The candidates of one drawing with their features, so that different weights can be tried.
pub struct Lattice {
    n_strokes: usize,
    /// Sorted by the first stroke that a candidate holds.
    arcs: Vec<Arc>,
}

/// A candidate, as a step along the line.
#[derive(Clone)]
struct Arc {
    candidate: usize,
    /// Its strokes as places along the line, ascending.
    places: Vec<usize>,
    features: [f32; Scoring::N],
}

/// A way to cover all strokes up to some place.
#[derive(Default)]
struct Path {
    /// Covered places further on, ascending.
    ahead: Vec<usize>,
    score: f32,
    /// The logarithm of the sum of the exponentials of the scores of all paths to here.
    log_sum: f32,
    /// The arcs taken.
    arcs: Vec<usize>,
}

impl Lattice {
    /// `logits` contains the network's answer to each of `candidates`.
    pub fn new(strokes: &[Stroke], candidates: &[Group], logits: &[[f32; N_CLASSES]]) -> Self {
        let layout = Layout::of(strokes);
        let middle = |stroke: usize| layout.extent(&[stroke]).middle();
        let line = order(strokes.len(), &|a, b| middle(a).total_cmp(&middle(b)));
        let mut places = vec![0; line.len()];
        for (place, &stroke) in line.iter().enumerate() {
            places[stroke] = place;
        }

        let inside = |group: &Group| group.indices().iter().all(|&i| i < strokes.len());
        let pairs = candidates.iter().zip(logits).enumerate();
        let arc = |(candidate, (group, logits)): (usize, (&Group, &_))| {
            let places: Vec<_> = group.indices().iter().map(|&i| places[i]).collect();
            let places = sorted(&places, Ord::cmp);
            Arc {
                candidate,
                places,
                features: features(&layout, group, logits),
            }
        };
        let arcs: Vec<_> = pairs
            .filter(|(_, (group, _))| inside(group))
            .map(arc)
            .collect();
        let arcs = sorted(&arcs, |a, b| a.places[0].cmp(&b.places[0]));
        Self {
            n_strokes: strokes.len(),
            arcs,
        }
    }

    /// The candidates that cover each stroke once and have the best sum of scores, left to right. Empty if no
    /// selection covers all strokes.
    pub fn best(&self, scoring: &Scoring) -> Vec<usize> {
        self.best_of(scoring, usize::MAX)
    }

    /// Like [`best`](Self::best), but among covers of at most `most` candidates; among all if there is no such cover.
    pub fn best_of(&self, scoring: &Scoring, most: usize) -> Vec<usize> {
        let path = self.cover(scoring, most);
        let path = path.or_else(|| self.cover(scoring, usize::MAX));
        let arcs = path.map(|path| path.arcs).unwrap_or_default().into_iter();
        let chosen: Vec<_> = arcs.map(|index| &self.arcs[index]).collect();
        let middle = |arc: &Arc| arc.places.iter().sum::<usize>() as f32 / arc.places.len() as f32;
        let chosen = sorted(&chosen, |a, b| middle(a).total_cmp(&middle(b)));
        chosen.into_iter().map(|arc| arc.candidate).collect()
    }

    /// The logarithm of the probability of a cover. A cover's probability is proportional to the exponential of its
    /// score (Lafferty, McCallum and Pereira 2001, "Conditional random fields"). `cover` contains indices of
    /// candidates; `None` if they don't form a cover.
    pub fn log_likelihood(&self, cover: &[usize], scoring: &Scoring) -> Option<f32> {
        let arc = |candidate: &usize| self.arcs.iter().find(|arc| arc.candidate == *candidate);
        let scores = cover.iter().map(|c| Some(scoring.score(&arc(c)?.features)));
        let score: f32 = scores.sum::<Option<_>>()?;
        Some(score - self.cover(scoring, usize::MAX)?.log_sum)
    }

    /// Each step covers the first stroke that is not covered yet, since some arc has to cover it anyway. So paths that
    /// have covered the same strokes meet, and only the best of them goes on. If the number of arcs is limited to
    /// `most`, the best of each length goes on.
    fn cover(&self, scoring: &Scoring, most: usize) -> Option<Path> {
        let is_limited = most < self.n_strokes;
        let are_alike = |a: &Path, b: &Path| {
            a.ahead == b.ahead && (!is_limited || a.arcs.len() == b.arcs.len())
        };
        let mut fronts: Vec<Vec<Path>> = (0..=self.n_strokes).map(|_| Vec::new()).collect();
        fronts[0].push(Path::default());
        for place in 0..self.n_strokes {
            let front = std::mem::take(&mut fronts[place]);
            let best = order(front.len(), &|a, b| {
                front[b].score.total_cmp(&front[a].score)
            });
            for path in best.into_iter().take(BEAM).map(|index| &front[index]) {
                let first = self.arcs.partition_point(|arc| arc.places[0] < place);
                let arcs = self.arcs.iter().enumerate().skip(first);
                for (index, arc) in arcs.take_while(|(_, arc)| arc.places[0] == place) {
                    let longer = path.with(place, index, arc, scoring);
                    if let Some((next, path)) = longer.filter(|(_, path)| path.arcs.len() <= most) {
                        meet(&mut fronts[next], path, are_alike);
                    }
                }
            }
        }
        let covers = fronts.pop()?.into_iter();
        covers.max_by(|a, b| a.score.total_cmp(&b.score))
    }
}

impl Path {
    /// The path after one more arc, and the first place that it leaves uncovered; `None` if the path and the arc
    /// overlap.
    fn with(
        &self,
        place: usize,
        index: usize,
        arc: &Arc,
        scoring: &Scoring,
    ) -> Option<(usize, Self)> {
        if arc.places.iter().any(|place| self.ahead.contains(place)) {
            return None;
        }
        let ahead: Vec<_> = self.ahead.iter().chain(&arc.places).copied().collect();
        let mut ahead = sorted(&ahead, Ord::cmp);
        let covered = ahead
            .iter()
            .zip(place..)
            .take_while(|(a, b)| *a == b)
            .count();
        ahead.drain(..covered);
        let score = scoring.score(&arc.features);
        let path = Self {
            ahead,
            score: self.score + score,
            log_sum: self.log_sum + score,
            arcs: [&*self.arcs, &[index]].concat(),
        };
        Some((place + covered, path))
    }
}

/// Adds a path to the front. It is merged with a path that has covered the same strokes.
fn meet(front: &mut Vec<Path>, path: Path, are_alike: impl Fn(&Path, &Path) -> bool) {
    match front.iter_mut().find(|known| are_alike(known, &path)) {
        Some(known) => {
            let (low, high) = (
                known.log_sum.min(path.log_sum),
                known.log_sum.max(path.log_sum),
            );
            let log_sum = high + (low - high).exp().ln_1p();
            if path.score > known.score {
                *known = path;
            }
            known.log_sum = log_sum;
        }
        None => front.push(path),
    }
}
