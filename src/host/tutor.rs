//! Lessons: a network learns a person's drawings in its own worker, and is compared with its state before.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{ArrayBuffer, Float32Array, Uint8Array};

use super::asker::Asker;
use super::store::{Weights, fetch_rehearsal};
use super::worker_handle::numbers;
use super::{Host, Inner, buffer};
use crate::data::{Sample, pack};
use crate::digit::{DigitImage, N_CLASSES, N_PIXELS};
use crate::hand::{Figures, HandNetwork, Learning, Mark, Stage};
use crate::protocol::{Backend, Reply, Request, Scope, base_model};
use crate::strokes::render;
use crate::taught::{Ink, Score};

/// How many of MNIST's test digits are read before and after a lesson.
const N_MNIST: usize = 1000;
/// Images in one request. Small enough that the next request doesn't wait long.
const N_AT_ONCE: usize = 100;

/// A request for a lesson.
pub struct Order {
    /// The id of the new network, the person's name for it, and the network that it replaces.
    pub id: String,
    pub name: String,
    pub replaced: String,
    pub scope: Scope,
    /// What kind of ink the network has learnt to recognise.
    pub ink: Ink,
    pub samples: Vec<Sample>,
}

/// Stops a lesson.
#[derive(Clone, Default)]
pub struct Bell {
    has_rung: Rc<Cell<bool>>,
    /// The lesson's worker, while it has one.
    asker: Rc<RefCell<Option<Rc<Asker>>>>,
}

impl Bell {
    /// Ends the lesson. The caller that awaits it gets `None`.
    pub fn ring(&self) {
        self.has_rung.set(true);
        if let Some(asker) = self.asker.borrow_mut().take() {
            asker.end();
        }
    }

    fn has_rung(&self) -> bool {
        self.has_rung.get()
    }
}

impl Host {
    /// Runs a lesson on the backend in use and returns the network with its weights, or `None` if the bell rang.
    /// `tell` gets the progress. The error is a sentence without its full stop.
    pub async fn teach(
        &self,
        order: Order,
        bell: Bell,
        tell: impl Fn(Learning),
    ) -> Option<Result<(HandNetwork, Uint8Array), String>> {
        let taught = self.lesson(order, &bell, tell).await;
        bell.asker.borrow_mut().take();
        (!bell.has_rung()).then_some(taught)
    }

    async fn lesson(
        &self,
        order: Order,
        bell: &Bell,
        tell: impl Fn(Learning),
    ) -> Result<(HandNetwork, Uint8Array), String> {
        let mut learning = Learning::default();
        let base = self.weights(base_model(&order.id)).await?;
        let rehearsal = fetch_rehearsal().await?;
        let digits = Inner::digits(&Rc::downgrade(&self.inner)).await?;
        let asker = Rc::new(Asker::start(self.backend()).await?);
        *bell.asker.borrow_mut() = Some(asker.clone());
        if bell.has_rung() {
            return Err(String::new());
        }
        load(&asker, base_model(&order.id), &base).await?;
        asker
            .ask(&Request::Rehearse, rehearsal.buffer(), |_| ())
            .await?;

        let samples = buffer_of(&pack(&order.samples));
        let request = Request::Teach {
            name: order.id.clone(),
            scope: order.scope,
        };
        let heard = |reply| {
            if let Reply::Learning {
                step,
                n_steps,
                loss,
                accuracy,
                held_back,
            } = reply
            {
                let mark = Mark {
                    step,
                    loss,
                    accuracy,
                    held_back,
                };
                learning.heard(mark, n_steps, js_sys::Date::now());
                tell(learning.clone());
            }
        };
        let (reply, weights) = asker.ask(&request, samples, heard).await?;
        let Reply::Taught {
            sha256,
            probe_logits,
            ..
        } = reply
        else {
            return Err("the engine did not return a network".into());
        };

        learning.stage = Stage::Comparing;
        tell(learning);
        let held_back: Vec<_> = order.samples.iter().filter(|s| s.is_held_back).collect();
        let images: Vec<DigitImage> = held_back
            .iter()
            .filter_map(|s| render(&s.strokes))
            .collect();
        let images: Vec<u8> = images
            .iter()
            .flat_map(DigitImage::pixels)
            .copied()
            .collect();
        let labels: Vec<u8> = held_back.iter().map(|sample| sample.label).collect();
        let mut figures = Figures::default();
        let taught = Some(order.id.clone());
        for (scores, model) in [(&mut figures.before, None), (&mut figures.after, taught)] {
            let logits = read(&asker, model.clone(), &images).await?;
            scores.hand = Score::new(&logits, &labels, order.ink);
            let logits = read(&asker, model, digits.images(0, N_MNIST)).await?;
            scores.mnist = Score::new(&logits, &digits.labels()[..N_MNIST], order.ink);
        }
        let network = HandNetwork {
            id: order.id,
            name: order.name,
            sha256,
            probe_logits,
            n_samples: order.samples.len(),
            figures: Some(figures),
            replaced: order.replaced,
        };
        Ok((network, Uint8Array::new(&weights)))
    }

    /// Checks whether an engine can use these weights. The error is a sentence without its full stop.
    pub async fn prove(&self, network: &HandNetwork, bytes: &Uint8Array) -> Result<(), String> {
        let asker = Asker::start(Backend::Flex).await?;
        let weights = Weights {
            sha256: network.sha256.clone(),
            probe_logits: network.probe_logits,
            bytes: bytes.clone(),
        };
        load(&asker, &network.id, &weights).await
    }
}

async fn load(asker: &Asker, model: &str, weights: &Weights) -> Result<(), String> {
    let request = Request::Load {
        model: model.into(),
        sha256: weights.sha256.clone(),
        probe_logits: weights.probe_logits,
    };
    let buffer = weights.copy().bytes.buffer();
    asker.ask(&request, buffer, |_| ()).await.map(drop)
}

/// Returns the logits of images, from the network in use or from one that was added.
async fn read(
    asker: &Asker,
    model: Option<String>,
    images: &[u8],
) -> Result<Vec<[f32; N_CLASSES]>, String> {
    let mut logits = Vec::new();
    for batch in images.chunks(N_AT_ONCE * N_PIXELS) {
        let model = model.clone();
        let request = Request::Classify { id: 0, model };
        let (_, answer) = asker.ask(&request, buffer(batch), |_| ()).await?;
        logits.extend_from_slice(numbers(&answer).as_chunks().0);
    }
    Ok(logits)
}

fn buffer_of(numbers: &[f32]) -> ArrayBuffer {
    Float32Array::from(numbers).buffer()
}
