//! Which engine answers, and what happens when one fails: decisions alone, without workers.
//!
//! [`Supervisor::handle`] takes an [`Event`] and answers [`Command`]s for whoever owns the workers.
//! The rules are those of the design:
//!
//! - WebGPU where a hardware adapter answers, else flex, else ndarray; a forced backend comes first.
//! - The CPU engine answers while the GPU engine warms up, and is ended when that one takes over.
//! - Every failure becomes a [`Notice`] that says what happened and what runs now.
//! - A network that is chosen takes over once its weights have arrived and fit; until then, and where they do not, the
//!   one in use stays in use.
//! - The newest images win, which are asked for together: one digit, or all that a number may be made of. At most one
//!   request is under way, and those in between are dropped.
//! - The newest images stay here until they are answered, so they survive the engine that had them.
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

/// How often a backend may break after it worked before it is given up.
const MAX_RESTARTS: u32 = 2;
/// An engine that starts is waited for as long as something arrives within this time.
const START_TIMEOUT_S: u32 = 60;
/// One answer: the first on a GPU includes the compilation of its shaders.
const ANSWER_TIMEOUT_S: u32 = 30;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The engine is fetched and the device opened.
    Starting,
    /// The device is open, and the first weights are awaited or being taken into use.
    Loading,
    Idle,
    Busy,
}

struct Worker {
    id: WorkerId,
    backend: Backend,
    device: String,
    phase: Phase,
    /// The network that it reads with.
    network: Option<String>,
    /// The network that it is taking into use.
    loading: Option<String>,
    /// What it reads, or has read last.
    images: Images,
    alarm: u32,
    /// Bytes of the engine: arrived, total.
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
    /// The network that is wanted, and its weights.
    model: String,
    weights: Weights,
    /// A network that was chosen and could not be used.
    refused: Option<String>,
    /// Backends given up, with the reason, in the order of failing.
    given_up: Vec<(Backend, Failure)>,
    /// How often each backend broke since it last answered.
    restarts: Vec<Backend>,
    notice: Option<(Cause, Notice)>,
    newest: Images,
    newest_id: u32,
    answered_id: u32,
    /// What the event at hand asks for.
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
    /// What to tell the person.
    pub fn status(&self) -> Status {
        let running = self.active().map(|worker| Running {
            backend: worker.backend,
            model: worker.network.clone().unwrap_or_default(),
            device: worker.device.clone(),
            why: status::why(self.choice, worker.backend, &self.given_up),
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
            // Somebody else's, or of a network that is no longer wanted.
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
                // A worker that was ended may still have had something to say.
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
                    // What is still under way was wiped away, and is shown to nobody.
                    self.answered_id = self.newest_id;
                }
                self.newest = images;
                self.dispatch();
            }
        }
        std::mem::take(&mut self.commands)
    }

    /// The best engine that can answer now.
    fn active(&self) -> Option<&Worker> {
        let ready = self
            .workers
            .iter()
            .filter(|w| matches!(w.phase, Phase::Idle | Phase::Busy));
        ready.min_by_key(|worker| self.choice.rank(worker.backend))
    }

    /// Wants a network, which workers take into use once its weights are here.
    fn want(&mut self, model: String, again: bool) {
        self.model = model.clone();
        self.weights = Weights::Fetching;
        self.commands.push(Command::FetchWeights { model, again });
        self.commands.push(Command::StatusChanged);
    }

    /// The network that reads where the one that is wanted cannot.
    fn fallback(&self) -> String {
        let in_use = self.active().and_then(|worker| worker.network.clone());
        in_use.unwrap_or_else(|| DEFAULT_MODEL.into())
    }

    /// Gives up the network that is wanted, for another one if there is any.
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
        // An engine in use answers until the one wanted is there.
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

    /// Lets every worker that is free take the wanted network into use, unless it has.
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
            Reply::Ready { backend, device } => {
                worker.backend = backend;
                worker.device = device;
                worker.phase = Phase::Loading;
                // Nothing is asked of the worker before the weights are here.
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
            // Answers to requests that nothing here makes.
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
            let message = "it answered no finite numbers";
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

    /// Ends a worker that failed and lets the next best take its place.
    fn on_failure(&mut self, id: WorkerId, reason: Failure, message: &str) {
        let Some(index) = self.workers.iter().position(|w| w.id == id) else {
            return;
        };
        let worker = &self.workers[index];
        let backend = worker.backend;
        // What an engine breaks on while another network is in use is not tried again by itself.
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
        // While the GPU engine starts again, the CPU answers.
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
        // What is only news of a choice made well already shows in the status, not as a notice.
        if let Some(notice) = notice.filter(|_| !is_switch) {
            self.notice = Some((Cause::of_failure(reason), notice));
        }
        self.dispatch();
        self.commands.push(Command::StatusChanged);
    }

    /// Once the wanted engine can answer, the others are ended.
    fn end_superseded(&mut self) {
        let Some(active) = self.active() else { return };
        let (id, rank) = (active.id, self.choice.rank(active.backend));
        let choice = self.choice;
        self.terminate_where(|w| w.id != id && choice.rank(w.backend) > rank);
    }

    /// Lets a new engine read what is on the pad, answered before or not, so that what is shown is
    /// what runs.
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
