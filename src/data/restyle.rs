//! Augmentation of strokes: other handwriting and other pens from one drawing. [`augment`](super::augment) does the
//! same for images. It varies slant, rotation, proportions, elastic deformation, ink width, pen speed and the edge of
//! the pad. It also varies the habits in which people's digits differ: upstrokes, crossings, slashes, hooks.

use std::array::from_fn;

use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

use super::PenDigit;
use crate::digit::DigitImage;
use crate::strokes::{Extent, Point, Stroke, render_inked};

/// How much a drawing may change. Unless noted otherwise, an amount is drawn uniformly between minus and plus its
/// bound.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Restyle {
    /// Rotation, in degrees.
    pub rotation_degrees: f32,
    /// Slant, as horizontal shift per vertical distance.
    pub shear: f32,
    /// Resizing of the width alone, as a fraction.
    pub aspect: f32,
    /// How far each point of a coarse grid over the drawing moves, as a fraction of its longest side.
    pub elastic: f32,
    /// Half the ink's width in pixels of the 28×28 image: minimum and maximum.
    pub ink_radius: [f32; 2],
    /// Pen speed: at its fastest, only one in this many points is kept.
    pub speed: usize,
    /// Share of drawings that the pad's edge cuts, by up to a twelfth of their side.
    pub cut: f32,
    /// Share of digit drawings that switch to another habit of writing, if the digit has one.
    pub habit: f32,
}

impl Restyle {
    /// No changes.
    pub const NONE: Self = Self {
        rotation_degrees: 0.0,
        shear: 0.0,
        aspect: 0.0,
        elastic: 0.0,
        ink_radius: [1.25, 1.25],
        speed: 1,
        cut: 0.0,
        habit: 0.0,
    };
}

/// Points of the elastic grid along a side.
const GRID: usize = 4;

/// Changes a digit at random, and renders it as the network sees it.
pub fn restyle_digit(digit: &PenDigit, amount: &Restyle, rng: &mut impl Rng) -> DigitImage {
    match rng.random::<f32>() < amount.habit {
        true => restyle(&other_habit(digit, rng), amount, rng),
        false => restyle(&digit.strokes, amount, rng),
    }
}

/// Changes any drawing at random, and renders it as the network sees it.
pub fn restyle(strokes: &[Stroke], amount: &Restyle, rng: &mut impl Rng) -> DigitImage {
    let mut even = |bound: f32| bound * (2.0 * rng.random::<f32>() - 1.0);
    let (sin, cos) = even(amount.rotation_degrees).to_radians().sin_cos();
    let (shear, width) = (even(amount.shear), 1.0 + even(amount.aspect));
    let field: [[[f32; GRID]; GRID]; 2] =
        from_fn(|_| from_fn(|_| from_fn(|_| even(amount.elastic))));
    let [thin, thick] = amount.ink_radius;
    let ink_radius = thin + (thick - thin) * rng.random::<f32>();
    let keep_every = rng.random_range(1..=amount.speed.max(1));
    let cut = (rng.random::<f32>() < amount.cut)
        .then(|| (rng.random_range(0..4), 0.08 * rng.random::<f32>()));

    let frame = Frame::of(strokes);
    let change = |point: &Point| {
        let (x, y) = frame.unit(point);
        let (dx, dy) = (displacement(&field[0], x, y), displacement(&field[1], x, y));
        let (x, y) = (x + dx - 0.5, y + dy - 0.5);
        let x = (x + shear * y) * width;
        let (x, y) = (cos * x - sin * y, sin * x + cos * y);
        Point::new(x, y, point.radius / frame.side)
    };
    let stroke = |stroke: &Stroke| {
        let points = stroke.points.iter().enumerate();
        let last = stroke.points.len() - 1;
        let kept = points.filter(|(index, _)| index % keep_every == 0 || *index == last);
        Stroke::new(kept.map(|(_, point)| change(point)).collect())
    };
    let mut strokes: Vec<_> = strokes.iter().map(stroke).collect();
    if let Some((side, depth)) = cut {
        slide_along_edge(&mut strokes, side, depth);
    }
    render_inked(&strokes, ink_radius).unwrap_or_else(DigitImage::blank)
}

