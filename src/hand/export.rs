//! The file that takes a person's drawings to another device, or to the trainer: JSON with strokes.

use serde::{Deserialize, Serialize};

use super::Drawn;
use crate::json::Json;

/// The name of the format in the file.
const FORMAT: &str = "inkling samples";
const VERSION: u32 = 1;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Export {
    pub format: String,
    pub version: u32,
    /// The name of the writer; the page leaves it out.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    pub samples: Vec<Drawn>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    #[error(
        "it isn't a file of drawings exported by Inkling ({0}). The format is \
         {{\"format\": \"{FORMAT}\", \"version\": {VERSION}, \"samples\": [{{\"label\": \"7\", \"strokes\": [[[x, y, radius], …], …]}}, …]}}"
    )]
    Unreadable(String),
    #[error(
        "it has format version {0}, which is newer than this Inkling reads: \
         use the version of Inkling that exported it, or a newer one"
    )]
    Version(u32),
    #[error("drawing {0} has no strokes, or points without x and y")]
    Strokes(usize),
    #[error("drawing {0} has no label")]
    Label(usize),
}

impl Export {
    pub fn new(samples: Vec<Drawn>) -> Self {
        Self {
            format: FORMAT.into(),
            version: VERSION,
            name: String::new(),
            samples,
        }
    }

    /// Reads a file, all of it or nothing.
    pub fn read(json: &(impl Json + ?Sized)) -> Result<Self, ExportError> {
        let export: Self = json.read().map_err(ExportError::Unreadable)?;
        if export.format != FORMAT {
            let found = format!("its format is '{}'", export.format);
            return Err(ExportError::Unreadable(found));
        }
        if export.version > VERSION {
            return Err(ExportError::Version(export.version));
        }
        check(&export.samples)?;
        Ok(export)
    }
}

/// Checks that each drawing has strokes and a label.
pub fn check(samples: &[Drawn]) -> Result<(), ExportError> {
    let broken = |drawn: &Drawn| drawn.strokes().len() != drawn.strokes.len();
    for (index, drawn) in samples.iter().enumerate() {
        if drawn.strokes.is_empty() || broken(drawn) {
            return Err(ExportError::Strokes(index + 1));
        }
        if super::as_label(&drawn.label).as_ref() != Some(&drawn.label) {
            return Err(ExportError::Label(index + 1));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = r#"{"label":"7","strokes":[[[0,0,1],[5,0,1]],[[5,0],[1,9.5]]]}"#;

    fn read(text: &str) -> Result<Vec<Drawn>, ExportError> {
        Export::read(text).map(|export| export.samples)
    }

    fn file(samples: &str) -> String {
        format!(r#"{{"format":"{FORMAT}","version":1,"samples":[{samples}]}}"#)
    }

    #[test]
    fn what_is_exported_is_imported() {
        let samples = read(&file(SAMPLE)).unwrap();
        assert_eq!((samples.len(), samples[0].digit()), (1, Some(7)));
        let text = serde_json::to_string(&Export::new(samples.clone())).unwrap();
        assert_eq!(read(&text), Ok(samples));
    }

    #[test]
    fn a_file_that_is_none_of_ours_is_refused_with_what_it_is_to_be() {
        for text in [
            "{",
            "[]",
            r#"{"samples":[]}"#,
            &file(SAMPLE).replace("inkling", "other"),
        ] {
            let refused = read(text).unwrap_err().to_string();
            assert!(refused.contains("\"strokes\""), "{refused}");
        }
        let newer = file(SAMPLE).replace("\"version\":1", "\"version\":2");
        assert_eq!(read(&newer), Err(ExportError::Version(2)));
    }

    #[test]
    fn one_broken_drawing_spoils_the_file() {
        let broken = SAMPLE.replace("[5,0,1]", "[5]");
        assert_eq!(
            read(&file(&format!("{SAMPLE},{broken}"))),
            Err(ExportError::Strokes(2))
        );
        let unnamed = SAMPLE.replace("\"7\"", "\" \"");
        assert_eq!(read(&file(&unnamed)), Err(ExportError::Label(1)));
    }
}
