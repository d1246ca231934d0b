//! An engine in a Web Worker: takes [`Request`]s, answers [`Reply`]s.
//!
//! A message is an object `{ message, buffer? }`: one value of the protocol, and where it has one
//! a transferred `ArrayBuffer`. `web/engine-worker.js` has looked for an adapter and fetched this
//! wasm before; the worker's name says which backend.

use js_sys::{Array, ArrayBuffer, Float32Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::engine::{self, EngineError, Session};
use crate::protocol::{Failure, Reply, Request, from_worker_name};

/// Opens the device and answers requests one after the other, for as long as the worker lives.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| fail(Failure::Crash, &panic.to_string())));
    spawn_local(async {
        if let Err(error) = serve().await {
            fail(error.failure(), &error.to_string());
        }
    });
}

async fn serve() -> Result<(), EngineError> {
    let name = scope().name();
    let wanted = from_worker_name(&name);
    let (backend, adapters) =
        wanted.ok_or_else(|| EngineError::NoDevice(format!("unknown backend '{name}'")))?;
    let opened = engine::open(backend, adapters, |why| fail(Failure::DeviceLost, &why)).await?;
    let mut session = Session::new(opened.device);

    let (sender, requests) = async_channel::unbounded();
    let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        // The receiver lives as long as this worker.
        let _ = sender.try_send(event.data());
    });
    scope().set_onmessage(Some(listener.as_ref().unchecked_ref()));
    listener.forget();

    reply(
        &Reply::Ready {
            backend,
            device: opened.name,
        },
        None,
    );
    while let Ok(data) = requests.recv().await {
        answer(&mut session, &data).await?;
    }
    Ok(())
}

async fn answer(session: &mut Session, data: &JsValue) -> Result<(), EngineError> {
    let field = |name: &str| Reflect::get(data, &name.into()).unwrap_or_default();
    let request = serde_wasm_bindgen::from_value::<Request>(field("message"));
    let request = request.map_err(|error| EngineError::Request(error.to_string()))?;
    let buffer: Option<ArrayBuffer> = field("buffer").dyn_into().ok();
    let bytes = buffer.map_or_else(Vec::new, |buffer| Uint8Array::new(&buffer).to_vec());
    match request {
        Request::Load {
            model,
            sha256,
            probe_logits,
        } => match session.load(&model, &bytes, &sha256, &probe_logits).await {
            Ok(()) => reply(&Reply::Loaded { model }, None),
            Err(error @ (EngineError::Weights(_) | EngineError::UnknownModel(_))) => {
                reply(
                    &Reply::Refused {
                        message: error.to_string(),
                    },
                    None,
                );
            }
            Err(error) => return Err(error),
        },
        Request::Classify { id } => {
            let started = now_ms();
            let logits = session.classify(&bytes).await?;
            let latency_ms = now_ms() - started;
            let logits = Float32Array::from(logits.as_flattened());
            reply(
                &Reply::Classified { id, latency_ms },
                Some(&logits.buffer()),
            );
        }
    }
    Ok(())
}

fn fail(reason: Failure, message: &str) {
    reply(
        &Reply::Failed {
            reason,
            message: message.into(),
        },
        None,
    );
}

/// Sends a message; `buffer` is transferred, not copied.
fn reply(reply: &Reply, buffer: Option<&ArrayBuffer>) {
    let envelope = Object::new();
    let transfer = Array::new();
    let message = serde_wasm_bindgen::to_value(reply).unwrap_or_default();
    let _ = Reflect::set(&envelope, &"message".into(), &message);
    if let Some(buffer) = buffer {
        let _ = Reflect::set(&envelope, &"buffer".into(), buffer);
        transfer.push(buffer);
    }
    // Fails only for values that cannot be cloned, and these can.
    let _ = scope().post_message_with_transfer(&envelope, &transfer);
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Milliseconds since the worker began, to a fraction.
fn now_ms() -> f64 {
    scope()
        .performance()
        .map_or(0.0, |performance| performance.now())
}
