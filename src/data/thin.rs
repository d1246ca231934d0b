//! Turns a picture of handwriting back into lines, so that a scanned letter becomes pen strokes.

use crate::strokes::{Point, Stroke};

/// The centre lines of a black-and-white picture, given row by row, as strokes between neighbouring pixels. Single
/// pixels become dots.
///
/// Source: Zhang and Suen 1984, "A fast parallel algorithm for thinning digital patterns".
pub fn thin_strokes(width: usize, ink: &[bool]) -> Vec<Stroke> {
    // A border of blank paper, so that every pixel has eight neighbours.
    let (side, height) = (width + 2, ink.len() / width.max(1) + 2);
    let mut inked = vec![false; side * height];
    for (row, pixels) in ink.chunks_exact(width.max(1)).enumerate() {
        inked[(row + 1) * side + 1..][..width].copy_from_slice(pixels);
    }
    loop {
        let first = peel(&mut inked, side, Half::SouthEast);
        let second = peel(&mut inked, side, Half::NorthWest);
        if !first && !second {
            break;
        }
    }

    let is_inked = |x: usize, y: usize| inked[y * side + x];
    let point = |x: usize, y: usize| Point::new(x as f32 - 1.0, y as f32 - 1.0, 0.0);
    let mut strokes = Vec::new();
    for (x, y) in (1..height - 1).flat_map(|y| (1..side - 1).map(move |x| (x, y))) {
        if !is_inked(x, y) {
            continue;
        }
        // To the right and below; a diagonal only if no corner connects the two.
        let (right, below) = (is_inked(x + 1, y), is_inked(x, y + 1));
        let to_right_below = is_inked(x + 1, y + 1) && !right && !below;
        let to_left_below = is_inked(x - 1, y + 1) && !is_inked(x - 1, y) && !below;
        let ends = [
            (right, x + 1, y),
            (below, x, y + 1),
            (to_right_below, x + 1, y + 1),
            (to_left_below, x.wrapping_sub(1), y + 1),
        ];
        let lines = ends.iter().filter(|end| end.0);
        strokes.extend(
            lines.map(|&(_, to_x, to_y)| Stroke::new(vec![point(x, y), point(to_x, to_y)])),
        );
        if !around(&inked, side, y * side + x).contains(&true) {
            strokes.push(Stroke::new(vec![point(x, y)]));
        }
    }
    strokes
}

#[derive(Clone, Copy, PartialEq)]
enum Half {
    SouthEast,
    NorthWest,
}

/// Removes the outermost pixels of one side, unless that would break a line. Returns whether it removed any.
fn peel(inked: &mut [bool], side: usize, half: Half) -> bool {
    let goes = |&index: &usize| {
        let p = around(inked, side, index);
        let n_inked = p.iter().filter(|&&inked| inked).count();
        let n_edges = (0..8).filter(|&i| !p[i] && p[(i + 1) % 8]).count();
        let [north, _, east, _, south, _, west, _] = p;
        let is_outside = match half {
            Half::SouthEast => !east || !south || (!north && !west),
            Half::NorthWest => !north || !west || (!east && !south),
        };
        inked[index] && (2..=6).contains(&n_inked) && n_edges == 1 && is_outside
    };
    let inside = side..inked.len().saturating_sub(side);
    let going: Vec<usize> = inside.filter(goes).collect();
    for &index in &going {
        inked[index] = false;
    }
    !going.is_empty()
}

/// The neighbours of a pixel, clockwise from the north; blank outside the picture.
fn around(inked: &[bool], side: usize, index: usize) -> [bool; 8] {
    // Above the picture an index wraps to one far beyond its end.
    let (above, below) = (index.wrapping_sub(side), index + side);
    [
        above,
        above.wrapping_add(1),
        index + 1,
        below + 1,
        below,
        below - 1,
        index.wrapping_sub(1),
        above.wrapping_sub(1),
    ]
    .map(|place| inked.get(place).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(rows: &[&str]) -> (usize, Vec<bool>) {
        let ink = rows.iter().flat_map(|row| row.chars()).map(|c| c == '#');
        (rows[0].len(), ink.collect())
    }

    #[test]
    fn a_thick_bar_becomes_its_middle_line() {
        let (width, ink) = picture(&[
            "..........",
            ".########.",
            ".########.",
            ".########.",
            "..........",
        ]);
        let strokes = thin_strokes(width, &ink);
        let points: Vec<_> = strokes.iter().flat_map(|stroke| &stroke.points).collect();
        assert!(points.iter().all(|point| point.y == 2.0), "{points:?}");
        let left = points.iter().map(|p| p.x as usize).min().unwrap();
        let right = points.iter().map(|p| p.x as usize).max().unwrap();
        assert!(left <= 3 && right >= 6, "{left} to {right}");
    }

    #[test]
    fn a_ring_stays_closed() {
        let (width, ink) = picture(&[".####.", "######", "##..##", "##..##", "######", ".####."]);
        let strokes = thin_strokes(width, &ink);
        // Every point of a closed line is the end of two strokes.
        for point in strokes.iter().flat_map(|stroke| &stroke.points) {
            let ends = strokes.iter().flat_map(|stroke| &stroke.points);
            assert_eq!(ends.filter(|end| *end == point).count(), 2, "{point:?}");
        }
    }

    #[test]
    fn a_lone_pixel_is_a_dot_and_paper_is_nothing() {
        let (width, ink) = picture(&["...", ".#.", "..."]);
        assert_eq!(
            thin_strokes(width, &ink),
            [Stroke::new(vec![Point::new(1.0, 1.0, 0.0)])]
        );
        assert!(thin_strokes(3, &[false; 9]).is_empty());
        assert!(thin_strokes(0, &[]).is_empty());
    }
}
