//! The page's side of the engines: owns the workers, fetches the weights, and performs the commands of the
//! [`Supervisor`] and the [`Examiner`].

mod asker;
mod files;
mod seer;
mod store;
mod tutor;
pub mod vault;
mod worker_handle;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::{Rc, Weak};

use gloo_timers::callback::Timeout;
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen_futures::spawn_local;

use crate::data::LabelledBytes;
use crate::digit::{DigitImage, N_CLASSES};
use crate::examiner::{self, Candidate, Exam, Examiner};
use crate::hand::Sight;
use crate::listing::{Listed, Listing};
use crate::protocol::{Adapters, Backend, Request, base_model, worker_name};
use crate::supervisor::{Answer, Choice, Command, Event, Images, Status, Supervisor, WorkerId};
pub use files::{js, new_id, read_samples, short_id, write_samples};
use seer::Seer;
pub use store::Weights;
use store::{FetchError, Store, Want, fetch_digits, fetch_manifest, fetch_weights};
pub use tutor::{Bell, Order};
use worker_handle::{Said, WorkerHandle, numbers};

/// Events for the page.
#[derive(Clone, Debug, PartialEq)]
pub enum HostEvent {
    /// The engines, their progress or the notice have changed.
    Status(Status),
    /// What is known about the networks has changed.
    Exam(Exam),
    /// Bytes of a network's weights: received and total.
    WeightsProgress {
        model: String,
        loaded: u64,
        total: u64,
    },
    /// Images have been read.
    Answer(Answer),
    /// Images have been embedded, or the error, a sentence without its full stop, says why not.
    Seen(Result<Sight, String>),
}

/// A handle to the engines. Clones share them. Dropping the last clone ends the workers.
#[derive(Clone)]
pub struct Host {
    inner: Rc<Inner>,
}

struct Inner {
    /// The folder of the manifest and the weights; ends in a slash.
    folder: String,
    listener: Box<dyn Fn(HostEvent)>,
    supervisor: RefCell<Supervisor>,
    workers: RefCell<HashMap<WorkerId, WorkerHandle>>,
    examiner: RefCell<Examiner>,
    /// The examiner's worker. It has one at a time.
    examiner_worker: RefCell<Option<WorkerHandle>>,
    store: RefCell<Store>,
    seer: Seer,
}

impl Host {
    /// Starts the engines and fetches the weights of `model`, or of the default network, from a folder whose name ends
    /// in a slash. `listener` is called for every event, always from the event loop and never from within a call of
    /// this handle.
    pub fn start(
        folder: &str,
        choice: Choice,
        model: Option<String>,
        listener: impl Fn(HostEvent) + 'static,
    ) -> Self {
        let host = Self {
            inner: Rc::new(Inner {
                folder: folder.into(),
                listener: Box::new(listener),
                supervisor: RefCell::default(),
                workers: RefCell::default(),
                examiner: RefCell::default(),
                examiner_worker: RefCell::default(),
                store: RefCell::default(),
                seer: Seer::default(),
            }),
        };
        if let Some(model) = model {
            host.choose_model(model);
        }
        host.choose(choice);
        host
    }

    /// Requests a reading of these images together; none if the pad is blank. The newest request wins.
    pub fn classify(&self, images: Images) {
        self.handle(Event::Images(images));
    }

    /// Switches to another backend.
    pub fn choose(&self, choice: Choice) {
        self.handle(Event::Choose(choice));
    }

    /// Switches to another network.
    pub fn choose_model(&self, model: String) {
        self.handle(Event::ChooseModel(model));
    }

    /// Retries after a failure.
    pub fn retry(&self) {
        self.handle(Event::Retry);
    }

    /// Passes an event to the examiner.
    pub fn examine(&self, event: examiner::Event) {
        Inner::examine(&self.inner, event);
    }

    /// Keeps a taught network's weights, so that it can be chosen like any other. `None` forgets them.
    pub fn keep_taught(&self, model: &str, weights: Option<Weights>) {
        self.inner.store.borrow_mut().set_taught(model, weights);
    }

