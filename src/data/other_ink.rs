//! Ink that isn't a digit, so that a network learns to reject it: scribbles, dots and dashes, two digits as one.
//!
//! The other half is letters of many scripts, which come from a dataset (see `cli/letters.rs`).

use std::f32::consts::TAU;

use rand::{Rng, RngExt};

use super::PenDigit;
use crate::strokes::{Extent, Point, Stroke};

/// A random drawing that nobody would read as a digit.
pub fn scribble(rng: &mut impl Rng) -> Vec<Stroke> {
    match rng.random_range(0..6) {
        0 => vec![tangle(rng)],
        1 => vec![hatching(rng)],
        2 => star(rng),
        3 => vec![spiral(rng)],
        4 => vec![wave(rng)],
        _ => vec![dot_or_dash(rng)],
    }
}

/// Two digits as one drawing, as a grouping that joins too much would produce. The second lies to the right of the
/// first and may touch it.
pub fn neighbours(a: &PenDigit, b: &PenDigit, rng: &mut impl Rng) -> Vec<Stroke> {
    let mut strokes = at_height_one(&a.strokes, 1.0);
    let right = Extent::of(&strokes).right;
    let second = at_height_one(&b.strokes, rng.random_range(0.8..1.2));
    let (shift, drop) = (
        right + rng.random_range(-0.05..0.35),
        rng.random_range(-0.15..0.15),
    );
    strokes.extend(second.into_iter().map(|stroke| {
        let points = stroke.points.into_iter();
        Stroke::new(
            points
                .map(|p| Point::new(p.x + shift, p.y + drop, 0.0))
                .collect(),
        )
    }));
    strokes
}

/// Scales the drawing to span 0 to `height` downwards, starting at 0 on the left. A wide, low drawing becomes no
/// taller than it is wide.
fn at_height_one(strokes: &[Stroke], height: f32) -> Vec<Stroke> {
    let extent = Extent::of(strokes);
    let (left, top) = (extent.left, extent.top);
    let scale = height / extent.side().max(f32::MIN_POSITIVE);
    let placed = |p: &Point| Point::new((p.x - left) * scale, (p.y - top) * scale, 0.0);
    let stroke = |s: &Stroke| Stroke::new(s.points.iter().map(placed).collect());
    strokes.iter().map(stroke).collect()
}

/// A curve of several frequencies that crosses itself many times.
fn tangle(rng: &mut impl Rng) -> Stroke {
    let mut wave = || {
        let (frequency, phase) = (rng.random_range(2.0..6.0), rng.random_range(0.0..TAU));
        let slow = rng.random_range(0.5..1.5);
        move |t: f32| (frequency * TAU * t + phase).sin() + 0.6 * (slow * TAU * t).sin()
    };
    let (x, y) = (wave(), wave());
    curve(rng.random_range(60..120), |t| (x(t), y(t)))
}

/// Back and forth while moving on.
fn hatching(rng: &mut impl Rng) -> Stroke {
    let (n_lines, slant) = (rng.random_range(5..12), rng.random_range(-0.5..0.5));
    let is_flat = rng.random::<bool>();
    let corners: Vec<(f32, f32)> = (0..=n_lines)
        .map(|i| {
            let along = i as f32 / n_lines as f32 + rng.random_range(-0.04..0.04);
            let across = (i % 2) as f32 + rng.random_range(-0.1..0.1);
            let (x, y) = (along + slant * across, across);
            if is_flat { (y, x) } else { (x, y) }
        })
        .collect();
    curve(8 * n_lines, |t| {
        let place = t * n_lines as f32;
        let line = (place as usize).min(n_lines - 1);
        let (from, to, share) = (corners[line], corners[line + 1], place - line as f32);
        let between = |a: f32, b: f32| a + share * (b - a);
        (between(from.0, to.0), between(from.1, to.1))
    })
}

/// Lines in many directions.
fn star(rng: &mut impl Rng) -> Vec<Stroke> {
    let n_lines = rng.random_range(3..7);
    let turn = rng.random_range(0.0..TAU);
    let ray = |i: usize| {
        let angle = turn + TAU / 2.0 * i as f32 / n_lines as f32 + rng.random_range(-0.2..0.2);
        let (sin, cos) = angle.sin_cos();
        let mut end = |sign: f32| {
            let reach = sign * rng.random_range(0.6..1.0);
            let off = rng.random_range(-0.15..0.15);
            Point::new(reach * cos + off, reach * sin + off, 0.0)
        };
        Stroke::new(vec![end(-1.0), end(1.0)])
    };
    (0..n_lines).map(ray).collect()
}

fn spiral(rng: &mut impl Rng) -> Stroke {
    let (turns, phase) = (rng.random_range(2.2..5.0), rng.random_range(0.0..TAU));
    let (width, way) = (
        rng.random_range(0.6..1.0),
        [-1.0, 1.0][rng.random_range(0..2)],
    );
    curve(80, |t| {
        let (sin, cos) = (way * turns * TAU * t + phase).sin_cos();
        (width * t * cos, t * sin)
    })
}

fn wave(rng: &mut impl Rng) -> Stroke {
    let (periods, height) = (rng.random_range(2.5..6.0), rng.random_range(0.15..0.35));
    let (sin, cos) = rng.random_range(-0.5_f32..2.0).sin_cos();
    curve(60, |t| {
        let (x, y) = (t, height * (periods * TAU * t).sin());
        (cos * x - sin * y, sin * x + cos * y)
    })
}

/// A dot or a horizontal dash; a vertical one would be a 1.
fn dot_or_dash(rng: &mut impl Rng) -> Stroke {
    let angle = rng.random_range(-0.45_f32..0.45);
    let bend = rng.random_range(-0.06..0.06);
    match rng.random_range(0..3) {
        0 => Stroke::new(vec![Point::new(0.0, 0.0, 0.0)]),
        _ => curve(8, |t| {
            (t * angle.cos(), t * angle.sin() + bend * t * (1.0 - t))
        }),
    }
}

fn curve(n_points: usize, at: impl Fn(f32) -> (f32, f32)) -> Stroke {
    let point = |i: usize| {
        let (x, y) = at(i as f32 / (n_points - 1) as f32);
        Point::new(x, y, 0.0)
    };
    Stroke::new((0..n_points).map(point).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strokes::render;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    #[test]
    fn scribbles_are_drawn_by_their_seed() {
        let with = |seed| scribble(&mut StdRng::seed_from_u64(seed));
        for seed in 0..200 {
            let strokes = with(seed);
            assert!(render(&strokes).is_some());
            assert!(
                strokes
                    .iter()
                    .flat_map(|s| &s.points)
                    .all(|p| p.x.is_finite() && p.y.is_finite())
            );
            assert_eq!(strokes, with(seed));
        }
    }

    #[test]
    fn neighbours_lie_side_by_side() {
        let stem = |scale: f32| PenDigit {
            writer: "w".into(),
            label: 1,
            strokes: vec![Stroke::new(vec![
                Point::new(3.0, 5.0, 0.0),
                Point::new(3.0, 5.0 + scale, 0.0),
            ])],
        };
        let rng = &mut StdRng::seed_from_u64(4);
        for _ in 0..50 {
            let both = neighbours(&stem(7.0), &stem(900.0), rng);
            assert_eq!(both.len(), 2);
            assert_eq!(both[0].points[1], Point::new(0.0, 1.0, 0.0));
            let second = both[1].points[1].y - both[1].points[0].y;
            assert!((0.75..1.25).contains(&second));
            assert!((-0.05..0.35).contains(&both[1].points[0].x));
        }
    }
}
