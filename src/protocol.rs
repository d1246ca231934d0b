//! The messages between the page and an engine's worker.
//!
//! A message is one of these values and, where noted, a transferred buffer. Both sides are built from this file. This
//! module must not know how messages are sent.

use serde::{Deserialize, Serialize};

use crate::digit::N_CLASSES;
use crate::layers::LayerSpec;

/// The compute backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    /// Burn on the graphics card, through wgpu.
    WebGpu,
    /// Burn's flex on the CPU.
    Flex,
    /// Burn's ndarray on the CPU.
    NdArray,
}

impl Backend {
    pub const ALL: [Self; 3] = [Self::WebGpu, Self::Flex, Self::NdArray];

    /// Returns the name used in URLs (`?backend=`), in messages and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::WebGpu => "webgpu",
            Self::Flex => "flex",
            Self::NdArray => "ndarray",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|backend| backend.name() == name)
    }
}

/// Which graphics adapters are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adapters {
    /// Only hardware adapters. The CPU backends are faster than a software adapter.
    Hardware,
    /// Any adapter, for example if the person chose WebGPU by name.
    Any,
}

/// Returns the name of a worker, which says what it has to open: `flex`, `webgpu`, or `webgpu any`.
pub fn worker_name(backend: Backend, adapters: Adapters) -> String {
    match adapters {
        Adapters::Hardware => backend.name().into(),
        Adapters::Any => format!("{} any", backend.name()),
    }
}

/// Returns what a worker with this name has to open, or `None` if the name is unknown.
pub fn from_worker_name(name: &str) -> Option<(Backend, Adapters)> {
    match name.strip_suffix(" any") {
        Some(backend) => Some((Backend::from_name(backend)?, Adapters::Any)),
        None => Some((Backend::from_name(name)?, Adapters::Hardware)),
    }
}

/// The optimiser used for training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OptimizerKind {
    Sgd,
    Adam,
}

/// Which part of a network is trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Every layer.
    Full,
    /// The last layer with weights: a linear layer, or a convolution.
    Last,
}

/// From the page to the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Request {
    /// Load a network and use it. The buffer is a safetensors file. Answered by [`Reply::Loaded`], or by
    /// [`Reply::Refused`], after which the network in use stays in use.
    #[serde(rename_all = "camelCase")]
    Load {
        model: String,
        sha256: String,
        probe_logits: [f32; N_CLASSES],
    },
    /// Add a network beside the one in use. Requests select it by its name. Otherwise like [`Load`](Self::Load).
    #[serde(rename_all = "camelCase")]
    Add {
        model: String,
        sha256: String,
        probe_logits: [f32; N_CLASSES],
    },
    /// Build any network and use it. The buffer is a safetensors file. Answered like [`Load`](Self::Load).
    Build { layers: Vec<LayerSpec> },
    /// Classify images with the network in use, or with one that was added. The buffer holds 784 bytes for each image.
    /// Answered by [`Reply::Classified`].
    Classify {
        id: u32,
        #[serde(default)]
        model: Option<String>,
    },
    /// Measure how long an added network takes for one image. Answered by [`Reply::Timed`].
    Time { model: String },
    /// Like [`Classify`](Self::Classify), but for the network's own inputs: 784 f32 for each.
    Predict { id: u32 },
    /// Prepare training that starts from the loaded weights. Answered by [`Reply::TrainReady`].
    #[serde(rename_all = "camelCase")]
    TrainSetup {
        optimizer: OptimizerKind,
        learning_rate: f64,
        scope: Scope,
    },
    /// Train one step on a batch of `n` items. The buffer holds 784 f32 for each item, then one byte for each label.
    /// Answered by [`Reply::Stepped`], with the loss if `want_loss` is set.
    #[serde(rename_all = "camelCase")]
    TrainStep { n: usize, want_loss: bool },
    /// Keep images for [`Teach`](Self::Teach), which mixes them with a person's drawings so that the network forgets
    /// nothing. The buffer is an IDX file of images followed by an IDX file of their labels. Answered by
    /// [`Reply::Kept`].
    Rehearse,
    /// Train a copy of the network in use on a person's drawings, which [`pack`](crate::data::pack) puts into the
    /// buffer. Answered by any number of [`Reply::Learning`], then by [`Reply::Taught`]. The network in use doesn't
    /// change; the taught one is added under `name`.
    Teach { name: String, scope: Scope },
    /// Embed images with an added network. The buffer holds 784 bytes for each image. Answered by
    /// [`Reply::Embedded`].
    Embed { id: u32, model: String },
}

