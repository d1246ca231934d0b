//! Exports and imports a person's drawings as JSON and networks as safetensors.
//!
//! Errors are full sentences.

use js_sys::{Date, JSON, Math, Object, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::JsValue;

use super::Host;
use super::store::checksum;
use crate::digit::N_CLASSES;
use crate::fetch::Parsed;
use crate::hand::{Drawn, Export, HandNetwork};

/// Converts a value to JavaScript, with objects for maps.
pub fn js(value: &impl Serialize) -> JsValue {
    let value = value.serialize(&serde_wasm_bindgen::Serializer::json_compatible());
    value.unwrap_or_else(|_| Object::new().into())
}

/// Returns a new sample id. Sorted by id, samples are in the order in which they were made.
pub fn new_id() -> String {
    format!(
        "{:011x}-{:06x}",
        Date::now() as u64,
        (Math::random() * 16_777_216.0) as u32
    )
}

/// Returns a short id that no other network of this person has.
pub fn short_id() -> String {
    format!("{:x}", Date::now() as u64 / 100)
}

/// Returns the file of samples, as text.
pub fn write_samples(samples: Vec<Drawn>) -> String {
    let text = JSON::stringify(&js(&Export::new(samples)));
    text.map(String::from).unwrap_or_default()
}

/// Reads a file's samples, without those that are already here, and gives them new ids.
pub fn read_samples(bytes: &Uint8Array, here: &[Drawn]) -> Result<Vec<Drawn>, String> {
    let parsed = JSON::parse(&String::from_utf8_lossy(&bytes.to_vec()));
    let parsed = parsed.map_err(|_| "It isn't valid JSON, or it is cut short.")?;
    let read = Export::read(&Parsed(parsed)).map_err(|error| format!("{error}."))?;
    // Samples that are already here are not added again.
    let is_new = |drawn: &Drawn| {
        let is_it = |kept: &Drawn| kept.label == drawn.label && kept.strokes == drawn.strokes;
        !here.iter().any(is_it)
    };
    let named = |drawn| Drawn {
        id: new_id(),
        ..drawn
    };
    Ok(read.samples.into_iter().filter(is_new).map(named).collect())
}

impl Host {
    /// Reads the network of a file and checks that an engine can use it. `name` and `replaced` are left empty.
    pub async fn read_network(&self, bytes: &Uint8Array) -> Result<HandNetwork, String> {
        let no_network = "It isn't a network exported by Inkling, or it is cut short.";
        let (model, probe_logits) = header(bytes).ok_or(no_network)?;
        if !self.has_model(&model) {
            return Err(format!(
                "It is based on the network {model}, which isn't available."
            ));
        }
        let network = HandNetwork {
            id: format!("{model}@{}", short_id()),
            name: String::new(),
            sha256: checksum(bytes).await?,
            probe_logits,
            n_samples: 0,
            figures: None,
            replaced: String::new(),
        };
        let proved = self.prove(&network, bytes).await;
        proved.map_err(|why| format!("It can't be used: {why}."))?;
        Ok(network)
    }
}

/// Reads a safetensors file's header: the network that the file is based on, and the logits of the probe image.
fn header(bytes: &Uint8Array) -> Option<(String, [f32; N_CLASSES])> {
    let length = bytes.slice(0, 8).to_vec();
    let length = u64::from_le_bytes(length.try_into().ok()?);
    let end = u32::try_from(length).ok()?.checked_add(8)?;
    let text = String::from_utf8(bytes.slice(8, end).to_vec()).ok()?;
    let header = JSON::parse(&text).ok()?;
    let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok();
    let taught = get(&get(&header, "__metadata__")?, "taught")?.as_string()?;
    let taught = JSON::parse(&taught).ok()?;
    let logits = serde_wasm_bindgen::from_value(get(&taught, "probe_logits")?);
    Some((get(&taught, "model")?.as_string()?, logits.ok()?))
}
