//! Composes numbers from single digits by one writer, to measure and tune grouping.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::Group;
use crate::data::{PenDigit, mix_seed};
use crate::strokes::{Extent, Point, Stroke};

/// The smallest gap between the ink of neighbours along the line, in heights of the writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spacing {
    /// 0.25 to 0.5.
    Apart,
    /// 0.05 to 0.25.
    Narrow,
    /// From overlapping by 0.1 to just touching.
    Touching,
}

impl Spacing {
    pub const ALL: [Self; 3] = [Self::Apart, Self::Narrow, Self::Touching];

    pub fn name(self) -> &'static str {
        match self {
            Self::Apart => "apart",
            Self::Narrow => "narrow",
            Self::Touching => "touching",
        }
    }

    fn gap(self) -> std::ops::Range<f32> {
        match self {
            Self::Apart => 0.25..0.5,
            Self::Narrow => 0.05..0.25,
            Self::Touching => -0.1..0.0,
        }
    }
}

/// How evenly a person writes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hand {
    /// How much higher or lower digits are than the line, as a share.
    pub size: f32,
    /// How far their feet are above or below the line, in heights of the writing.
    pub baseline: f32,
    /// How often the last stroke of a digit, such as the bar of a 7, is written only after the next digit.
    pub late: f64,
}

impl Hand {
    pub const EVEN: Self = Self {
        size: 0.15,
        baseline: 0.1,
        late: 0.05,
    };
    pub const UNEVEN: Self = Self {
        size: 0.4,
        baseline: 0.25,
        late: 0.15,
    };
}

/// A number whose grouping is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Composed {
    /// Its digits, left to right.
    pub labels: Vec<u8>,
    /// The strokes of each digit.
    pub groups: Vec<Group>,
    /// In the order of writing.
    pub strokes: Vec<Stroke>,
}

/// The number of rows in which the nearest ink is looked for.
const N_ROWS: usize = 32;
/// From the top of the highest to the foot of the lowest digit.
const ROWS: std::ops::Range<f32> = -1.65..0.25;

/// Puts `n_digits` of `writer`'s digits, chosen at random, side by side. The same seed gives the same number. `None`
/// if there are no digits.
pub fn compose(
    writer: &[&PenDigit],
    n_digits: usize,
    spacing: Spacing,
    hand: Hand,
    seed: u64,
) -> Option<Composed> {
    let rng = &mut StdRng::seed_from_u64(mix_seed(seed, &[n_digits as u64, spacing as u64]));
    if writer.is_empty() || n_digits == 0 {
        return None;
    }
    let mut labels = Vec::new();
    // Strokes, each with the index of its digit, in the order of writing.
    let mut written: Vec<(usize, Stroke)> = Vec::new();
    let mut late = None;
    let mut before: Option<Outline> = None;
    for place in 0..n_digits {
        let digit = writer[rng.random_range(0..writer.len())];
        let size = 1.0 + hand.size * rng.random_range(-1.0..1.0f32);
        let foot = hand.baseline * rng.random_range(-1.0..1.0f32);
        let gap = rng.random_range(spacing.gap());
        let standing = stood(&digit.strokes, size, foot);
        let outline = Outline::of(&standing);
        let x = before.map_or(0.0, |before| before.room(&outline) + gap);
        before = Some(outline.moved(x));
        labels.push(digit.label);
        let mut strokes: Vec<_> = standing
            .iter()
            .map(|stroke| (place, moved(stroke, x)))
            .collect();
        let postponed = (strokes.len() > 1 && rng.random_bool(hand.late)).then(|| strokes.pop());
        written.extend(strokes);
        written.extend(std::mem::replace(&mut late, postponed.flatten()));
    }
    written.extend(late);
    let group = |place| {
        let own = written
            .iter()
            .enumerate()
            .filter(|(_, (of, _))| *of == place);
        Group::new(own.map(|(index, _)| index).collect())
    };
    Some(Composed {
        groups: (0..n_digits).map(group).collect::<Option<_>>()?,
        labels,
        strokes: written.into_iter().map(|(_, stroke)| stroke).collect(),
    })
}

/// Scales the digit so that its longer side is `size`, with its left edge at 0 and its foot `foot` below the line at
/// 0.
fn stood(strokes: &[Stroke], size: f32, foot: f32) -> Vec<Stroke> {
    let extent = Extent::of(strokes);
    let (left, bottom, side) = (extent.left, extent.bottom, extent.side());
    let scale = if side > 0.0 { size / side } else { 1.0 };
    let stand = |p: &Point| {
        Point::new(
            (p.x - left) * scale,
            (p.y - bottom) * scale + foot,
            p.radius * scale,
        )
    };
    let stroke = |s: &Stroke| Stroke::new(s.points.iter().map(stand).collect());
    strokes.iter().map(stroke).collect()
}

fn moved(stroke: &Stroke, x: f32) -> Stroke {
    let points = stroke.points.iter();
    Stroke::new(points.map(|p| Point::new(p.x + x, p.y, p.radius)).collect())
}

/// The leftmost and rightmost ink of each row. Ink also counts in the rows above and below it, so that slanted ink
/// does not slip through.
struct Outline([(f32, f32); N_ROWS]);

impl Outline {
    fn of(strokes: &[Stroke]) -> Self {
        let mut rows = [(f32::INFINITY, f32::NEG_INFINITY); N_ROWS];
        let row = |y: f32| (N_ROWS as f32 * (y - ROWS.start) / (ROWS.end - ROWS.start)) as usize;
        for (a, b) in strokes.iter().flat_map(Stroke::segments) {
            let (high, low) = (row(a.y.min(b.y)), row(a.y.max(b.y)));
            for (left, right) in &mut rows[high.clamp(1, N_ROWS) - 1..(low + 2).min(N_ROWS)] {
                *left = left.min(a.x.min(b.x));
                *right = right.max(a.x.max(b.x));
            }
        }
        Self(rows)
    }

    fn moved(&self, x: f32) -> Self {
        Self(self.0.map(|(left, right)| (left + x, right + x)))
    }

    /// How far `next` has to be moved until its ink touches this ink in some row, or, if they have no row in common,
    /// until it is beside this ink.
    fn room(&self, next: &Self) -> f32 {
        let rows = self.0.iter().zip(&next.0);
        let room = rows.map(|((_, right), (left, _))| right - left);
        let room = room.filter(|room| room.is_finite()).reduce(f32::max);
        room.unwrap_or_else(|| {
            let right = self
                .0
                .iter()
                .map(|row| row.1)
                .fold(f32::NEG_INFINITY, f32::max);
            let left = next.0.iter().map(|row| row.0).fold(f32::INFINITY, f32::min);
            right - left
        })
    }
}

#[cfg(test)]
mod tests;
