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
    let number = |seed| compose(&digits, 4, spacing, Hand::EVEN, seed).unwrap();
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
    let number = |seed| compose(&digits, 5, Spacing::Narrow, Hand::EVEN, seed);
    assert_eq!(number(3), number(3));
    assert_ne!(number(3), number(4));
    assert_eq!(compose(&[], 5, Spacing::Narrow, Hand::EVEN, 3), None);
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

/// The smallest gap between neighbours along the line.
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
            let gap = boxes_apart(&compose(&ones, 3, spacing, Hand::EVEN, seed).unwrap());
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
            compose(
                &digits.iter().collect::<Vec<_>>(),
                4,
                Spacing::Apart,
                Hand::EVEN,
                seed,
            )
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