/// From the worker to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", try_from = "AnyReply")]
pub enum Reply {
    /// Bytes of the engine that have arrived. `total` is 0 if it is unknown.
    Progress { loaded: u64, total: u64 },
    /// The development server is still building this engine. The worker waits and repeats this (web/stand-in.js).
    Building,
    /// The device is open and waits for [`Request::Load`].
    Ready { backend: Backend, device: String },
    /// The network is in use, or added, and its logits for the probe image are right.
    Loaded { model: String },
    /// The request failed, for example because the weights don't fit. `message` names the first difference.
    Refused { message: String },
    /// The buffer holds ten logits for each image, as f32.
    #[serde(rename_all = "camelCase")]
    Classified { id: u32, latency_ms: f64 },
    /// Median time in the engine from an image to its logits.
    #[serde(rename_all = "camelCase")]
    Timed { latency_ms: f64 },
    /// Training is prepared.
    TrainReady,
    /// A step is queued, or done if there is a loss.
    Stepped { loss: Option<f32> },
    /// The images are kept.
    Kept,
    /// Progress of training. Steps are counted from 1.
    #[serde(rename_all = "camelCase")]
    Learning {
        step: u32,
        n_steps: u32,
        /// Mean over the steps since the last reply.
        loss: f32,
        /// Share of correct answers in the same steps, 0 to 1.
        accuracy: f32,
        /// Share of the held-back drawings that is read correctly, if it was measured.
        held_back: Option<f32>,
    },
    /// The network is taught and added. The buffer holds it as a safetensors file.
    #[serde(rename_all = "camelCase")]
    Taught {
        /// The step whose weights are kept.
        step: u32,
        sha256: String,
        /// Logits of [`DigitImage::probe`](crate::digit::DigitImage::probe).
        probe_logits: [f32; N_CLASSES],
    },
    /// The buffer holds an embedding for each image, as f32.
    #[serde(rename_all = "camelCase")]
    Embedded { id: u32, latency_ms: f64 },
    /// The engine cannot go on, and the worker should be ended.
    Failed { reason: Failure, message: String },
}

/// All fields of a [`Reply`]. Deserialising this struct takes a fifth of the wasm that a tagged enum takes, because
/// serde buffers tagged enums first.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct AnyReply {
    r#type: String,
    loaded: u64,
    total: u64,
    backend: Option<Backend>,
    device: String,
    model: String,
    message: String,
    id: u32,
    latency_ms: f64,
    loss: Option<f32>,
    reason: Option<Failure>,
    step: u32,
    n_steps: u32,
    accuracy: f32,
    held_back: Option<f32>,
    sha256: String,
    probe_logits: [f32; N_CLASSES],
}

impl TryFrom<AnyReply> for Reply {
    type Error = String;

    fn try_from(any: AnyReply) -> Result<Self, String> {
        let AnyReply {
            loaded,
            total,
            device,
            model,
            message,
            id,
            latency_ms,
            loss,
            step,
            n_steps,
            accuracy,
            held_back,
            sha256,
            probe_logits,
            ..
        } = any;
        Ok(match (&*any.r#type, any.backend, any.reason) {
            ("progress", ..) => Self::Progress { loaded, total },
            ("building", ..) => Self::Building,
            ("ready", Some(backend), _) => Self::Ready { backend, device },
            ("loaded", ..) => Self::Loaded { model },
            ("refused", ..) => Self::Refused { message },
            ("classified", ..) => Self::Classified { id, latency_ms },
            ("timed", ..) => Self::Timed { latency_ms },
            ("trainReady", ..) => Self::TrainReady,
            ("stepped", ..) => Self::Stepped { loss },
            ("kept", ..) => Self::Kept,
            ("learning", ..) => Self::Learning {
                step,
                n_steps,
                loss: loss.unwrap_or(f32::NAN),
                accuracy,
                held_back,
            },
            ("taught", ..) => Self::Taught {
                step,
                sha256,
                probe_logits,
            },
            ("embedded", ..) => Self::Embedded { id, latency_ms },
            ("failed", _, Some(reason)) => Self::Failed { reason, message },
            (unknown, ..) => return Err(format!("the engine sent an unknown reply '{unknown}'")),
        })
    }
}

/// Returns the network that a network is based on. A taught network is named after its base, such as `pen@3`.
pub fn base_model(name: &str) -> &str {
    name.split_once('@').map_or(name, |(base, _)| base)
}

/// Why an engine cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Failure {
    /// The browser has no WebGPU.
    NoWebGpu,
    /// WebGPU has no suitable adapter.
    NoAdapter,
    /// The adapter computes in software. The CPU engine is faster.
    SoftwareAdapter,
    /// The device was lost while in use.
    DeviceLost,
    /// The engine's files could not be fetched or are damaged.
    Download,
    /// A network's results differ from the native ones.
    SelfTest,
    /// The engine crashed: a panic, or an error that should not happen.
    Crash,
    /// The engine did not answer in time.
    Timeout,
}

/// Turns ten logits into probabilities (softmax). The logits are shifted by the largest so that nothing overflows.
pub fn softmax(logits: &[f32; N_CLASSES]) -> [f32; N_CLASSES] {
    let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let exp = logits.map(|logit| (logit - max).exp());
    let sum: f32 = exp.iter().sum();
    exp.map(|e| e / sum)
}

