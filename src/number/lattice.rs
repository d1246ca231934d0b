//! The search for the best way to cover a drawing with candidates.

use super::Group;
use super::layout::Layout;
use super::scoring::{Scoring, features};
use crate::digit::N_CLASSES;
use crate::strokes::Stroke;

/// How many ways to have come this far are kept. There is more than one only where strokes of two digits alternate along the line.
const BEAM: usize = 32;

/// The candidates of one drawing with all that their scores need, so that weights can be tried one after another.
pub struct Lattice {
    n_strokes: usize,
    /// Sorted by the first stroke that a candidate holds.
    arcs: Vec<Arc>,
}

/// A candidate on its way along the line.
struct Arc {
    candidate: usize,
    /// Its strokes as places along the line, ascending.
    places: Vec<usize>,
    features: [f32; Scoring::N],
}

/// A way to cover all strokes up to some place.
struct Path {
    /// Covered places further on, ascending.
    ahead: Vec<usize>,
    score: f32,
    /// The arcs taken.
    arcs: Vec<usize>,
}

impl Lattice {
    /// `logits` holds the network's answer to each of `candidates`.
    pub fn new(strokes: &[Stroke], candidates: &[Group], logits: &[[f32; N_CLASSES]]) -> Self {
        let layout = Layout::of(strokes);
        let middle = |stroke: usize| layout.extent(&[stroke]).middle();
        let mut line: Vec<usize> = (0..strokes.len()).collect();
        line.sort_by(|&a, &b| middle(a).total_cmp(&middle(b)));
        let mut places = vec![0; line.len()];
        for (place, &stroke) in line.iter().enumerate() {
            places[stroke] = place;
        }

        let inside = |group: &Group| group.indices().iter().all(|&i| i < strokes.len());
        let pairs = candidates.iter().zip(logits).enumerate();
        let arc = |(candidate, (group, logits)): (usize, (&Group, &_))| {
            let mut places: Vec<_> = group.indices().iter().map(|&i| places[i]).collect();
            places.sort_unstable();
            Arc {
                candidate,
                places,
                features: features(&layout, group, logits),
            }
        };
        let mut arcs: Vec<_> = pairs
            .filter(|(_, (group, _))| inside(group))
            .map(arc)
            .collect();
        arcs.sort_by_key(|arc| arc.places[0]);
        Self {
            n_strokes: strokes.len(),
            arcs,
        }
    }

    /// The candidates that cover each stroke once and have the best sum of scores, left to right. Empty where nothing covers all.
    ///
    /// Each step covers the first stroke that is not covered yet, as whatever covers it has to come at some time. So ways that
    /// have covered the same strokes meet, and only the best of them goes on.
    pub fn best(&self, scoring: &Scoring) -> Vec<usize> {
        let mut fronts: Vec<Vec<Path>> = (0..=self.n_strokes).map(|_| Vec::new()).collect();
        fronts[0].push(Path {
            ahead: Vec::new(),
            score: 0.0,
            arcs: Vec::new(),
        });
        let mut first_arc = 0;
        for place in 0..self.n_strokes {
            let n_arcs = self.arcs[first_arc..]
                .iter()
                .take_while(|arc| arc.places[0] == place)
                .count();
            let here = first_arc..first_arc + n_arcs;
            first_arc += n_arcs;
            let mut front = std::mem::take(&mut fronts[place]);
            front.sort_by(|a, b| b.score.total_cmp(&a.score));
            for path in front.iter().take(BEAM) {
                for index in here.clone() {
                    if let Some((next, path)) = path.with(place, index, &self.arcs[index], scoring)
                    {
                        keep_best(&mut fronts[next], path);
                    }
                }
            }
        }
        let whole = fronts.pop().and_then(|front| front.into_iter().next());
        let arcs = whole.map(|path| path.arcs).unwrap_or_default();
        let mut chosen: Vec<_> = arcs.into_iter().map(|index| &self.arcs[index]).collect();
        let middle = |arc: &Arc| arc.places.iter().sum::<usize>() as f32 / arc.places.len() as f32;
        chosen.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
        chosen.into_iter().map(|arc| arc.candidate).collect()
    }
}

impl Path {
    /// The path after one more arc, and the first place that it leaves uncovered; `None` where they overlap.
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
        let mut ahead: Vec<_> = self.ahead.iter().chain(&arc.places).copied().collect();
        ahead.sort_unstable();
        let covered = ahead
            .iter()
            .zip(place..)
            .take_while(|(a, b)| *a == b)
            .count();
        ahead.drain(..covered);
        let path = Self {
            ahead,
            score: self.score + scoring.score(&arc.features),
            arcs: [&*self.arcs, &[index]].concat(),
        };
        Some((place + covered, path))
    }
}

fn keep_best(front: &mut Vec<Path>, path: Path) {
    match front.iter_mut().find(|known| known.ahead == path.ahead) {
        Some(known) if known.score >= path.score => {}
        Some(known) => *known = path,
        None => front.push(path),
    }
}
