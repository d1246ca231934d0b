//! The page's handle of one worker.

use gloo_events::EventListener;
use js_sys::{Array, ArrayBuffer, Float32Array, Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{ErrorEvent, MessageEvent, Worker};

use crate::fetch::message;
use crate::protocol::{Reply, Request};

/// The message for a worker that failed without one, for example because its script could not be fetched or is
/// blocked.
const NOT_STARTED: &str = "the worker could not be started";

// The file that Trunk puts beside the scripts and that starts the page's first worker; not a copy.
#[wasm_bindgen(raw_module = "./spawn.js")]
extern "C" {
    #[wasm_bindgen(js_name = spawn, catch)]
    fn start(name: &str) -> Result<Worker, JsValue>;
}

/// What a worker reports.
pub enum Said {
    /// A reply. The buffer is empty unless the reply has one.
    Reply(Reply, ArrayBuffer),
    /// The worker broke, with this message.
    Broke(String),
}

/// A running worker. Dropping the handle ends the worker.
pub struct WorkerHandle {
    worker: Worker,
    _on_message: EventListener,
    _on_error: EventListener,
}

impl WorkerHandle {
    /// Starts a worker with this name, which says what to open. `tell` gets all of its messages.
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
            // A script that could not be fetched causes an event without a message.
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

    /// Sends a request. The buffer is transferred.
    pub fn send(&self, request: &Request, buffer: ArrayBuffer) {
        let envelope = Object::new();
        let message = serde_wasm_bindgen::to_value(request).unwrap_or_default();
        let _ = Reflect::set(&envelope, &"message".into(), &message);
        let _ = Reflect::set(&envelope, &"buffer".into(), &buffer);
        // Fails only for values that cannot be cloned. These can be.
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

/// Returns an error's own message, or a general one if it has none.
fn words(message: Option<String>) -> String {
    let message = message.filter(|message| !message.is_empty());
    message.unwrap_or_else(|| NOT_STARTED.into())
}

/// Takes the worker with this name that `web/boot.js` started in parallel with the page's wasm, and its messages so
/// far. There is at most one, and it can be taken once.
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

/// Parses a worker's message.
fn understand(event: &MessageEvent) -> Said {
    let data = event.data();
    let field = |name: &str| Reflect::get(&data, &name.into()).unwrap_or_default();
    let buffer = field("buffer").dyn_into();
    match serde_wasm_bindgen::from_value(field("message")) {
        Ok(reply) => Said::Reply(reply, buffer.unwrap_or_else(|_| ArrayBuffer::new(0))),
        Err(error) => Said::Broke(error.to_string()),
    }
}

/// Returns the numbers in a reply's buffer.
pub fn numbers(buffer: &ArrayBuffer) -> Vec<f32> {
    Float32Array::new(buffer).to_vec()
}
