//! Teaches an engine a person's handwriting: trains a copy of the network in use, and adds it alongside the original.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::session::Loaded;
use super::{EngineError, Session};
use crate::data::{LabelledBytes, Sample};
use crate::digit::{DigitImage, N_CLASSES};
use crate::protocol::{Scope, base_model};
use crate::taught::Ink;
use crate::train::{Learning, Teaching};
use crate::weights::{TAUGHT, WeightsError, read_back, sha256_hex};

/// A taught network, in the form in which a page stores it.
#[derive(Clone, Debug, PartialEq)]
pub struct TaughtFile {
    /// The step whose weights were kept.
    pub step: usize,
    /// The file, with the same tensors as the base network; [`TAUGHT`] in its header says how it was made.
    pub safetensors: Vec<u8>,
    pub sha256: String,
    /// Logits for [`DigitImage::probe`], for the self-test when an engine loads the file.
    pub probe_logits: [f32; N_CLASSES],
}

/// The JSON header of a taught network's file. It has everything needed to use the network on another device: its base
/// network, how it was made, and its logits for the probe image.
pub fn taught_metadata(
    model: &str,
    origin: &str,
    probe_logits: &[f32; N_CLASSES],
) -> HashMap<String, String> {
    // One field, because several would come in any order, and the same network must give the same file.
    let said =
        format!(r#"{{"model":"{model}","origin":"{origin}","probe_logits":{probe_logits:?}}}"#);
    [(TAUGHT.to_owned(), said)].into()
}

impl Session {
    /// Stores the rehearsal images, which are mixed with a person's drawings: an IDX file of images followed by one of
    /// their labels.
    pub fn rehearse(&mut self, bytes: Vec<u8>) -> Result<(), EngineError> {
        self.rehearsal = Some(LabelledBytes::read(bytes)?.dataset());
        Ok(())
    }

    /// Teaches the network in use a person's drawings, and adds the result under `name`, such as `pen@3`. The network
    /// in use stays as it is. Calls `listen` after each step.
    pub async fn teach(
        &mut self,
        name: &str,
        scope: Scope,
        samples: &[Sample],
        mut listen: impl FnMut(Learning),
    ) -> Result<TaughtFile, EngineError> {
        let network = self.network()?.clone();
        let rehearsal = self.rehearsal.as_ref().ok_or(EngineError::NoRehearsal)?;
        let loaded = self.loaded.as_ref().ok_or(EngineError::NoNetwork)?;
        let (model, layers) = (loaded.model, loaded.layers.clone());
        if let Some(model) = model.filter(|model| model.name() != base_model(name)) {
            return Err(EngineError::OtherBase {
                name: name.into(),
                used: model.name().into(),
            });
        }
        let teaching = Teaching::new(model.map_or(Ink::Digits, Ink::of), scope);
        let heard = |learning| {
            listen(learning);
            ControlFlow::Continue(())
        };
        let taught = teaching.teach(network, samples, rehearsal, &self.device, heard);
        let taught = taught.await?;

        let n_learnt = samples.iter().filter(|sample| !sample.is_held_back).count();
        let origin = format!(
            "{name}: step {} on {n_learnt} drawings, from {}",
            taught.step,
            sha256_hex(&loaded.safetensors)
        );
        let probe = [DigitImage::probe()];
        let logits = taught.network.infer(&probe, &self.device).await?;
        let probe_logits = logits.first().copied().unwrap_or([f32::NAN; N_CLASSES]);
        let whole = taught.network.unfolded(&layers);
        let metadata = taught_metadata(base_model(name), &origin, &probe_logits);
        let safetensors = read_back(&whole, metadata).await?;
        // Loaded from the file, as a later visit will do.
        let added = Loaded::new(model, &layers, safetensors, &self.device);
        let added = added.map_err(|error| match error {
            EngineError::Weights(WeightsError::NotFinite(_)) => EngineError::Diverged,
            other => other,
        })?;
        self.keep(name, added.network);
        Ok(TaughtFile {
            step: taught.step,
            sha256: sha256_hex(&added.safetensors),
            safetensors: added.safetensors,
            probe_logits,
        })
    }
}
