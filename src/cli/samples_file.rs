//! Samples exported by the app: a person's drawings with their labels, as one JSON object.
//!
//! ```json
//! {"format": "inkling samples", "version": 1, "name": "…",
//!  "samples": [{"label": "7", "strokes": [[[x, y, radius], …], …]}, …]}
//! ```
//!
//! The radius is optional, and y grows downwards. Labels that aren't digits are symbols, which a digit classifier
//! doesn't learn.

use anyhow::{Context, anyhow, bail};

use crate::data::PenDigit;
use crate::hand::{Export, ExportError};

/// The contents of a file.
#[derive(Debug, PartialEq)]
pub struct Samples {
    /// Digits by one writer, named after the file's `name`.
    pub digits: Vec<PenDigit>,
    /// How many samples have labels that aren't digits.
    pub n_symbols: usize,
}

/// Whether this text is such a file, rather than one JSON object per line.
pub fn is_samples(text: &str) -> bool {
    // Also recognises a file that is cut short.
    let head = text.split("\"strokes\"").next().unwrap_or_default();
    head.contains("\"format\"")
}

pub fn read(text: &str) -> anyhow::Result<Samples> {
    let read = Export::read(text).map_err(|error| match error {
        ExportError::Strokes(place) => anyhow!("sample {place} has no points"),
        error => error.into(),
    });
    let file = read.context(
        "it isn't an export of samples, or it is damaged: export them again on the page where they were drawn",
    )?;
    let mut samples = Samples {
        digits: Vec::new(),
        n_symbols: 0,
    };
    for sample in &file.samples {
        match sample.digit() {
            None => samples.n_symbols += 1,
            Some(label) => samples.digits.push(PenDigit {
                writer: file.name.clone(),
                label,
                strokes: sample.strokes(),
            }),
        }
    }
    if samples.digits.is_empty() {
        bail!(
            "it contains no digits, only {} symbols: draw some digits first",
            samples.n_symbols
        );
    }
    Ok(samples)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strokes::Point;

    const FILE: &str = r#"{"format": "inkling samples", "version": 1, "name": "me", "samples": [
        {"label": "7", "strokes": [[[0, 0, 4], [5, 0, 3.5]], [[5, 0], [1, 9.5]]]},
        {"label": "★", "strokes": [[[0, 0, 4]]]},
        {"label": "12", "strokes": [[[0, 0, 4]]]}]}"#;

    #[test]
    fn digits_are_read_and_symbols_counted() {
        assert!(is_samples(FILE));
        let samples = read(FILE).unwrap();
        assert_eq!(samples.n_symbols, 2);
        let [digit] = &samples.digits[..] else {
            panic!("one digit")
        };
        assert_eq!((&*digit.writer, digit.label), ("me", 7));
        assert_eq!(digit.strokes[0].points[1], Point::new(5.0, 0.0, 3.5));
        assert_eq!(digit.strokes[1].points[1], Point::new(1.0, 9.5, 0.0));
    }

    #[test]
    fn lines_of_pens_are_no_export() {
        let line = r#"{"src":"a","writer":"w","label":"1","strokes":[[[0,0],[0,9]]]}"#;
        assert!(!is_samples(line));
        assert!(!is_samples(&format!("{line}\n{line}")));
        assert!(is_samples(&FILE[..100]));
    }

    #[test]
    fn what_cannot_be_learnt_from_is_refused_with_the_reason() {
        let error =
            |from: &str, to: &str| format!("{:#}", read(&FILE.replace(from, to)).unwrap_err());
        assert!(
            error("\"version\": 1", "\"version\": 2")
                .contains("use the version of Inkling that exported it")
        );
        assert!(error("inkling samples", "a recipe").contains("its format is 'a recipe'"));
        assert!(error("\"7\"", "\"seven\"").contains("it contains no digits, only 3 symbols"));
        assert!(
            error("[[0, 0, 4], [5, 0, 3.5]], [[5, 0], [1, 9.5]]", "")
                .contains("sample 1 has no points")
        );
        let cut = read(&FILE[..100]).unwrap_err();
        assert!(format!("{cut:#}").contains("export them again"));
    }
}