    /// Returns a copy of a taught network's weights.
    pub fn taught(&self, model: &str) -> Option<Weights> {
        self.inner.store.borrow().weights(model)
    }

    /// Whether the manifest, if it has loaded, lists this network.
    fn has_model(&self, model: &str) -> bool {
        let manifest = self.inner.store.borrow().manifest();
        manifest.is_some_and(|manifest| manifest.entry(model).is_ok())
    }

    /// Whether a network, or a taught network's base, has learnt to tell digits from other ink.
    pub fn tells_digits(&self, model: &str) -> bool {
        let manifest = self.inner.store.borrow().manifest();
        manifest.is_some_and(|manifest| {
            let entry = manifest.entry(base_model(model));
            entry.is_ok_and(Listed::tells_digits)
        })
    }

    /// Ends all workers at once, even if other clones exist. No request is answered after this.
    pub fn end(&self) {
        *self.inner.supervisor.borrow_mut() = Supervisor::default();
        self.inner.workers.borrow_mut().clear();
        self.inner.seer.end();
    }

    /// Returns the backend in use.
    fn backend(&self) -> Backend {
        let status = self.inner.supervisor.borrow().status();
        status
            .running
            .map_or(Backend::Flex, |running| running.backend)
    }

    /// Returns a network's weights. Fetches them if necessary. The error is a sentence without its full stop.
    async fn weights(&self, model: &str) -> Result<Weights, String> {
        let here = || self.inner.store.borrow().weights(model);
        if let Some(weights) = here() {
            return Ok(weights);
        }
        let fetched = Inner::fetched(&Rc::downgrade(&self.inner), model, false).await;
        let bytes = fetched.map_err(|error| match error {
            FetchError::Failed(message) => message,
            FetchError::NoSuchModel { .. } => format!("the network {model} no longer exists"),
        })?;
        self.inner.store.borrow_mut().arrived(model, Some(bytes));
        here().ok_or_else(|| format!("the weights of {model} are missing"))
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
            Command::FetchWeights { model, again } => Self::fetch(this, model, again),
            Command::Spawn {
                worker,
                backend,
                adapters,
            } => Self::spawn(this, worker, backend, adapters),
            Command::Terminate { worker } => {
                this.workers.borrow_mut().remove(&worker);
            }
            Command::Load { worker, model } => {
                let handle = this.workers.borrow();
                this.send_weights(handle.get(&worker), &model, |sha256, probe_logits| {
                    Request::Load {
                        model: model.clone(),
                        sha256,
                        probe_logits,
                    }
                });
            }
            Command::Classify { worker, id, images } => {
                if let Some(handle) = this.workers.borrow().get(&worker) {
                    let bytes: Vec<u8> = images
                        .iter()
                        .flat_map(DigitImage::pixels)
                        .copied()
                        .collect();
                    handle.send(&Request::Classify { id, model: None }, buffer(&bytes));
                }
            }
            Command::SetAlarm {
                worker,
                alarm,
                seconds,
            } => Self::later(this, seconds, move |this| {
                Self::handle(this, Event::Alarm { worker, alarm });
            }),
            Command::Show(answer) => Self::emit_later(this, HostEvent::Answer(answer)),
            Command::StatusChanged => {
                let status = this.supervisor.borrow().status();
                let engine = status.running.as_ref().map(|running| running.backend);
                Self::emit_later(this, HostEvent::Status(status));
                Self::examine(this, examiner::Event::Engine(engine));
            }
        }
    }

    fn examine(this: &Rc<Self>, event: examiner::Event) {
        let commands = this.examiner.borrow_mut().handle(event);
        for command in commands {
            Self::perform_for_examiner(this, command);
        }
    }

    fn perform_for_examiner(this: &Rc<Self>, command: examiner::Command) {
        use examiner::Command;
        let send = |request: Request, bytes: &[u8]| {
            if let Some(handle) = &*this.examiner_worker.borrow() {
                handle.send(&request, buffer(bytes));
            }
        };
        match command {
            Command::Fetch { model, again } => Self::fetch(this, model, again),
            Command::FetchDigits => Self::fetch_digits(this),
            Command::Spawn { worker, backend } => {
                let host = Rc::downgrade(this);
                // The backend already answers the pen, so its adapter is accepted.
                let name = worker_name(backend, Adapters::Any);
                let spawned = WorkerHandle::spawn(&name, move |said| {
                    let Some(this) = host.upgrade() else { return };
                    Self::examine(&this, for_examiner(worker, said));
                });
                match spawned {
                    Ok(handle) => *this.examiner_worker.borrow_mut() = Some(handle),
                    Err(message) => Self::later(this, 0, move |this| {
                        Self::examine(this, for_examiner(worker, Said::Broke(message)));
                    }),
                }
            }
            Command::Terminate { .. } => {
                this.examiner_worker.borrow_mut().take();
            }
            Command::Add { model, .. } => {
                let handle = this.examiner_worker.borrow();
                this.send_weights(handle.as_ref(), &model, |sha256, probe_logits| {
                    Request::Add {
                        model: model.clone(),
                        sha256,
                        probe_logits,
                    }
                });
            }
            Command::Classify { model, image, .. } => {
                let model = Some(model);
                send(Request::Classify { id: 0, model }, image.pixels());
            }
            Command::ClassifyDigits {
                model, first, n, ..
            } => {
                let model = Some(model);
                if let Some(digits) = &this.store.borrow().digits {
                    send(Request::Classify { id: 0, model }, digits.images(first, n));
                }
            }
            Command::Time { model, .. } => send(Request::Time { model }, &[]),
            Command::SetAlarm { alarm, seconds } => Self::later(this, seconds, move |this| {
                Self::examine(this, examiner::Event::Alarm { alarm });
            }),
            Command::Changed => {
                let exam = this.examiner.borrow().exam();
                Self::emit_later(this, HostEvent::Exam(exam));
            }
        }
    }

    fn spawn(this: &Rc<Self>, worker: WorkerId, backend: Backend, adapters: Adapters) {
        let host = Rc::downgrade(this);
        let spawned = WorkerHandle::spawn(&worker_name(backend, adapters), move |said| {
            let Some(this) = host.upgrade() else { return };
            let event = match said {
                Said::Reply(reply, buffer) => Event::Reply {
                    worker,
                    reply,
                    logits: numbers(&buffer),
                },
                Said::Broke(message) => Event::Broke { worker, message },
            };
            Self::handle(&this, event);
        });
        match spawned {
            Ok(handle) => {
                this.workers.borrow_mut().insert(worker, handle);
            }
            Err(message) => Self::later(this, 0, move |this| {
                Self::handle(this, Event::Broke { worker, message });
            }),
        }
    }

    /// Fetches a network's weights, if necessary, and then notifies the supervisor and the examiner.
    fn fetch(this: &Rc<Self>, model: String, again: bool) {
        let want = this.store.borrow_mut().want(&model, again);
        let host = Rc::downgrade(this);
        match want {
            Want::UnderWay => {}
            Want::Here => spawn_local(async move { Self::tell_weights(&host, model, Ok(())) }),
            Want::Fetch => spawn_local(async move {
                let fetched = Self::fetched(&host, &model, again).await;
                let Some(this) = host.upgrade() else { return };
                let (bytes, result) = match fetched {
                    Ok(bytes) => (Some(bytes), Ok(())),
                    Err(error) => (None, Err(error)),
                };
                this.store.borrow_mut().arrived(&model, bytes);
                Self::tell_weights(&host, model, result);
            }),
        }
    }

    async fn fetched(
        host: &Weak<Self>,
        model: &str,
        again: bool,
    ) -> Result<Uint8Array, FetchError> {
        let Some(this) = host.upgrade() else {
            return Err(String::new().into());
        };
        let (known, folder) = (this.store.borrow().manifest(), this.folder.clone());
        drop(this);
        let manifest = match known.filter(|_| !again) {
            Some(manifest) => manifest,
            None => {
                let manifest = Rc::new(fetch_manifest(&folder, again).await?);
                if let Some(this) = host.upgrade() {
                    let networks = candidates(&manifest);
                    this.store.borrow_mut().set_manifest(manifest.clone());
                    Self::examine(&this, examiner::Event::Networks(networks));
                }
                manifest
            }
        };
        let (host, name) = (host.clone(), model.to_owned());
        let on_progress = move |loaded, total| {
            if let Some(this) = host.upgrade() {
                let model = name.clone();
                (this.listener)(HostEvent::WeightsProgress {
                    model,
                    loaded,
                    total,
                });
            }
        };
        fetch_weights(&folder, &manifest, model, again, on_progress).await
    }

    fn tell_weights(host: &Weak<Self>, model: String, result: Result<(), FetchError>) {
        let Some(this) = host.upgrade() else { return };
        let result = match result {
            Err(FetchError::NoSuchModel { known }) => {
                return Self::handle(&this, Event::NoSuchModel { model, known });
            }
            Err(FetchError::Failed(message)) => Err(message),
            Ok(()) => Ok(()),
        };
        let heard = examiner::Event::Weights {
            model: model.clone(),
            result: result.clone(),
        };
        Self::handle(&this, Event::Weights { model, result });
        Self::examine(&this, heard);
    }

    fn fetch_digits(this: &Rc<Self>) {
        let host = Rc::downgrade(this);
        spawn_local(async move {
            let digits = Self::digits(&host).await;
            let Some(this) = host.upgrade() else { return };
            let labels = digits.map(|digits| digits.labels().to_vec());
            Self::examine(&this, examiner::Event::Digits(labels));
        });
    }

    /// Returns the test digits. Fetches them if necessary. The error is a sentence without its full stop.
    async fn digits(host: &Weak<Self>) -> Result<Rc<LabelledBytes>, String> {
        let here = host
            .upgrade()
            .and_then(|this| this.store.borrow().digits.clone());
        if let Some(digits) = here {
            return Ok(digits);
        }
        let digits = Rc::new(fetch_digits().await?);
        if let Some(this) = host.upgrade() {
            this.store.borrow_mut().digits = Some(digits.clone());
        }
        Ok(digits)
    }

    /// Sends weights with their data from the manifest: the checksum and the logits of the probe image.
    fn send_weights(
        &self,
        handle: Option<&WorkerHandle>,
        model: &str,
        request: impl Fn(String, [f32; N_CLASSES]) -> Request,
    ) {
        let weights = self.store.borrow().weights(model);
        if let (Some(handle), Some(weights)) = (handle, weights) {
            let request = request(weights.sha256, weights.probe_logits);
            handle.send(&request, weights.bytes.buffer());
        }
    }

    fn later(this: &Rc<Self>, seconds: u32, act: impl FnOnce(&Rc<Self>) + 'static) {
        let host = Rc::downgrade(this);
        let late = Timeout::new(seconds * 1000, move || {
            if let Some(this) = host.upgrade() {
                act(&this);
            }
        });
        late.forget();
    }

    /// Emits an event after the current call, because the listener may call the handle.
    fn emit_later(this: &Rc<Self>, event: HostEvent) {
        let host = Rc::downgrade(this);
        spawn_local(async move {
            if let Some(this) = host.upgrade() {
                (this.listener)(event);
            }
        });
    }
}

fn for_examiner(worker: WorkerId, said: Said) -> examiner::Event {
    match said {
        Said::Reply(reply, buffer) => examiner::Event::Reply {
            worker,
            reply,
            logits: numbers(&buffer),
        },
        Said::Broke(message) => examiner::Event::Broke { worker, message },
    }
}

fn candidates(manifest: &Listing) -> Vec<Candidate> {
    let candidate = |entry: &Listed| Candidate {
        id: entry.id.clone(),
        bytes: entry.bytes,
        correct: entry.test.correct,
        tells_digits: entry.tells_digits(),
    };
    manifest.models.iter().map(candidate).collect()
}

fn buffer(bytes: &[u8]) -> ArrayBuffer {
    Uint8Array::from(bytes).buffer()
}
