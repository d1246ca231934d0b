//! Which engine answers, and what happens when one fails: decisions alone, without workers.
//!
//! [`Supervisor::handle`] takes an [`Event`] and answers [`Command`]s for whoever owns the workers.
//! The rules are those of the design:
//!
//! - WebGPU where a hardware adapter answers, else flex, else ndarray; a forced backend comes first.
//! - The CPU engine answers while the GPU engine warms up, and is ended when that one takes over.
//! - Every failure becomes a [`Notice`] that says what happened and what runs now.
//! - The newest image wins: at most one is under way, and those in between are dropped.
//! - The newest image stays here until it is answered, so it survives the engine that had it.
//!
//! This module must not know workers, fetching or the DOM.

mod status;
#[cfg(test)]
mod tests;

use crate::digit::{DigitImage, N_CLASSES};
use crate::protocol::{Backend, Failure, Reply, softmax};

pub use status::{Choice, Notice, Prediction, Running, Status};

/// How often a backend may break after it worked before it is given up.
const MAX_RESTARTS: u32 = 2;
/// An engine that starts is waited for as long as something arrives within this time.
const START_TIMEOUT_S: u32 = 60;
/// One answer: the first on a GPU includes the compilation of its shaders.
const ANSWER_TIMEOUT_S: u32 = 30;

/// A worker, numbered in the order of spawning.
pub type WorkerId = u32;

#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The person, or the address, asks for a backend. Also the first event.
    Choose(Choice),
    /// Start again after a failure that left nothing running.
    Retry,
    /// The weights have arrived, or a sentence says why not.
    Weights(Result<(), String>),
    /// A worker said something. `logits` go with [`Reply::Classified`].
    Reply {
        worker: WorkerId,
        reply: Reply,
        logits: Vec<f32>,
    },
    /// A worker broke without a word, as after a panic.
    Broke { worker: WorkerId, message: String },
    /// The time of the alarm that [`Command::SetAlarm`] set is over.
    Alarm { worker: WorkerId, alarm: u32 },
    /// A new image to read, or `None` when the pad is blank.
    Image(Option<DigitImage>),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    FetchWeights,
    Spawn {
        worker: WorkerId,
        backend: Backend,
    },
    Terminate {
        worker: WorkerId,
    },
    /// Send the weights that have arrived.
    Load {
        worker: WorkerId,
    },
    Classify {
        worker: WorkerId,
        id: u32,
        image: DigitImage,
    },
    /// Answer with [`Event::Alarm`] after so many seconds. A later alarm replaces an earlier one.
    SetAlarm {
        worker: WorkerId,
        alarm: u32,
        seconds: u32,
    },
    /// Show this reading.
    Show(Prediction),
    /// The status has changed; see [`Supervisor::status`].
    StatusChanged,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The engine is fetched and the device opened.
    Starting,
    /// The device is open, and weights are awaited or being taken into use.
    Loading,
    Idle,
    Busy,
}

struct Worker {
    id: WorkerId,
    backend: Backend,
    device: String,
    phase: Phase,
    alarm: u32,
    /// Bytes of the engine: arrived, total.
    progress: (u64, u64),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Weights {
    Fetching,
    Here,
    Missing,
}

pub struct Supervisor {
    choice: Choice,
    workers: Vec<Worker>,
    next_worker: WorkerId,
    next_alarm: u32,
    weights: Weights,
    /// Backends given up, with the reason, in the order of failing.
    given_up: Vec<(Backend, Failure)>,
    /// How often each backend broke since it last answered.
    restarts: Vec<Backend>,
    notice: Option<Notice>,
    newest: Option<DigitImage>,
    newest_id: u32,
    answered_id: u32,
}

impl Default for Supervisor {
    fn default() -> Self {
        Self {
            choice: Choice::Auto,
            workers: Vec::new(),
            next_worker: 0,
            next_alarm: 0,
            weights: Weights::Missing,
            given_up: Vec::new(),
            restarts: Vec::new(),
            notice: None,
            newest: None,
            newest_id: 0,
            answered_id: 0,
        }
    }
}

impl Supervisor {
    /// What to tell the person.
    pub fn status(&self) -> Status {
        let running = self.active().map(|worker| Running {
            backend: worker.backend,
            device: worker.device.clone(),
            why: status::why(self.choice, worker.backend, &self.given_up),
        });
        let is_starting = |w: &&Worker| matches!(w.phase, Phase::Starting | Phase::Loading);
        let starting = self.workers.iter().find(is_starting);
        Status {
            choice: self.choice,
            running,
            starting: starting.map(|worker| worker.backend),
            engine_progress: starting.map_or((0, 0), |worker| worker.progress),
            notice: self.notice.clone(),
        }
    }

