//! The manifest and the weights, fetched from beside the page.

use js_sys::Uint8Array;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use web_sys::RequestCache;

use crate::json::Json;
use crate::manifest::{Entry, Manifest};

/// Folder of the manifest and its files, relative to the page.
const FOLDER: &str = "weights";
/// The network that the page uses.
const MODEL: &str = "tiny-bn";

// The file that Trunk puts beside the page, which the worker uses too; not a copy of it.
#[wasm_bindgen(raw_module = "./download.js")]
extern "C" {
    #[wasm_bindgen(js_name = downloadBytes, catch)]
    async fn download_bytes(
        url: &str,
        on_progress: &Closure<dyn Fn(f64, f64)>,
        cache: RequestCache,
    ) -> Result<JsValue, JsValue>;
}

/// Weights as they came, with what the manifest says of them.
pub struct FetchedWeights {
    pub entry: Entry,
    pub bytes: Vec<u8>,
}

/// Fetches the manifest and the weights of the page's network. An error is a sentence without its stop.
pub async fn fetch_weights(
    cache: RequestCache,
    on_progress: impl Fn(u64, u64) + 'static,
) -> Result<FetchedWeights, String> {
    let json = fetch_json("manifest.json", cache).await?;
    let manifest = Manifest::parse(&json).map_err(|e| e.to_string())?;
    let entry = manifest.entry(MODEL).map_err(|e| e.to_string())?.clone();

    let total = entry.bytes;
    let progress = Closure::new(move |loaded: f64, _: f64| on_progress(loaded as u64, total));
    let bytes = fetch_bytes(&format!("{FOLDER}/{}", entry.file), &progress, cache).await?;
    if bytes.len() as u64 != total {
        let n = bytes.len();
        return Err(format!(
            "the weights are {n} bytes long, but the manifest says {total}"
        ));
    }
    Ok(FetchedWeights { entry, bytes })
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
    let silent = Closure::new(|_: f64, _: f64| ());
    let bytes = fetch_bytes(&format!("{FOLDER}/{file}"), &silent, cache).await?;
    match js_sys::JSON::parse(&String::from_utf8_lossy(&bytes)) {
        Ok(parsed) => Ok(Parsed(parsed)),
        Err(error) => {
            let why = js_sys::Error::from(error).message();
            Err(format!("{file} cannot be read: {why}"))
        }
    }
}

async fn fetch_bytes(
    url: &str,
    on_progress: &Closure<dyn Fn(f64, f64)>,
    cache: RequestCache,
) -> Result<Vec<u8>, String> {
    match download_bytes(url, on_progress, cache).await {
        Ok(bytes) => Ok(Uint8Array::from(bytes).to_vec()),
        Err(error) => Err(js_sys::Error::from(error).message().into()),
    }
}
