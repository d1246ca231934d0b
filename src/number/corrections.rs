//! What a person says about the grouping.

use serde::{Deserialize, Serialize};

use super::Group;
use crate::strokes::Stroke;

/// Strokes that a person has joined to one digit or has split. The newest word counts where two contradict.
///
/// A stroke is known by where it begins and ends, not by its index: so corrections survive further drawing, erasing, undo and
/// redo. What is said about a stroke that is gone has no effect, until undo brings it back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Corrections {
    /// Strokes of one digit; no stroke is in two sets.
    together: Vec<Vec<Mark>>,
    /// Strokes that are not all of one digit.
    apart: Vec<Vec<Mark>>,
}

/// Where a stroke begins and ends: x, y, x, y.
type Mark = [f32; 4];

impl Corrections {
    pub fn is_empty(&self) -> bool {
        self.together.is_empty() && self.apart.is_empty()
    }

    /// Takes all corrections back.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// The two groups are one digit, together with what was joined to them before.
    pub fn join(&mut self, strokes: &[Stroke], a: &Group, b: &Group) {
        let mut joined = marks(strokes, a);
        joined.extend(marks(strokes, b));
        self.together.retain(|set| {
            let meets = set.iter().any(|mark| joined.contains(mark));
            if meets {
                joined.extend_from_slice(set);
            }
            !meets
        });
        self.apart.retain(|set| !is_within(set, &joined));
        self.together.push(joined);
    }

    /// The group is more than one digit; [`read`](super::read) finds the likeliest way to part it. A single stroke cannot be
    /// parted, and nothing happens.
    pub fn split(&mut self, strokes: &[Stroke], group: &Group) {
        let parted = marks(strokes, group);
        if parted.len() > 1 {
            self.together.retain(|set| !is_within(&parted, set));
            self.apart.push(parted);
        }
    }

    /// The strokes' indices in sets that have to stay together, most of them of one stroke; each ascending, and in the order
    /// of their first strokes.
    pub(super) fn pieces(&self, strokes: &[Stroke]) -> Vec<Vec<usize>> {
        let mut pieces: Vec<Vec<usize>> = Vec::new();
        let mut sets: Vec<Option<usize>> = Vec::new();
        for (index, stroke) in strokes.iter().enumerate() {
            let mark = mark(stroke);
            let holds = |set: &Vec<Mark>| mark.is_some_and(|mark| set.contains(&mark));
            let set = self.together.iter().position(holds);
            match sets.iter().position(|known| set.is_some() && *known == set) {
                Some(piece) => pieces[piece].push(index),
                None => {
                    pieces.push(vec![index]);
                    sets.push(set);
                }
            }
        }
        pieces
    }

    /// The strokes' indices in sets that must not be in one digit. A set of which a stroke is gone forbids nothing.
    pub(super) fn forbidden(&self, strokes: &[Stroke]) -> Vec<Vec<usize>> {
        let place = |wanted: &Mark| strokes.iter().position(|s| mark(s) == Some(*wanted));
        let sets = self.apart.iter();
        sets.filter_map(|set| set.iter().map(place).collect())
            .collect()
    }
}

fn mark(stroke: &Stroke) -> Option<Mark> {
    let (first, last) = (stroke.points.first()?, stroke.points.last()?);
    Some([first.x, first.y, last.x, last.y])
}

fn marks(strokes: &[Stroke], group: &Group) -> Vec<Mark> {
    let strokes = group.indices().iter().filter_map(|&i| strokes.get(i));
    strokes.filter_map(mark).collect()
}

fn is_within(part: &[Mark], whole: &[Mark]) -> bool {
    part.iter().all(|mark| whole.contains(mark))
}
