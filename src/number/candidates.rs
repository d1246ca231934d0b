//! Which groups of strokes are worth reading.

use super::layout::Layout;
use super::sort::sorted;
use super::{Corrections, Group};
use crate::strokes::Stroke;

/// How many candidates a long drawing has at most, as long as it has no more strokes than that.
pub const MAX_CANDIDATES: usize = 200;
/// One more than pens need: of 7,714 digits 9 have three strokes, and none has four.
const MAX_STROKES: usize = 4;
/// A stroke that lies on an earlier digit comes so many strokes after it at most.
const MAX_LATE: usize = 16;
/// Width of a digit of several strokes, in heights of the writing.
const MAX_WIDTH: f32 = 1.6;
/// How far its strokes are from one another, in heights of the writing.
const MAX_SPREAD: f32 = 0.8;

/// All groups that may be a digit: each stroke by itself, neighbours along the line, strokes written one after the other, and
/// either of these with one that was written later and lies on it, such as the bar of a 7. What a person has joined is never parted, and
/// what was split is in no candidate together.
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
    // The nearest first, as a long drawing has more than there is time to read.
    joins = sorted(&joins, |a, b| {
        let spread = |group: &Group| layout.spread(group.indices());
        spread(a).total_cmp(&spread(b))
    });
    joins.truncate(room);
    pieces.into_iter().map(Group).chain(joins).collect()
}

/// Unions of two and more pieces that lie or were written beside each other.
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
