//! `weights/manifest.json`: which weights exist, how they were made and how good they are.
//!
//! Written by the trainer's `export`, read by the app. This module doesn't know Burn or what fetches the file.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::digit::N_CLASSES;
use crate::json::Json;

/// The format that this code reads and writes.
pub const VERSION: u32 = 1;
/// The network that the app uses unless told otherwise.
pub const DEFAULT_MODEL: &str = "pen";

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    #[error("the list of weights cannot be read: {0}")]
    Unreadable(String),
    #[error("the list of weights has format {found}, but this version reads format {VERSION}")]
    Version { found: u32 },
    #[error("the list of weights has no model '{id}'; it has: {known}")]
    UnknownModel { id: String, known: String },
    #[error("the list of weights names '{0}', which isn't a plain file name")]
    FileName(String),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    pub version: u32,
    pub models: Vec<Entry>,
}

/// One model's weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The network's name in the registry.
    pub id: String,
    /// File name beside the manifest; it contains the first digits of the checksum.
    pub file: String,
    pub bytes: u64,
    pub sha256: String,
    /// Trained values; running statistics do not count.
    pub parameters: u64,
    /// Shape of one input: channels, rows, columns.
    pub input: [usize; 3],
    pub seed: u64,
    /// The training configuration.
    pub config: serde_json::Value,
    pub dataset: DatasetInfo,
    pub validation: Evaluation,
    pub test: Evaluation,
    /// Logits that native Burn computed for [`DigitImage::probe`], which an engine must reproduce before it is
    /// trusted.
    ///
    /// [`DigitImage::probe`]: crate::digit::DigitImage::probe
    pub probe_logits: [f32; N_CLASSES],
    /// For a network that has also learnt from pens, and to tell digits from other ink.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pens: Option<Pens>,
    /// Versions of Inkling and Burn that made the weights.
    pub versions: Versions,
    /// The day of the export, as YYYY-MM-DD.
    pub date: String,
}

/// How well a network reads pens, and rejects ink that isn't a digit: ink whose
/// [`digit_probability`](crate::protocol::digit_probability) is below a half.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pens {
    /// What the logits were divided by, fitted on the validation writers. It is part of the weights.
    pub temperature: f64,
    /// What was then added to each logit, so that a half is the limit between digits and other ink. It is part of the
    /// weights.
    pub offset: f64,
    /// Digits by the writers of the untouched test set.
    pub test: Evaluation,
    /// Expected calibration error on these, 0 to 1.
    pub calibration_error: f64,
    /// For each kind of ink in the untouched test set, how much was rejected as not a digit.
    pub rejected: Vec<Rejected>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rejected {
    /// Such as `letters`, or `digits`, which should not be rejected.
    pub what: String,
    pub rejected: usize,
    pub total: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatasetInfo {
    pub name: String,
    pub train: usize,
    pub validation: usize,
    pub test: usize,
    /// Seed of the split into training and validation.
    pub split_seed: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    pub inkling: String,
    pub burn: String,
}

/// How many items a network read correctly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Share, 0 to 1.
    pub accuracy: f64,
    pub correct: usize,
    pub total: usize,
    /// For each digit: correct, total.
    pub per_class: [(usize, usize); N_CLASSES],
}

impl Manifest {
    /// Reads a manifest and checks the version and the file names.
    pub fn parse(json: &(impl Json + ?Sized)) -> Result<Self, ManifestError> {
        parse(json, |manifest: &Self| {
            manifest.models.iter().map(|entry| &entry.file).collect()
        })
    }

    /// Writes the file, with a line for each model. It is short, since every start of the page fetches it.
    pub fn to_json(&self) -> serde_json::Result<String> {
        one_line_each(self.version, &self.models)
    }

