//! Numbers put together from digits that one writer wrote one by one, to measure and to tune grouping with.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::Group;
use crate::data::{PenDigit, mix_seed};
use crate::strokes::{Point, Stroke};

/// How far the ink of neighbours is apart along the line, where it is nearest, in heights of the writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spacing {
    /// 0.25 to 0.5.
    Apart,
    /// 0.05 to 0.25.
    Narrow,
    /// 0.1 over one another to just touching.
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

/// Digits are 85 to 115 % of the height of the writing.
const SIZE: f32 = 0.15;
/// Their feet stand so far above or below the line at most.
const BASELINE: f32 = 0.1;
/// So often the last stroke of a digit is written only after the next digit, as the bar of a 7 may be.
const LATE: f64 = 0.05;
/// Rows along the height in which the nearest ink is looked for.
const N_ROWS: usize = 24;

/// Puts `n_digits` of `writer`'s digits, drawn by chance, side by side. The same seed gives the same number. `None` where there are
/// no digits.
pub fn compose(
    writer: &[&PenDigit],
    n_digits: usize,
    spacing: Spacing,
    seed: u64,
) -> Option<Composed> {
    let rng = &mut StdRng::seed_from_u64(mix_seed(seed, &[n_digits as u64, spacing as u64]));
    if writer.is_empty() || n_digits == 0 {
        return None;
    }
    let mut labels = Vec::new();
    // Strokes with the digit that they belong to, in the order of writing.
    let mut written: Vec<(usize, Stroke)> = Vec::new();
    let mut late = None;
    let mut before: Option<Outline> = None;
    for place in 0..n_digits {
        let digit = writer[rng.random_range(0..writer.len())];
        let size = 1.0 + SIZE * rng.random_range(-1.0..1.0f32);
        let foot = BASELINE * rng.random_range(-1.0..1.0f32);
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
        let postponed = (strokes.len() > 1 && rng.random_bool(LATE)).then(|| strokes.pop());
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

/// The digit `size` high, or as wide where it lies, with its left edge at 0 and its foot `foot` below the line at 0.
fn stood(strokes: &[Stroke], size: f32, foot: f32) -> Vec<Stroke> {
    let points = || strokes.iter().flat_map(|stroke| &stroke.points);
    let low = |axis: fn(&Point) -> f32| points().map(axis).fold(f32::INFINITY, f32::min);
    let high = |axis: fn(&Point) -> f32| points().map(axis).fold(f32::NEG_INFINITY, f32::max);
    let (left, bottom) = (low(|p| p.x), high(|p| p.y));
    let side = (high(|p| p.x) - left).max(bottom - low(|p| p.y));
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

/// The leftmost and the rightmost ink of each row, one row more at either side so that slanted ink does not slip through.
struct Outline([(f32, f32); N_ROWS]);

impl Outline {
    fn of(strokes: &[Stroke]) -> Self {
        let mut rows = [(f32::INFINITY, f32::NEG_INFINITY); N_ROWS];
        // From the top of the highest to the foot of the lowest digit.
        let top = -1.0 - SIZE - BASELINE;
        let row = |y: f32| ((y - top) / (BASELINE - top) * N_ROWS as f32) as usize;
        for (a, b) in strokes.iter().flat_map(Stroke::segments) {
            let (high, low) = (row(a.y.min(b.y)), row(a.y.max(b.y)));
            for (left, right) in &mut rows[high.saturating_sub(1)..(low + 2).min(N_ROWS)] {
                *left = left.min(a.x.min(b.x));
                *right = right.max(a.x.max(b.x));
            }
        }
        Self(rows)
    }

    fn moved(&self, x: f32) -> Self {
        Self(self.0.map(|(left, right)| (left + x, right + x)))
    }

    /// How far `next` has to be moved until its ink touches this in some row; or until it stands beside this, where they have no
    /// row in common.
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
mod tests {
    use super::*;

    fn digit(label: u8, strokes: &[&[(f32, f32)]]) -> PenDigit {
        let stroke = |points: &&[(f32, f32)]| {
            Stroke::new(points.iter().map(|&(x, y)| Point::new(x, y, 0.0)).collect())
        };
        PenDigit {
            writer: "w".into(),
            label,
            strokes: strokes.iter().map(stroke).collect(),
        }
    }

    fn writer() -> [PenDigit; 2] {
        let seven: &[&[_]] = &[
            &[(0.0, 0.0), (60.0, 0.0), (20.0, 100.0)],
            &[(10.0, 50.0), (50.0, 50.0)],
        ];
        [
            digit(1, &[&[(500.0, 500.0), (500.0, 540.0)]]),
            digit(7, seven),
        ]
    }

    fn numbers(spacing: Spacing) -> Vec<Composed> {
        let digits = writer();
        let digits: Vec<_> = digits.iter().collect();
        let number = |seed| compose(&digits, 4, spacing, seed).unwrap();
        (0..50).map(number).collect()
    }

    #[test]
    fn each_stroke_is_of_one_digit() {
        for number in numbers(Spacing::Apart) {
            assert_eq!((number.labels.len(), number.groups.len()), (4, 4));
            let mut indices: Vec<_> = number
                .groups
                .iter()
                .flat_map(Group::indices)
                .copied()
                .collect();
            indices.sort_unstable();
            assert_eq!(indices, (0..number.strokes.len()).collect::<Vec<_>>());
            for (label, group) in number.labels.iter().zip(&number.groups) {
                assert_eq!(group.n_strokes(), if *label == 7 { 2 } else { 1 });
            }
        }
    }

    #[test]
    fn a_seed_gives_one_number() {
        let digits = writer();
        let digits: Vec<_> = digits.iter().collect();
        let number = |seed| compose(&digits, 5, Spacing::Narrow, seed);
        assert_eq!(number(3), number(3));
        assert_ne!(number(3), number(4));
        assert_eq!(compose(&[], 5, Spacing::Narrow, 3), None);
    }

    #[test]
    fn digits_stand_on_a_line_alike_in_size() {
        for number in numbers(Spacing::Touching) {
            for group in &number.groups {
                let strokes = group.strokes(&number.strokes);
                let ys = || strokes.iter().flat_map(|s| &s.points).map(|p| p.y);
                let (top, foot) = (
                    ys().fold(f32::INFINITY, f32::min),
                    ys().fold(f32::NEG_INFINITY, f32::max),
                );
                assert!((0.84..1.16).contains(&(foot - top)), "{top} {foot}");
                assert!(foot.abs() <= 0.11);
            }
        }
    }

    /// The nearest that neighbours come to one another along the line.
    fn boxes_apart(number: &Composed) -> f32 {
        let edges = |group: &Group| {
            let strokes = group.strokes(&number.strokes);
            let xs = || strokes.iter().flat_map(|s| &s.points).map(|p| p.x);
            (
                xs().fold(f32::INFINITY, f32::min),
                xs().fold(f32::NEG_INFINITY, f32::max),
            )
        };
        let pairs = number.groups.windows(2);
        let gap = pairs.map(|pair| edges(&pair[1]).0 - edges(&pair[0]).1);
        gap.fold(f32::INFINITY, f32::min)
    }

    #[test]
    fn spacing_is_what_it_is_called() {
        for spacing in Spacing::ALL {
            let ones = [digit(1, &[&[(0.0, 0.0), (0.0, 9.0)]])];
            let ones: Vec<_> = ones.iter().collect();
            for seed in 0..20 {
                let gap = boxes_apart(&compose(&ones, 3, spacing, seed).unwrap());
                let wanted = spacing.gap();
                assert!(
                    wanted.start - 1e-5 <= gap && gap <= wanted.end + 1e-5,
                    "{spacing:?} {gap}"
                );
            }
        }
    }

    #[test]
    fn now_and_then_a_bar_comes_late() {
        let numbers: Vec<_> = (0..200)
            .filter_map(|seed| {
                let digits = writer();
                compose(&digits.iter().collect::<Vec<_>>(), 4, Spacing::Apart, seed)
            })
            .collect();
        let late = |group: &&Group| {
            group
                .indices()
                .last()
                .zip(group.indices().first())
                .is_some_and(|(a, b)| a - b >= group.n_strokes())
        };
        let n_late = numbers
            .iter()
            .flat_map(|number| &number.groups)
            .filter(late)
            .count();
        assert!((5..60).contains(&n_late), "{n_late} of about 400 sevens");
    }
}
