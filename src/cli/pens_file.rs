//! Pen-drawn digits on disk.

use std::fs;
use std::io::Read;
use std::path::Path;

use anyhow::Context;
use clap::ValueEnum;
use flate2::read::GzDecoder;

use crate::data::{PenDigit, read_pens, split_writers};

/// The strokes that pens are learnt from, beside the project.
pub const DEVELOPMENT: &str = "../shared/data/pen_strokes_dev.jsonl.gz";
/// The seed by which their writers are dealt out.
const SPLIT_SEED: u64 = 2026;

/// Which writers.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PenPart {
    Train,
    Validation,
    /// Those that decide nothing.
    Test,
    All,
}

impl PenPart {
    pub fn of(self, digits: Vec<PenDigit>) -> Vec<PenDigit> {
        match self {
            Self::Train => split_writers(&digits, SPLIT_SEED).train,
            Self::Validation => split_writers(&digits, SPLIT_SEED).validation,
            Self::Test => split_writers(&digits, SPLIT_SEED).test,
            Self::All => digits,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "training",
            Self::Validation => "validation",
            Self::Test => "test",
            Self::All => "whole",
        }
    }
}

/// Reads a file of one JSON object a line, or the same gzipped.
pub fn read(path: &Path) -> anyhow::Result<Vec<PenDigit>> {
    let bytes = fs::read(path).with_context(|| match path == Path::new(DEVELOPMENT) {
        true => format!(
            "cannot read {DEVELOPMENT}, which is not part of this repository. Name a file of strokes, a JSON object a line: \
             {{\"src\": …, \"writer\": …, \"label\": \"7\", \"strokes\": [[[x, y], …], …]}}, y downwards. The digits are \
             UCI's \"Pen-Based Recognition of Handwritten Digits (original, unnormalized)\" and UJIpenchars (both CC BY 4.0, \
             archive.ics.uci.edu)"
        ),
        false => format!("cannot read {}", path.display()),
    })?;
    let mut text = String::new();
    let gzip = bytes.starts_with(&[0x1F, 0x8B]);
    let unpacked = match gzip {
        true => GzDecoder::new(&*bytes).read_to_string(&mut text),
        false => bytes.as_slice().read_to_string(&mut text),
    };
    unpacked.with_context(|| format!("{} is no text, nor gzipped text", path.display()))?;
    read_pens(&text).with_context(|| path.display().to_string())
}
