//! What is fetched from beside the page: the manifest, weights and test digits. Each is fetched once a visit, and stays.

use std::collections::HashMap;
use std::rc::Rc;

use js_sys::Uint8Array;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use web_sys::RequestCache;

use crate::data::LabelledBytes;
use crate::json::Json;
use crate::manifest::{DEFAULT_MODEL, Entry, Manifest};

/// Folder of the manifest and its files, relative to the page.
const FOLDER: &str = "weights";
/// MNIST's test set as scripts/make-test-digits.mjs packs it, and the SHA-256 of what is in it.
const DIGITS: &str = "mnist/test-digits.idx.gz.bin";
const DIGITS_SHA256: &str = "18489308deedfe2f7bd3a11e599a597126f161d991b1ffcffb71642aa76f7f62";

// The file that Trunk puts beside the page, which the worker uses too; not a copy of it.
#[wasm_bindgen(raw_module = "./download.js")]
extern "C" {
    #[wasm_bindgen(js_name = downloadBytes, catch)]
    async fn download_bytes(
        url: &str,
        on_progress: &Closure<dyn Fn(f64, f64)>,
        cache: RequestCache,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = downloadUnpacked, catch)]
    async fn download_unpacked(url: &str, sha256: &str) -> Result<JsValue, JsValue>;
}

/// Why weights cannot be had.
pub enum FetchError {
    /// A sentence without its stop.
    Failed(String),
    /// The manifest has no such network, but these.
    NoSuchModel { known: String },
}

impl From<String> for FetchError {
    fn from(message: String) -> Self {
        Self::Failed(message)
    }
}

/// What has arrived.
#[derive(Default)]
pub struct Store {
    manifest: Option<Rc<Manifest>>,
    /// By network.
    weights: HashMap<String, Weights>,
    pub digits: Option<LabelledBytes>,
}

#[derive(Default)]
struct Weights {
    /// They stay outside of wasm's memory, which never shrinks.
    bytes: Option<Uint8Array>,
    is_under_way: bool,
}

/// What is to be done for weights that somebody wants.
pub enum Want {
    /// They are here.
    Here,
    /// Somebody else waits for them, and everybody will hear of them.
    UnderWay,
    Fetch,
}

impl Store {
    /// Says what is to be done for weights, and notes that it is done.
    pub fn want(&mut self, model: &str, again: bool) -> Want {
        let weights = self.weights.entry(model.into()).or_default();
        if weights.is_under_way {
            Want::UnderWay
        } else if weights.bytes.is_some() && !again {
            Want::Here
        } else {
            weights.is_under_way = true;
            Want::Fetch
        }
    }

    /// Ends what [`want`](Self::want) began.
    pub fn arrived(&mut self, model: &str, bytes: Option<Uint8Array>) {
        let weights = self.weights.entry(model.into()).or_default();
        weights.is_under_way = false;
        if bytes.is_some() {
            weights.bytes = bytes;
        }
    }

    pub fn manifest(&self) -> Option<Rc<Manifest>> {
        self.manifest.clone()
    }

    pub fn set_manifest(&mut self, manifest: Rc<Manifest>) {
        self.manifest = Some(manifest);
    }

    /// What the manifest says of a network, and a copy of its weights that can be given away.
    pub fn weights(&self, model: &str) -> Option<(&Entry, Uint8Array)> {
        let entry = self.manifest.as_ref()?.entry(model).ok()?;
        let bytes = self.weights.get(model)?.bytes.as_ref()?;
        Some((entry, bytes.slice(0, bytes.length())))
    }
}

/// A file beside the manifest, read by the browser's own parser of JSON.
pub struct Parsed(JsValue);

impl Json for Parsed {
    fn read<T: DeserializeOwned>(&self) -> Result<T, String> {
        serde_wasm_bindgen::from_value(self.0.clone()).map_err(|error| error.to_string())
    }
}

/// Fetches a file of JSON that lies in the folder of the weights. An error is a sentence without its stop.
pub async fn fetch_json(file: &str, cache: RequestCache) -> Result<Parsed, String> {
    let bytes = fetch_bytes(&format!("{FOLDER}/{file}"), cache, |_| ()).await?;
    match js_sys::JSON::parse(&String::from_utf8_lossy(&bytes.to_vec())) {
        Ok(parsed) => Ok(Parsed(parsed)),
        Err(error) => {
            let why = js_sys::Error::from(error).message();
            Err(format!("{file} cannot be read: {why}"))
        }
    }
}

/// Fetches the manifest. `again`: past all caches.
pub async fn fetch_manifest(again: bool) -> Result<Manifest, String> {
    let cache = match again {
        false => RequestCache::Default,
        true => RequestCache::Reload,
    };
    Manifest::parse(&fetch_json("manifest.json", cache).await?).map_err(|error| error.to_string())
}

/// Fetches the weights of a network.
pub async fn fetch_weights(
    manifest: &Manifest,
    model: &str,
    again: bool,
    on_progress: impl Fn(u64, u64) + 'static,
) -> Result<Uint8Array, FetchError> {
    let entry = match manifest.entry(model) {
        Ok(entry) => entry,
        Err(error) if model == DEFAULT_MODEL => return Err(error.to_string().into()),
        Err(_) => {
            let known = manifest.models.iter().map(|entry| entry.id.as_str());
            let known = known.collect::<Vec<_>>().join(", ");
            return Err(FetchError::NoSuchModel { known });
        }
    };
    // The name carries the checksum, so that a kept file is as good as a new one.
    let cache = match again {
        false => RequestCache::ForceCache,
        true => RequestCache::Reload,
    };
    let total = entry.bytes;
    let url = format!("{FOLDER}/{}", entry.file);
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

async fn fetch_bytes(
    url: &str,
    cache: RequestCache,
    on_progress: impl Fn(u64) + 'static,
) -> Result<Uint8Array, String> {
    let progress = Closure::new(move |loaded: f64, _: f64| on_progress(loaded as u64));
    let bytes = download_bytes(url, &progress, cache).await;
    bytes.map(Uint8Array::from).map_err(message)
}

fn message(error: JsValue) -> String {
    js_sys::Error::from(error).message().into()
}
