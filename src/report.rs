//! `report.json`: what is known about every network, from its training runs.
//!
//! Written by the trainer's `report`, shown by the app's Models page. This module doesn't know Burn or what fetches
//! the file.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::digit::N_CLASSES;
use crate::json::Json;
use crate::manifest::{Evaluation, Pens, is_plain_file_name, one_line_each};

/// The format that this code reads and writes.
pub const VERSION: u32 = 1;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    #[error("the report cannot be read: {0}")]
    Unreadable(String),
    #[error("the report has format {found}, but this version reads format {VERSION}")]
    Version { found: u32 },
    #[error("the report names '{0}', which isn't a plain file name")]
    FileName(String),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub version: u32,
    /// In the order of the registry.
    pub models: Vec<ModelReport>,
}

impl Report {
    /// Writes the file, with a line for each network.
    pub fn to_json(&self) -> serde_json::Result<String> {
        one_line_each(self.version, &self.models)
    }

    /// Reads a report and checks the version and the file names.
    pub fn parse(json: &(impl Json + ?Sized)) -> Result<Self, ReportError> {
        #[derive(Deserialize)]
        struct Head {
            version: u32,
        }
        let head: Head = json.read().map_err(ReportError::Unreadable)?;
        if head.version != VERSION {
            let found = head.version;
            return Err(ReportError::Version { found });
        }
        let report: Self = json.read().map_err(ReportError::Unreadable)?;
        let files = report.models.iter().flat_map(|model| &model.exported);
        let mut files = files.map(|exported| &exported.mistakes_file);
        match files.find(|file| !is_plain_file_name(file)) {
            Some(file) => Err(ReportError::FileName(file.clone())),
            None => Ok(report),
        }
    }

    pub fn model(&self, id: &str) -> Option<&ModelReport> {
        self.models.iter().find(|model| model.id == id)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelReport {
    /// The network's name in the registry.
    pub id: String,
    /// The network in a sentence.
    pub about: String,
    pub source: Source,
    /// Trained values; running statistics do not count.
    pub parameters: u64,
    /// Multiplications, each with an addition, for one image.
    pub multiply_adds: u64,
    /// Size of the exported file.
    pub bytes: u64,
    pub layers: Vec<LayerRow>,
    /// Our recipe.
    pub best: Option<RecipeReport>,
    /// The source's recipe, run here.
    pub source_recipe: Option<RecipeReport>,
    /// The weights that the app fetches: those of the seed with the best validation accuracy.
    pub exported: Option<Exported>,
    /// For an embedding network.
    pub few_shot: Option<FewShot>,
}

/// What the network's source says and does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    pub training: String,
    /// The test accuracy that it claims, in its own words.
    pub claimed: String,
    /// The test accuracy of its code in percent, if known.
    pub really: Option<f64>,
    /// How its text and its code differ.
    pub notes: Vec<String>,
}

/// A row of `summary`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerRow {
    /// Such as `conv 5×5, 32`.
    pub layer: String,
    /// Shape without the batch, such as `[32, 28, 28]`.
    pub output: Vec<usize>,
    pub parameters: u64,
    pub multiply_adds: u64,
    /// Side of the square of input pixels that one output value depends on, at most 28.
    pub receptive_field: usize,
}

/// All runs of a network with one recipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecipeReport {
    /// The training configuration of the first run.
    pub config: Value,
    pub runs: Vec<RunReport>,
    /// Mean test accuracy over the runs, 0 to 1.
    pub mean_test: f64,
    /// Their sample standard deviation; 0 for one run.
    pub spread: f64,
}

impl RecipeReport {
    /// Returns the name and value of each setting; a setting of a part is called `part name`.
    pub fn settings(&self) -> Vec<(String, String)> {
        let mut settings = Vec::new();
        add_settings("", &self.config, &mut settings);
        settings
    }
}

fn add_settings(name: &str, value: &Value, settings: &mut Vec<(String, String)>) {
    let text = match value {
        Value::Object(parts) => {
            for (part, value) in parts {
                let name = format!("{name} {}", part.replace('_', " "));
                add_settings(name.trim_start(), value, settings);
            }
            return;
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                add_settings(&format!("{name} {index}"), value, settings);
            }
            return;
        }
        Value::Null => "none".into(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.into(),
        // Not the number's own `to_string`, which adds 10 kB of tables.
        Value::Number(number) => number.as_f64().unwrap_or_default().to_string(),
        Value::String(text) => text.clone(),
    };
    settings.push((name.into(), text));
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunReport {
    pub seed: u64,
    /// Counted from 1; the epoch with the best validation accuracy.
    pub best_epoch: usize,
    /// Accuracies of that epoch, 0 to 1.
    pub validation: f64,
    pub test: f64,
    /// Median over the epochs, of training only.
    pub seconds_per_epoch: f64,
    pub epochs: Vec<EpochPoint>,
}

/// A point of the learning curves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EpochPoint {
    pub train_loss: f64,
    pub train_accuracy: f64,
    pub validation_loss: f64,
    pub validation_accuracy: f64,
}

