//! Teaching: samples, lessons, and their files.

use std::cell::RefCell;

use js_sys::{Error, Function, Promise, Uint8Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use super::{Lectern, Reader, unreadable};
use crate::hand::{Drawn, HandNetwork, LEAST, Learning, check, digit, lesson_samples};
use crate::host::{Bell, Order, Weights, js, new_id, read_samples, short_id, write_samples};
use crate::protocol::{Scope, base_model};
use crate::reader::{Desk, Lesson, Progress};
use crate::supervisor::as_sentence;
use crate::symbols::images;
use crate::taught::Ink;

#[derive(Default)]
pub(super) struct Teaching {
    /// Callers that wait for samples to be embedded.
    waiting: RefCell<Vec<Waiting>>,
    /// Ends the current lesson.
    bell: RefCell<Option<Bell>>,
    /// The taught networks, the newest last.
    networks: RefCell<Vec<String>>,
}

struct Waiting {
    samples: Vec<Drawn>,
    resolve: Function,
    reject: Function,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Options {
    layers: String,
}

/// What was imported.
#[derive(Serialize)]
struct Taken {
    samples: usize,
    network: bool,
}

#[wasm_bindgen]
impl Reader {
    /// Keeps samples. Resolves once their symbols can be recognised.
    pub fn teach(&self, samples: JsValue) -> Promise {
        match read_drawn(samples) {
            Ok(samples) => self.lectern.take_in(samples),
            Err(error) => Promise::reject(&error),
        }
    }

    /// Runs a lesson on these samples of digits and those already taught.
    #[wasm_bindgen(js_name = fineTune)]
    pub fn fine_tune(&self, samples: JsValue, options: JsValue, on_progress: Function) -> Promise {
        let lectern = self.lectern.clone();
        future_to_promise(async move {
            let samples = read_drawn(samples)?;
            let options: Options = serde_wasm_bindgen::from_value(options).unwrap_or_default();
            let lesson = lectern.lesson(samples, &options, on_progress).await?;
            Ok(js(&lesson))
        })
    }

    /// Ends the lesson. `fineTune` then rejects with an `AbortError`.
    pub fn cancel(&self) {
        if let Some(bell) = &*self.lectern.teaching.bell.borrow() {
            bell.ring();
        }
    }

    /// Returns a file of all samples: the JSON that the Teach page exports.
    #[wasm_bindgen(js_name = exportSamples)]
    pub fn export_samples(&self) -> String {
        write_samples(self.lectern.desk.borrow().samples().to_vec())
    }

    /// Returns the newest fine-tuned network as safetensors.
    #[wasm_bindgen(js_name = exportNetwork)]
    pub fn export_network(&self) -> Option<Uint8Array> {
        let networks = self.lectern.teaching.networks.borrow();
        let weights = self.lectern.host.taught(networks.last()?)?;
        Some(weights.bytes)
    }

    /// Imports either file, all or nothing.
    pub fn import(&self, bytes: Uint8Array) -> Promise {
        let lectern = self.lectern.clone();
        future_to_promise(async move {
            // A safetensors file starts with a length in eight bytes, whose last one is 0. Text contains no zero byte.
            let is_network = bytes.length() > 8 && bytes.get_index(7) == 0;
            let n = match is_network {
                true => {
                    let read = lectern.host.read_network(&bytes).await;
                    let network = read.map_err(sentence)?;
                    lectern.use_network(&network, bytes);
                    0
                }
                false => {
                    let read = read_samples(&bytes, lectern.desk.borrow().samples());
                    let samples = read.map_err(sentence)?;
                    let n = samples.len();
                    JsFuture::from(lectern.take_in(samples)).await?;
                    n
                }
            };
            let network = is_network;
            Ok(js(&Taken {
                samples: n,
                network,
            }))
        })
    }

    /// Forgets everything that was taught.
    #[wasm_bindgen(js_name = forgetTaught)]
    pub fn forget_taught(&self) {
        let lectern = &self.lectern;
        lectern.end_teaching();
        let ids = |desk: &Desk| -> Vec<String> {
            let samples = desk.samples().iter();
            samples.map(|sample| sample.id.clone()).collect()
        };
        let mut desk = lectern.desk.borrow_mut();
        let ids = ids(&desk);
        desk.remove(&ids);
        let base = base_model(desk.model()).to_owned();
        drop(desk);
        let networks = lectern.teaching.networks.take();
        if !networks.is_empty() {
            lectern.host.choose_model(base);
        }
        for network in networks {
            lectern.host.keep_taught(&network, None);
        }
    }
}

impl Lectern {
    /// Keeps samples and requests embeddings for those of symbols.
    fn take_in(&self, samples: Vec<Drawn>) -> Promise {
        let mut desk = self.desk.borrow_mut();
        desk.add(samples.clone());
        let model = desk.space().model();
        let symbols = samples
            .iter()
            .filter(|sample| digit(&sample.label).is_none());
        for sample in symbols {
            let images = images(&sample.strokes());
            self.host.embed_example(model, sample.id.clone(), images);
        }
        let promise = Promise::new(&mut |resolve, reject| {
            self.teaching.waiting.borrow_mut().push(Waiting {
                samples: samples.clone(),
                resolve,
                reject,
            });
        });
        self.settle(&mut desk, None);
        promise
    }

    /// Answers the callers whose samples are all learnt. If nothing can be embedded, `why` is a sentence without its
    /// full stop; the waiting callers then get an error and their samples are dropped.
    pub(super) fn settle(&self, desk: &mut Desk, why: Option<String>) {
        let mut waiting = self.teaching.waiting.borrow_mut();
        let is_done = |one: &mut Waiting| one.samples.iter().all(|sample| desk.has_learnt(sample));
        for done in waiting.extract_if(.., is_done).collect::<Vec<_>>() {
            let _ = done.resolve.call0(&JsValue::UNDEFINED);
        }
        let Some(why) = why else { return };
        for failed in waiting.drain(..) {
            let ids: Vec<_> = failed.samples.into_iter().map(|sample| sample.id).collect();
            desk.remove(&ids);
            let text = format!("Symbols can't be learnt now: {why}");
            let _ = failed.reject.call1(&JsValue::UNDEFINED, &sentence(text));
        }
    }

    async fn lesson(
        &self,
        samples: Vec<Drawn>,
        options: &Options,
        on_progress: Function,
    ) -> Result<Lesson, Error> {
        let (all, model) = {
            let desk = self.desk.borrow();
            let all = [desk.samples(), &samples].concat();
            (lesson_samples(&all), base_model(desk.model()).to_owned())
        };
        if all.len() < LEAST {
            let text = format!(
                "A lesson needs at least {LEAST} drawings of digits, but there are {}.",
                all.len()
            );
            return Err(sentence(text));
        }
        if self.teaching.bell.borrow().is_some() {
            return Err(Error::new("Another lesson is already running."));
        }
        let order = Order {
            id: format!("{model}@{}", short_id()),
            name: String::new(),
            replaced: String::new(),
            scope: match &*options.layers {
                "last" => Scope::Last,
                _ => Scope::Full,
            },
            ink: match self.host.tells_digits(&model) {
                true => Ink::Any,
                false => Ink::Digits,
            },
            samples: all,
        };
        let bell = Bell::default();
        *self.teaching.bell.borrow_mut() = Some(bell.clone());
        let tell = move |learning: Learning| {
            let _ = on_progress.call1(&JsValue::UNDEFINED, &js(&Progress::new(&learning)));
        };
        let taught = self.host.teach(order, bell, tell).await;
        self.teaching.bell.borrow_mut().take();
        let (network, weights) = match taught {
            None => return Err(aborted()),
            Some(Err(why)) => {
                let text = format!("The lesson could not be finished: {why}");
                return Err(sentence(text));
            }
            Some(Ok(taught)) => taught,
        };
        let lesson = Lesson::new(&network.figures.unwrap_or_default());
        if lesson.used {
            self.use_network(&network, weights);
        }
        Ok(lesson)
    }

    /// Switches to a taught network.
    fn use_network(&self, network: &HandNetwork, bytes: Uint8Array) {
        let weights = Weights {
            sha256: network.sha256.clone(),
            probe_logits: network.probe_logits,
            bytes,
        };
        self.host.keep_taught(&network.id, Some(weights));
        self.host.choose_model(network.id.clone());
        self.teaching.networks.borrow_mut().push(network.id.clone());
    }

    /// Cancels all teaching in progress.
    pub(super) fn end_teaching(&self) {
        if let Some(bell) = &*self.teaching.bell.borrow() {
            bell.ring();
        }
        for waiting in self.teaching.waiting.take() {
            let _ = waiting.reject.call1(&JsValue::UNDEFINED, &aborted());
        }
    }
}

/// Reads the samples that a program passes, and gives them new ids.
fn read_drawn(samples: JsValue) -> Result<Vec<Drawn>, Error> {
    let samples: Vec<Drawn> = serde_wasm_bindgen::from_value(samples).map_err(unreadable(
        "Samples must be a list of { label, strokes: [[[x, y, radius], …], …] }",
    ))?;
    let named = |drawn| Drawn {
        id: new_id(),
        ..drawn
    };
    let samples: Vec<Drawn> = samples.into_iter().map(named).collect();
    check(&samples).map_err(|error| sentence(error.to_string()))?;
    Ok(samples)
}

fn sentence(text: String) -> Error {
    Error::new(&as_sentence(&text))
}

fn aborted() -> Error {
    let error = Error::new("The teaching was cancelled.");
    error.set_name("AbortError");
    error
}
