//! `report.json`: what is known of every network, from the runs that made it.
//!
//! Written by the trainer's `report`, shown by the app's Models page. It must not know Burn or who fetches.

use serde::{Deserialize, Serialize};

use crate::digit::N_CLASSES;
use crate::manifest::{Evaluation, one_line_each};

/// The format that this code reads and writes.
pub const VERSION: u32 = 1;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub version: u32,
    /// In the order of the registry.
    pub models: Vec<ModelReport>,
}

impl Report {
    /// The file: a line for each network.
    pub fn to_json(&self) -> serde_json::Result<String> {
        one_line_each(self.version, &self.models)
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
    /// Multiplications with an addition each, for one image.
    pub multiply_adds: u64,
    /// Of the exported file.
    pub bytes: u64,
    pub layers: Vec<LayerRow>,
    /// Our recipe.
    pub best: Option<RecipeReport>,
    /// The source's recipe, run here.
    pub source_recipe: Option<RecipeReport>,
    /// The weights that the app fetches: those of the seed with the best validation accuracy.
    pub exported: Option<Exported>,
    /// For a network of embeddings.
    pub few_shot: Option<FewShot>,
}

/// What the network's source says and does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    pub training: String,
    /// Test accuracy in its words.
    pub claimed: String,
    /// Test accuracy of its code in percent, where it could be read.
    pub really: Option<f64>,
    /// Where its words and its code differ.
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
    /// Side of the square of input pixels that one number sees, at most 28.
    pub receptive_field: usize,
}

/// All runs of a network by one recipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecipeReport {
    /// The training configuration of the first run.
    pub config: serde_json::Value,
    pub runs: Vec<RunReport>,
    /// Mean test accuracy over the runs, 0 to 1.
    pub mean_test: f64,
    /// Their sample standard deviation; 0 for one run.
    pub spread: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunReport {
    pub seed: u64,
    /// Counted from 1; the epoch with the best validation accuracy.
    pub best_epoch: usize,
    /// Accuracies of that epoch, 0 to 1.
    pub validation: f64,
    pub test: f64,
    /// Median over the epochs, training alone.
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
    /// Rows are true digits, columns what was read.
    pub confusion: [[usize; N_CLASSES]; N_CLASSES],
    /// Expected calibration error over 15 bins of confidence (Guo et al. 2017), 0 to 1.
    pub calibration_error: f64,
    /// The bins: mean confidence, share read right, how many.
    pub calibration: Vec<(f64, f64, usize)>,
    /// The wrong readings of the highest confidence, worst first; their pictures stand in a row of 28×28 tiles,
    /// white ink on black, in `mistakes_file`.
    pub mistakes: Vec<Mistake>,
    /// A file beside the report.
    pub mistakes_file: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mistake {
    /// Of the test set, from 0.
    pub index: usize,
    pub label: u8,
    pub read: u8,
    /// Of what was read, 0 to 1.
    pub probability: f32,
}

/// How well embeddings tell apart classes, most of which were never trained on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FewShot {
    /// One for each number of classes, examples and recipe.
    pub accuracies: Vec<FewShotAccuracy>,
    /// Share of same-class pairs accepted where 1 % of others are, over all ten digits and over those that were never
    /// trained on, 0 to 1.
    pub true_acceptance: f64,
    pub true_acceptance_unseen: f64,
    /// Where as many same-class images are accepted as the source reports (97.31 %), the share of images of other
    /// classes that are accepted too.
    pub false_acceptance_at_source: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FewShotAccuracy {
    /// 10, or 7 for the digits 3 to 9, which were never trained on.
    pub ways: usize,
    /// Examples a class.
    pub shots: usize,
    /// How many random sets of examples.
    pub episodes: usize,
    /// Mean, 0 to 1, and half the width of its 95 % interval.
    pub accuracy: f64,
    pub interval: f64,
    /// The same with blurred pixels in place of embeddings.
    pub pixels: f64,
}