/// The square around a drawing.
struct Frame {
    left: f32,
    top: f32,
    side: f32,
}

impl Frame {
    fn of(strokes: &[Stroke]) -> Self {
        let extent = Extent::of(strokes);
        let side = extent.side().max(f32::MIN_POSITIVE);
        Self {
            left: extent.middle() - side / 2.0,
            top: (extent.top + extent.bottom) / 2.0 - side / 2.0,
            side,
        }
    }

    /// Position in the square, 0 to 1.
    fn unit(&self, point: &Point) -> (f32, f32) {
        let x = (point.x - self.left) / self.side;
        (x, (point.y - self.top) / self.side)
    }
}

/// How far the grid moves a point: interpolated smoothly between four grid points.
fn displacement(plane: &[[f32; GRID]; GRID], x: f32, y: f32) -> f32 {
    let along = |place: f32| {
        let place = place.clamp(0.0, 1.0) * (GRID - 1) as f32;
        let cell = (place as usize).min(GRID - 2);
        let t = place - cell as f32;
        (cell, t * t * (3.0 - 2.0 * t))
    };
    let ((column, right), (row, down)) = (along(x), along(y));
    let between = |row: &[f32; GRID]| (1.0 - right) * row[column] + right * row[column + 1];
    (1.0 - down) * between(&plane[row]) + down * between(&plane[row + 1])
}

/// Beyond an edge of the pad, the pen slides along the edge.
fn slide_along_edge(strokes: &mut [Stroke], side: usize, depth: f32) {
    let frame = Frame::of(strokes);
    let (near, far) = (depth * frame.side, (1.0 - depth) * frame.side);
    for point in strokes.iter_mut().flat_map(|stroke| &mut stroke.points) {
        match side {
            0 => point.x = point.x.max(frame.left + near),
            1 => point.x = point.x.min(frame.left + far),
            2 => point.y = point.y.max(frame.top + near),
            _ => point.y = point.y.min(frame.top + far),
        }
    }
}

