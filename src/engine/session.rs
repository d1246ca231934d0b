//! A device and the networks on it.

use std::str::FromStr;

use burn::tensor::{Device, Tensor};

use super::EngineError;
use crate::data::Dataset;
use crate::digit::{DigitImage, N_CLASSES, N_PIXELS};
use crate::layers::{LayerSpec, n_outputs};
use crate::protocol::{OptimizerKind, Scope, base_model};
use crate::train::{Batch, Learner, labels_tensor, optimizer};
use crate::weights::{check_sha256, load};
use crate::zoo::{ModelId, Network, images_tensor, values_tensor};

/// How far a logit may be from the one that native Burn computed: relative to the largest of the ten, or absolute if
/// that is below 1.
const LOGIT_TOLERANCE: f32 = 1e-3;

/// Recognises images with the network in use, and trains it.
pub struct Session {
    pub(super) device: Device,
    pub(super) loaded: Option<Loaded>,
    /// Networks in addition to the one in use, for inference only, by name.
    added: Vec<(String, Network)>,
    training: Option<Training>,
    /// Rehearsal images, which a network must not forget while it is taught.
    pub(super) rehearsal: Option<Dataset>,
}

struct Training {
    learner: Learner,
    learning_rate: f64,
    /// Whether the learner has changed since the network for inference was made from it.
    has_moved: bool,
}

/// A network with its weights.
pub(super) struct Loaded {
    /// The network's id; `None` if it was built from a table.
    pub model: Option<ModelId>,
    /// Training starts from these. A clone of the network wouldn't do: it shares the running statistics of its
    /// normalisations with the original.
    pub layers: Vec<LayerSpec>,
    pub safetensors: Vec<u8>,
    /// For inference, with its normalisations folded.
    pub network: Network,
}

impl Loaded {
    pub fn new(
        model: Option<ModelId>,
        layers: &[LayerSpec],
        safetensors: Vec<u8>,
        device: &Device,
    ) -> Result<Self, EngineError> {
        n_outputs(layers)?;
        let network = load(Network::new(layers, device), &safetensors)?.folded();
        Ok(Self {
            model,
            layers: layers.into(),
            safetensors,
            network,
        })
    }
}

impl Session {
    pub fn new(device: Device) -> Self {
        Self {
            device,
            loaded: None,
            added: Vec::new(),
            training: None,
            rehearsal: None,
        }
    }

    /// Puts a network into use if checksum, names and shapes match and its logits for the probe image equal native
    /// Burn's. Otherwise the network in use stays.
    pub async fn load(
        &mut self,
        model: &str,
        safetensors: Vec<u8>,
        sha256: &str,
        probe_logits: &[f32; N_CLASSES],
    ) -> Result<(), EngineError> {
        let loaded = self
            .proved(model, safetensors, sha256, probe_logits)
            .await?;
        self.loaded = Some(loaded);
        self.training = None;
        Ok(())
    }

    /// Adds a network alongside the one in use, with the same checks.
    pub async fn add(
        &mut self,
        model: &str,
        safetensors: Vec<u8>,
        sha256: &str,
        probe_logits: &[f32; N_CLASSES],
    ) -> Result<(), EngineError> {
        let loaded = self
            .proved(model, safetensors, sha256, probe_logits)
            .await?;
        self.keep(model, loaded.network);
        Ok(())
    }

    /// Stores a network under its name, replacing one of the same name.
    pub(super) fn keep(&mut self, model: &str, network: Network) {
        self.added.retain(|(name, _)| name != model);
        self.added.push((model.into(), network));
    }

    async fn proved(
        &self,
        model: &str,
        safetensors: Vec<u8>,
        sha256: &str,
        probe_logits: &[f32; N_CLASSES],
    ) -> Result<Loaded, EngineError> {
        let id = ModelId::from_str(base_model(model));
        let id = id.map_err(|_| EngineError::UnknownModel(model.into()))?;
        check_sha256(&safetensors, sha256)?;
        let loaded = Loaded::new(Some(id), &id.layers(), safetensors, &self.device)?;
        match self.self_test(&loaded.network, probe_logits).await {
            // The device has computed correctly with other weights, so these weights are wrong.
            Err(error @ EngineError::SelfTest { .. }) if self.has_network() => {
                Err(EngineError::Disproved(error.to_string()))
            }
            tested => tested.map(|()| loaded),
        }
    }

    fn has_network(&self) -> bool {
        self.loaded.is_some() || !self.added.is_empty()
    }

    /// Puts any network into use if names and shapes match. Otherwise the network in use stays.
    pub fn build(&mut self, layers: &[LayerSpec], safetensors: Vec<u8>) -> Result<(), EngineError> {
        self.loaded = Some(Loaded::new(None, layers, safetensors, &self.device)?);
        self.training = None;
        Ok(())
    }

    /// The logits for normalised inputs, 784 f32 each.
    pub async fn predict(&mut self, inputs: Vec<f32>) -> Result<Vec<f32>, EngineError> {
        let inputs = inputs_tensor(inputs, &self.device)?;
        Ok(self.network()?.infer_batch(inputs).await?)
    }

