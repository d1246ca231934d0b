//! A person's corrections of the grouping.

use serde::{Deserialize, Serialize};

use super::Group;
use crate::strokes::Stroke;

/// Strokes that a person has joined into one digit or has split. If two corrections contradict each other, the newer
/// one counts.
///
/// A stroke is identified by where it begins and ends, not by its index, so corrections survive further drawing,
/// erasing, undo and redo. A correction about a deleted stroke has no effect until undo brings the stroke back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Corrections {
    /// Sets of strokes that form one digit; no stroke is in two sets.
    together: Vec<Vec<Mark>>,
    /// Sets of strokes that aren't all part of one digit.
    apart: Vec<Vec<Mark>>,
}

/// Where a stroke begins and ends: x, y, x, y.
type Mark = [f32; 4];

impl Corrections {
    pub fn is_empty(&self) -> bool {
        self.together.is_empty() && self.apart.is_empty()
    }

    /// Removes all corrections.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Joins two groups into one digit, together with the strokes joined to them before.
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

    /// Says that the group is more than one digit; [`read`](super::read) finds the likeliest way to split it. A single
    /// stroke can't be split, so this does nothing then.
    pub fn split(&mut self, strokes: &[Stroke], group: &Group) {
        let parted = marks(strokes, group);
        if parted.len() > 1 {
            self.together.retain(|set| !is_within(&parted, set));
            self.apart.push(parted);
        }
    }

    /// The strokes' indices, in sets that have to stay together; most sets have one stroke. Each set is ascending, and
    /// sets are in the order of their first strokes.
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

    /// The strokes' indices, in sets that must not be in one digit. A set with a deleted stroke forbids nothing.
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
