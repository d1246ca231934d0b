//! Exports files when the person asks, and imports them again: drawings as JSON, networks as safetensors.

use gloo_file::futures::read_as_array_buffer;
use gloo_file::{File, FileList};
use js_sys::{Array, Uint8Array};
use leptos::task::spawn_local;

use crate::app::page::Page;
use crate::app::vault;
use crate::hand::{HandNetwork, as_label};
use crate::host::{read_samples, write_samples};
use crate::state::TeachEvent;

/// The largest file to import; the largest network of the zoo has 42 MB.
const MOST_BYTES: u64 = 64_000_000;

pub fn save_samples(page: Page) {
    let samples = page.untracked(|s| s.teach().samples().to_vec());
    let text = write_samples(samples).into();
    vault::save(
        "inkling-samples.json",
        &Array::of1(&text),
        "application/json",
    );
}

pub fn save_network(page: Page, id: &str) {
    let name = page.untracked(|s| s.network_name(id));
    let weights = page.host().and_then(|host| host.taught(id));
    if let Some(weights) = weights {
        let is_plain = |c: char| c.is_alphanumeric() || c == '-';
        let name: String = name
            .chars()
            .map(|c| if is_plain(c) { c } else { '-' })
            .collect();
        let mime = "application/octet-stream";
        vault::save(
            &format!("{name}.safetensors"),
            &Array::of1(&weights.bytes),
            mime,
        );
    }
}

/// Imports files, each completely or not at all, and reports those that fail.
pub fn import(page: Page, files: FileList) {
    spawn_local(async move {
        for file in files.iter() {
            if let Err(why) = import_one(page, file).await {
                let text = format!("{}: {why} Nothing was changed.", file.name());
                page.tell("This file was not imported", text);
            }
        }
    });
}

async fn import_one(page: Page, file: &File) -> Result<(), String> {
    if file.size() > MOST_BYTES {
        return Err("It is too large to be an Inkling file.".into());
    }
    let buffer = read_as_array_buffer(file).await;
    let buffer = buffer.map_err(|_| "It cannot be read.")?;
    let bytes = Uint8Array::new(&buffer);
    match file.name().ends_with(".safetensors") {
        true => network(page, &file.name(), bytes).await,
        false => samples(page, &bytes),
    }
}

fn samples(page: Page, bytes: &Uint8Array) -> Result<(), String> {
    let samples = page.untracked(|s| read_samples(bytes, s.teach().samples()))?;
    page.teach(TeachEvent::Added(samples.clone()));
    page.put_samples(samples);
    Ok(())
}

/// Imports a network once an engine has run it.
async fn network(page: Page, file: &str, bytes: Uint8Array) -> Result<(), String> {
    let host = page.host().ok_or("No engine is ready to read it.")?;
    let read = host.read_network(&bytes).await?;
    let name = as_label(file.trim_end_matches(".safetensors"));
    let network = HandNetwork {
        name: name.unwrap_or_else(|| page.untracked(|s| s.teach().next_name())),
        replaced: page.untracked(|s| s.model().into()),
        ..read
    };
    let mut networks = page.untracked(|s| s.teach().networks().to_vec());
    networks.push(network.clone());
    page.add_network(network, bytes);
    page.teach(TeachEvent::Networks(networks));
    Ok(())
}
