//! A worker for requests that are awaited one after the other.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::{ArrayBuffer, Function, Promise};
use wasm_bindgen_futures::JsFuture;

use super::worker_handle::{Said, WorkerHandle};
use crate::protocol::{Adapters, Backend, Reply, Request, worker_name};

/// How long a worker may be silent. It needs time to start, and to compile shaders in its first step on a graphics
/// card.
const TIMEOUT_S: u32 = 120;
/// The error for requests that are cancelled.
const ENDED: &str = "it was cancelled";

pub struct Asker {
    inbox: Rc<Inbox>,
    worker: WorkerHandle,
}

#[derive(Default)]
struct Inbox {
    said: RefCell<VecDeque<Said>>,
    /// Wakes the waiting task.
    wake: RefCell<Option<Function>>,
}

impl Inbox {
    fn put(&self, said: Said) {
        self.said.borrow_mut().push_back(said);
        self.wake();
    }

    fn wake(&self) {
        if let Some(wake) = self.wake.borrow_mut().take() {
            let _ = wake.call0(&wake);
        }
    }

    async fn take(self: &Rc<Self>) -> Said {
        if self.said.borrow().is_empty() {
            let promise = Promise::new(&mut |resolve, _| *self.wake.borrow_mut() = Some(resolve));
            let inbox = self.clone();
            let _timeout = Timeout::new(1000 * TIMEOUT_S, move || inbox.wake());
            let _ = JsFuture::from(promise).await;
        }
        let said = self.said.borrow_mut().pop_front();
        said.unwrap_or_else(|| Said::Broke(format!("no answer within {TIMEOUT_S} seconds")))
    }
}

impl Asker {
    /// Starts a worker and waits until its device is open. The error is a sentence without its full stop.
    pub async fn start(backend: Backend) -> Result<Self, String> {
        let inbox = Rc::new(Inbox::default());
        let tell = inbox.clone();
        // The caller knows that the backend works here, so its adapter is accepted.
        let name = worker_name(backend, Adapters::Any);
        let worker = WorkerHandle::spawn(&name, move |said| tell.put(said))?;
        let asker = Self { inbox, worker };
        asker.answer(|_| ()).await?;
        Ok(asker)
    }

    /// Sends a request and returns the answer. The buffer is transferred. `tell` gets the replies before the answer.
    pub async fn ask(
        &self,
        request: &Request,
        buffer: ArrayBuffer,
        tell: impl FnMut(Reply),
    ) -> Result<(Reply, ArrayBuffer), String> {
        self.worker.send(request, buffer);
        self.answer(tell).await
    }

    /// Cancels the pending request.
    pub fn end(&self) {
        self.inbox.put(Said::Broke(ENDED.into()));
    }

    async fn answer(&self, mut tell: impl FnMut(Reply)) -> Result<(Reply, ArrayBuffer), String> {
        loop {
            match self.inbox.take().await {
                Said::Reply(reply @ (Reply::Progress { .. } | Reply::Learning { .. }), _) => {
                    tell(reply);
                }
                Said::Reply(Reply::Refused { message } | Reply::Failed { message, .. }, _)
                | Said::Broke(message) => return Err(message),
                Said::Reply(reply, buffer) => return Ok((reply, buffer)),
            }
        }
    }
}