/// How the exported weights read the test set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exported {
    pub seed: u64,
    pub validation: Evaluation,
    pub test: Evaluation,
    /// Rows are true digits, columns the readings.
    pub confusion: [[usize; N_CLASSES]; N_CLASSES],
    /// Expected calibration error over 15 bins of confidence (Guo et al. 2017), 0 to 1.
    pub calibration_error: f64,
    /// The bins: mean confidence, accuracy, number of images.
    pub calibration: Vec<(f64, f64, usize)>,
    /// The misreadings with the highest confidence, worst first. Their pictures are a row of 28×28 tiles, white ink on
    /// black, in `mistakes_file`.
    pub mistakes: Vec<Mistake>,
    /// A file beside the report.
    pub mistakes_file: String,
    /// For a network that has also learnt from pens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pens: Option<Pens>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mistake {
    /// Index in the test set, from 0.
    pub index: usize,
    pub label: u8,
    pub read: u8,
    /// Probability of the reading, 0 to 1.
    pub probability: f32,
}

/// How well embeddings tell classes apart; most of these classes were never trained on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FewShot {
    /// One for each number of classes and of examples.
    pub accuracies: Vec<FewShotAccuracy>,
    /// Share of same-class pairs accepted at the threshold that accepts 1 % of the others, 0 to 1; over all ten digits
    /// and over those that were never trained on.
    pub true_acceptance: f64,
    pub true_acceptance_unseen: f64,
    /// Share of images of other classes accepted at the threshold that accepts as many same-class images as the source
    /// reports (97.31 %).
    pub false_acceptance_at_source: f64,
    /// Characters of scripts that were never trained on, if they were measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub characters: Option<FewShotCharacters>,
}

/// How well embeddings tell characters apart that were never trained on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FewShotCharacters {
    /// The number of characters, and of scripts.
    pub characters: usize,
    pub scripts: usize,
    /// Among characters of all scripts.
    pub across: Vec<FewShotAccuracy>,
    /// Among characters of one script at a time, which look alike.
    pub within: Vec<FewShotAccuracy>,
    /// Share of pairs of one character accepted at the threshold that accepts 1 % of the others, 0 to 1.
    pub true_acceptance: f64,
    /// The same with pixels.
    pub true_acceptance_pixels: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FewShotAccuracy {
    /// Number of classes. For digits: 10, or 7 for the digits 3 to 9, which were never trained on.
    pub ways: usize,
    /// Examples per class.
    pub shots: usize,
    /// Number of random sets of examples.
    pub episodes: usize,
    /// Mean, 0 to 1, and below half the width of its 95 % confidence interval.
    pub accuracy: f64,
    pub interval: f64,
    /// The same with pixels, blurred by a Gaussian of 1 pixel and compared by direction, instead of embeddings.
    pub pixels: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = include_str!("../tests/browser/fixtures/report.json");

    #[test]
    fn a_report_is_read_with_all_that_is_in_it() {
        let report = Report::parse(REPORT).unwrap();
        let model = report.model("tiny-bn").unwrap();
        let exported = model.exported.as_ref().unwrap();
        assert_eq!(exported.test.correct, 9966);
        let confused: usize = exported.confusion.iter().flatten().sum();
        assert_eq!(confused, exported.test.total);
        assert_eq!(model.best.as_ref().unwrap().runs[0].epochs.len(), 30);
        assert!(report.model("siamese").unwrap().few_shot.is_some());
        assert_eq!(report.model("lenet-5"), None);
    }

    #[test]
    fn settings_of_parts_have_both_names() {
        let report = Report::parse(REPORT).unwrap();
        let best = report.models[0].best.as_ref().unwrap();
        let settings = best.settings();
        let find = |name: &str| {
            settings
                .iter()
                .find(|(n, _)| n == name)
                .map(|(_, v)| v.as_str())
        };
        assert_eq!(find("batch size"), Some("64"));
        assert_eq!(find("schedule kind"), Some("cosine"));
    }

    #[test]
    fn what_cannot_be_right_is_refused() {
        let error = |json: &str| Report::parse(json).unwrap_err();
        assert!(matches!(
            error("<!doctype html>"),
            ReportError::Unreadable(_)
        ));
        assert!(matches!(error(&REPORT[..5000]), ReportError::Unreadable(_)));
        assert_eq!(
            error(r#"{"version": 9}"#),
            ReportError::Version { found: 9 }
        );
        let elsewhere = REPORT.replace("\"mistakes-tiny-bn.png\"", "\"//example.org/a.png\"");
        assert_eq!(
            error(&elsewhere),
            ReportError::FileName("//example.org/a.png".into())
        );
    }
}
