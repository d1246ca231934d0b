//! Finds the groups of strokes that are worth reading.

use super::layout::Layout;
use super::sort::sorted;
use super::{Corrections, Group};
use crate::strokes::Stroke;

/// The most candidates of a drawing, unless it has more strokes than that.
pub const MAX_CANDIDATES: usize = 200;
/// One more than pen digits need: 9 of 7,714 digits have three strokes, and none has four.
const MAX_STROKES: usize = 4;
/// A stroke that lies on an earlier digit comes at most this many strokes after it.
const MAX_LATE: usize = 16;
/// The greatest width of a digit of several strokes, in heights of the writing.
const MAX_WIDTH: f32 = 1.6;
/// The greatest spread of its strokes, in heights of the writing.
const MAX_SPREAD: f32 = 0.8;

/// Returns all groups that may be a digit: each single stroke, neighbours along the line, strokes written one after
/// the other, and either of these with one that was written later and lies on it, such as the bar of a 7. Strokes that
/// a person has joined are never separated, and no candidate contains all strokes of a group that was split.
///
/// The candidates of a drawing cover it in at least one way.
pub fn candidates(strokes: &[Stroke], corrections: &Corrections) -> Vec<Group> {
    let layout = Layout::of(strokes);
    let pieces = corrections.pieces(strokes);
    let forbidden = corrections.forbidden(strokes);

    let is_digit_like = |group: &Group| {
        layout.extent(group.indices()).width() <= MAX_WIDTH * layout.height
            && layout.spread(group.indices()) <= MAX_SPREAD
            && !forbidden.iter().any(|set| group.contains_all(set))
    };
    let room = MAX_CANDIDATES.saturating_sub(pieces.len());
    let mut joins = match room {
        0 => Vec::new(),
        _ => unions(&layout, &pieces),
    };
    joins.retain(is_digit_like);
    joins = sorted(&joins, Ord::cmp);
    joins.dedup();
    // The nearest first, as a long drawing has more of them than there is time to read.
    joins = sorted(&joins, |a, b| {
        let spread = |group: &Group| layout.spread(group.indices());
        spread(a).total_cmp(&spread(b))
    });
    joins.truncate(room);
    pieces.into_iter().map(Group).chain(joins).collect()
}

/// Unions of two or more pieces that are beside each other in place or in time.
fn unions(layout: &Layout, pieces: &[Vec<usize>]) -> Vec<Group> {
    let extent = |piece: usize| layout.extent(&pieces[piece]);
    let in_time: Vec<usize> = (0..pieces.len()).collect();
    let mut in_place = in_time.clone();
    in_place = sorted(&in_place, |&a, &b| {
        extent(a).middle().total_cmp(&extent(b).middle())
    });

    let union = |run: &[usize]| {
        let strokes = run.iter().flat_map(|&piece| pieces[piece].iter().copied());
        Group::new(strokes.collect())
    };
    let mut groups = Vec::new();
    for order in [&in_place, &in_time] {
        for n in 1..=MAX_STROKES {
            for run in order.windows(n) {
                let own = union(run);
                let extent_of_own = layout.extent(own.as_ref().map_or(&[], Group::indices));
                groups.extend(own.filter(|_| n > 1));
                if n == MAX_STROKES {
                    continue;
                }
                let next = run.iter().max().map_or(0, |last| last + 1);
                let late = (next..pieces.len()).take(MAX_LATE);
                let lies_on_it = |&bar: &usize| extent_of_own.overlap(&extent(bar)) >= 0.0;
                groups.extend(
                    late.filter(lies_on_it)
                        .filter_map(|bar| union(&[run, &[bar]].concat())),
                );
            }
        }
    }
    groups
}
