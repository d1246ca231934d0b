//! An engine in a Web Worker: takes [`Request`]s and answers with [`Reply`]s.
//!
//! A message is an object `{ message, buffer? }`: one value of the protocol and, if it has one, a transferred
//! `ArrayBuffer`. Before this, `web/engine-worker.js` has looked for an adapter and fetched this wasm. The worker's
//! name says which backend to open.

mod constructors;
mod latency;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::{Array, ArrayBuffer, Float32Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::data::{Sample, unpack};
use crate::digit::N_PIXELS;
use crate::engine::{self, EngineError, Session};
use crate::protocol::{Backend, Failure, Reply, Request, from_worker_name};
use crate::train::Learning;

/// Opens the device and answers requests one after the other as long as the worker lives.
pub fn start() {
    constructors::run();
    std::panic::set_hook(Box::new(|panic| {
        fail_late(Failure::Crash, panic.to_string())
    }));
    spawn_local(async {
        if let Err(error) = serve().await {
            fail_late(error.failure(), error.to_string());
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
    let listener = EventListener::new(&scope(), "message", move |event| {
        // The receiver lives as long as this worker.
        let _ = sender.try_send(event.unchecked_ref::<MessageEvent>().data());
    });
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
    match perform(
        session,
        request,
        buffer.unwrap_or_else(|| ArrayBuffer::new(0)),
    )
    .await
    {
        Ok((message, buffer)) => reply(&message, buffer.as_ref()),
        Err(error) if error.is_refusal() => reply(
            &Reply::Refused {
                message: error.to_string(),
            },
            None,
        ),
        Err(error) => return Err(error),
    }
    Ok(())
}

async fn perform(
    session: &mut Session,
    request: Request,
    buffer: ArrayBuffer,
) -> Result<(Reply, Option<ArrayBuffer>), EngineError> {
    let bytes = || Uint8Array::new(&buffer).to_vec();
    let started = now_ms();
    let classified = |id, logits: &[f32]| {
        let latency_ms = now_ms() - started;
        let reply = Reply::Classified { id, latency_ms };
        (reply, Some(Float32Array::from(logits).buffer()))
    };
    Ok(match request {
        Request::Load {
            model,
            sha256,
            probe_logits,
        } => {
            session
                .load(&model, bytes(), &sha256, &probe_logits)
                .await?;
            (Reply::Loaded { model }, None)
        }
        Request::Add {
            model,
            sha256,
            probe_logits,
        } => {
            session.add(&model, bytes(), &sha256, &probe_logits).await?;
            (Reply::Loaded { model }, None)
        }
        Request::Build { layers } => {
            session.build(&layers, bytes())?;
            (
                Reply::Loaded {
                    model: String::new(),
                },
                None,
            )
        }
        Request::Classify { id, model: None } => {
            let logits = session.classify(&bytes()).await?;
            classified(id, logits.as_flattened())
        }
        Request::Classify {
            id,
            model: Some(model),
        } => {
            let logits = session.classify_with(&model, &bytes()).await?;
            classified(id, logits.as_flattened())
        }
        Request::Time { model } => {
            let latency_ms = latency::measure(session, &model).await?;
            (Reply::Timed { latency_ms }, None)
        }
        Request::Predict { id } => {
            let n = buffer.byte_length() / 4;
            let inputs = Float32Array::new_with_byte_offset_and_length(&buffer, 0, n).to_vec();
            classified(id, &session.predict(inputs).await?)
        }
        Request::TrainSetup {
            optimizer,
            learning_rate,
            scope,
        } => {
            session.train_setup(optimizer, learning_rate, scope)?;
            (Reply::TrainReady, None)
        }
        Request::TrainStep { n, want_loss } => {
            // The rest of the buffer holds the labels, so that a buffer of the wrong length gives an error.
            let n_inputs = (n * N_PIXELS).min(buffer.byte_length() as usize / 4) as u32;
            let inputs = Float32Array::new_with_byte_offset_and_length(&buffer, 0, n_inputs);
            let labels = Uint8Array::new_with_byte_offset(&buffer, 4 * n_inputs).to_vec();
            let loss = session.train_step(inputs.to_vec(), &labels, want_loss);
            (Reply::Stepped { loss: loss.await? }, None)
        }
        Request::Embed { id, model } => {
            let values = session.embed_with(&model, &bytes()).await?;
            let latency_ms = now_ms() - started;
            let reply = Reply::Embedded { id, latency_ms };
            (reply, Some(Float32Array::from(&values[..]).buffer()))
        }
        Request::Rehearse => {
            session.rehearse(bytes())?;
            (Reply::Kept, None)
        }
        Request::Teach { name, scope } => {
            let samples = samples(&buffer).ok_or(EngineError::Samples)?;
            let taught = session.teach(&name, scope, &samples, |learning| {
                reply(&learning_reply(&learning), None);
            });
            let taught = taught.await?;
            let message = Reply::Taught {
                step: taught.step as u32,
                sha256: taught.sha256,
                probe_logits: taught.probe_logits,
            };
            (
                message,
                Some(Uint8Array::from(&taught.safetensors[..]).buffer()),
            )
        }
    })
}

/// Reads a person's drawings from a buffer. `None` if it holds something else.
fn samples(buffer: &ArrayBuffer) -> Option<Vec<Sample>> {
    let is_whole = buffer.byte_length().is_multiple_of(4);
    unpack(&is_whole.then(|| Float32Array::new(buffer).to_vec())?)
}

fn learning_reply(learning: &Learning) -> Reply {
    Reply::Learning {
        step: learning.step as u32,
        n_steps: learning.n_steps as u32,
        loss: learning.loss as f32,
        accuracy: learning.accuracy as f32,
        held_back: learning.held_back.map(|share| share as f32),
    }
}

/// Reports a failure. A lost device breaks the current work, and that error may arrive before the loss is reported.
/// The first report counts, so on a graphics card other failures wait a moment.
fn fail_late(reason: Failure, message: String) {
    const MOMENT_MS: u32 = 200;
    let moment = match scope().name().starts_with(Backend::WebGpu.name()) {
        true => MOMENT_MS,
        false => 0,
    };
    Timeout::new(moment, move || fail(reason, &message)).forget();
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

/// Sends a message. `buffer` is transferred, not copied.
fn reply(reply: &Reply, buffer: Option<&ArrayBuffer>) {
    let envelope = Object::new();
    let transfer = Array::new();
    let message = serde_wasm_bindgen::to_value(reply).unwrap_or_default();
    let _ = Reflect::set(&envelope, &"message".into(), &message);
    if let Some(buffer) = buffer {
        let _ = Reflect::set(&envelope, &"buffer".into(), buffer);
        transfer.push(buffer);
    }
    // Fails only for values that cannot be cloned. These can be.
    let _ = scope().post_message_with_transfer(&envelope, &transfer);
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Returns the milliseconds since the worker started, with fractions.
fn now_ms() -> f64 {
    scope()
        .performance()
        .map_or(0.0, |performance| performance.now())
}
