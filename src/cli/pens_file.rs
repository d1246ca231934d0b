//! Files of pen digits, and the split of their writers.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::ValueEnum;
use flate2::read::MultiGzDecoder;

use super::samples_file;
use crate::data::{PenDigit, PenSplit, read_pens, split_writers};

/// The places where the development file of pen digits may be.
const PLACES: [&str; 2] = [
    "data/pen_strokes_dev.jsonl.gz",
    "../shared/data/pen_strokes_dev.jsonl.gz",
];
/// The seed that assigns its writers to the parts.
const SPLIT_SEED: u64 = 2026;
/// The first bytes of a gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Selects writers of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PenPart {
    All,
    /// Writers whose digits networks are trained on.
    Train,
    /// Writers by whose digits networks and settings are chosen.
    Validation,
    /// Untouched writers, for the final test only.
    Test,
}

impl PenPart {
    pub fn of(self, digits: Vec<PenDigit>) -> Vec<PenDigit> {
        let split = |digits: Vec<PenDigit>| split_writers(&digits, SPLIT_SEED);
        match self {
            Self::All => digits,
            Self::Train => split(digits).train,
            Self::Validation => split(digits).validation,
            Self::Test => split(digits).test,
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::All => "all writers",
            Self::Train => "the training writers",
            Self::Validation => "the validation writers",
            Self::Test => "the test writers",
        }
    }
}

/// The development file's digits, split by writer.
pub fn development() -> anyhow::Result<PenSplit> {
    Ok(split_writers(&read(None)?, SPLIT_SEED))
}

/// Reads the digits of a file: one JSON object per line, or samples exported by the app, gzipped or not. `-` is
/// standard input. Without a path, reads the development file.
pub fn read(path: Option<&Path>) -> anyhow::Result<Vec<PenDigit>> {
    let places = || PLACES.iter().map(PathBuf::from).find(|path| path.exists());
    let path = path.map(PathBuf::from).or_else(places).with_context(|| {
        format!(
            "the pen digits are missing. Put them at {}; this repository doesn't include them. They are UCI's \
             \"Pen-Based Recognition of Handwritten Digits (original, unnormalized)\" and \"UJI Pen Characters\", \
             both CC BY 4.0 and at archive.ics.uci.edu, with one digit per line: {{\"src\": …, \"writer\": …, \
             \"label\": \"7\", \"strokes\": [[[x, y], …], …]}}, y downwards",
            PLACES.join(" or ")
        )
    })?;
    let is_input = path == Path::new("-");
    let name = match is_input {
        true => "standard input".into(),
        false => path.display().to_string(),
    };
    let mut bytes = Vec::new();
    let bytes = match is_input {
        true => std::io::stdin().read_to_end(&mut bytes).map(|_| bytes),
        false => std::fs::read(&path),
    };
    let bytes = bytes.with_context(|| format!("cannot read {name}"))?;
    digits(bytes).with_context(|| format!("cannot use {name}"))
}

fn digits(bytes: Vec<u8>) -> anyhow::Result<Vec<PenDigit>> {
    let mut text = String::new();
    if bytes.starts_with(&GZIP) {
        MultiGzDecoder::new(&bytes[..])
            .read_to_string(&mut text)
            .context("it is damaged or cut short: fetch it again")?;
    } else {
        text = String::from_utf8(bytes)
            .context("it isn't text: it must have a JSON object per line, optionally gzipped")?;
    }
    if samples_file::is_samples(&text) {
        let samples = samples_file::read(&text)?;
        if samples.n_symbols > 0 {
            eprintln!(
                "Skipped {} samples of symbols, which are not digits.",
                samples.n_symbols
            );
        }
        return Ok(samples.digits);
    }
    Ok(read_pens(&text)?)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::write::GzEncoder;

    use super::*;

    const LINE: &str = r#"{"src":"a","writer":"w","label":"1","strokes":[[[0,0],[0,9]]]}"#;

    fn packed(text: &str) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Default::default());
        packed.write_all(text.as_bytes()).unwrap();
        packed.finish().unwrap()
    }

    #[test]
    fn a_file_may_be_packed_also_in_parts() {
        let plain = digits(LINE.into()).unwrap();
        assert_eq!(digits(packed(LINE)).unwrap(), plain);
        let parts = [packed(&format!("{LINE}\n")), packed(LINE)].concat();
        assert_eq!(digits(parts).unwrap().len(), 2);
    }

    #[test]
    fn a_file_that_is_cut_short_is_refused() {
        let packed = packed(LINE);
        let refused = digits(packed[..packed.len() / 2].to_vec()).unwrap_err();
        assert!(format!("{refused:#}").contains("fetch it again"));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let refused = digits(vec![0xff, 0xfe, 0x00]).unwrap_err();
        assert!(format!("{refused:#}").contains("a JSON object per line"));
    }
}
