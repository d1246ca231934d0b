//! Stores what a person teaches in the [`vault`](crate::host::vault): samples, networks with their weights, settings.

use js_sys::{Array, Reflect, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use crate::hand::HandNetwork;
use crate::host::js;
pub use crate::host::vault::*;

/// Reads everything on a shelf, except what can't be parsed.
pub async fn read<T: DeserializeOwned>(shelf: Shelf) -> Result<Vec<T>, String> {
    let read = |value| serde_wasm_bindgen::from_value(value).ok();
    Ok(all(shelf).await?.iter().filter_map(read).collect())
}

/// Reads the taught networks and their weights.
pub async fn networks() -> Result<Vec<(HandNetwork, Uint8Array)>, String> {
    let read = |value: JsValue| {
        let weights = Reflect::get(&value, &"weights".into()).ok()?;
        let network = serde_wasm_bindgen::from_value(value).ok()?;
        Some((network, weights.dyn_into().ok()?))
    };
    Ok(all(Shelf::Networks)
        .await?
        .iter()
        .filter_map(read)
        .collect())
}

/// Stores values, all or none.
pub async fn keep(shelf: Shelf, values: &[impl Serialize]) -> Result<(), String> {
    put(shelf, &values.iter().map(js).collect()).await
}

/// Stores a taught network with its weights.
pub async fn keep_network(network: &HandNetwork, weights: &Uint8Array) -> Result<(), String> {
    let value = js(network);
    let _ = Reflect::set(&value, &"weights".into(), weights);
    put(Shelf::Networks, &Array::of1(&value)).await
}
