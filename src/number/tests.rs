//! Tests of grouping with a stub for the network, which knows a few shapes by their strokes.

use super::*;
use crate::digit::N_CLASSES;
use crate::strokes::Point;

fn stroke(points: &[(f32, f32)]) -> Stroke {
    Stroke::new(points.iter().map(|&(x, y)| Point::new(x, y, 2.0)).collect())
}

/// A line with points all along it, as a pen draws it.
fn line(from: (f32, f32), to: (f32, f32)) -> Stroke {
    let at = |i: u8| {
        let t = f32::from(i) / 20.0;
        (from.0 + t * (to.0 - from.0), from.1 + t * (to.1 - from.1))
    };
    stroke(&(0..=20).map(at).collect::<Vec<_>>())
}

fn one(x: f32) -> Stroke {
    line((x, 0.0), (x, 100.0))
}

/// The roof and the leg of a 7 of 60 by 100, and its bar.
fn seven(x: f32) -> [Stroke; 2] {
    let (roof, leg) = (
        line((x, 0.0), (x + 60.0, 0.0)),
        line((x + 60.0, 0.0), (x + 20.0, 100.0)),
    );
    let body = Stroke::new([roof.points, leg.points].concat());
    [body, line((x + 15.0, 50.0), (x + 60.0, 50.0))]
}

/// A 5 without its bar, and the bar, which is written later.
fn five(x: f32) -> [Stroke; 2] {
    let (neck, belly) = (line((x, 0.0), (x, 45.0)), line((x, 45.0), (x + 50.0, 70.0)));
    let foot = line((x + 50.0, 70.0), (x, 100.0));
    let body = Stroke::new([neck.points, belly.points, foot.points].concat());
    [body, line((x, 0.0), (x + 55.0, 0.0))]
}

/// Reads with a network that is sure of the groups in `digits` and of nothing else; if `digits` is empty, it is
/// equally sure of all groups.
fn read_knowing(
    strokes: &[Stroke],
    corrections: &Corrections,
    digits: &[&[usize]],
) -> Vec<Vec<usize>> {
    let groups = candidates(strokes, corrections);
    let logits: Vec<_> = groups
        .iter()
        .map(|group| {
            let mut logits = [0.0; N_CLASSES];
            let known = digits.is_empty() || digits.contains(&group.indices());
            logits[1] = f32::from(u8::from(known)) * 8.0;
            logits
        })
        .collect();
    let read = read(strokes, &groups, &logits, &Scoring::PLAIN);
    read.into_iter().map(|digit| digit.group.0).collect()
}

/// Reads by place and time only: the network is equally sure of all groups.
fn grouped(strokes: &[Stroke], corrections: &Corrections) -> Vec<Vec<usize>> {
    read_knowing(strokes, corrections, &[])
}

fn group(strokes: &[usize]) -> Group {
    Group::new(strokes.to_vec()).unwrap()
}

#[test]
fn digits_far_apart_are_two() {
    let strokes = [one(0.0), one(90.0)];
    assert_eq!(grouped(&strokes, &Corrections::default()), [[0], [1]]);
}

#[test]
fn a_crossed_seven_is_one_digit_of_two_strokes() {
    let [body, bar] = seven(0.0);
    let strokes = [body, bar, one(120.0)];
    assert_eq!(
        grouped(&strokes, &Corrections::default()),
        [vec![0, 1], vec![2]]
    );
}

#[test]
fn a_bar_may_come_after_the_next_digit() {
    let [body, bar] = five(0.0);
    let strokes = [body, one(80.0), bar];
    assert_eq!(
        grouped(&strokes, &Corrections::default()),
        [vec![0, 2], vec![1]]
    );
}

#[test]
fn touching_neighbours_are_told_apart_by_the_network() {
    let [body, bar] = seven(0.0);
    let [neighbour, roof] = five(45.0);
    let strokes = [body, bar, neighbour, roof];
    let read = read_knowing(&strokes, &Corrections::default(), &[&[0, 1], &[2, 3]]);
    assert_eq!(read, [[0, 1], [2, 3]]);
    let read = read_knowing(&strokes, &Corrections::default(), &[&[0], &[1, 2, 3]]);
    assert_eq!(read, [vec![0], vec![1, 2, 3]]);
}

