//! Letters of many scripts on disk: ink that isn't a digit, and characters to separate.

use anyhow::bail;

use super::omniglot;
use crate::data::{Character, Part, TEST_ALPHABETS};
use crate::strokes::Stroke;

/// Characters that also look like digits, as most of their drawers write them; the file says how they were found.
const LOOKALIKES: &str = include_str!("lookalikes.txt");
/// Letters of Omniglot's background set (Lake et al. 2015), split by drawer.
#[derive(Default)]
pub struct Letters {
    /// By 12 of each letter's 20 drawers, without the scripts that are kept unknown. No part contains characters that
    /// look like digits.
    pub train: Vec<Vec<Stroke>>,
    /// By four other drawers.
    pub validation: Vec<Vec<Stroke>>,
    /// Latin letters by the last four drawers.
    pub latin: Vec<Vec<Stroke>>,
    /// Letters of the other training scripts, by the same four drawers.
    pub known_scripts: Vec<Vec<Stroke>>,
    /// Letters of scripts that aren't in training, by all drawers.
    pub unknown_scripts: Vec<Vec<Stroke>>,
}

/// Whether most people take this character of the background set for a digit.
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
        bail!(
            "{} doesn't contain letters in Omniglot's layout",
            path.display()
        );
    }
    Ok(letters)
}

/// The background set's characters of one part, including those that look like digits. An embedding network learns to
/// separate them.
pub fn characters(part: Part) -> anyhow::Result<Vec<Character>> {
    let path = omniglot::background()?;
    let mut drawings = omniglot::drawings(&mut omniglot::open(&path)?)?;
    drawings.retain(|drawing| Part::of(&drawing.alphabet) == part);
    if drawings.is_empty() {
        bail!(
            "{} lacks the alphabets of Omniglot's background set",
            path.display()
        );
    }
    Ok(omniglot::characters(drawings))
}
