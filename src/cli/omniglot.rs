//! Omniglot's official zips of drawings (Lake et al. 2015): `…/ALPHABET/characterNN/NNNN_MM.png`.

use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use zip::ZipArchive;

use crate::data::{Character, join_strokes, thin_strokes};
use crate::strokes::Stroke;

/// The places where the background set may be.
const BACKGROUND: [&str; 2] = [
    "data/images_background.zip",
    "../shared/data/images_background.zip",
];
/// Side of Omniglot's pictures, in pixels.
pub const SIDE: u32 = 105;

pub type Zip = ZipArchive<Cursor<Vec<u8>>>;

/// A picture from the zip.
pub struct Drawing {
    pub alphabet: String,
    /// Such as `character07`.
    pub character: String,
    /// From 1 to 20.
    pub drawer: usize,
    /// The centre lines, with one stroke for each pair of neighbouring pixels.
    pub strokes: Vec<Stroke>,
}

/// The path of the background set.
pub fn background() -> anyhow::Result<PathBuf> {
    let found = BACKGROUND
        .iter()
        .map(PathBuf::from)
        .find(|path| path.exists());
    found.with_context(|| {
        format!(
            "the letters are missing. Put images_background.zip from the repository brendenlake/omniglot (MIT licence) \
             at {}",
            BACKGROUND.join(" or ")
        )
    })
}

pub fn open(path: &Path) -> anyhow::Result<Zip> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    opened(bytes).with_context(|| path.display().to_string())
}

/// Opens a zip from its bytes.
pub fn opened(bytes: Vec<u8>) -> anyhow::Result<Zip> {
    ZipArchive::new(Cursor::new(bytes))
        .context("it isn't a complete zip and may be cut short: fetch it again")
}

/// The names of a zip's files, without those that a Mac's archiver adds.
pub fn names(zip: &Zip) -> Vec<String> {
    let is_ours = |name: &&str| {
        let last = name.rsplit('/').next().unwrap_or_default();
        !name.starts_with("__MACOSX") && !last.is_empty() && !last.starts_with('.')
    };
    zip.file_names()
        .filter_map(Result::ok)
        .map(|name| name.into_owned())
        .filter(|name| is_ours(&name.as_str()))
        .collect()
}

/// The bytes of a file in the zip.
pub fn bytes(zip: &mut Zip, name: &str) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut file = zip
        .by_name(name)
        .with_context(|| format!("{name} is missing"))?;
    file.read_to_end(&mut bytes)
        .with_context(|| format!("{name} is damaged or cut short: fetch the zip again"))?;
    Ok(bytes)
}

/// The drawing in one of the zip's pictures, which must be black on white and 105 pixels wide and high.
pub fn strokes(zip: &mut Zip, name: &str) -> anyhow::Result<Vec<Stroke>> {
    strokes_of(&bytes(zip, name)?).with_context(|| name.to_owned())
}

fn strokes_of(png: &[u8]) -> anyhow::Result<Vec<Stroke>> {
    let image = image::load_from_memory(png)
        .context("it isn't a picture: fetch the zip again")?
        .into_luma8();
    if image.dimensions() != (SIDE, SIDE) {
        let (width, height) = image.dimensions();
        bail!("it is {width}×{height} pixels, but Omniglot's pictures are {SIDE}×{SIDE}");
    }
    let ink: Vec<bool> = image.pixels().map(|pixel| pixel.0[0] < 128).collect();
    Ok(thin_strokes(image.width() as usize, &ink))
}

/// All drawings in a zip of alphabets, in the zip's order.
pub fn drawings(zip: &mut Zip) -> anyhow::Result<Vec<Drawing>> {
    let mut drawings = Vec::new();
    for name in names(zip) {
        let Some((alphabet, character, image)) = parts(&name) else {
            continue;
        };
        let drawer = image
            .split('_')
            .nth(1)
            .and_then(|number| number.parse().ok());
        drawings.push(Drawing {
            alphabet: alphabet.into(),
            character: character.into(),
            drawer: drawer
                .with_context(|| format!("{name} doesn't say who drew it; expected NNNN_MM.png"))?,
            strokes: strokes(zip, &name)?,
        });
    }
    Ok(drawings)
}

/// Splits a path from a zip of alphabets into alphabet, character and picture, with or without the extension.
fn parts(name: &str) -> Option<(&str, &str, &str)> {
    let mut parts = name.strip_suffix(".png")?.rsplit('/');
    let (image, character, alphabet) = (parts.next()?, parts.next()?, parts.next()?);
    character
        .starts_with("character")
        .then_some((alphabet, character, image))
}

/// Whether a path belongs to a zip of alphabets.
pub fn is_drawing(name: &str) -> bool {
    parts(name).is_some()
}

/// Groups drawings by character, alphabet by alphabet, with strokes as a pen would have drawn them.
pub fn characters(drawings: Vec<Drawing>) -> Vec<Character> {
    let mut characters: Vec<Character> = Vec::new();
    let mut sorted = drawings;
    sorted.sort_by(|a, b| {
        let key = |d: &Drawing| (d.alphabet.clone(), d.character.clone(), d.drawer);
        key(a).cmp(&key(b))
    });
    for drawing in sorted {
        let strokes = join_strokes(&drawing.strokes);
        match characters.last_mut() {
            Some(last) if last.name == drawing.character && last.alphabet == drawing.alphabet => {
                last.drawings.push(strokes);
            }
            _ => characters.push(Character {
                alphabet: drawing.alphabet,
                name: drawing.character,
                drawings: vec![strokes],
            }),
        }
    }
    characters
}
