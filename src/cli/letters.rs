//! Letters of many scripts on disk: ink that is no digit, and characters to tell apart.

use anyhow::bail;

use super::omniglot;
use crate::data::{Character, Part, TEST_ALPHABETS};
use crate::strokes::Stroke;

/// Characters that are also digits, as most of their drawers write them; the file says how they were found.
const LOOKALIKES: &str = include_str!("lookalikes.txt");
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

/// Is a character of the background set one that most take for a digit?
pub fn is_lookalike(alphabet: &str, character: &str) -> bool {
    let name = format!("{alphabet}/{character}");
    LOOKALIKES.lines().any(|line| line == name)
}

/// Reads the official zip.
pub fn read() -> anyhow::Result<Letters> {
    let path = omniglot::background()?;
    let mut letters = Letters::default();
    for drawing in omniglot::drawings(&mut omniglot::open(&path)?)? {
        let script = &*drawing.alphabet;
        if is_lookalike(script, &drawing.character) {
            continue;
        }
        let part = match (script, drawing.drawer) {
            _ if TEST_ALPHABETS.contains(&script) => &mut letters.unknown_scripts,
            (_, ..=12) => &mut letters.train,
            (_, ..=16) => &mut letters.validation,
            ("Latin", _) => &mut letters.latin,
            _ => &mut letters.known_scripts,
        };
        part.push(drawing.strokes);
    }
    if letters.train.is_empty() {
        bail!("{} holds no letters as Omniglot has them", path.display());
    }
    Ok(letters)
}

/// The background set's characters of one part, those that look like digits too: what a network of embeddings tells apart.
pub fn characters(part: Part) -> anyhow::Result<Vec<Character>> {
    let path = omniglot::background()?;
    let mut drawings = omniglot::drawings(&mut omniglot::open(&path)?)?;
    drawings.retain(|drawing| Part::of(&drawing.alphabet) == part);
    if drawings.is_empty() {
        bail!(
            "{} lacks the alphabets that Omniglot's background set has",
            path.display()
        );
    }
    Ok(omniglot::characters(drawings))
}