    pub fn handle(&mut self, event: Event) -> Vec<Command> {
        let mut commands = Vec::new();
        match event {
            Event::Choose(choice) => self.restart(choice, &mut commands),
            Event::Retry => self.restart(self.choice, &mut commands),
            Event::Weights(result) => self.on_weights(result, &mut commands),
            Event::Reply {
                worker,
                reply,
                logits,
            } => {
                // A worker that was ended may still have had something to say.
                if let Some(index) = self.workers.iter().position(|w| w.id == worker) {
                    self.on_reply(index, reply, &logits, &mut commands);
                }
            }
            Event::Broke { worker, message } => {
                self.on_failure(worker, Failure::Crash, &message, &mut commands);
            }
            Event::Alarm { worker, alarm } => {
                if self
                    .workers
                    .iter()
                    .any(|w| w.id == worker && w.alarm == alarm)
                {
                    self.on_failure(worker, Failure::Timeout, "", &mut commands);
                }
            }
            Event::Image(image) => {
                self.newest_id += 1;
                self.newest = image;
                self.dispatch(&mut commands);
            }
        }
        commands
    }

    /// The best engine that can answer now.
    fn active(&self) -> Option<&Worker> {
        let ready = self
            .workers
            .iter()
            .filter(|w| matches!(w.phase, Phase::Idle | Phase::Busy));
        ready.min_by_key(|worker| self.rank(worker.backend))
    }

    /// 0 for the backend that is wanted most.
    fn rank(&self, backend: Backend) -> usize {
        let forced = self.choice == Choice::Forced(backend);
        let position = Backend::ALL.iter().position(|&b| b == backend);
        if forced {
            0
        } else {
            1 + position.unwrap_or(Backend::ALL.len())
        }
    }

    fn restart(&mut self, choice: Choice, commands: &mut Vec<Command>) {
        self.choice = choice;
        self.given_up.clear();
        self.restarts.clear();
        self.notice = None;
        if self.weights == Weights::Missing {
            self.weights = Weights::Fetching;
            commands.push(Command::FetchWeights);
        }
        let wanted: &[Backend] = match choice {
            Choice::Auto => &[Backend::Flex, Backend::WebGpu],
            Choice::Forced(Backend::WebGpu) => &[Backend::WebGpu],
            Choice::Forced(Backend::Flex) => &[Backend::Flex],
            Choice::Forced(Backend::NdArray) => &[Backend::NdArray],
        };
        let leaving: Vec<_> = self
            .workers
            .iter()
            .filter(|w| !wanted.contains(&w.backend))
            .map(|w| w.id)
            .collect();
        for &backend in wanted {
            if !self.workers.iter().any(|w| w.backend == backend) {
                self.spawn(backend, commands);
            }
        }
        // An engine in use answers until the one wanted is there.
        let can_answer = |id: &WorkerId| self.active().is_some_and(|w| w.id == *id);
        let (_keep, end): (Vec<_>, Vec<_>) = leaving.into_iter().partition(can_answer);
        for id in end {
            self.terminate(id, commands);
        }
        self.end_superseded(commands);
        commands.push(Command::StatusChanged);
    }

