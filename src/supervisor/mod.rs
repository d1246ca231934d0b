//! Decides which engine answers and what happens when one fails. It only decides; it has no workers.
//!
//! [`Supervisor::handle`] takes an [`Event`] and returns [`Command`]s for the owner of the workers. The rules:
//!
//! - WebGPU is used if it has a hardware adapter, else flex, else ndarray. A forced backend comes first.
//! - The CPU engine answers while the GPU engine warms up. It is ended when the GPU engine takes over.
//! - Every failure becomes a [`Notice`] that says what happened and what runs now.
//! - A chosen network is used once its weights have arrived and fit. Until then, or if they don't fit, the network in
//!   use stays in use.
//! - The newest images win. They are sent in one request: one digit, or all candidates of a number. At most one
//!   request is pending, and requests in between are dropped.
//! - The newest images stay here until they are answered, so they survive a failing engine.
//!
//! This module must not know workers, fetching or the DOM.

mod messages;
mod status;
#[cfg(test)]
mod tests;

use crate::digit::N_CLASSES;
use crate::manifest::DEFAULT_MODEL;
use crate::protocol::{Adapters, Backend, Failure, Reply};

pub use messages::{Command, Event, Images, WorkerId};
pub(crate) use status::as_sentence;
pub use status::{Answer, Cause, Choice, Notice, Running, Status};

/// How often a backend that worked may fail before it is given up.
const MAX_RESTARTS: u32 = 2;
/// A starting engine may be silent for this long.
const START_TIMEOUT_S: u32 = 60;
/// The time limit of one answer. The first one on a GPU includes compiling the shaders.
const ANSWER_TIMEOUT_S: u32 = 30;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The development server is still building the engine.
    Building,
    /// The engine is being downloaded and the device opened.
    Starting,
    /// The device is open, and the first weights are pending or being loaded.
    Loading,
    Idle,
    Busy,
}

struct Worker {
    id: WorkerId,
    backend: Backend,
    device: String,
    phase: Phase,
    /// The network in use.
    network: Option<String>,
    /// The network that it is loading.
    loading: Option<String>,
    /// The images of the current or the last request.
    images: Images,
    alarm: u32,
    /// Bytes of the engine: received, total.
    progress: (u64, u64),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Weights {
    Unasked,
    Fetching,
    Here,
    Missing,
}

pub struct Supervisor {
    choice: Choice,
    workers: Vec<Worker>,
    next_worker: WorkerId,
    next_alarm: u32,
    /// The requested network, and the state of its weights.
    model: String,
    weights: Weights,
    /// The chosen network, if it could not be used.
    refused: Option<String>,
    /// Backends given up and why, in the order in which they failed.
    given_up: Vec<(Backend, Failure)>,
    /// One entry for each restart of a backend since it last answered.
    restarts: Vec<Backend>,
    notice: Option<(Cause, Notice)>,
    newest: Images,
    newest_id: u32,
    answered_id: u32,
    /// The commands that the current event leads to.
    commands: Vec<Command>,
}

impl Default for Supervisor {
    fn default() -> Self {
        Self {
            choice: Choice::Auto,
            workers: Vec::new(),
            next_worker: 0,
            next_alarm: 0,
            model: DEFAULT_MODEL.into(),
            weights: Weights::Unasked,
            refused: None,
            given_up: Vec::new(),
            restarts: Vec::new(),
            notice: None,
            newest: Images::default(),
            newest_id: 0,
            answered_id: 0,
            commands: Vec::new(),
        }
    }
}

impl Supervisor {
    /// Returns the status to show.
    pub fn status(&self) -> Status {
        let running = self.active().map(|worker| Running {
            backend: worker.backend,
            model: worker.network.clone().unwrap_or_default(),
            device: worker.device.clone(),
            why: status::why(self.choice, worker.backend, self.building(), &self.given_up),
        });
        let is_starting = |w: &&Worker| matches!(w.phase, Phase::Starting | Phase::Loading);
        let starting = self.workers.iter().find(is_starting);
        let is_hopeless = self.workers.is_empty() || self.weights == Weights::Missing;
        Status {
            choice: self.choice,
            model: self.model.clone(),
            is_stuck: running.is_none() && is_hopeless,
            running,
            starting: starting.map(|worker| worker.backend),
            engine_progress: starting.map_or((0, 0), |worker| worker.progress),
            notice: self.notice.as_ref().map(|(_, notice)| notice.clone()),
            cause: self.notice.as_ref().map(|(cause, _)| *cause),
        }
    }

