//! A device with a network on it.

use std::str::FromStr;

use burn::tensor::Device;

use super::EngineError;
use crate::digit::{DigitImage, N_CLASSES, N_PIXELS};
use crate::weights::{check_sha256, load};
use crate::zoo::{ModelId, Network};

/// How far a logit may be from the one that native Burn computed, absolute.
const LOGIT_TOLERANCE: f32 = 1e-3;

/// Reads images with the network in use.
pub struct Session {
    device: Device,
    network: Option<Network>,
}

impl Session {
    pub fn new(device: Device) -> Self {
        Self {
            device,
            network: None,
        }
    }

    /// Takes a network into use if checksum, names and shapes fit and it reads the probe image as
    /// native Burn did. Otherwise the network in use stays in use.
    pub async fn load(
        &mut self,
        model: &str,
        safetensors: &[u8],
        sha256: &str,
        probe_logits: &[f32; N_CLASSES],
    ) -> Result<(), EngineError> {
        let id = ModelId::from_str(model);
        let id = id.map_err(|_| EngineError::UnknownModel(model.into()))?;
        check_sha256(safetensors, sha256)?;
        let network = load(id.init(&self.device), safetensors)?;
        self.self_test(&network, probe_logits).await?;
        self.network = Some(network);
        Ok(())
    }

    /// Reads images of 784 bytes each, one after the other.
    pub async fn classify(&self, pixels: &[u8]) -> Result<Vec<[f32; N_CLASSES]>, EngineError> {
        let network = self.network.as_ref().ok_or(EngineError::NoNetwork)?;
        let (images, rest) = pixels.as_chunks::<N_PIXELS>();
        if !rest.is_empty() {
            return Err(EngineError::ImageBytes(pixels.len()));
        }
        let images: Vec<_> = images.iter().copied().map(DigitImage::new).collect();
        Ok(network.infer(&images, &self.device).await?)
    }

    /// A backend may compute nonsense without an error, as WebGPU does after a shader error that
    /// is only logged; so it has to show that it can read.
    async fn self_test(
        &self,
        network: &Network,
        expected: &[f32; N_CLASSES],
    ) -> Result<(), EngineError> {
        let logits = network.infer(&[DigitImage::probe()], &self.device).await?;
        let found = logits.first().copied().unwrap_or([f32::NAN; N_CLASSES]);
        let is_off = |i: &usize| {
            let off = (found[*i] - expected[*i]).abs() > LOGIT_TOLERANCE;
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