#[test]
fn what_the_network_knows_to_be_no_digit_is_none() {
    let [body, bar] = seven(0.0);
    let [neighbour, roof] = five(45.0);
    let strokes = [body, bar, neighbour, roof];
    let groups = candidates(&strokes, &Corrections::default());
    let digits: [&[usize]; 2] = [&[0], &[1, 2, 3]];
    // They all look alike to a network that compares only the ten digits.
    let logits: Vec<_> = groups
        .iter()
        .map(|group| {
            let level = if digits.contains(&group.indices()) {
                0.0
            } else {
                -20.0
            };
            std::array::from_fn(|digit| if digit == 1 { level + 8.0 } else { level })
        })
        .collect();
    let parted = |scoring: &Scoring| -> Vec<_> {
        let read = read(&strokes, &groups, &logits, scoring).into_iter();
        read.map(|digit| digit.group.0).collect()
    };
    assert_eq!(parted(&Scoring::LEARNT), digits);
    assert_ne!(parted(&Scoring::PLAIN), digits);
}

#[test]
fn a_number_is_read_from_left_to_right_however_it_is_written() {
    let [body, bar] = seven(100.0);
    let strokes = [one(220.0), body, bar, one(0.0)];
    assert_eq!(
        grouped(&strokes, &Corrections::default()),
        [vec![3], vec![1, 2], vec![0]]
    );
}

#[test]
fn what_a_person_joins_is_one_digit() {
    let strokes = [one(0.0), one(90.0), one(200.0)];
    let mut corrections = Corrections::default();
    corrections.join(&strokes, &group(&[0]), &group(&[1]));
    assert_eq!(grouped(&strokes, &corrections), [vec![0, 1], vec![2]]);
    corrections.join(&strokes, &group(&[0, 1]), &group(&[2]));
    assert_eq!(grouped(&strokes, &corrections), [[0, 1, 2]]);
    corrections.reset();
    assert!(corrections.is_empty());
    assert_eq!(grouped(&strokes, &corrections), [[0], [1], [2]]);
}

#[test]
fn what_a_person_splits_is_more_than_one_digit() {
    let [body, bar] = seven(0.0);
    let strokes = [body, bar];
    let mut corrections = Corrections::default();
    corrections.split(&strokes, &group(&[0, 1]));
    assert_eq!(grouped(&strokes, &corrections), [[0], [1]]);
    corrections.join(&strokes, &group(&[0]), &group(&[1]));
    assert_eq!(grouped(&strokes, &corrections), [[0, 1]]);
    corrections.split(&strokes, &group(&[0, 1]));
    assert_eq!(grouped(&strokes, &corrections), [[0], [1]]);
}

#[test]
fn a_single_stroke_cannot_be_split() {
    let mut corrections = Corrections::default();
    corrections.split(&[one(0.0)], &group(&[0]));
    assert!(corrections.is_empty());
}

#[test]
fn corrections_outlive_drawing_on_undo_and_erasing() {
    let strokes = [one(0.0), one(90.0), one(200.0)];
    let mut corrections = Corrections::default();
    corrections.join(&strokes, &group(&[1]), &group(&[2]));
    let more = [&strokes[..], &[one(300.0)]].concat();
    assert_eq!(grouped(&more, &corrections), [vec![0], vec![1, 2], vec![3]]);
    // The first stroke is erased, so the indices of the others decrease by one.
    assert_eq!(grouped(&strokes[1..], &corrections), [[0, 1]]);
    // A joined stroke is undone, and drawn again.
    assert_eq!(grouped(&strokes[..2], &corrections), [[0], [1]]);
    assert_eq!(grouped(&strokes, &corrections), [vec![0], vec![1, 2]]);

    let [body, bar] = seven(0.0);
    let mut corrections = Corrections::default();
    corrections.split(&[body.clone(), bar.clone()], &group(&[0, 1]));
    assert_eq!(grouped(std::slice::from_ref(&body), &corrections), [[0]]);
    assert_eq!(
        grouped(&[one(-90.0), body, bar], &corrections),
        [[0], [1], [2]]
    );
}