    pub fn handle(&mut self, event: Event) -> Vec<Command> {
        match event {
            Event::Choose(choice) => self.restart(choice),
            Event::ChooseModel(model) => {
                self.refused = None;
                self.notice = None;
                self.want(model, false);
            }
            Event::Retry => {
                if let Some(model) = self.refused.take() {
                    self.want(model, true);
                }
                self.restart(self.choice);
            }
            Event::Weights { model, result } if model == self.model => self.on_weights(result),
            // For the examiner, or of a network that was deselected.
            Event::Weights { .. } => {}
            Event::NoSuchModel { model, known } if model == self.model => {
                let reading = self.fallback();
                let notice = Notice::no_such_model(&model, &known, &reading);
                self.notice = Some((Cause::Model, notice));
                self.want(reading, false);
            }
            Event::NoSuchModel { .. } => {}
            Event::Reply {
                worker,
                reply,
                logits,
            } => {
                // A message of an ended worker may still arrive.
                if let Some(index) = self.workers.iter().position(|w| w.id == worker) {
                    self.on_reply(index, reply, &logits);
                }
            }
            Event::Broke { worker, message } => {
                self.on_failure(worker, Failure::Crash, &message);
            }
            Event::Alarm { worker, alarm } => {
                if self
                    .workers
                    .iter()
                    .any(|w| w.id == worker && w.alarm == alarm)
                {
                    self.on_failure(worker, Failure::Timeout, "");
                }
            }
            Event::Images(images) => {
                self.newest_id += 1;
                if images.is_empty() {
                    // The ink of a pending request was erased, so its answer is not shown.
                    self.answered_id = self.newest_id;
                }
                self.newest = images;
                self.dispatch();
            }
        }
        std::mem::take(&mut self.commands)
    }

    /// Returns the best engine that can answer now.
    fn active(&self) -> Option<&Worker> {
        let ready = self
            .workers
            .iter()
            .filter(|w| matches!(w.phase, Phase::Idle | Phase::Busy));
        ready.min_by_key(|worker| self.choice.rank(worker.backend))
    }

    /// Returns an engine that the development server is still building.
    fn building(&self) -> Option<Backend> {
        let is_building = |worker: &&Worker| worker.phase == Phase::Building;
        self.workers
            .iter()
            .find(is_building)
            .map(|worker| worker.backend)
    }

    /// Requests a network. Workers load it once its weights have arrived.
    fn want(&mut self, model: String, again: bool) {
        self.model = model.clone();
        self.weights = Weights::Fetching;
        self.commands.push(Command::FetchWeights { model, again });
        self.commands.push(Command::StatusChanged);
    }

    /// Returns the network to use if the requested one fails.
    fn fallback(&self) -> String {
        let in_use = self.active().and_then(|worker| worker.network.clone());
        in_use.unwrap_or_else(|| DEFAULT_MODEL.into())
    }

    /// Gives up the requested network and falls back to another one, if there is one.
    fn refuse_model(&mut self, message: &str) {
        let fallback = self.fallback();
        let cause = Cause::of_weights(message);
        if fallback == self.model {
            self.weights = Weights::Missing;
            self.notice = Some((cause, Notice::no_weights(message)));
        } else {
            let notice = Notice::no_switch(&self.model, &fallback, message);
            self.notice = Some((cause, notice));
            self.refused = Some(self.model.clone());
            self.want(fallback, false);
        }
    }

    fn restart(&mut self, choice: Choice) {
        self.choice = choice;
        self.given_up.clear();
        self.restarts.clear();
        self.notice = None;
        if matches!(self.weights, Weights::Unasked | Weights::Missing) {
            self.want(self.model.clone(), self.weights == Weights::Missing);
        }
        let wanted = match &choice {
            Choice::Auto => &[Backend::Flex, Backend::WebGpu],
            Choice::Forced(backend) => std::slice::from_ref(backend),
        };
        for &backend in wanted {
            if !self.workers.iter().any(|w| w.backend == backend) {
                self.spawn(backend);
            }
        }
        // The engine in use answers until the requested one is ready.
        let in_use = self.active().map(|worker| worker.id);
        self.terminate_where(|w| !wanted.contains(&w.backend) && Some(w.id) != in_use);
        self.end_superseded();
        self.commands.push(Command::StatusChanged);
    }

