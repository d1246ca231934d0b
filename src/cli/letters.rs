//! Letters of many scripts on disk, which are no digits.

use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use anyhow::{Context, bail};
use zip::ZipArchive;

use crate::data::thin_strokes;
use crate::strokes::Stroke;

/// Where the letters are.
const LETTERS: [&str; 2] = [
    "data/images_background.zip",
    "../shared/data/images_background.zip",
];
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
pub fn read() -> anyhow::Result<Letters> {
    let places = LETTERS.iter().map(Path::new).find(|path| path.exists());
    let path = places.with_context(|| {
        format!(
            "there are no letters in {}. They are images_background.zip of the repository brendenlake/omniglot, MIT",
            LETTERS.join(" or ")
        )
    })?;
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
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