    fn spawn(&mut self, backend: Backend, commands: &mut Vec<Command>) {
        let worker = self.next_worker;
        self.next_worker += 1;
        self.workers.push(Worker {
            id: worker,
            backend,
            device: String::new(),
            phase: Phase::Starting,
            alarm: 0,
            progress: (0, 0),
        });
        commands.push(Command::Spawn { worker, backend });
        self.set_alarm(self.workers.len() - 1, START_TIMEOUT_S, commands);
    }

    fn terminate(&mut self, id: WorkerId, commands: &mut Vec<Command>) {
        self.workers.retain(|worker| worker.id != id);
        commands.push(Command::Terminate { worker: id });
    }

    fn set_alarm(&mut self, index: usize, seconds: u32, commands: &mut Vec<Command>) {
        self.next_alarm += 1;
        let worker = &mut self.workers[index];
        worker.alarm = self.next_alarm;
        commands.push(Command::SetAlarm {
            worker: worker.id,
            alarm: worker.alarm,
            seconds,
        });
    }

    fn load(&mut self, index: usize, commands: &mut Vec<Command>) {
        commands.push(Command::Load {
            worker: self.workers[index].id,
        });
        self.set_alarm(index, START_TIMEOUT_S, commands);
    }

    fn on_weights(&mut self, result: Result<(), String>, commands: &mut Vec<Command>) {
        match result {
            Ok(()) => {
                self.weights = Weights::Here;
                for index in 0..self.workers.len() {
                    if self.workers[index].phase == Phase::Loading {
                        self.load(index, commands);
                    }
                }
            }
            Err(message) => {
                self.weights = Weights::Missing;
                self.notice = Some(Notice::no_weights(&message));
            }
        }
        commands.push(Command::StatusChanged);
    }

    fn on_reply(
        &mut self,
        index: usize,
        reply: Reply,
        logits: &[f32],
        commands: &mut Vec<Command>,
    ) {
        let worker = &mut self.workers[index];
        match reply {
            Reply::Progress { loaded, total } => {
                worker.progress = (loaded, total);
                self.set_alarm(index, START_TIMEOUT_S, commands);
                commands.push(Command::StatusChanged);
            }
            Reply::Ready { backend, device } => {
                worker.backend = backend;
                worker.device = device;
                worker.phase = Phase::Loading;
                // Nothing is asked of the worker before the weights are here.
                worker.alarm = 0;
                if self.weights == Weights::Here {
                    self.load(index, commands);
                }
                commands.push(Command::StatusChanged);
            }
            Reply::Loaded { .. } => {
                worker.phase = Phase::Idle;
                worker.alarm = 0;
                self.end_superseded(commands);
                self.dispatch_again(commands);
                commands.push(Command::StatusChanged);
            }
            Reply::Refused { message } => {
                worker.alarm = 0;
                if !matches!(worker.phase, Phase::Idle | Phase::Busy) {
                    worker.phase = Phase::Loading;
                }
                self.weights = Weights::Missing;
                self.notice = Some(Notice::no_weights(&message));
                commands.push(Command::StatusChanged);
            }
            Reply::Classified { id, latency_ms } => {
                self.on_answer(index, id, latency_ms, logits, commands)
            }
            Reply::Failed { reason, message } => {
                let id = worker.id;
                self.on_failure(id, reason, &message, commands);
            }
        }
    }

