//! One worker, seen from the page.

use gloo_events::EventListener;
use js_sys::{Array, ArrayBuffer, Float32Array, Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{ErrorEvent, MessageEvent, Worker};

use crate::fetch::message;
use crate::protocol::{Reply, Request};

/// What is said of a worker that broke without a word, as where the browser did not get or may not run its script.
const NOT_STARTED: &str = "the worker could not be started";

// The file that Trunk puts beside the scripts, which the page starts its first worker by; not a copy of it.
#[wasm_bindgen(raw_module = "./spawn.js")]
extern "C" {
    #[wasm_bindgen(js_name = spawn, catch)]
    fn start(name: &str) -> Result<Worker, JsValue>;
}

/// What comes from a worker.
pub enum Said {
    /// The buffer goes with replies that have one.
    Reply(Reply, ArrayBuffer),
    /// It broke without a word.
    Broke(String),
}

/// A running worker; dropping it ends the worker.
pub struct WorkerHandle {
    worker: Worker,
    _on_message: EventListener,
    _on_error: EventListener,
}

impl WorkerHandle {
    /// Starts a worker of this name, which says what it is to open. `tell` gets all that it says.
    pub fn spawn(name: &str, tell: impl Fn(Said) + Clone + 'static) -> Result<Self, String> {
        let (worker, said) = match take_early(name) {
            Some(early) => early,
            None => {
                let started = start(name).map_err(|error| words(Some(message(error))));
                (started?, Array::new())
            }
        };

        let (tell_message, tell_said) = (tell.clone(), tell.clone());
        let on_message = EventListener::new(&worker, "message", move |event| {
            tell_message(understand(event.unchecked_ref()));
        });
        let on_error = EventListener::new(&worker, "error", move |event| {
            // A script that could not be had gives an event without a message.
            let error = event.dyn_ref::<ErrorEvent>();
            tell(Said::Broke(words(error.map(ErrorEvent::message))));
        });
        spawn_local(async move {
            for event in said.iter() {
                tell_said(understand(event.unchecked_ref()));
            }
        });
        Ok(Self {
            worker,
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    /// Sends a request with a buffer, which is transferred.
    pub fn send(&self, request: &Request, buffer: ArrayBuffer) {
        let envelope = Object::new();
        let message = serde_wasm_bindgen::to_value(request).unwrap_or_default();
        let _ = Reflect::set(&envelope, &"message".into(), &message);
        let _ = Reflect::set(&envelope, &"buffer".into(), &buffer);
        // Fails only for values that cannot be cloned, and these can.
        let _ = self
            .worker
            .post_message_with_transfer(&envelope, &Array::of1(&buffer));
    }
}

impl Drop for WorkerHandle {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// What is said of an error: its own message, if it has one.
fn words(message: Option<String>) -> String {
    let message = message.filter(|message| !message.is_empty());
    message.unwrap_or_else(|| NOT_STARTED.into())
}

/// The worker of this name that `web/boot.js` started beside the page's wasm, and its messages so far.
/// There is one at most, once.
fn take_early(name: &str) -> Option<(Worker, Array)> {
    const KEY: &str = "inklingEarlyWorker";
    let early = Reflect::get(&js_sys::global(), &KEY.into()).ok()?;
    let field = |name: &str| Reflect::get(&early, &name.into()).ok();
    if field("name")?.as_string()? != name {
        return None;
    }
    let _ = Reflect::set(&js_sys::global(), &KEY.into(), &JsValue::UNDEFINED);
    let worker: Worker = field("worker")?.dyn_into().ok()?;
    // From here on, only the new owner listens.
    worker.set_onmessage(None);
    Some((worker, field("said")?.dyn_into().ok()?))
}

/// What a worker's message means.
fn understand(event: &MessageEvent) -> Said {
    let data = event.data();
    let field = |name: &str| Reflect::get(&data, &name.into()).unwrap_or_default();
    let buffer = field("buffer").dyn_into();
    match serde_wasm_bindgen::from_value(field("message")) {
        Ok(reply) => Said::Reply(reply, buffer.unwrap_or_else(|_| ArrayBuffer::new(0))),
        Err(error) => Said::Broke(error.to_string()),
    }
}

/// The numbers that a reply's buffer holds.
pub fn numbers(buffer: &ArrayBuffer) -> Vec<f32> {
    Float32Array::new(buffer).to_vec()
}