/// Returns the log-probability of a class, in nats.
pub fn log_probability(logits: &[f32; N_CLASSES], class: usize) -> f64 {
    let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits
        .iter()
        .map(|&logit| f64::from(logit - max).exp())
        .sum();
    f64::from(logits[class] - max) - sum.ln()
}

/// Returns how probable it is that an image shows a digit at all, 0..1, from the logits of a network that has learnt
/// to tell. There are eleven classes; the last one, ink that isn't a digit, has the constant logit 0. Below a half,
/// the image isn't a digit.
///
/// Source: a background class (Dhamija, Günther and Boult 2018, "Reducing network agnostophobia") whose logit needs no
/// weights of its own; its sum is the energy of Liu et al. 2020.
pub fn digit_probability(logits: &[f32; N_CLASSES]) -> f32 {
    let max = logits.iter().copied().fold(0.0, f32::max);
    let digits: f32 = logits.iter().map(|logit| (logit - max).exp()).sum();
    digits / (digits + (-max).exp())
}

/// Whether an image shows a digit, from the logits of a network that has learnt to tell.
pub fn is_digit(logits: &[f32; N_CLASSES]) -> bool {
    digit_probability(logits) >= 0.5
}

/// Returns the index and the value of the largest of ten numbers, such as logits or probabilities.
pub fn winner(values: &[f32; N_CLASSES]) -> (usize, f32) {
    let values = values.iter().copied().enumerate();
    values
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_backends() {
        for backend in Backend::ALL {
            assert_eq!(Backend::from_name(backend.name()), Some(backend));
            let json = serde_json::to_value(backend).unwrap();
            assert_eq!(json, backend.name());
        }
        assert_eq!(Backend::from_name("cuda"), None);
    }

    #[test]
    fn every_reply_is_understood_as_it_was_sent() {
        let message = || "it is cut short".to_owned();
        for reply in [
            Reply::Progress {
                loaded: 3,
                total: 7,
            },
            Reply::Building,
            Reply::Ready {
                backend: Backend::WebGpu,
                device: "a card".into(),
            },
            Reply::Loaded { model: "a".into() },
            Reply::Refused { message: message() },
            Reply::Classified {
                id: 4,
                latency_ms: 0.5,
            },
            Reply::Timed { latency_ms: 0.5 },
            Reply::TrainReady,
            Reply::Stepped { loss: Some(0.25) },
            Reply::Stepped { loss: None },
            Reply::Kept,
            Reply::Learning {
                step: 5,
                n_steps: 60,
                loss: 0.5,
                accuracy: 0.75,
                held_back: Some(0.5),
            },
            Reply::Taught {
                step: 40,
                sha256: "0a1b".into(),
                probe_logits: [0.5; N_CLASSES],
            },
            Reply::Embedded {
                id: 4,
                latency_ms: 0.5,
            },
            Reply::Failed {
                reason: Failure::DeviceLost,
                message: message(),
            },
        ] {
            let sent = serde_json::to_value(&reply).unwrap();
            assert_eq!(serde_json::from_value::<Reply>(sent).unwrap(), reply);
        }
        let of_another_version = serde_json::json!({ "type": "sung", "id": 1 });
        assert!(serde_json::from_value::<Reply>(of_another_version).is_err());
    }

    #[test]
    fn a_worker_learns_from_its_name_what_to_open() {
        for backend in Backend::ALL {
            for adapters in [Adapters::Hardware, Adapters::Any] {
                let name = worker_name(backend, adapters);
                assert_eq!(from_worker_name(&name), Some((backend, adapters)));
            }
        }
        assert_eq!(from_worker_name("webgpu all"), None);
    }

    #[test]
    fn a_taught_network_is_named_after_its_base() {
        assert_eq!(base_model("pen@3"), "pen");
        assert_eq!(base_model("tiny-bn"), "tiny-bn");
    }

    #[test]
    fn equal_logits_are_a_tenth_each() {
        assert!((log_probability(&[5.0; N_CLASSES], 3) - 0.1_f64.ln()).abs() < 1e-9);
    }

    #[test]
    fn what_no_digit_explains_is_no_digit() {
        assert!(digit_probability(&[-9.0; N_CLASSES]) < 0.01);
        assert!((digit_probability(&[0.0; N_CLASSES]) - 10.0 / 11.0).abs() < 1e-6);
        let mut logits = [-1000.0; N_CLASSES];
        logits[3] = 0.0;
        assert_eq!(digit_probability(&logits), 0.5);
        assert!(is_digit(&logits) && !is_digit(&[-9.0; N_CLASSES]));
        logits[3] = 1000.0;
        assert_eq!(digit_probability(&logits), 1.0);
    }

    #[test]
    fn softmax_of_large_logits_sums_to_one() {
        let probabilities = softmax(&[1000.0, 999.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1000.0]);
        assert!((probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!((probabilities[0] - 0.731_06).abs() < 1e-4);
    }
}