    /// Starts training from the loaded weights.
    pub fn train_setup(
        &mut self,
        kind: OptimizerKind,
        learning_rate: f64,
        scope: Scope,
    ) -> Result<(), EngineError> {
        let loaded = self.loaded.as_ref().ok_or(EngineError::NoNetwork)?;
        let device = self.device.clone().autodiff();
        let network = load(Network::new(&loaded.layers, &device), &loaded.safetensors)?;
        if scope == Scope::Last && network.last_with_weights().is_none() {
            return Err(EngineError::NoHead);
        }
        let learner = Learner {
            network,
            optimizer: optimizer(kind),
            scope,
        };
        self.training = Some(Training {
            learner,
            learning_rate,
            has_moved: true,
        });
        Ok(())
    }

    /// Runs one step on a batch. With `want_loss` it waits for the device and returns the mean loss.
    pub async fn train_step(
        &mut self,
        inputs: Vec<f32>,
        labels: &[u8],
        want_loss: bool,
    ) -> Result<Option<f32>, EngineError> {
        if inputs.len() != labels.len() * N_PIXELS {
            return Err(EngineError::Batch(labels.len(), inputs.len()));
        }
        if let Some(&label) = labels
            .iter()
            .find(|&&label| usize::from(label) >= N_CLASSES)
        {
            return Err(EngineError::Label(label));
        }
        let device = self.device.clone().autodiff();
        let batch = Batch {
            images: inputs_tensor(inputs, &device)?,
            labels: labels_tensor(labels, &device),
        };
        let training = self.training.take().ok_or(EngineError::NoTraining)?;
        let (learner, metrics) = training.learner.step(batch, training.learning_rate);
        self.training = Some(Training {
            learner,
            has_moved: true,
            ..training
        });
        Ok(match want_loss {
            true => Some(metrics.loss.into_scalar_async::<f32>().await?),
            false => None,
        })
    }

    /// The network for inference, in its current state of training.
    pub(super) fn network(&mut self) -> Result<&Network, EngineError> {
        let loaded = self.loaded.as_mut().ok_or(EngineError::NoNetwork)?;
        if let Some(training) = self.training.as_mut().filter(|training| training.has_moved) {
            loaded.network = training.learner.valid().folded();
            training.has_moved = false;
        }
        Ok(&loaded.network)
    }

    /// Classifies images of 784 bytes each with the network in use.
    pub async fn classify(&mut self, pixels: &[u8]) -> Result<Vec<[f32; N_CLASSES]>, EngineError> {
        let images = images(pixels)?;
        let device = self.device.clone();
        Ok(self.network()?.infer(&images, &device).await?)
    }

    /// The same with an added network.
    pub async fn classify_with(
        &self,
        model: &str,
        pixels: &[u8],
    ) -> Result<Vec<[f32; N_CLASSES]>, EngineError> {
        let images = images(pixels)?;
        Ok(self.added(model)?.infer(&images, &self.device).await?)
    }

    fn added(&self, model: &str) -> Result<&Network, EngineError> {
        let found = self.added.iter().find(|(name, _)| name == model);
        let (_, network) = found.ok_or_else(|| EngineError::UnknownModel(model.into()))?;
        Ok(network)
    }

    /// The concatenated embeddings of images of 784 bytes each, by an added network.
    pub async fn embed_with(&self, model: &str, pixels: &[u8]) -> Result<Vec<f32>, EngineError> {
        let images = images(pixels)?;
        let network = self.added(model)?;
        let features = network.features(images_tensor(&images, &self.device));
        let data = features.into_data_async().await?.convert::<f32>();
        Ok(data.try_into_vec().unwrap_or_default())
    }

    /// Checks the logits for the probe image. A backend may compute nonsense without an error; WebGPU does so after a
    /// shader error that is only logged.
    async fn self_test(
        &self,
        network: &Network,
        expected: &[f32; N_CLASSES],
    ) -> Result<(), EngineError> {
        let logits = network.infer(&[DigitImage::probe()], &self.device).await?;
        let found = logits.first().copied().unwrap_or([f32::NAN; N_CLASSES]);
        let largest = expected.iter().fold(1.0, |a: f32, b| a.max(b.abs()));
        let is_off = |i: &usize| {
            let off = (found[*i] - expected[*i]).abs() > LOGIT_TOLERANCE * largest;
            off || !found[*i].is_finite()
        };
        match (0..N_CLASSES).find(is_off) {
            Some(index) => Err(EngineError::SelfTest {
                index,
                expected: expected[index],
                found: found[index],
            }),
            None => Ok(()),
        }
    }
}

fn images(pixels: &[u8]) -> Result<Vec<DigitImage>, EngineError> {
    match pixels.as_chunks::<N_PIXELS>() {
        (images, []) => Ok(images.iter().copied().map(DigitImage::new).collect()),
        _ => Err(EngineError::ImageBytes(pixels.len())),
    }
}

fn inputs_tensor(inputs: Vec<f32>, device: &Device) -> Result<Tensor<4>, EngineError> {
    match inputs.len().is_multiple_of(N_PIXELS) {
        true => Ok(values_tensor(inputs, device)),
        false => Err(EngineError::ImageBytes(4 * inputs.len())),
    }
}