    pub fn entry(&self, id: &str) -> Result<&Entry, ManifestError> {
        let found = self.models.iter().find(|entry| entry.id == id);
        found.ok_or_else(|| ManifestError::UnknownModel {
            id: id.into(),
            known: self
                .models
                .iter()
                .map(|e| e.id.as_str())
                .collect::<Vec<_>>()
                .join(", "),
        })
    }
}

/// Reads a manifest, or some of its fields, and checks its version and the names of its files.
pub(crate) fn parse<T: DeserializeOwned>(
    json: &(impl Json + ?Sized),
    files: impl Fn(&T) -> Vec<&String>,
) -> Result<T, ManifestError> {
    #[derive(Deserialize)]
    struct Head {
        version: u32,
    }
    let head: Head = json.read().map_err(ManifestError::Unreadable)?;
    if head.version != VERSION {
        let found = head.version;
        return Err(ManifestError::Version { found });
    }
    let manifest = json.read().map_err(ManifestError::Unreadable)?;
    let strange = files(&manifest)
        .into_iter()
        .find(|file| !is_plain_file_name(file));
    match strange {
        Some(file) => Err(ManifestError::FileName(file.clone())),
        None => Ok(manifest),
    }
}

/// `{"version": …, "models": […]}` with a line for each model: short, and a change to one model changes one line.
pub(crate) fn one_line_each(version: u32, models: &[impl Serialize]) -> serde_json::Result<String> {
    let lines = models.iter().map(serde_json::to_string);
    let lines = lines.collect::<serde_json::Result<Vec<_>>>()?.join(",\n");
    Ok(format!(
        "{{\"version\":{version},\"models\":[\n{lines}\n]}}\n"
    ))
}

/// Whether a name can't lead out of the folder that it is looked up in.
pub fn is_plain_file_name(name: &str) -> bool {
    name.chars()
        .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(version: u32, file: &str) -> String {
        let evaluation = r#"{"accuracy":0.9,"correct":9,"total":10,"per_class":[[1,1],[1,1],[1,1],[1,1],[1,1],[1,1],[1,1],[1,1],[1,1],[0,1]]}"#;
        format!(
            r#"{{"version":{version},"models":[{{"id":"a","file":"{file}","bytes":1,"sha256":"00",
            "parameters":1,"input":[1,28,28],"seed":42,"config":{{}},"dataset":{{"name":"MNIST","train":1,
            "validation":1,"test":1,"split_seed":1}},"validation":{evaluation},"test":{evaluation},
            "probe_logits":[0,1,2,3,4,5,6,7,8,9],"versions":{{"inkling":"0","burn":"0"}},"date":"2026-01-01"}}]}}"#
        )
    }

    #[test]
    fn an_entry_is_found_by_its_id() {
        let manifest = Manifest::parse(&json(1, "a-0a1b.safetensors")).unwrap();
        assert_eq!(manifest.entry("a").unwrap().test.correct, 9);
        let error = manifest.entry("b").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the list of weights has no model 'b'; it has: a"
        );
    }

    #[test]
    fn it_is_written_with_a_line_for_each_model() {
        let mut manifest = Manifest::parse(&json(1, "a-0a1b.safetensors")).unwrap();
        manifest.models.push(manifest.models[0].clone());
        let text = manifest.to_json().unwrap();
        assert_eq!(text.lines().count(), 4);
        assert_eq!(Manifest::parse(&text), Ok(manifest));
    }

    #[test]
    fn what_cannot_be_right_is_refused() {
        assert!(matches!(
            Manifest::parse("<!doctype html>"),
            Err(ManifestError::Unreadable(_))
        ));
        assert_eq!(
            Manifest::parse(&json(2, "a")),
            Err(ManifestError::Version { found: 2 })
        );
        assert!(matches!(
            Manifest::parse(&json(1, "../a")),
            Err(ManifestError::FileName(_))
        ));
        assert!(matches!(
            Manifest::parse(r#"{"version":1}"#),
            Err(ManifestError::Unreadable(_))
        ));
    }
}
