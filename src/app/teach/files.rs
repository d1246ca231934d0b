//! Files that leave the page by the person's will, and come back: drawings as JSON, networks as safetensors.

use js_sys::{Array, JSON, Reflect, Uint8Array};
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use crate::app::hand::{new_id, short_id};
use crate::app::page::Page;
use crate::app::vault;
use crate::digit::N_CLASSES;
use crate::fetch::Parsed;
use crate::hand::{Drawn, Export, HandNetwork, as_label};
use crate::host::checksum;
use crate::state::{State, TeachEvent};

/// What a network of digits weighs at most; the largest of the zoo has 42 MB.
const MOST_BYTES: f64 = 64e6;

pub fn save_samples(page: Page) {
    let samples = page.untracked(|s| s.teach().samples().to_vec());
    if let Ok(text) = JSON::stringify(&vault::js(&Export::new(samples))) {
        vault::save(
            "inkling-samples.json",
            &Array::of1(&text),
            "application/json",
        );
    }
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

/// Takes files in, each all or not at all, and says of each what came of it.
pub fn import(page: Page, files: Vec<File>) {
    spawn_local(async move {
        for file in files {
            if let Err(why) = import_one(page, &file).await {
                let text = format!("{}: {why} Nothing was changed.", file.name());
                page.tell("This file was not imported", text);
            }
        }
    });
}

async fn import_one(page: Page, file: &File) -> Result<(), String> {
    if file.size() > MOST_BYTES {
        return Err("It is too large for a file of Inkling's.".into());
    }
    let buffer = JsFuture::from(file.array_buffer()).await;
    let bytes = Uint8Array::new(&buffer.map_err(|_| "It cannot be read.")?);
    match file.name().ends_with(".safetensors") {
        true => network(page, &file.name(), bytes).await,
        false => samples(page, &bytes),
    }
}

fn samples(page: Page, bytes: &Uint8Array) -> Result<(), String> {
    let parsed = JSON::parse(&String::from_utf8_lossy(&bytes.to_vec()));
    let parsed = parsed.map_err(|_| "It is no JSON, or cut short.")?;
    let read = Export::read(&Parsed(parsed)).map_err(|error| format!("{error}."))?;
    // What is here already is not doubled.
    let is_new = |drawn: &Drawn| {
        page.untracked(|s| {
            let mut same = s.teach().of(&drawn.label);
            !same.any(|kept| kept.strokes == drawn.strokes)
        })
    };
    let samples: Vec<Drawn> = read
        .samples
        .into_iter()
        .filter(is_new)
        .map(|drawn| Drawn {
            id: new_id(),
            ..drawn
        })
        .collect();
    page.teach(TeachEvent::Added(samples.clone()));
    page.put_samples(samples);
    Ok(())
}

/// A network is taken in once an engine has read with it.
async fn network(page: Page, file: &str, bytes: Uint8Array) -> Result<(), String> {
    let no_network = "It is no network that Inkling exported, or it is cut short.";
    let (model, probe_logits) = header(&bytes).ok_or(no_network)?;
    if !page.untracked(State::networks).contains(&model) {
        return Err(format!(
            "It comes from a network {model}, which is not here."
        ));
    }
    let name = as_label(file.trim_end_matches(".safetensors"));
    let network = HandNetwork {
        id: format!("{model}@{}", short_id()),
        name: name.unwrap_or_else(|| page.untracked(|s| s.teach().next_name())),
        sha256: checksum(&bytes).await?,
        probe_logits,
        n_samples: 0,
        figures: None,
        replaced: page.untracked(|s| s.model().into()),
    };
    let host = page.host().ok_or(no_network)?;
    let proved = host.prove(&network, &bytes).await;
    proved.map_err(|why| format!("It cannot be used: {why}."))?;
    let mut networks = page.untracked(|s| s.teach().networks().to_vec());
    networks.push(network.clone());
    page.add_network(network, bytes);
    page.teach(TeachEvent::Networks(networks));
    Ok(())
}

/// What a safetensors file's header says: the network that it comes from, and the logits of the probe image.
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
