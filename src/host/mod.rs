//! The page's side of the engines: owns the workers, fetches the weights, and does what the
//! [`Supervisor`] commands.

mod fetch;
mod worker_handle;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};

use wasm_bindgen_futures::spawn_local;
use web_sys::RequestCache;

use crate::digit::DigitImage;
use crate::protocol::{Adapters, Backend, Request};
use crate::supervisor::{Choice, Command, Event, Prediction, Status, Supervisor, WorkerId};
pub use fetch::fetch_json;
use fetch::{FetchedWeights, fetch_weights};
use worker_handle::{WorkerHandle, sleep};

/// What the page learns from the host.
#[derive(Clone, Debug, PartialEq)]
pub enum HostEvent {
    /// Engines, progress or notice have changed.
    Status(Status),
    /// Bytes of the weights that have arrived, and their total.
    WeightsProgress { loaded: u64, total: u64 },
    /// The newest image has been read.
    Prediction(Prediction),
}

/// A handle; clones share the same engines. Dropping the last ends the workers.
#[derive(Clone)]
pub struct Host {
    inner: Rc<Inner>,
}

struct Inner {
    listener: Box<dyn Fn(HostEvent)>,
    supervisor: RefCell<Supervisor>,
    workers: RefCell<HashMap<WorkerId, WorkerHandle>>,
    weights: RefCell<Option<FetchedWeights>>,
    /// Set by the first fetch: what comes from a cache after that may be what was wrong.
    has_fetched: Cell<bool>,
}

impl Host {
    /// Starts engines and the fetching of weights. `listener` is called for every event, always from
    /// the event loop, never from within a call of this handle.
    pub fn start(choice: Choice, listener: impl Fn(HostEvent) + 'static) -> Self {
        let host = Self {
            inner: Rc::new(Inner {
                listener: Box::new(listener),
                supervisor: RefCell::default(),
                workers: RefCell::default(),
                weights: RefCell::default(),
                has_fetched: Cell::default(),
            }),
        };
        host.handle(Event::Choose(choice));
        host
    }

    /// Asks for a reading of the image on the pad; `None` when the pad is blank. The newest wins.
    pub fn classify(&self, image: Option<DigitImage>) {
        self.handle(Event::Image(image));
    }

    /// Asks for another backend.
    pub fn choose(&self, choice: Choice) {
        self.handle(Event::Choose(choice));
    }

    /// Starts again after a failure.
    pub fn retry(&self) {
        self.handle(Event::Retry);
    }

    fn handle(&self, event: Event) {
        Inner::handle(&self.inner, event);
    }
}

impl Inner {
    fn handle(this: &Rc<Self>, event: Event) {
        let commands = this.supervisor.borrow_mut().handle(event);
        for command in commands {
            Self::perform(this, command);
        }
    }

    fn perform(this: &Rc<Self>, command: Command) {
        match command {
            Command::FetchWeights => Self::fetch(this),
            Command::Spawn {
                worker,
                backend,
                adapters,
            } => Self::spawn(this, worker, backend, adapters),
            Command::Terminate { worker } => {
                this.workers.borrow_mut().remove(&worker);
            }
            Command::Load { worker } => this.load(worker),
            Command::Classify { worker, id, image } => {
                this.send(worker, &Request::Classify { id }, image.pixels());
            }
            Command::SetAlarm {
                worker,
                alarm,
                seconds,
            } => {
                let host = Rc::downgrade(this);
                spawn_local(async move {
                    sleep(seconds * 1000).await;
                    Self::tell(&host, Event::Alarm { worker, alarm });
                });
            }
            Command::Show(prediction) => Self::emit_later(this, HostEvent::Prediction(prediction)),
            Command::StatusChanged => {
                let status = this.supervisor.borrow().status();
                Self::emit_later(this, HostEvent::Status(status));
            }
        }
    }

    /// Events of workers, timers and fetches come in here, if the host still lives.
    fn tell(this: &Weak<Self>, event: Event) {
        if let Some(this) = this.upgrade() {
            Self::handle(&this, event);
        }
    }

    fn spawn(this: &Rc<Self>, worker: WorkerId, backend: Backend, adapters: Adapters) {
        let host = Rc::downgrade(this);
        let tell = move |event| Self::tell(&host, event);
        match WorkerHandle::spawn(worker, backend, adapters, tell) {
            Ok(handle) => {
                this.workers.borrow_mut().insert(worker, handle);
            }
            Err(message) => {
                let host = Rc::downgrade(this);
                spawn_local(async move { Self::tell(&host, Event::Broke { worker, message }) });
            }
        }
    }

    fn fetch(this: &Rc<Self>) {
        this.weights.replace(None);
        let cache = match this.has_fetched.replace(true) {
            false => RequestCache::Default,
            true => RequestCache::Reload,
        };
        let host = Rc::downgrade(this);
        spawn_local(async move {
            let progress_host = host.clone();
            let on_progress = move |loaded: u64, total: u64| {
                if let Some(this) = progress_host.upgrade() {
                    (this.listener)(HostEvent::WeightsProgress { loaded, total });
                }
            };
            let fetched = fetch_weights(cache, on_progress).await;
            let Some(this) = host.upgrade() else { return };
            let result = fetched.map(|weights| {
                this.weights.replace(Some(weights));
            });
            Self::handle(&this, Event::Weights(result));
        });
    }

    fn load(&self, worker: WorkerId) {
        if let Some(FetchedWeights { entry, bytes }) = &*self.weights.borrow() {
            let request = Request::Load {
                model: entry.id.clone(),
                sha256: entry.sha256.clone(),
                probe_logits: entry.probe_logits,
            };
            self.send(worker, &request, bytes);
        }
    }

    fn send(&self, worker: WorkerId, request: &Request, bytes: &[u8]) {
        if let Some(handle) = self.workers.borrow().get(&worker) {
            handle.send(request, bytes);
        }
    }

    /// The listener may call the handle, so it is called when this call is over.
    fn emit_later(this: &Rc<Self>, event: HostEvent) {
        let host = Rc::downgrade(this);
        spawn_local(async move {
            if let Some(this) = host.upgrade() {
                (this.listener)(event);
            }
        });
    }
}
