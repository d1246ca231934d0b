//! Stores what a person has taught in this browser: typed bindings for `web/vault.js`.
//!
//! Values are plain objects with a string `id`. This module doesn't know their other fields. Errors are full sentences
//! for the person.

use std::future::Future;

use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use crate::fetch::message;

// The file that Trunk puts beside the page.
#[wasm_bindgen(raw_module = "./vault.js")]
extern "C" {
    #[wasm_bindgen(js_name = open)]
    async fn open_vault() -> JsValue;

    #[wasm_bindgen(js_name = all, catch)]
    async fn all_of(shelf: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = put, catch)]
    async fn put_on(shelf: &str, values: &Array) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = remove, catch)]
    async fn remove_from(shelf: &str, ids: &Array) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = clear, catch)]
    async fn clear_all() -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = onChange)]
    fn listen(callback: &Closure<dyn Fn(JsValue)>);

    #[wasm_bindgen(js_name = lock, catch)]
    async fn lock_for(
        name: &str,
        work: &Closure<dyn FnMut() -> Promise>,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = isLocked)]
    async fn is_locked_now(name: &str) -> JsValue;

    #[wasm_bindgen(js_name = save)]
    fn save_as(name: &str, parts: &Array, media_type: &str);
}

/// Where a value is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    Samples,
    Networks,
    Settings,
}

impl Shelf {
    const ALL: [Self; 3] = [Self::Samples, Self::Networks, Self::Settings];

    fn name(self) -> &'static str {
        match self {
            Self::Samples => "samples",
            Self::Networks => "networks",
            Self::Settings => "settings",
        }
    }
}

/// A change made by another tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The contents of these shelves have changed.
    Shelves(Vec<Shelf>),
    /// The other tab runs a newer version, and this page can't store anything until it is reloaded.
    Outdated,
}

/// Opens the vault. An error says why everything lasts only for the visit. The vault works even then.
pub async fn open() -> Result<(), String> {
    let opened = open_vault().await;
    match field(&opened, "isKept").is_truthy() {
        true => Ok(()),
        false => Err(field(&opened, "why").as_string().unwrap_or_default()),
    }
}

/// Returns all values, in the order of their ids.
pub async fn all(shelf: Shelf) -> Result<Array, String> {
    let values = all_of(shelf.name()).await;
    values.map(JsCast::unchecked_into).map_err(message)
}

/// Stores values and replaces those with the same ids: all of them or, with an error, none.
pub async fn put(shelf: Shelf, values: &Array) -> Result<(), String> {
    let done = put_on(shelf.name(), values).await;
    done.map(|_| ()).map_err(message)
}

/// Deletes values for good.
pub async fn remove(shelf: Shelf, ids: &[String]) -> Result<(), String> {
    let ids = ids.iter().map(JsValue::from).collect();
    let done = remove_from(shelf.name(), &ids).await;
    done.map(|_| ()).map_err(message)
}

/// Deletes everything for good.
pub async fn clear() -> Result<(), String> {
    clear_all().await.map(|_| ()).map_err(message)
}

/// Calls back for changes by other tabs, as long as the page lives.
pub fn on_change(callback: impl Fn(Change) + 'static) {
    let heard = Closure::<dyn Fn(JsValue)>::new(move |change: JsValue| {
        if field(&change, "isOutdated").is_truthy() {
            return callback(Change::Outdated);
        }
        let named = Array::from(&field(&change, "stores"));
        let is_named = |shelf: &Shelf| named.includes(&shelf.name().into(), 0);
        callback(Change::Shelves(
            Shelf::ALL.into_iter().filter(is_named).collect(),
        ));
    });
    listen(&heard);
    heard.forget();
}

/// Does work that only one tab may do at a time. Fails at once if another tab is doing it.
pub async fn lock(name: &str, work: impl Future<Output = ()> + 'static) -> Result<(), String> {
    let mut work = Some(work);
    // Called at most once.
    let work = Closure::new(move || match work.take() {
        Some(work) => future_to_promise(async move {
            work.await;
            Ok(JsValue::UNDEFINED)
        }),
        None => Promise::resolve(&JsValue::UNDEFINED),
    });
    lock_for(name, &work).await.map(|_| ()).map_err(message)
}

/// Whether any tab, including this one, is doing the work with this name.
pub async fn is_locked(name: &str) -> bool {
    is_locked_now(name).await.is_truthy()
}

/// Lets the person save a file. Its parts are texts, buffers or views of buffers.
pub fn save(name: &str, parts: &Array, media_type: &str) {
    save_as(name, parts, media_type);
}

fn field(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap_or_default()
}