    fn spawn(&mut self, backend: Backend) {
        let worker = self.next_worker;
        self.next_worker += 1;
        self.workers.push(Worker {
            id: worker,
            backend,
            device: String::new(),
            phase: Phase::Starting,
            network: None,
            loading: None,
            images: Images::default(),
            alarm: 0,
            progress: (0, 0),
        });
        let adapters = match self.choice {
            Choice::Forced(forced) if forced == backend => Adapters::Any,
            _ => Adapters::Hardware,
        };
        self.commands.push(Command::Spawn {
            worker,
            backend,
            adapters,
        });
        self.set_alarm(self.workers.len() - 1, START_TIMEOUT_S);
    }

    fn terminate_where(&mut self, is_over: impl Fn(&Worker) -> bool) {
        for worker in self.workers.extract_if(.., |worker| is_over(worker)) {
            let worker = worker.id;
            self.commands.push(Command::Terminate { worker });
        }
    }

    fn set_alarm(&mut self, index: usize, seconds: u32) {
        self.next_alarm += 1;
        let worker = &mut self.workers[index];
        worker.alarm = self.next_alarm;
        self.commands.push(Command::SetAlarm {
            worker: worker.id,
            alarm: worker.alarm,
            seconds,
        });
    }

    /// Makes every free worker load the requested network, unless it already has.
    fn load_where_due(&mut self) {
        for index in 0..self.workers.len() {
            let worker = &mut self.workers[index];
            let is_free = matches!(worker.phase, Phase::Loading | Phase::Idle);
            let has_it = worker.network.as_ref() == Some(&self.model);
            if self.weights == Weights::Here && is_free && worker.loading.is_none() && !has_it {
                worker.loading = Some(self.model.clone());
                let (worker, model) = (worker.id, self.model.clone());
                self.commands.push(Command::Load { worker, model });
                self.set_alarm(index, START_TIMEOUT_S);
            }
        }
    }

    fn on_weights(&mut self, result: Result<(), String>) {
        match result {
            Ok(()) => {
                self.weights = Weights::Here;
                self.load_where_due();
            }
            Err(message) => self.refuse_model(&message),
        }
        self.commands.push(Command::StatusChanged);
    }

    fn on_reply(&mut self, index: usize, reply: Reply, logits: &[f32]) {
        let worker = &mut self.workers[index];
        match reply {
            Reply::Progress { loaded, total } => {
                worker.progress = (loaded, total);
                self.set_alarm(index, START_TIMEOUT_S);
                self.commands.push(Command::StatusChanged);
            }
            Reply::Building => {
                worker.phase = Phase::Building;
                self.set_alarm(index, START_TIMEOUT_S);
                // The CPU engine is built first, so it can answer meanwhile.
                if self.workers.len() == 1 {
                    self.spawn(Backend::Flex);
                }
                self.commands.push(Command::StatusChanged);
            }
            Reply::Ready { backend, device } => {
                worker.backend = backend;
                worker.device = device;
                worker.phase = Phase::Loading;
                // The worker gets no request before the weights have arrived.
                worker.alarm = 0;
                self.load_where_due();
                self.commands.push(Command::StatusChanged);
            }
            Reply::Loaded { .. } => {
                worker.network = worker.loading.take();
                worker.phase = Phase::Idle;
                worker.alarm = 0;
                self.end_superseded();
                self.load_where_due();
                self.dispatch_again();
                self.commands.push(Command::StatusChanged);
            }
            Reply::Refused { message } => {
                worker.alarm = 0;
                let refused = worker.loading.take();
                if refused.as_ref() == Some(&self.model) {
                    self.refuse_model(&message);
                }
                self.load_where_due();
                self.dispatch();
                self.commands.push(Command::StatusChanged);
            }
            // Answers to requests that the supervisor never sends.
            Reply::TrainReady
            | Reply::Stepped { .. }
            | Reply::Timed { .. }
            | Reply::Kept
            | Reply::Learning { .. }
            | Reply::Taught { .. }
            | Reply::Embedded { .. } => {}
            Reply::Classified { id, latency_ms } => self.on_answer(index, id, latency_ms, logits),
            Reply::Failed { reason, message } => {
                let id = worker.id;
                self.on_failure(id, reason, &message);
            }
        }
    }

