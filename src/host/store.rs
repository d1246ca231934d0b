//! The downloaded files: manifest, weights and test digits. Each is fetched once per visit and then kept.

use std::collections::HashMap;
use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_sys::RequestCache;

use crate::data::LabelledBytes;
use crate::digit::N_CLASSES;
use crate::fetch::{fetch_bytes, fetch_json, message};
use crate::listing::Listing;
use crate::manifest::DEFAULT_MODEL;

/// MNIST's test set, packed by scripts/make-test-digits.mjs, and the SHA-256 of its content.
const DIGITS: &str = "mnist/test-digits.idx.gz.bin";
const DIGITS_SHA256: &str = "18489308deedfe2f7bd3a11e599a597126f161d991b1ffcffb71642aa76f7f62";

/// Images from MNIST's training set that a network sees again while it learns a person's handwriting, packed by the
/// command `data rehearsal`, and the SHA-256 of their content.
const REHEARSAL: &str = "mnist/rehearsal.idx.gz.bin";
const REHEARSAL_SHA256: &str = "cd7e81c3e246f1388a9d461a251fba03a44768c368ea1c88ab7091e3f2c2a365";

// The file that Trunk puts beside the page, shared with the worker; not a copy.
#[wasm_bindgen(raw_module = "./download.js")]
extern "C" {
    #[wasm_bindgen(js_name = downloadUnpacked, catch)]
    async fn download_unpacked(url: &str, sha256: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = checksum, catch)]
    async fn js_checksum(bytes: &Uint8Array) -> Result<JsValue, JsValue>;
}

/// Why weights could not be fetched.
pub enum FetchError {
    /// The error as a sentence without its full stop.
    Failed(String),
    /// The manifest doesn't list the network. `known` are those that it lists.
    NoSuchModel { known: String },
}

impl From<String> for FetchError {
    fn from(message: String) -> Self {
        Self::Failed(message)
    }
}

/// The files that have arrived.
#[derive(Default)]
pub struct Store {
    manifest: Option<Rc<Listing>>,
    /// Weights by network.
    files: HashMap<String, File>,
    /// Networks that have learnt a person's handwriting, by name.
    taught: HashMap<String, Weights>,
    pub digits: Option<Rc<LabelledBytes>>,
}

#[derive(Default)]
struct File {
    /// They stay outside wasm's memory, which never shrinks.
    bytes: Option<Uint8Array>,
    is_under_way: bool,
}

/// Weights, with the data that an engine checks them by.
pub struct Weights {
    pub sha256: String,
    /// Logits of the probe image.
    pub probe_logits: [f32; N_CLASSES],
    pub bytes: Uint8Array,
}

impl Weights {
    /// Returns a copy, whose bytes can be transferred.
    pub fn copy(&self) -> Self {
        Self {
            sha256: self.sha256.clone(),
            probe_logits: self.probe_logits,
            bytes: self.bytes.slice(0, self.bytes.length()),
        }
    }
}

/// What to do about requested weights.
pub enum Want {
    /// They are here.
    Here,
    /// They are already being fetched, and everyone will be notified.
    UnderWay,
    Fetch,
}

impl Store {
    /// Returns what to do about requested weights, and marks it as begun.
    pub fn want(&mut self, model: &str, again: bool) -> Want {
        if self.taught.contains_key(model) {
            return Want::Here;
        }
        let file = self.files.entry(model.into()).or_default();
        if file.is_under_way {
            Want::UnderWay
        } else if file.bytes.is_some() && !again {
            Want::Here
        } else {
            file.is_under_way = true;
            Want::Fetch
        }
    }

    /// Completes a fetch that [`want`](Self::want) began.
    pub fn arrived(&mut self, model: &str, bytes: Option<Uint8Array>) {
        let file = self.files.entry(model.into()).or_default();
        file.is_under_way = false;
        if bytes.is_some() {
            file.bytes = bytes;
        }
    }

    /// Keeps the weights of a taught network, or forgets them.
    pub fn set_taught(&mut self, model: &str, weights: Option<Weights>) {
        match weights {
            Some(weights) => self.taught.insert(model.into(), weights),
            None => self.taught.remove(model),
        };
    }

    pub fn manifest(&self) -> Option<Rc<Listing>> {
        self.manifest.clone()
    }

    pub fn set_manifest(&mut self, manifest: Rc<Listing>) {
        self.manifest = Some(manifest);
    }

    /// Returns a copy of a network's weights.
    pub fn weights(&self, model: &str) -> Option<Weights> {
        if let Some(taught) = self.taught.get(model) {
            return Some(taught.copy());
        }
        let entry = self.manifest.as_ref()?.entry(model).ok()?;
        let bytes = self.files.get(model)?.bytes.as_ref()?;
        Some(Weights {
            sha256: entry.sha256.clone(),
            probe_logits: entry.probe_logits,
            bytes: bytes.slice(0, bytes.length()),
        })
    }
}

/// Fetches the manifest from a folder. `again` bypasses all caches.
pub async fn fetch_manifest(folder: &str, again: bool) -> Result<Listing, String> {
    let cache = match again {
        false => RequestCache::Default,
        true => RequestCache::Reload,
    };
    Listing::parse(&fetch_json(folder, "manifest.json", cache).await?)
        .map_err(|error| error.to_string())
}

/// Fetches the weights of a network from a folder.
pub async fn fetch_weights(
    folder: &str,
    manifest: &Listing,
    model: &str,
    again: bool,
    on_progress: impl Fn(u64, u64) + 'static,
) -> Result<Uint8Array, FetchError> {
    let entry = match manifest.entry(model) {
        Ok(entry) => entry,
        Err(error) if model == DEFAULT_MODEL => return Err(error.to_string().into()),
        Err(_) => {
            let known = manifest.known();
            return Err(FetchError::NoSuchModel { known });
        }
    };
    // The file's name contains its checksum, so a cached file is as good as a new one.
    let cache = match again {
        false => RequestCache::ForceCache,
        true => RequestCache::Reload,
    };
    let total = entry.bytes;
    let url = format!("{folder}{}", entry.file);
    let bytes = fetch_bytes(&url, cache, move |loaded| on_progress(loaded, total)).await?;
    match bytes.length() {
        n if u64::from(n) == total => Ok(bytes),
        n => Err(format!("the weights are {n} bytes long, but the manifest says {total}").into()),
    }
}

/// Fetches the test digits.
pub async fn fetch_digits() -> Result<LabelledBytes, String> {
    let bytes = download_unpacked(DIGITS, DIGITS_SHA256).await;
    let bytes = bytes.map_err(message)?;
    LabelledBytes::read(Uint8Array::from(bytes).to_vec())
        .map_err(|error| format!("the test digits cannot be read: {error}"))
}

/// Fetches the rehearsal images: an IDX file of images followed by one of labels.
pub async fn fetch_rehearsal() -> Result<Uint8Array, String> {
    let bytes = download_unpacked(REHEARSAL, REHEARSAL_SHA256).await;
    bytes.map(Uint8Array::from).map_err(message)
}

/// Computes the SHA-256 of bytes in hexadecimal. Works only on pages served over https.
pub async fn checksum(bytes: &Uint8Array) -> Result<String, String> {
    let sum = js_checksum(bytes).await.map_err(message)?;
    Ok(sum.as_string().unwrap_or_default())
}
