//! Joins the lines of a thinned picture into strokes as a pen would draw them: long, with few points.
//!
//! [`thin_strokes`](super::thin_strokes) gives a stroke for each pair of neighbouring pixels, hundreds of them for a
//! letter. Drawing and deforming those takes ten times as long as the joined strokes, and looks the same.

use std::collections::BTreeMap;

use crate::strokes::{Point, Stroke};

/// How far a line may pass from a point that is left out, in picture pixels, the strokes' unit.
const TOLERANCE: f32 = 0.75;

/// A pixel's place.
type Place = (i32, i32);

/// Joins two-point strokes that share end points: from each end or fork to the next, then closed loops. Leaves out
/// points near the line between others (Ramer 1972, Douglas and Peucker 1973). Dots stay. Coordinates must be whole
/// numbers.
pub fn join_strokes(strokes: &[Stroke]) -> Vec<Stroke> {
    let place = |point: &Point| (point.x as i32, point.y as i32);
    let mut joined = Vec::new();
    let mut neighbours: BTreeMap<Place, Vec<Place>> = BTreeMap::new();
    for stroke in strokes {
        match stroke.points[..] {
            [a, b] => {
                neighbours.entry(place(&a)).or_default().push(place(&b));
                neighbours.entry(place(&b)).or_default().push(place(&a));
            }
            _ => joined.push(stroke.clone()),
        }
    }
    let all: Vec<Place> = neighbours.keys().copied().collect();
    let is_node = |place: &Place, of: &BTreeMap<Place, Vec<Place>>| of[place].len() != 2;
    let nodes: Vec<Place> = all
        .iter()
        .copied()
        .filter(|place| is_node(place, &neighbours))
        .collect();
    // First from ends and forks, then around loops, which have neither.
    for start in nodes.iter().chain(&all) {
        while let Some(path) = walk(*start, &nodes, &mut neighbours) {
            joined.push(Stroke::new(simplified(&path)));
        }
    }
    joined
}

/// Follows unused lines from `start` to the next node, or back to `start`, and removes them.
fn walk(
    start: Place,
    nodes: &[Place],
    neighbours: &mut BTreeMap<Place, Vec<Place>>,
) -> Option<Vec<Place>> {
    let mut path = vec![start];
    let mut here = start;
    while let Some(next) = neighbours.get_mut(&here).and_then(Vec::pop) {
        if let Some(back) = neighbours.get_mut(&next)
            && let Some(index) = back.iter().position(|place| *place == here)
        {
            back.swap_remove(index);
        }
        path.push(next);
        here = next;
        // `nodes` is sorted, since it comes from a map's keys.
        if here == start || nodes.binary_search(&here).is_ok() {
            break;
        }
    }
    (path.len() > 1).then_some(path)
}

fn simplified(path: &[Place]) -> Vec<Point> {
    let mut kept = vec![false; path.len()];
    kept[0] = true;
    let mut open = vec![(0, path.len() - 1)];
    while let Some((from, to)) = open.pop() {
        kept[to] = true;
        let far = (from + 1..to)
            .map(|i| (i, distance(path[i], path[from], path[to])))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((middle, far)) = far
            && far > TOLERANCE
        {
            open.extend([(from, middle), (middle, to)]);
        }
    }
    let kept = path.iter().zip(kept).filter(|(_, kept)| *kept);
    kept.map(|(&(x, y), _)| Point::new(x as f32, y as f32, 0.0))
        .collect()
}

/// Distance of a point from the line between two others.
fn distance(point: Place, from: Place, to: Place) -> f32 {
    let minus = |a: Place, b: Place| ((a.0 - b.0) as f32, (a.1 - b.1) as f32);
    let ((x, y), (dx, dy)) = (minus(point, from), minus(to, from));
    match dx.hypot(dy) {
        0.0 => x.hypot(y),
        length => (x * dy - y * dx).abs() / length,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::thin_strokes;
    use crate::strokes::render;

    fn picture(rows: &[&str]) -> Vec<Stroke> {
        let ink: Vec<bool> = rows
            .iter()
            .flat_map(|r| r.chars())
            .map(|c| c == '#')
            .collect();
        thin_strokes(rows[0].len(), &ink)
    }

    #[test]
    fn a_straight_line_is_a_stroke_of_two_points() {
        let joined = join_strokes(&picture(&["........", "########", "........"]));
        assert_eq!(joined.len(), 1);
        assert_eq!(joined[0].points.len(), 2);
    }

    #[test]
    fn a_fork_parts_strokes_and_a_ring_is_closed() {
        let line = |from: (f32, f32), to: (f32, f32)| {
            let ends = [from, to].map(|(x, y)| Point::new(x, y, 0.0));
            Stroke::new(ends.into())
        };
        // Four arms of two pixels each around (2, 2).
        let arms = [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)].map(|(dx, dy)| {
            let at = |far: f32| (2.0 + far * dx, 2.0 + far * dy);
            [line(at(0.0), at(1.0)), line(at(1.0), at(2.0))]
        });
        let joined = join_strokes(arms.as_flattened());
        assert_eq!(joined.len(), 4);
        assert!(joined.iter().all(|stroke| stroke.points.len() == 2));
        let ring = picture(&[".####.", "######", "##..##", "##..##", "######", ".####."]);
        let joined = join_strokes(&ring);
        assert_eq!(joined.len(), 1);
        assert_eq!(joined[0].points.first(), joined[0].points.last());
        assert!(joined[0].points.len() >= 4);
    }

    #[test]
    fn what_is_joined_looks_the_same() {
        let rows: Vec<String> = (0..60)
            .map(|y| {
                let inked = |x: i32| {
                    ((x - 30_i32).pow(2) + (y - 30_i32).pow(2) - 400).abs() < 60 || x == 30
                };
                (0..60).map(|x| if inked(x) { '#' } else { '.' }).collect()
            })
            .collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let thin = picture(&rows);
        let joined = join_strokes(&thin);
        assert!(10 * joined.len() < thin.len());
        let (before, after) = (render(&thin).unwrap(), render(&joined).unwrap());
        let pairs = before.pixels().iter().zip(after.pixels());
        let difference: u32 = pairs.map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
        assert!(difference < 784 * 4, "{difference}");
    }

    #[test]
    fn a_dot_stays() {
        assert_eq!(join_strokes(&picture(&["...", ".#.", "..."])).len(), 1);
        assert!(join_strokes(&[]).is_empty());
    }
}