    fn on_answer(&mut self, index: usize, id: u32, latency_ms: f64, logits: &[f32]) {
        let worker = &mut self.workers[index];
        worker.phase = Phase::Idle;
        worker.alarm = 0;
        let (worker_id, backend) = (worker.id, worker.backend);
        let model = worker.network.clone().unwrap_or_default();
        let images = worker.images.clone();
        let (rows, _) = logits.as_chunks::<N_CLASSES>();
        if rows.len() != images.len() || !logits.iter().all(|logit| logit.is_finite()) {
            let message = "its answer contains numbers that are not finite";
            return self.on_failure(worker_id, Failure::SelfTest, message);
        }
        self.restarts.retain(|&broken| broken != backend);
        if id > self.answered_id {
            self.answered_id = id;
            self.commands.push(Command::Show(Answer {
                images,
                logits: rows.to_vec(),
                latency_ms,
                model,
            }));
        }
        self.load_where_due();
        self.dispatch();
    }

    /// Ends a worker that failed and starts the next best backend.
    fn on_failure(&mut self, id: WorkerId, reason: Failure, message: &str) {
        let Some(index) = self.workers.iter().position(|w| w.id == id) else {
            return;
        };
        let worker = &self.workers[index];
        let backend = worker.backend;
        // A network that breaks the engine while another one is in use is not retried automatically.
        let is_switch = worker.network.is_some() && worker.loading.as_ref() == Some(&self.model);
        if is_switch {
            self.refuse_model("the engine stopped while it was loading");
        }
        self.terminate_where(|worker| worker.id == id);

        let n_restarts = self.restarts.iter().filter(|&&b| b == backend).count() as u32;
        let may_restart =
            matches!(reason, Failure::Crash | Failure::Timeout) && n_restarts < MAX_RESTARTS;
        if may_restart {
            self.restarts.push(backend);
            self.spawn(backend);
        } else {
            self.given_up.push((backend, reason));
        }
        // While the GPU engine restarts, the CPU answers.
        let is_gpu_again = may_restart && self.choice == Choice::Auto && backend == Backend::WebGpu;
        if self.workers.is_empty() || (is_gpu_again && self.workers.len() == 1) {
            let has_failed = |b: &Backend| self.given_up.iter().any(|(failed, _)| failed == b);
            let next = [Backend::Flex, Backend::NdArray]
                .into_iter()
                .find(|b| !has_failed(b));
            if let Some(next) = next {
                self.spawn(next);
            }
        }
        let next = self
            .active()
            .or(self.workers.first())
            .map(|worker| worker.backend);
        let notice = Notice::of_failure(self.choice, backend, reason, message, next);
        // `None` if the automatic choice simply works as intended: the status says so already.
        if let Some(notice) = notice.filter(|_| !is_switch) {
            self.notice = Some((Cause::of_failure(reason), notice));
        }
        self.dispatch();
        self.commands.push(Command::StatusChanged);
    }

    /// Ends the other engines once the preferred one can answer.
    fn end_superseded(&mut self) {
        let Some(active) = self.active() else { return };
        let (id, rank) = (active.id, self.choice.rank(active.backend));
        let choice = self.choice;
        self.terminate_where(|w| w.id != id && choice.rank(w.backend) > rank);
    }

    /// Lets a new engine read the pad even if the ink was answered before, so that the page shows the result of the
    /// engine that runs.
    fn dispatch_again(&mut self) {
        if !self.newest.is_empty() && self.answered_id == self.newest_id {
            self.newest_id += 1;
        }
        self.dispatch();
    }

    /// Sends the newest images if they are not answered yet and the best engine is free.
    fn dispatch(&mut self) {
        let images = self.newest.clone();
        let Some(worker) = self.active() else { return };
        let is_free = worker.phase == Phase::Idle && worker.loading.is_none();
        if !is_free || images.is_empty() || self.answered_id >= self.newest_id {
            return;
        }
        let id = worker.id;
        let Some(index) = self.workers.iter().position(|w| w.id == id) else {
            return;
        };
        let worker = &mut self.workers[index];
        worker.phase = Phase::Busy;
        worker.images = images.clone();
        self.commands.push(Command::Classify {
            worker: id,
            id: self.newest_id,
            images,
        });
        self.set_alarm(index, ANSWER_TIMEOUT_S);
    }
}