/// The same digit as somebody else might write it; the same strokes if there is no other way.
fn other_habit(digit: &PenDigit, rng: &mut impl Rng) -> Vec<Stroke> {
    let mut strokes = digit.strokes.clone();
    let frame = Frame::of(&strokes);
    let mut between = |from: f32, to: f32| from + (to - from) * rng.random::<f32>();
    let at =
        |x: f32, y: f32| Point::new(frame.left + x * frame.side, frame.top + y * frame.side, 0.0);
    let n_strokes = strokes.len();
    match digit.label {
        // A slash from bottom to top, within the oval or through it.
        0 if n_strokes == 1 && between(0.0, 1.0) < 0.6 => {
            let reach = between(0.15, 0.5);
            strokes.push(line(
                at(0.5 - 0.7 * reach, 0.5 + reach),
                at(0.5 + 0.7 * reach, 0.5 - reach),
            ));
        }
        // A long upstroke before the stem, or a foot below it.
        1 => {
            let (mut top, mut bottom) = (strokes[0].points[0], strokes[0].points[0]);
            for &point in strokes.iter().flat_map(|stroke| &stroke.points) {
                top = if point.y < top.y { point } else { top };
                bottom = if point.y > bottom.y { point } else { bottom };
            }
            // Steeper than the top of a 7.
            let dx = between(0.08, 0.35);
            let dy = dx * between(0.9, 2.0);
            if n_strokes == 1 && between(0.0, 1.0) < 0.75 {
                let start = Point::new(top.x - dx * frame.side, top.y + dy * frame.side, 0.0);
                if strokes[0].points.first() == Some(&top) {
                    strokes[0].points.insert(0, start);
                } else {
                    strokes.push(line(start, top));
                }
            } else {
                let reach = between(0.1, 0.3) * frame.side;
                let foot = |x: f32| Point::new(bottom.x + x, bottom.y, 0.0);
                strokes.push(line(foot(-reach), foot(reach)));
            }
        }
        // Crossed if it is plain, plain if it is crossed; or with a serif at the left end of its top.
        7 if n_strokes > 1 => strokes.truncate(1),
        7 if between(0.0, 1.0) < 0.7 => {
            let (y, reach) = (between(0.4, 0.6), between(0.15, 0.35));
            let x = stem_at(&strokes[0], frame.top + y * frame.side);
            let tilt = between(-0.08, 0.05);
            let x = (x - frame.left) / frame.side;
            strokes.push(line(at(x - reach, y - tilt), at(x + reach, y + tilt)));
        }
        7 => {
            let start = strokes[0].points[0];
            let fall = between(0.08, 0.25) * frame.side;
            let serif = Point::new(start.x, start.y + fall, 0.0);
            strokes[0].points.insert(0, serif);
        }
        // A loop that doesn't close: the pen starts late or leaves early.
        0 | 6 | 8 => leave_open(&mut strokes, between(0.05, 0.14), between(0.0, 1.0) < 0.5),
        9 if between(0.0, 1.0) < 0.3 => leave_open(&mut strokes, between(0.05, 0.14), true),
        // A hook to the left at the end of the stem.
        9 => {
            if let Some(&end) = strokes[n_strokes - 1].points.last() {
                let (dx, dy) = (between(0.1, 0.6), between(-0.05, 0.12));
                let hook = |share: f32, drop: f32| {
                    let x = end.x - share * dx * frame.side;
                    Point::new(x, end.y + (drop - share * share * dy) * frame.side, 0.0)
                };
                let points = [hook(0.35, 0.04), hook(0.7, 0.04), hook(1.0, 0.0)];
                strokes[n_strokes - 1].points.extend(points);
            }
        }
        _ => {}
    }
    strokes
}

/// Removes a share of the first stroke's start or of the last stroke's end.
fn leave_open(strokes: &mut [Stroke], share: f32, at_start: bool) {
    let stroke = match at_start {
        true => strokes.first_mut(),
        false => strokes.last_mut(),
    };
    if let Some(Stroke { points }) = stroke {
        let n = (share * points.len() as f32) as usize;
        match at_start {
            true => drop(points.drain(..n)),
            false => points.truncate(points.len() - n),
        }
    }
}

fn line(from: Point, to: Point) -> Stroke {
    Stroke::new(vec![from, to])
}

