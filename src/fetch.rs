//! Fetches files for the page, the catalogue and the reader, with progress, and parses JSON with the browser's own
//! parser. Relative URLs are relative to the scripts.
//!
//! This module must not know what the files are for.

use js_sys::Uint8Array;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use web_sys::RequestCache;

use crate::json::Json;

/// The folder of the manifest and its files, beside the scripts.
pub const FOLDER: &str = "weights/";

// The file that Trunk puts beside the scripts, shared with the worker; not a copy.
#[wasm_bindgen(raw_module = "./download.js")]
extern "C" {
    #[wasm_bindgen(js_name = downloadBytes, catch)]
    async fn download_bytes(
        url: &str,
        on_progress: &Closure<dyn Fn(f64, f64)>,
        cache: RequestCache,
    ) -> Result<JsValue, JsValue>;
}

/// JSON that the browser's own parser has read.
pub struct Parsed(pub JsValue);

impl Json for Parsed {
    fn read<T: DeserializeOwned>(&self) -> Result<T, String> {
        serde_wasm_bindgen::from_value(self.0.clone()).map_err(|error| error.to_string())
    }
}

/// Fetches a JSON file from a folder, whose name ends in a slash. The error is a sentence without its full stop.
pub async fn fetch_json(folder: &str, file: &str, cache: RequestCache) -> Result<Parsed, String> {
    let bytes = fetch_bytes(&format!("{folder}{file}"), cache, |_| ()).await?;
    match js_sys::JSON::parse(&String::from_utf8_lossy(&bytes.to_vec())) {
        Ok(parsed) => Ok(Parsed(parsed)),
        Err(error) => Err(format!("{file} cannot be read: {}", message(error))),
    }
}

/// Fetches a file and reports how many of its bytes have arrived. The error is a sentence without its full stop.
pub async fn fetch_bytes(
    url: &str,
    cache: RequestCache,
    on_progress: impl Fn(u64) + 'static,
) -> Result<Uint8Array, String> {
    let progress = Closure::new(move |loaded: f64, _: f64| on_progress(loaded as u64));
    let bytes = download_bytes(url, &progress, cache).await;
    bytes.map(Uint8Array::from).map_err(message)
}

/// Returns the message of a JavaScript error.
pub fn message(error: JsValue) -> String {
    js_sys::Error::from(error).message().into()
}
