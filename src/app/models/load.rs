//! The catalogue, a wasm of its own. It is fetched when it is first needed, and then fetches its data.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use web_sys::RequestCache;

use super::Shown;
use crate::fetch::message;

#[wasm_bindgen(raw_module = "./download.js")]
extern "C" {
    /// What `keeper` exports.
    type Module;

    #[wasm_bindgen(js_name = importWasm, catch)]
    async fn import_wasm(name: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = openCatalogue)]
    async fn open(this: &Module, cache: RequestCache) -> Result<JsValue, JsValue>;

    pub type Catalogue;

    #[wasm_bindgen(method, catch)]
    fn page(this: &Catalogue, hash: &str, chosen: &str, width: f64) -> Result<String, JsValue>;

    /// Handles a click on the button with this id; returns whether the page must be rewritten.
    #[wasm_bindgen(method)]
    pub fn click(this: &Catalogue, id: &str) -> bool;
}

impl Catalogue {
    /// Writes the markup of an address's page. The error is a sentence without its full stop.
    pub fn write(&self, hash: &str, chosen: &str, width: f64) -> Result<String, String> {
        self.page(hash, chosen, width).map_err(message)
    }
}

#[derive(Default)]
pub enum Loading {
    /// Nothing has been requested yet.
    #[default]
    Idle,
    Waiting,
    Ready(Catalogue),
    /// The error, as a sentence without its full stop.
    Failed(String),
}

/// Fetches it unless it has loaded or is loading.
pub fn load(shown: RwSignal<Shown, LocalStorage>) {
    if shown.with_untracked(|shown| matches!(shown.catalogue, Loading::Idle)) {
        fetch(shown, RequestCache::Default);
    }
}

/// Fetches it again after a failure, bypassing all caches, since a cached file may be the cause.
pub fn load_again(shown: RwSignal<Shown, LocalStorage>) {
    fetch(shown, RequestCache::Reload);
}

fn fetch(shown: RwSignal<Shown, LocalStorage>, cache: RequestCache) {
    let set = move |loading| shown.update(|shown| shown.catalogue = loading);
    set(Loading::Waiting);
    spawn_local(async move {
        set(match opened(cache).await {
            Ok(catalogue) => Loading::Ready(catalogue),
            Err(error) => Loading::Failed(message(error)),
        });
    });
}

async fn opened(cache: RequestCache) -> Result<Catalogue, JsValue> {
    let module: Module = import_wasm("catalogue").await?.unchecked_into();
    Ok(module.open(cache).await?.unchecked_into())
}