#[test]
fn no_ink_no_number() {
    assert_eq!(candidates(&[], &Corrections::default()), []);
    assert_eq!(read(&[], &[], &[], &Scoring::PLAIN), []);
    let other_drawing = [group(&[5])];
    assert_eq!(
        read(&[one(0.0)], &other_drawing, &[[0.0; 10]], &Scoring::PLAIN),
        []
    );
}

#[test]
fn a_long_drawing_has_few_candidates_that_cover_it() {
    let strokes: Vec<_> = (0u8..120).map(|i| one(10.0 * f32::from(i))).collect();
    let groups = candidates(&strokes, &Corrections::default());
    assert_eq!(groups.len(), MAX_CANDIDATES);
    let digits = grouped(&strokes, &Corrections::default());
    let mut covered: Vec<_> = digits.into_iter().flatten().collect();
    covered.sort_unstable();
    assert_eq!(covered, (0..120).collect::<Vec<_>>());
}

#[test]
fn place_size_and_the_pen_do_not_matter() {
    let [body, bar] = five(0.0);
    let strokes = [body, one(80.0), bar];
    let moved: Vec<_> = strokes
        .iter()
        .map(|stroke| {
            let points = stroke.points.iter();
            Stroke::new(
                points
                    .map(|p| Point::new(0.05 * p.x + 700.0, 0.05 * p.y + 9.0, 11.0))
                    .collect(),
            )
        })
        .collect();
    let none = Corrections::default();
    assert_eq!(candidates(&moved, &none), candidates(&strokes, &none));
    assert_eq!(grouped(&moved, &none), grouped(&strokes, &none));
}

#[test]
fn there_are_no_more_digits_than_there_may_be() {
    let [body, bar] = seven(0.0);
    let strokes = [body, bar, one(70.0), one(200.0)];
    let groups = candidates(&strokes, &Corrections::default());
    // The network is sure of each single stroke, and of no group.
    let logits: Vec<_> = groups
        .iter()
        .map(|group| {
            std::array::from_fn(|d| {
                if d == 1 && group.n_strokes() == 1 {
                    30.0
                } else {
                    0.0
                }
            })
        })
        .collect();
    // Only the network's answer counts.
    let mut weights = [0.0; Scoring::N];
    weights[0] = 1.0;
    let scoring = Scoring::from_weights(weights);
    let n_read = |most| read_at_most(most, &strokes, &groups, &logits, &scoring).len();
    assert_eq!((n_read(9), n_read(4), n_read(3)), (4, 4, 3));
    assert_eq!(n_read(2), 2);
    // The last stroke is too far away to be joined with another.
    assert_eq!(n_read(1), 4);
}

#[test]
fn the_probabilities_of_all_covers_sum_to_one() {
    let [body, bar] = seven(0.0);
    let strokes = [body, bar, one(70.0)];
    let groups = candidates(&strokes, &Corrections::default());
    let logits = vec![[0.0; N_CLASSES]; groups.len()];
    let lattice = Lattice::new(&strokes, &groups, &logits);
    // Weak weights, so that each cover has its share.
    let scoring = Scoring::from_weights([-0.1; Scoring::N]);
    let probability = |cover: &[&[usize]]| {
        let place = |wanted: &&[usize]| groups.iter().position(|g| g.indices() == *wanted).unwrap();
        let cover: Vec<_> = cover.iter().map(place).collect();
        lattice.log_likelihood(&cover, &scoring).unwrap().exp()
    };
    let covers: [&[&[usize]]; 4] = [
        &[&[0], &[1], &[2]],
        &[&[0, 1], &[2]],
        &[&[0], &[1, 2]],
        &[&[0, 1, 2]],
    ];
    let sum: f32 = covers.iter().map(|cover| probability(cover)).sum();
    assert!((sum - 1.0).abs() < 1e-3, "{sum}");
    assert_eq!(lattice.log_likelihood(&[usize::MAX], &scoring), None);
}
