//! Packs a person's drawings for an engine, as one buffer of f32.

use crate::strokes::{Point, Stroke, clean};

/// A drawing of a digit.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// 0 to 9.
    pub label: u8,
    pub strokes: Vec<Stroke>,
    /// Whether it is held back to measure the network, not learnt from.
    pub is_held_back: bool,
}

/// Packs for each sample: label, 1 if it is held back, number of strokes; for each stroke: number of points; for each
/// point: x, y, radius.
pub fn pack(samples: &[Sample]) -> Vec<f32> {
    let mut numbers = Vec::new();
    for sample in samples {
        let held_back = u8::from(sample.is_held_back);
        numbers.extend([sample.label, held_back].map(f32::from));
        numbers.push(sample.strokes.len() as f32);
        for stroke in &sample.strokes {
            numbers.push(stroke.points.len() as f32);
            numbers.extend(stroke.points.iter().flat_map(|p| [p.x, p.y, p.radius]));
        }
    }
    numbers
}

/// Unpacks the samples of a buffer; `None` if [`pack`] didn't make it.
pub fn unpack(mut numbers: &[f32]) -> Option<Vec<Sample>> {
    let mut samples = Vec::new();
    while let [label, held_back, n_strokes, rest @ ..] = numbers {
        numbers = rest;
        let mut strokes = Vec::new();
        for _ in 0..*n_strokes as usize {
            let (n_points, rest) = numbers.split_first()?;
            let (points, rest) = rest.split_at_checked(3 * *n_points as usize)?;
            numbers = rest;
            let (points, _) = points.as_chunks::<3>();
            let points = points
                .iter()
                .map(|&[x, y, radius]| Point::new(x, y, radius));
            strokes.push(Stroke::new(points.collect()));
        }
        let strokes = clean(strokes);
        if strokes.is_empty() || !(0.0..10.0).contains(label) {
            return None;
        }
        samples.push(Sample {
            label: *label as u8,
            strokes,
            is_held_back: *held_back != 0.0,
        });
    }
    numbers.is_empty().then_some(samples)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples() -> Vec<Sample> {
        let stroke = |x: f32| Stroke::new(vec![Point::new(x, 1.0, 2.0), Point::new(3.5, 4.0, 2.5)]);
        [(3, false), (7, true)]
            .map(|(label, is_held_back)| Sample {
                label,
                strokes: vec![stroke(0.5), stroke(1.5)],
                is_held_back,
            })
            .into()
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        assert_eq!(unpack(&pack(&samples())), Some(samples()));
        assert_eq!(unpack(&[]), Some(Vec::new()));
    }

    #[test]
    fn another_buffer_is_refused() {
        let packed = pack(&samples());
        for end in 1..packed.len() / 2 {
            assert_eq!(unpack(&packed[..end]), None, "{end} numbers");
        }
        assert_eq!(unpack(&[10.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0]), None);
        assert_eq!(unpack(&[1.0, 0.0, 0.0]), None);
    }
}
