//! Digits written with a pen: strokes with a label and a writer, one JSON object per line.
//!
//! `{"src": "pendigits", "writer": "train-12", "label": "8", "strokes": [[[x, y], …], …]}`; y grows downwards, and
//! each drawing has its own scale.

use std::collections::BTreeSet;

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use serde::Deserialize;

use super::Dataset;
use crate::digit::{DigitImage, N_CLASSES};
use crate::strokes::{Point, Stroke, clean, render};

/// A digit that somebody wrote.
#[derive(Clone, Debug, PartialEq)]
pub struct PenDigit {
    /// Unique among all sources, such as `pendigits train-12`.
    pub writer: String,
    pub label: u8,
    /// At least one stroke, each with points. The ink has no width.
    pub strokes: Vec<Stroke>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PenError {
    #[error(
        "line {line} isn't a pen digit: {reason}. Expected \
         {{\"src\": …, \"writer\": …, \"label\": \"0\" to \"9\", \"strokes\": [[[x, y], …], …]}}"
    )]
    Line { line: usize, reason: String },
    #[error("the file contains no digits")]
    Empty,
}

/// Reads a file with one JSON object per line. Skips blank lines.
pub fn read_pens(text: &str) -> Result<Vec<PenDigit>, PenError> {
    let lines = text.lines().enumerate();
    let digits: Result<Vec<_>, _> = lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| {
            read_line(line).map_err(|reason| PenError::Line {
                line: index + 1,
                reason,
            })
        })
        .collect();
    match digits {
        Ok(digits) if digits.is_empty() => Err(PenError::Empty),
        digits => digits,
    }
}

fn read_line(line: &str) -> Result<PenDigit, String> {
    #[derive(Deserialize)]
    struct Line {
        #[serde(default)]
        src: String,
        writer: String,
        label: String,
        strokes: Vec<Vec<[f32; 2]>>,
    }
    let line: Line = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let label = line.label.parse().ok().filter(|&l| l < N_CLASSES as u8);
    let label = label.ok_or_else(|| format!("the label is '{}'", line.label))?;
    let stroke = |points: &Vec<[f32; 2]>| {
        let points = points.iter().map(|&[x, y]| Point::new(x, y, 0.0));
        Stroke::new(points.collect())
    };
    let strokes = clean(line.strokes.iter().map(stroke));
    if strokes.is_empty() {
        return Err("it has no points".into());
    }
    Ok(PenDigit {
        writer: format!("{} {}", line.src, line.writer),
        label,
        strokes,
    })
}

/// Digits split by writer; no writer is in two parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PenSplit {
    pub train: Vec<PenDigit>,
    pub validation: Vec<PenDigit>,
    /// Digits by the untouched test writers.
    pub test: Vec<PenDigit>,
}

/// Assigns writers to parts at random: from each source a fifth to validation, a fifth to test, the others to
/// training. The same seed gives the same parts.
pub fn split_writers(digits: &[PenDigit], seed: u64) -> PenSplit {
    let mut split = PenSplit::default();
    let source = |writer: &str| writer.split(' ').next().unwrap_or_default().to_string();
    let writers: BTreeSet<&str> = digits.iter().map(|digit| &*digit.writer).collect();
    let sources: BTreeSet<String> = writers.iter().map(|writer| source(writer)).collect();
    for of in &sources {
        let mut writers: Vec<&str> = writers.iter().copied().collect();
        writers.retain(|writer| source(writer) == *of);
        writers.shuffle(&mut StdRng::seed_from_u64(seed));
        let fifth = writers.len() / 5;
        for digit in digits {
            let place = writers.iter().position(|writer| *writer == digit.writer);
            let part = match place {
                Some(place) if place < fifth => &mut split.validation,
                Some(place) if place < 2 * fifth => &mut split.test,
                Some(_) => &mut split.train,
                None => continue,
            };
            part.push(digit.clone());
        }
    }
    split
}

/// Renders the digits as the pad does.
pub fn pen_images(digits: &[PenDigit]) -> Dataset {
    let image = |digit: &PenDigit| render(&digit.strokes).unwrap_or_else(DigitImage::blank);
    let images = digits.iter().map(image).collect();
    let labels = digits.iter().map(|digit| digit.label).collect();
    Dataset::new(images, labels).expect("each digit has an image and a label")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEVEN: &str =
        r#"{"src":"a","writer":"w1","label":"7","strokes":[[[0,0],[5,0]],[[5,0],[1,9.5]]]}"#;

    #[test]
    fn a_line_is_a_digit() {
        let digits = read_pens(&format!("{SEVEN}\n\n{SEVEN}\n")).unwrap();
        assert_eq!(digits.len(), 2);
        assert_eq!((&*digits[0].writer, digits[0].label), ("a w1", 7));
        assert_eq!(digits[0].strokes[1].points[1], Point::new(1.0, 9.5, 0.0));
        let images = pen_images(&digits);
        assert_eq!(images.labels(), [7, 7]);
        assert!(images.image(0).pixels().iter().any(|&pixel| pixel > 200));
    }

    #[test]
    fn what_is_no_digit_is_refused_by_its_line() {
        let error = |line: &str| {
            read_pens(&format!("{SEVEN}\n{line}"))
                .unwrap_err()
                .to_string()
        };
        assert!(
            error(&SEVEN.replace("\"7\"", "\"10\""))
                .starts_with("line 2 isn't a pen digit: the label is '10'")
        );
        assert!(error(r#"{"writer":"w","label":"1","strokes":[[]]}"#).contains("it has no points"));
        assert!(error("7").starts_with("line 2"));
        assert_eq!(read_pens("\n"), Err(PenError::Empty));
    }

    #[test]
    fn no_writer_is_in_two_parts() {
        let digits: Vec<_> = (0..200)
            .map(|i| {
                let (source, writer) = (["a", "b"][i % 2], i / 2 % 10);
                let line = SEVEN.replace("\"a\"", &format!("\"{source}\""));
                read_line(&line.replace("w1", &format!("w{writer}"))).unwrap()
            })
            .collect();
        let split = split_writers(&digits, 1);
        let writers = |part: &[PenDigit]| -> BTreeSet<String> {
            part.iter().map(|digit| digit.writer.clone()).collect()
        };
        let parts = [&split.train, &split.validation, &split.test].map(|part| writers(part));
        assert_eq!(parts.each_ref().map(BTreeSet::len), [12, 4, 4]);
        assert!(
            parts[0].is_disjoint(&parts[1])
                && parts[0].is_disjoint(&parts[2])
                && parts[1].is_disjoint(&parts[2])
        );
        assert_eq!(split_writers(&digits, 1), split);
        assert_ne!(split_writers(&digits, 2), split);
    }
}