/// The x at which a stroke last passes a height.
fn stem_at(stroke: &Stroke, y: f32) -> f32 {
    let near = |a: &&Point, b: &&Point| (a.y - y).abs().total_cmp(&(b.y - y).abs());
    stroke.points.iter().rev().min_by(near).map_or(0.0, |p| p.x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    const SOME: Restyle = Restyle {
        rotation_degrees: 10.0,
        shear: 0.3,
        aspect: 0.2,
        elastic: 0.05,
        ink_radius: [0.9, 1.6],
        speed: 3,
        cut: 0.2,
        habit: 0.5,
    };

    fn digit(label: u8, points: &[(f32, f32)]) -> PenDigit {
        let points = points.iter().map(|&(x, y)| Point::new(x, y, 0.0));
        PenDigit {
            writer: "w".into(),
            label,
            strokes: vec![Stroke::new(points.collect())],
        }
    }

    fn seven() -> PenDigit {
        digit(7, &[(0.0, 0.0), (5.0, 0.0), (3.5, 4.0), (2.0, 9.0)])
    }

    fn ink(image: &DigitImage) -> u32 {
        image.pixels().iter().map(|&pixel| u32::from(pixel)).sum()
    }

    #[test]
    fn nothing_asked_is_what_the_pad_makes_of_it() {
        let drawn = crate::strokes::render(&seven().strokes).unwrap();
        let same = restyle_digit(&seven(), &Restyle::NONE, &mut StdRng::seed_from_u64(3));
        let differs = |(a, b): (&u8, &u8)| a.abs_diff(*b) > 1;
        assert!(!drawn.pixels().iter().zip(same.pixels()).any(differs));
    }

    #[test]
    fn the_seed_decides() {
        let with = |seed| restyle_digit(&seven(), &SOME, &mut StdRng::seed_from_u64(seed));
        assert_eq!(with(5), with(5));
        assert_ne!(with(5), with(6));
    }

    #[test]
    fn each_amount_changes_something_of_its_own() {
        let drawn = restyle_digit(&seven(), &Restyle::NONE, &mut StdRng::seed_from_u64(1));
        let none = Restyle::NONE;
        for (name, amount) in [
            (
                "rotation",
                Restyle {
                    rotation_degrees: 30.0,
                    ..none
                },
            ),
            ("shear", Restyle { shear: 0.5, ..none }),
            (
                "aspect",
                Restyle {
                    aspect: 0.5,
                    ..none
                },
            ),
            (
                "elastic",
                Restyle {
                    elastic: 0.1,
                    ..none
                },
            ),
            (
                "ink",
                Restyle {
                    ink_radius: [1.6, 1.7],
                    ..none
                },
            ),
            ("speed", Restyle { speed: 3, ..none }),
            ("cut", Restyle { cut: 1.0, ..none }),
            ("habit", Restyle { habit: 1.0, ..none }),
        ] {
            let changed = (1..9).any(|seed| {
                restyle_digit(&seven(), &amount, &mut StdRng::seed_from_u64(seed)) != drawn
            });
            assert!(changed, "{name}");
        }
    }

    #[test]
    fn a_thicker_pen_leaves_more_ink() {
        let with = |radius| {
            let amount = Restyle {
                ink_radius: [radius; 2],
                ..Restyle::NONE
            };
            ink(&restyle_digit(
                &seven(),
                &amount,
                &mut StdRng::seed_from_u64(1),
            ))
        };
        assert!(with(1.6) > with(0.9) * 3 / 2);
    }

    #[test]
    fn habits_are_those_of_the_digit() {
        let rng = &mut StdRng::seed_from_u64(2);
        let points: Vec<_> = (0..40).map(|i| (i as f32 * 0.16).sin_cos()).collect();
        let oval = digit(0, &points);
        let counts: Vec<_> = (0..20)
            .map(|_| {
                let strokes = other_habit(&oval, rng);
                (strokes.len(), strokes[0].points.len())
            })
            .collect();
        assert!(counts.contains(&(2, 40)), "slashed");
        assert!(
            counts
                .iter()
                .any(|&(n, points)| n == 1 && (34..=38).contains(&points)),
            "open"
        );
        let stem = digit(1, &[(1.0, 0.0), (1.0, 9.0)]);
        let n_points: Vec<usize> = (0..20)
            .map(|_| other_habit(&stem, rng).iter().map(|s| s.points.len()).sum())
            .collect();
        assert!(n_points.contains(&3) && n_points.contains(&4));
        let mut crossed = seven();
        crossed
            .strokes
            .push(line(Point::new(1.0, 4.0, 0.0), Point::new(5.0, 4.0, 0.0)));
        assert_eq!(other_habit(&crossed, rng), seven().strokes);
        let stem = digit(9, &[(1.0, 0.0), (1.0, 9.0)]);
        let ends: Vec<f32> = (0..20)
            .map(|_| other_habit(&stem, rng)[0].points.last().unwrap().x)
            .collect();
        assert!(ends.iter().any(|&x| x < 1.0));
        let plain = digit(3, &[(1.0, 0.0), (1.0, 9.0)]);
        assert_eq!(other_habit(&plain, rng), plain.strokes);
    }

    #[test]
    fn a_dot_bears_it_all() {
        let dot = digit(1, &[(3.0, 3.0)]);
        for seed in 0..20 {
            assert!(
                ink(&restyle_digit(
                    &dot,
                    &SOME,
                    &mut StdRng::seed_from_u64(seed)
                )) > 0
            );
        }
    }
}
