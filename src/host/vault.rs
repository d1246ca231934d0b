//! What a person has taught, kept in this browser: `web/vault.js`, typed.
//!
//! Values are plain objects with an `id` that is a string; what else is in them is for others to know. Errors are full
//! sentences for the person.

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

/// Where a value is kept.
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

/// What another tab has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// These hold something else now.
    Shelves(Vec<Shelf>),
    /// It runs a newer version, and this page can keep nothing until it is reloaded.
    Outdated,
}

/// Opens the vault. An error says why everything lasts only for the visit; the vault works nevertheless.
pub async fn open() -> Result<(), String> {
    let opened = open_vault().await;
    match field(&opened, "isKept").is_truthy() {
        true => Ok(()),
        false => Err(field(&opened, "why").as_string().unwrap_or_default()),
    }
}

/// All values, by their ids.
pub async fn all(shelf: Shelf) -> Result<Array, String> {
    let values = all_of(shelf.name()).await;
    values.map(JsCast::unchecked_into).map_err(message)
}

/// Keeps values in place of those with the same ids: all of them or, with an error, none.
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

/// Calls back for what other tabs do, as long as the page lives.
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

/// Does some work that only one tab may do at a time. An error at once where another tab is at it.
pub async fn lock(name: &str, work: impl Future<Output = ()> + 'static) -> Result<(), String> {
    let mut work = Some(work);
    // Called once at most.
    let work = Closure::new(move || match work.take() {
        Some(work) => future_to_promise(async move {
            work.await;
            Ok(JsValue::UNDEFINED)
        }),
        None => Promise::resolve(&JsValue::UNDEFINED),
    });
    lock_for(name, &work).await.map(|_| ()).map_err(message)
}

/// Whether any tab, this one too, is doing the work of that name.
pub async fn is_locked(name: &str) -> bool {
    is_locked_now(name).await.is_truthy()
}

/// Lets the person save a file, made of texts, buffers or views of them.
pub fn save(name: &str, parts: &Array, media_type: &str) {
    save_as(name, parts, media_type);
}

fn field(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap_or_default()
}
