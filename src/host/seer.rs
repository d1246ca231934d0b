//! Embeds drawings in its own worker, once a person has taught symbols: the newest drawing, and examples of symbols.
//!
//! It always computes on flex, so that distances don't depend on the engine that answers the pen. One embedding takes
//! about a millisecond.

use std::cell::{Cell, RefCell};

use wasm_bindgen_futures::spawn_local;

use super::asker::Asker;
use super::worker_handle::numbers;
use super::{Host, HostEvent, Inner, buffer};
use crate::digit::DigitImage;
use crate::hand::Sight;
use crate::protocol::{Backend, Request};

#[derive(Default)]
pub(super) struct Seer {
    /// The network, and the worker that has loaded it.
    asker: RefCell<Option<(String, Asker)>>,
    /// The newest drawing.
    drawing: RefCell<Option<(String, DigitImage)>>,
    /// The network, the example's id, and its images.
    examples: RefCell<Vec<(String, String, Vec<DigitImage>)>>,
    is_busy: Cell<bool>,
}

impl Host {
    /// Requests a network's embedding of the drawing on the pad. The newest request wins. Answered by
    /// [`HostEvent::Seen`].
    pub fn embed_drawing(&self, model: &str, image: DigitImage) {
        *self.inner.seer.drawing.borrow_mut() = Some((model.into(), image));
        self.see();
    }

    /// Requests the embeddings of a symbol's example.
    pub fn embed_example(&self, model: &str, example: String, images: Vec<DigitImage>) {
        let mut examples = self.inner.seer.examples.borrow_mut();
        examples.push((model.into(), example, images));
        drop(examples);
        self.see();
    }

    fn see(&self) {
        if self.inner.seer.is_busy.replace(true) {
            return;
        }
        let host = self.clone();
        spawn_local(async move {
            while let Some((model, sample, images)) = host.inner.seer.next() {
                let seen = host.seen(model, sample, images).await;
                if seen.is_err() {
                    // A new worker starts with the next drawing.
                    host.inner.seer.asker.borrow_mut().take();
                    host.inner.seer.examples.borrow_mut().clear();
                }
                Inner::emit_later(&host.inner, HostEvent::Seen(seen));
            }
            host.inner.seer.is_busy.set(false);
        });
    }

    async fn seen(
        &self,
        model: String,
        sample: Option<String>,
        images: Vec<DigitImage>,
    ) -> Result<Sight, String> {
        let taken = self.inner.seer.asker.borrow_mut().take();
        let asker = match taken {
            Some((has, asker)) if has == model => asker,
            _ => {
                let weights = self.weights(&model).await?;
                let asker = Asker::start(Backend::Flex).await?;
                let request = Request::Add {
                    model: model.clone(),
                    sha256: weights.sha256,
                    probe_logits: weights.probe_logits,
                };
                asker.ask(&request, weights.bytes.buffer(), |_| ()).await?;
                asker
            }
        };
        let pixels: Vec<u8> = images
            .iter()
            .flat_map(DigitImage::pixels)
            .copied()
            .collect();
        let request = Request::Embed {
            id: 0,
            model: model.clone(),
        };
        let (_, answer) = asker.ask(&request, buffer(&pixels), |_| ()).await?;
        *self.inner.seer.asker.borrow_mut() = Some((model.clone(), asker));
        let numbers = numbers(&answer);
        let width = (numbers.len() / images.len().max(1)).max(1);
        Ok(Sight {
            model,
            sample,
            images,
            embeddings: numbers.chunks(width).map(<[f32]>::to_vec).collect(),
        })
    }
}

impl Seer {
    pub fn end(&self) {
        self.asker.take();
        self.drawing.take();
        self.examples.take();
    }

    /// Returns the next request. Examples come first, because a drawing is compared with them.
    fn next(&self) -> Option<(String, Option<String>, Vec<DigitImage>)> {
        let example = self.examples.borrow_mut().pop();
        if let Some((model, sample, images)) = example {
            return Some((model, Some(sample), images));
        }
        let (model, image) = self.drawing.borrow_mut().take()?;
        Some((model, None, vec![image]))
    }
}
