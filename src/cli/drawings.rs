//! Drawings that are not MNIST's, on disk: digits of pens, and letters of many scripts.

use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use crate::data::{PenDigit, PenSplit, read_pens, split_writers, thin_strokes};
use crate::strokes::Stroke;

/// Where the digits of pens are looked for.
const PENS: [&str; 2] = [
    "data/pen_strokes_dev.jsonl.gz",
    "../shared/data/pen_strokes_dev.jsonl.gz",
];
/// Where the letters are.
const LETTERS: [&str; 2] = [
    "data/images_background.zip",
    "../shared/data/images_background.zip",
];
/// Seed of the split of writers.
pub const WRITERS_SEED: u64 = 2026;

/// Characters that are also digits, as most of their drawers write them; the file says how they were found.
const LOOKALIKES: &str = include_str!("lookalikes.txt");
/// Scripts of which nothing is trained on.
const UNKNOWN_SCRIPTS: [&str; 5] = [
    "Bengali",
    "Futurama",
    "Hebrew",
    "Japanese_(katakana)",
    "Tifinagh",
];

/// The digits of the pens, dealt out by writer.
pub fn pens(path: Option<&Path>) -> anyhow::Result<PenSplit> {
    Ok(split_writers(&all_pens(path)?, WRITERS_SEED))
}

/// The digits of a file: one JSON object a line, plain or gzipped.
pub fn all_pens(path: Option<&Path>) -> anyhow::Result<Vec<PenDigit>> {
    let path = found(path, &PENS).with_context(|| {
        format!(
            "there are no digits of pens in {}. They are UCI's \"Pen-Based Recognition of Handwritten Digits\" (the original strokes) \
             and \"UJI Pen Characters\", CC BY 4.0, with each drawing on a line as src/data/pens.rs says",
            PENS.join(" or ")
        )
    })?;
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut text = String::new();
    let read = match bytes.starts_with(&[0x1f, 0x8b]) {
        true => MultiGzDecoder::new(&bytes[..]).read_to_string(&mut text),
        false => (&bytes[..]).read_to_string(&mut text),
    };
    read.with_context(|| format!("{} is no text", path.display()))?;
    read_pens(&text).with_context(|| path.display().to_string())
}

/// Letters of Omniglot's background set (Lake et al. 2015), dealt out by drawer.
#[derive(Default)]
pub struct Letters {
    /// Of 12 of the 20 drawers of each letter, without scripts that are kept unknown. Characters that look like digits are in no part.
    pub train: Vec<Vec<Stroke>>,
    /// Of four other drawers.
    pub validation: Vec<Vec<Stroke>>,
    /// Of the last four, Latin letters.
    pub latin: Vec<Vec<Stroke>>,
    /// Of the same, letters of other scripts that were trained on.
    pub known_scripts: Vec<Vec<Stroke>>,
    /// Of all drawers, scripts that were not.
    pub unknown_scripts: Vec<Vec<Stroke>>,
}

/// Reads the official zip.
pub fn letters(path: Option<&Path>) -> anyhow::Result<Letters> {
    let path = found(path, &LETTERS).with_context(|| {
        format!(
            "there are no letters in {}. They are images_background.zip of the repository brendenlake/omniglot",
            LETTERS.join(" or ")
        )
    })?;
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut zip =
        ZipArchive::new(Cursor::new(bytes)).with_context(|| path.display().to_string())?;
    let mut letters = Letters::default();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index)?;
        let name = file.name()?.into_owned();
        // images_background/Latin/character01/0682_01.png
        let parts: Vec<&str> = name.trim_end_matches(".png").split('/').collect();
        let (true, &[_, script, letter, image]) = (name.ends_with(".png"), &parts[..]) else {
            continue;
        };
        let drawer: usize = image.split('_').nth(1).unwrap_or_default().parse()?;
        let mut png = Vec::new();
        file.read_to_end(&mut png)?;
        let strokes = strokes_of(&png).with_context(|| name.clone())?;
        if LOOKALIKES
            .lines()
            .any(|line| line == format!("{script}/{letter}"))
        {
            continue;
        }
        let part = match (script, drawer) {
            _ if UNKNOWN_SCRIPTS.contains(&script) => &mut letters.unknown_scripts,
            (_, ..=12) => &mut letters.train,
            (_, ..=16) => &mut letters.validation,
            ("Latin", _) => &mut letters.latin,
            _ => &mut letters.known_scripts,
        };
        part.push(strokes);
    }
    if letters.train.is_empty() {
        bail!("{} holds no letters as Omniglot has them", path.display());
    }
    Ok(letters)
}

fn strokes_of(png: &[u8]) -> anyhow::Result<Vec<Stroke>> {
    let image = image::load_from_memory(png)?.into_luma8();
    let ink: Vec<bool> = image.pixels().map(|pixel| pixel.0[0] < 128).collect();
    Ok(thin_strokes(image.width() as usize, &ink))
}

fn found(path: Option<&Path>, places: &[&str]) -> Option<PathBuf> {
    let places = places
        .iter()
        .map(PathBuf::from)
        .find(|place| place.exists());
    path.map(PathBuf::from).or(places)
}