    fn on_answer(
        &mut self,
        index: usize,
        id: u32,
        latency_ms: f64,
        logits: &[f32],
        commands: &mut Vec<Command>,
    ) {
        let worker = &mut self.workers[index];
        worker.phase = Phase::Idle;
        worker.alarm = 0;
        let (worker_id, backend) = (worker.id, worker.backend);
        let logits = <[f32; N_CLASSES]>::try_from(logits).ok();
        let Some(logits) = logits.filter(|logits| logits.iter().all(|l| l.is_finite())) else {
            let message = "it answered no finite numbers";
            return self.on_failure(worker_id, Failure::SelfTest, message, commands);
        };
        self.restarts.retain(|&broken| broken != backend);
        // An answer to an image that the person has since wiped away is shown to nobody.
        if let Some(image) = self.newest.clone().filter(|_| id > self.answered_id) {
            self.answered_id = id;
            let is_newest = id == self.newest_id;
            let probabilities = softmax(&logits);
            commands.push(Command::Show(Prediction {
                probabilities,
                latency_ms,
                backend,
                image: is_newest.then_some(image),
            }));
        }
        self.dispatch(commands);
    }

    /// Ends a worker that failed and lets the next best take its place.
    fn on_failure(
        &mut self,
        id: WorkerId,
        reason: Failure,
        message: &str,
        commands: &mut Vec<Command>,
    ) {
        let Some(index) = self.workers.iter().position(|w| w.id == id) else {
            return;
        };
        let backend = self.workers[index].backend;
        self.terminate(id, commands);

        let n_restarts = self.restarts.iter().filter(|&&b| b == backend).count() as u32;
        let may_restart =
            matches!(reason, Failure::Crash | Failure::Timeout) && n_restarts < MAX_RESTARTS;
        if may_restart {
            self.restarts.push(backend);
            self.spawn(backend, commands);
        } else {
            self.given_up.push((backend, reason));
        }
        // While the GPU engine starts again, the CPU answers.
        let may_wait = self.choice != Choice::Auto || backend != Backend::WebGpu;
        if self.workers.is_empty()
            || (self.active().is_none() && !may_wait && self.workers.len() == 1)
        {
            let has_failed = |b: &Backend| self.given_up.iter().any(|(failed, _)| failed == b);
            let next = [Backend::Flex, Backend::NdArray]
                .into_iter()
                .find(|b| !has_failed(b));
            if let Some(next) = next {
                self.spawn(next, commands);
            }
        }
        let next = self
            .active()
            .or(self.workers.first())
            .map(|worker| worker.backend);
        let notice = Notice::of_failure(self.choice, backend, reason, message, next);
        // What is only news of a choice made well already shows in the status, not as a notice.
        if notice.is_some() {
            self.notice = notice;
        }
        self.dispatch(commands);
        commands.push(Command::StatusChanged);
    }

    /// Once the wanted engine can answer, the others are ended.
    fn end_superseded(&mut self, commands: &mut Vec<Command>) {
        let Some(active) = self.active() else { return };
        let (active, rank) = (active.id, self.rank(active.backend));
        let worse = self
            .workers
            .iter()
            .filter(|w| w.id != active && self.rank(w.backend) > rank);
        for id in worse.map(|w| w.id).collect::<Vec<_>>() {
            self.terminate(id, commands);
        }
    }

    /// Lets a new engine read the image on the pad, answered before or not, so that what is shown is
    /// what runs.
    fn dispatch_again(&mut self, commands: &mut Vec<Command>) {
        if self.newest.is_some() && self.answered_id == self.newest_id {
            self.newest_id += 1;
        }
        self.dispatch(commands);
    }

    /// Sends the newest image if it is not answered yet and the best engine is free.
    fn dispatch(&mut self, commands: &mut Vec<Command>) {
        let Some(image) = self.newest.clone() else {
            return;
        };
        let Some(worker) = self.active() else { return };
        if worker.phase != Phase::Idle || self.answered_id >= self.newest_id {
            return;
        }
        let id = worker.id;
        let Some(index) = self.workers.iter().position(|w| w.id == id) else {
            return;
        };
        self.workers[index].phase = Phase::Busy;
        commands.push(Command::Classify {
            worker: id,
            id: self.newest_id,
            image,
        });
        self.set_alarm(index, ANSWER_TIMEOUT_S, commands);
    }
}
