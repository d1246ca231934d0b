//! The manifest as the page reads it: only the fields that it needs, since parsing code is a large part of a small
//! wasm.
//!
//! This module doesn't know what fetches the file. [`manifest`](crate::manifest) has all fields.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::digit::N_CLASSES;
use crate::json::Json;
use crate::manifest::{ManifestError, parse};

/// A part of [`Manifest`](crate::manifest::Manifest).
#[derive(Clone, Debug, Deserialize)]
pub struct Listing {
    pub models: Vec<Listed>,
}

/// A part of [`Entry`](crate::manifest::Entry), which documents the fields.
#[derive(Clone, Debug, Deserialize)]
pub struct Listed {
    pub id: String,
    pub file: String,
    pub bytes: u64,
    pub sha256: String,
    pub probe_logits: [f32; N_CLASSES],
    pub test: Test,
    #[serde(default)]
    pens: Option<IgnoredAny>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Test {
    pub correct: usize,
}

impl Listed {
    /// Whether the network itself can tell that ink isn't a digit.
    pub fn tells_digits(&self) -> bool {
        self.pens.is_some()
    }
}

impl Listing {
    /// Reads a manifest and checks the version and the file names.
    pub fn parse(json: &(impl Json + ?Sized)) -> Result<Self, ManifestError> {
        parse(json, |listing: &Self| {
            listing.models.iter().map(|listed| &listed.file).collect()
        })
    }

    pub fn entry(&self, id: &str) -> Result<&Listed, ManifestError> {
        let found = self.models.iter().find(|listed| listed.id == id);
        found.ok_or_else(|| ManifestError::UnknownModel {
            id: id.into(),
            known: self.known(),
        })
    }

    /// The names of all networks, for use in a sentence.
    pub fn known(&self) -> String {
        let names: Vec<_> = self
            .models
            .iter()
            .map(|listed| listed.id.as_str())
            .collect();
        names.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Manifest;

    const MANIFEST: &str = include_str!("../public/weights/manifest.json");

    #[test]
    fn it_says_what_the_whole_manifest_says() {
        let (listing, manifest) = (
            Listing::parse(MANIFEST).unwrap(),
            Manifest::parse(MANIFEST).unwrap(),
        );
        assert_eq!(listing.models.len(), manifest.models.len());
        for (listed, entry) in listing.models.iter().zip(&manifest.models) {
            assert_eq!(listed.id, entry.id);
            assert_eq!(listed.file, entry.file);
            assert_eq!(listed.bytes, entry.bytes);
            assert_eq!(listed.sha256, entry.sha256);
            assert_eq!(listed.probe_logits, entry.probe_logits);
            assert_eq!(listed.test.correct, entry.test.correct);
            assert_eq!(listed.tells_digits(), entry.pens.is_some());
        }
        let unknown = |id| listing.entry(id).map(|_| ()).unwrap_err();
        assert_eq!(unknown("oracle"), manifest.entry("oracle").unwrap_err());
    }

    #[test]
    fn what_cannot_be_right_is_refused() {
        let error = |json: &str| Listing::parse(json).unwrap_err();
        assert!(matches!(
            error("<!doctype html>"),
            ManifestError::Unreadable(_)
        ));
        assert!(matches!(
            error(r#"{"version":1}"#),
            ManifestError::Unreadable(_)
        ));
        assert_eq!(
            error(r#"{"version":9}"#),
            ManifestError::Version { found: 9 }
        );
        let file = Listing::parse(MANIFEST).unwrap().models[0].file.clone();
        let elsewhere = MANIFEST.replace(&file, "../a");
        assert_eq!(error(&elsewhere), ManifestError::FileName("../a".into()));
    }
}
