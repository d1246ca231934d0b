//! A run's folder: configuration, metrics, curves, checkpoint, best weights and evaluation.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use burn::module::Module;
use burn::store::ModuleRecord;
use burn::tensor::Device;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::mnist::write_whole;
use super::weights_args;
use crate::manifest::Evaluation;
use crate::protocol::Scope;
use crate::report::{FewShot, Mistake};
use crate::train::{
    Calibration, CalibrationBin, Confusion, EvalReport, Learner, Position, Running, TrainConfig,
    TrainState,
};
use crate::weights::to_safetensors;
use crate::zoo::{ModelId, Network};

/// One line of `metrics.jsonl`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EpochMetrics {
    /// Counted from 1.
    pub epoch: usize,
    pub train_loss: f64,
    pub train_accuracy: f64,
    pub validation_loss: f64,
    pub validation_accuracy: f64,
    pub learning_rate: f64,
    /// Training only, without validation. 0 in an epoch that was resumed.
    pub images_per_second: f64,
}

/// The best epoch so far.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Best {
    /// Counted from 1.
    pub epoch: usize,
    pub loss: f64,
    pub validation: Evaluation,
}

impl Best {
    /// Compares accuracy first. If the accuracies are equal, the smaller loss is better.
    pub fn is_better_than(&self, other: &Self) -> bool {
        let score = |best: &Self| (best.validation.accuracy, -best.loss);
        score(self) > score(other)
    }
}

/// `test.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TestReport {
    pub evaluation: Evaluation,
    pub loss: f64,
    /// Rows are true digits, columns are predictions.
    pub confusion: Confusion,
    /// Expected calibration error, 0 to 1.
    pub calibration_error: f64,
    pub calibration: Vec<CalibrationBin>,
    /// The most confident mistakes, worst first.
    pub mistakes: Vec<Mistake>,
}

impl From<&EvalReport> for TestReport {
    fn from(report: &EvalReport) -> Self {
        Self {
            evaluation: report.evaluation(),
            loss: report.loss,
            confusion: report.confusion,
            calibration_error: report.calibration_error(),
            calibration: report.calibration.clone(),
            mistakes: report.mistakes.clone(),
        }
    }
}

/// The part of a checkpoint that isn't tensors.
#[derive(Serialize, Deserialize)]
struct CheckpointState {
    position: Position,
    running: Running,
}

pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// Creates a folder, `runs/MODEL-YYYYMMDD-HHMMSS` unless a path is given.
    pub fn create(path: Option<&Path>, config: &TrainConfig) -> anyhow::Result<Self> {
        let stamp = chrono::Local::now().format("%Y%m%d-%H%M%S");
        let named = || PathBuf::from(format!("runs/{}-{stamp}", config.model));
        let path = path.map_or_else(named, Path::to_path_buf);
        if path.join("config.json").exists() {
            bail!(
                "{0} already contains a run. Resume it with --resume {0}, or choose another --out",
                path.display()
            );
        }
        fs::create_dir_all(&path).with_context(|| format!("cannot create {}", path.display()))?;
        let folder = Self { path };
        folder.write_json("config.json", config)?;
        Ok(folder)
    }

    /// Opens the run in `path`, or creates one there.
    pub fn open_or_create(path: &Path, config: &TrainConfig) -> anyhow::Result<Self> {
        match path.join("config.json").exists() {
            true => Self::open(path),
            false => Self::create(Some(path), config),
        }
    }

    pub fn open(path: &Path) -> anyhow::Result<Self> {
        if !path.join("config.json").exists() {
            bail!(
                "{} isn't a run's folder: it has no config.json",
                path.display()
            );
        }
        Ok(Self { path: path.into() })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn config(&self) -> anyhow::Result<TrainConfig> {
        self.read_json("config.json")
    }

    pub fn best(&self) -> Option<Best> {
        self.read_json("best.json").ok()
    }

    /// Whether every epoch was trained and validated.
    pub fn is_trained(&self) -> anyhow::Result<bool> {
        let n_epochs = self.config()?.epochs;
        Ok(n_epochs > 0 && self.metrics()?.len() >= n_epochs && self.best().is_some())
    }

    pub fn is_tested(&self) -> bool {
        self.path.join("test.json").exists()
    }

    pub fn test(&self) -> anyhow::Result<TestReport> {
        self.read_json("test.json").with_context(|| {
            let state = match self.is_tested() {
                true => "come from an older version",
                false => "don't exist yet",
            };
            let path = self.path.display();
            format!("the run's test figures {state}; `eval --run {path}` writes them")
        })
    }

    /// An embedding network's few-shot figures, if they were measured.
    pub fn few_shot(&self) -> anyhow::Result<Option<FewShot>> {
        match self.path.join("few_shot.json").exists() {
            true => self.read_json("few_shot.json").map(Some),
            false => Ok(None),
        }
    }

    pub fn save_test(&self, report: &TestReport) -> anyhow::Result<()> {
        self.write_json("test.json", report)
    }

    pub fn best_weights(&self) -> anyhow::Result<Vec<u8>> {
        let path = self.path.join("best.safetensors");
        fs::read(&path)
            .with_context(|| format!("cannot read {}: no epoch has finished yet", path.display()))
    }

    /// The run's network with the weights of the best epoch, calibrated if the run is.
    pub fn best_network(&self, device: &Device) -> anyhow::Result<Network> {
        let network = self.trained_network(device)?;
        Ok(match self.calibration() {
            Some(by) => network.calibrated(by.temperature as f32, by.offset as f32),
            None => network,
        })
    }

    /// The run's network with the weights of the best epoch, uncalibrated.
    pub fn trained_network(&self, device: &Device) -> anyhow::Result<Network> {
        let config = self.config()?;
        let model = config.model.parse()?;
        let bytes = self.best_weights()?;
        weights_args::network(model, config.multipliers, &bytes, device)
            .with_context(|| self.path.display().to_string())
    }

    pub fn calibration(&self) -> Option<Calibration> {
        self.read_json("calibration.json").ok()
    }

    pub fn save_calibration(&self, calibration: &Calibration) -> anyhow::Result<()> {
        self.write_json("calibration.json", calibration)
    }

    /// Saves the weights of the best epoch.
    pub fn save_best(&self, network: &Network, best: &Best) -> anyhow::Result<()> {
        let bytes = to_safetensors(network, Default::default())?;
        write_whole(&self.path.join("best.safetensors"), &bytes)?;
        self.write_json("best.json", best)
    }

    pub fn metrics(&self) -> anyhow::Result<Vec<EpochMetrics>> {
        let path = self.path.join("metrics.jsonl");
        if !path.exists() {
            return Ok(Vec::new());
        }
        let lines = fs::read_to_string(&path)?;
        let parsed = lines.lines().map(serde_json::from_str);
        parsed
            .collect::<Result<_, _>>()
            .with_context(|| format!("cannot read {}", path.display()))
    }

    pub fn append_metrics(&self, metrics: &EpochMetrics) -> anyhow::Result<()> {
        let path = self.path.join("metrics.jsonl");
        let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
        writeln!(file, "{}", serde_json::to_string(metrics)?)?;
        Ok(())
    }

    /// Drops the lines of epochs after `n_epochs`: a run that was killed wrote them before their checkpoint.
    pub fn trim_metrics(&self, n_epochs: usize) -> anyhow::Result<()> {
        let lines = self.metrics()?.into_iter().filter(|m| m.epoch <= n_epochs);
        let lines = lines.map(|m| Ok(serde_json::to_string(&m)? + "\n"));
        let text = lines.collect::<serde_json::Result<String>>()?;
        write_whole(&self.path.join("metrics.jsonl"), text.as_bytes())
    }

    /// Saves everything that the run needs to continue. The old checkpoint stays until the new one is complete.
    pub fn save_checkpoint(&self, state: &TrainState) -> anyhow::Result<()> {
        let (old, new) = (
            self.path.join("checkpoint"),
            self.path.join("checkpoint.new"),
        );
        if new.exists() {
            fs::remove_dir_all(&new)?;
        }
        fs::create_dir_all(&new)?;
        let network = state.learner.network.clone();
        network
            .into_record()
            .save(new.join("network"))
            .map_err(anyhow::Error::msg)?;
        let optimizer = state.learner.optimizer.to_record();
        optimizer
            .save(new.join("optimizer"))
            .map_err(anyhow::Error::msg)?;
        let rest = CheckpointState {
            position: state.position,
            running: state.running,
        };
        write_whole(
            &new.join("state.json"),
            serde_json::to_string_pretty(&rest)?.as_bytes(),
        )?;
        if old.exists() {
            fs::remove_dir_all(&old)?;
        }
        fs::rename(new, old)?;
        Ok(())
    }

    /// Loads the state of the last checkpoint; `None` if there is none yet.
    pub fn load_checkpoint(
        &self,
        model: ModelId,
        config: &TrainConfig,
        device: &Device,
    ) -> anyhow::Result<Option<TrainState>> {
        // A crash between removing the old one and renaming leaves only the new one.
        let names = ["checkpoint", "checkpoint.new"];
        let found = names
            .map(|name| self.path.join(name))
            .into_iter()
            .find(|p| p.join("state.json").exists());
        let Some(path) = found else { return Ok(None) };
        let start = TrainState::new(model, config, device);
        let record = ModuleRecord::load(path.join("network")).map_err(anyhow::Error::msg)?;
        let network = start
            .learner
            .network
            .try_load_record(record)
            .map_err(anyhow::Error::msg)?;
        let optimizer = start
            .learner
            .optimizer
            .load(path.join("optimizer"))
            .map_err(anyhow::Error::msg)?;
        let rest: CheckpointState = read_json(&path.join("state.json"))?;
        Ok(Some(TrainState {
            learner: Learner {
                network,
                optimizer,
                scope: Scope::Full,
            },
            position: rest.position,
            running: rest.running,
        }))
    }

    fn write_json(&self, name: &str, value: &impl Serialize) -> anyhow::Result<()> {
        write_whole(
            &self.path.join(name),
            serde_json::to_string_pretty(value)?.as_bytes(),
        )
    }

    fn read_json<T: DeserializeOwned>(&self, name: &str) -> anyhow::Result<T> {
        read_json(&self.path.join(name))
    }
}

fn read_json<T: DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("cannot parse {}", path.display()))
}
