//! Compares the networks: all of them vote on the drawing, and single ones are checked for latency and accuracy on the
//! test digits. It only decides; it has no workers.
//!
//! [`Examiner::handle`] takes an [`Event`] and returns [`Command`]s, like the supervisor. The rules:
//!
//! - It has its own worker, so that the pen's engine never has to wait. The worker is spawned for work and ended after
//!   some time without any.
//! - Latency and accuracy are measured on the backend that answers the pen. Votes never use a graphics card: if that
//!   answers the pen, the votes come from flex.
//! - Weights are fetched one network at a time, the smallest first. Each network votes as soon as its weights arrive.
//! - Every network reads the newest drawing when its turn comes. Drawings are never queued.
//! - If one network breaks something, the error is reported for that network, and the others continue.
//!
//! This module must not know workers, fetching or the DOM.

mod exam;
mod messages;
#[cfg(test)]
mod tests;

use crate::digit::{DigitImage, N_CLASSES};
use crate::protocol::{Backend, Reply, is_digit, softmax, winner};
use crate::supervisor::as_sentence;

pub use exam::{Check, Exam, Score, Standing, Vote};
pub use messages::{Candidate, Command, Event, WorkerId};

const TIMEOUT_S: u32 = 60;
/// A worker without work is ended after this time.
const IDLE_S: u32 = 120;
/// The target time of one request with test digits: short enough for the bar to move and for Cancel to work.
const BATCH_MS: f64 = 200.0;
const MAX_BATCH: usize = 256;

/// What the worker does. Networks are identified by their index in the manifest.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    Starting,
    Idle,
    Adding(usize),
    /// A network reads the drawing with this number.
    Voting(usize, u32),
    Timing(usize),
    Reading(usize),
}

impl Phase {
    fn network(self) -> Option<usize> {
        match self {
            Self::Starting | Self::Idle => None,
            Self::Adding(i) | Self::Voting(i, _) | Self::Timing(i) | Self::Reading(i) => Some(i),
        }
    }
}

struct Worker {
    id: WorkerId,
    backend: Backend,
    phase: Phase,
    /// The networks that it has loaded.
    has: Vec<usize>,
    /// Whether it is ended soon unless there is work.
    is_resting: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fetched {
    Absent,
    /// The download failed or the weights are damaged.
    Broken,
    Fetching,
    Here,
}

struct Network {
    standing: Standing,
    weights: Fetched,
    /// Test digits that it reads correctly, according to the manifest.
    n_expected: usize,
    /// The number of the drawing that it last voted on.
    voted_on: u32,
}

impl Network {
    /// Whether its weights are here and nothing is wrong with it.
    fn is_usable(&self) -> bool {
        self.weights == Fetched::Here && self.standing.trouble.is_none()
    }

    fn is_to_fetch(&self) -> bool {
        let is_due = matches!(self.weights, Fetched::Absent | Fetched::Broken);
        is_due && self.standing.trouble.is_none()
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Job {
    Measure(usize),
    Check(usize),
}

impl Job {
    fn network(self) -> usize {
        match self {
            Self::Measure(network) | Self::Check(network) => network,
        }
    }
}

enum Digits {
    Absent,
    Fetching,
    Labels(Vec<u8>),
}

impl Digits {
    fn len(&self) -> usize {
        match self {
            Self::Labels(labels) => labels.len(),
            Self::Absent | Self::Fetching => 0,
        }
    }
}

pub struct Examiner {
    networks: Vec<Network>,
    is_asking: bool,
    trouble: Option<String>,
    /// The backend that answers the pen.
    engine: Option<Backend>,
    worker: Option<Worker>,
    next_worker: WorkerId,
    alarm: u32,
    image: Option<DigitImage>,
    image_id: u32,
    /// Jobs in the order of the requests.
    jobs: Vec<Job>,
    digits: Digits,
    batch: usize,
    commands: Vec<Command>,
}

impl Default for Examiner {
    fn default() -> Self {
        Self {
            networks: Vec::new(),
            is_asking: false,
            trouble: None,
            engine: None,
            worker: None,
            next_worker: 0,
            alarm: 0,
            image: None,
            image_id: 0,
            jobs: Vec::new(),
            digits: Digits::Absent,
            batch: 1,
            commands: Vec::new(),
        }
    }
}

impl Examiner {
    /// Returns the exam to show.
    pub fn exam(&self) -> Exam {
        let standing = |network: &Network| network.standing.clone();
        Exam {
            networks: self.networks.iter().map(standing).collect(),
            is_asking: self.is_asking,
            trouble: self.trouble.clone(),
        }
    }

    pub fn handle(&mut self, event: Event) -> Vec<Command> {
        match event {
            Event::Networks(candidates) => self.set_networks(candidates),
            Event::Engine(engine) if engine == self.engine => return Vec::new(),
            Event::Engine(engine) => self.engine = engine,
            Event::Image(image) => {
                self.set_image(image);
                if !self.is_asking {
                    return Vec::new();
                }
            }
            Event::Ask(is_asking) => self.ask(is_asking),
            Event::Measure(id) => self.add_job(&id, Job::Measure),
            Event::Check(id) => self.add_job(&id, Job::Check),
            Event::Cancel(id) => self.cancel(&id),
            Event::Weights { model, result } => self.on_weights(&model, result),
            Event::Digits(result) => self.on_digits(result),
            Event::Reply {
                worker,
                reply,
                logits,
            } if self.is_current(worker) => self.on_reply(reply, &logits),
            Event::Broke { worker, message } if self.is_current(worker) => {
                self.on_failure(&message);
            }
            Event::Alarm { alarm } if alarm == self.alarm => self.on_alarm(),
            // A message of an ended worker may still arrive.
            Event::Reply { .. } | Event::Broke { .. } | Event::Alarm { .. } => return Vec::new(),
        }
        self.fetch();
        self.advance();
        self.commands.push(Command::Changed);
        std::mem::take(&mut self.commands)
    }

    fn set_networks(&mut self, candidates: Vec<Candidate>) {
        let ids = self.networks.iter().map(|network| &network.standing.id);
        if ids.eq(candidates.iter().map(|candidate| &candidate.id)) {
            return;
        }
        self.end_worker();
        self.jobs.clear();
        let network = |candidate: Candidate| Network {
            standing: Standing {
                id: candidate.id,
                bytes: candidate.bytes,
                is_here: false,
                tells_digits: candidate.tells_digits,
                vote: None,
                latency: None,
                is_measuring: false,
                check: Check::None,
                trouble: None,
            },
            weights: Fetched::Absent,
            n_expected: candidate.correct,
            voted_on: 0,
        };
        self.networks = candidates.into_iter().map(network).collect();
    }

    fn set_image(&mut self, image: Option<DigitImage>) {
        self.image_id += 1;
        self.image = image;
        if self.image.is_none() {
            self.clear_votes();
        }
    }

    fn ask(&mut self, is_asking: bool) {
        self.is_asking = is_asking;
        self.clear_votes();
        if is_asking {
            self.trouble = None;
            (0..self.networks.len()).for_each(|index| self.forgive(index));
        }
    }

    fn clear_votes(&mut self) {
        for network in &mut self.networks {
            network.standing.vote = None;
            network.voted_on = 0;
        }
    }

    fn add_job(&mut self, id: &str, job: fn(usize) -> Job) {
        let Some(index) = self.index(id) else { return };
        self.trouble = None;
        self.forgive(index);
        let job = job(index);
        if !self.jobs.contains(&job) {
            self.jobs.push(job);
            let standing = &mut self.networks[index].standing;
            match job {
                Job::Measure(_) => standing.is_measuring = true,
                Job::Check(_) => standing.check = Check::Waiting,
            }
        }
    }

    fn cancel(&mut self, id: &str) {
        if let Some(index) = self.index(id) {
            self.jobs.retain(|job| *job != Job::Check(index));
            self.networks[index].standing.check = Check::None;
        }
    }

    /// Allows another try for a network that failed, with weights fetched again.
    fn forgive(&mut self, index: usize) {
        let network = &mut self.networks[index];
        if network.standing.trouble.take().is_some() {
            network.weights = Fetched::Broken;
            network.standing.is_here = false;
        }
    }

    /// Records why a network cannot be used.
    fn blame(&mut self, index: usize, message: &str) {
        let standing = &mut self.networks[index].standing;
        standing.trouble = Some(as_sentence(message));
        standing.vote = None;
        self.end_jobs(|job| job.network() == index, message);
    }

    fn end_jobs(&mut self, is_over: impl Fn(Job) -> bool, message: &str) {
        for job in self.jobs.extract_if(.., |job| is_over(*job)) {
            let standing = &mut self.networks[job.network()].standing;
            match job {
                Job::Measure(_) => standing.is_measuring = false,
                Job::Check(_) => standing.check = Check::Failed(as_sentence(message)),
            }
        }
    }

    fn on_weights(&mut self, id: &str, result: Result<(), String>) {
        let Some(index) = self.index(id) else { return };
        let network = &mut self.networks[index];
        network.standing.is_here = result.is_ok();
        match result {
            Ok(()) => {
                network.weights = Fetched::Here;
                network.standing.trouble = None;
            }
            Err(message) => {
                network.weights = Fetched::Broken;
                self.blame(index, &message);
            }
        }
    }

    fn on_digits(&mut self, result: Result<Vec<u8>, String>) {
        match result {
            Ok(labels) => self.digits = Digits::Labels(labels),
            Err(message) => {
                self.digits = Digits::Absent;
                self.end_jobs(|job| matches!(job, Job::Check(_)), &message);
            }
        }
    }

    fn on_reply(&mut self, reply: Reply, logits: &[f32]) {
        let Some(worker) = &mut self.worker else {
            return;
        };
        let (phase, backend) = (worker.phase, worker.backend);
        if let Reply::Progress { .. } = reply {
            return self.set_alarm(TIMEOUT_S);
        }
        worker.phase = Phase::Idle;
        match (reply, phase) {
            (Reply::Loaded { .. }, Phase::Adding(index)) => worker.has.push(index),
            (Reply::Timed { latency_ms }, Phase::Timing(index)) => {
                let standing = &mut self.networks[index].standing;
                standing.latency = Some((backend, latency_ms));
                standing.is_measuring = false;
                self.jobs.retain(|job| *job != Job::Measure(index));
            }
            (Reply::Classified { latency_ms, .. }, Phase::Voting(..) | Phase::Reading(_)) => {
                self.on_answer(phase, latency_ms, logits);
            }
            (Reply::Refused { message }, phase) => {
                if let Some(index) = phase.network() {
                    self.blame(index, &message);
                }
            }
            (Reply::Failed { message, .. }, phase) => {
                worker.phase = phase;
                self.on_failure(&message);
            }
            // The worker is ready, or answers a request that the examiner didn't send.
            _ => {}
        }
    }

    fn on_answer(&mut self, phase: Phase, latency_ms: f64, logits: &[f32]) {
        let (rows, _) = logits.as_chunks::<N_CLASSES>();
        if !logits.iter().all(|logit| logit.is_finite()) || rows.is_empty() {
            if let Some(index) = phase.network() {
                self.blame(index, "its answer contains numbers that are not finite");
            }
        } else if let Phase::Voting(index, image) = phase {
            let network = &mut self.networks[index];
            network.voted_on = image;
            // A drawing that was erased has no votes.
            if self.image.is_some() && self.is_asking {
                let (digit, probability) = winner(&softmax(&rows[0]));
                let is_digit = !network.standing.tells_digits || is_digit(&rows[0]);
                network.standing.vote = Some(Vote {
                    digit,
                    is_digit,
                    probability,
                });
            }
        } else if let Phase::Reading(index) = phase {
            self.count(index, latency_ms, rows);
        }
    }

    /// Counts a batch of test digits, unless the check was cancelled in the meantime.
    fn count(&mut self, index: usize, latency_ms: f64, rows: &[[f32; N_CLASSES]]) {
        let standing = &mut self.networks[index].standing;
        let (Check::Running(score), Digits::Labels(labels)) = (&standing.check, &self.digits)
        else {
            return;
        };
        let mut score = *score;
        let labels = &labels[score.n_read..];
        let read = rows.iter().map(|row| winner(row).0);
        let right = read
            .zip(labels)
            .filter(|(digit, label)| *digit == usize::from(**label));
        score.n_correct += right.count();
        score.n_read += rows.len().min(labels.len());
        score.ms += latency_ms;
        standing.check = Check::Running(score);
        if score.n_read == score.total {
            standing.check = Check::Done(score);
            self.jobs.retain(|job| *job != Job::Check(index));
        }
        if latency_ms < BATCH_MS / 2.0 {
            self.batch = (2 * self.batch).min(MAX_BATCH);
        } else if latency_ms > 2.0 * BATCH_MS {
            self.batch = (self.batch / 2).max(1);
        }
    }

    /// Ends a worker that failed, and records the failure for the network that it was running.
    fn on_failure(&mut self, message: &str) {
        let phase = self.worker.as_ref().map(|worker| worker.phase);
        self.end_worker();
        let detail = match message {
            "" => String::new(),
            message => format!(" ({message})"),
        };
        match (phase.and_then(Phase::network), phase) {
            (Some(index), _) => {
                let message = format!("the engine stopped while running it{detail}");
                self.blame(index, &message);
            }
            (None, Some(Phase::Starting)) => {
                let message = format!("a second engine could not be started{detail}");
                self.end_jobs(|_| true, &message);
                self.is_asking = false;
                self.trouble = Some(as_sentence(&message));
            }
            (None, _) => {}
        }
    }

    fn on_alarm(&mut self) {
        match self.worker.as_ref().map(|worker| worker.phase) {
            Some(Phase::Idle) => self.end_worker(),
            Some(_) => self.on_failure("no answer in time"),
            None => {}
        }
    }

    /// Returns the backend for the current work, once the pen has an engine.
    fn backend(&self) -> Option<Backend> {
        match self.engine? {
            Backend::WebGpu if self.jobs.is_empty() => Some(Backend::Flex),
            engine => Some(engine),
        }
    }

    /// Requests the weights and digits that are needed.
    fn fetch(&mut self) {
        let job = self.jobs.first().map(|job| job.network());
        let job = job.filter(|&index| self.networks[index].is_to_fetch());
        let is_fetching = |network: &Network| network.weights == Fetched::Fetching;
        let next = match self.is_asking && !self.networks.iter().any(is_fetching) {
            true => self.smallest(|_, network| network.is_to_fetch()),
            false => None,
        };
        if let Some(index) = job.or(next) {
            let network = &mut self.networks[index];
            let again = network.weights == Fetched::Broken;
            network.weights = Fetched::Fetching;
            let model = network.standing.id.clone();
            self.commands.push(Command::Fetch { model, again });
        }
        let is_check = |job: &Job| matches!(job, Job::Check(_));
        if self.jobs.iter().any(is_check) && matches!(self.digits, Digits::Absent) {
            self.digits = Digits::Fetching;
            self.commands.push(Command::FetchDigits);
        }
    }

    /// Gives the worker its next task, and spawns a worker if necessary.
    fn advance(&mut self) {
        let Some(backend) = self.backend() else {
            return;
        };
        let votes = self.is_asking && self.image.is_some() && backend != Backend::WebGpu;
        let is_due = |network: &Network| network.is_usable() && network.voted_on != self.image_id;
        let has_work = !self.jobs.is_empty() || (votes && self.networks.iter().any(is_due));
        if has_work && self.worker.as_ref().is_none_or(|w| w.backend != backend) {
            self.end_worker();
            self.spawn(backend);
        }
        let Some(worker) = &self.worker else { return };
        if worker.phase != Phase::Idle {
            return;
        }
        let next = match worker.backend == backend {
            true => self.next_phase(worker, votes),
            false => None,
        };
        match next {
            Some(phase) => self.begin(phase),
            None => self.rest(),
        }
    }

    fn next_phase(&self, worker: &Worker, votes: bool) -> Option<Phase> {
        let is_new = |index: &usize| {
            let network = &self.networks[*index];
            network.is_usable() && network.voted_on != self.image_id
        };
        let voters = worker.has.iter().copied().filter(|_| votes).filter(is_new);
        let voter = voters.min_by_key(|&index| self.networks[index].voted_on);
        let is_measured = |index: usize| {
            let latency = self.networks[index].standing.latency;
            latency.is_some_and(|(backend, _)| backend == worker.backend)
        };
        let work = |job: &Job| match *job {
            _ if !worker.has.contains(&job.network()) => {
                let is_usable = self.networks[job.network()].is_usable();
                is_usable.then_some(Phase::Adding(job.network()))
            }
            Job::Check(index) if is_measured(index) => match self.digits {
                Digits::Labels(_) => Some(Phase::Reading(index)),
                _ => None,
            },
            Job::Measure(index) | Job::Check(index) => Some(Phase::Timing(index)),
        };
        let addition = || {
            let is_new = |i, network: &Network| network.is_usable() && !worker.has.contains(&i);
            self.smallest(is_new).filter(|_| votes)
        };
        let unmeasured = || {
            let is_due = |&index: &usize| !is_measured(index) && self.networks[index].is_usable();
            let index = worker.has.iter().copied().find(is_due);
            index.filter(|_| self.engine == Some(worker.backend))
        };
        voter
            .map(|index| Phase::Voting(index, self.image_id))
            .or_else(|| self.jobs.first().and_then(work))
            .or_else(|| addition().map(Phase::Adding))
            .or_else(|| unmeasured().map(Phase::Timing))
    }

    fn begin(&mut self, phase: Phase) {
        let Some(worker) = &mut self.worker else {
            return;
        };
        let Some(index) = phase.network() else { return };
        worker.phase = phase;
        worker.is_resting = false;
        let (worker, backend) = (worker.id, worker.backend);
        let network = &mut self.networks[index];
        let model = network.standing.id.clone();
        let command = match (phase, &self.image) {
            (Phase::Voting(..), Some(image)) => Command::Classify {
                worker,
                model,
                image: image.clone(),
            },
            (Phase::Timing(_), _) => Command::Time { worker, model },
            (Phase::Reading(_), _) => {
                let score = match network.standing.check {
                    Check::Running(score) => score,
                    _ => {
                        self.batch = 1;
                        Score {
                            backend,
                            n_read: 0,
                            n_correct: 0,
                            total: self.digits.len(),
                            expected: network.n_expected,
                            ms: 0.0,
                        }
                    }
                };
                network.standing.check = Check::Running(score);
                let first = score.n_read;
                let n = self.batch.min(score.total - first);
                Command::ClassifyDigits {
                    worker,
                    model,
                    first,
                    n,
                }
            }
            _ => Command::Add { worker, model },
        };
        self.commands.push(command);
        self.set_alarm(TIMEOUT_S);
    }

    fn spawn(&mut self, backend: Backend) {
        let worker = self.next_worker;
        self.next_worker += 1;
        self.worker = Some(Worker {
            id: worker,
            backend,
            phase: Phase::Starting,
            has: Vec::new(),
            is_resting: false,
        });
        self.commands.push(Command::Spawn { worker, backend });
        self.set_alarm(TIMEOUT_S);
    }

    fn end_worker(&mut self) {
        let Some(worker) = self.worker.take() else {
            return;
        };
        self.commands.push(Command::Terminate { worker: worker.id });
        // A check starts again with a new worker, which may use another backend.
        for network in &mut self.networks {
            if matches!(network.standing.check, Check::Running(_)) {
                network.standing.check = Check::Waiting;
            }
        }
    }

    fn rest(&mut self) {
        if let Some(worker) = self.worker.as_mut().filter(|worker| !worker.is_resting) {
            worker.is_resting = true;
            self.set_alarm(IDLE_S);
        }
    }

    fn set_alarm(&mut self, seconds: u32) {
        self.alarm += 1;
        let alarm = self.alarm;
        self.commands.push(Command::SetAlarm { alarm, seconds });
    }

    fn index(&self, id: &str) -> Option<usize> {
        let mut networks = self.networks.iter();
        networks.position(|network| network.standing.id == id)
    }

    fn is_current(&self, id: WorkerId) -> bool {
        self.worker.as_ref().is_some_and(|worker| worker.id == id)
    }

    /// Returns the smallest of the matching networks.
    fn smallest(&self, is_meant: impl Fn(usize, &Network) -> bool) -> Option<usize> {
        let networks = self.networks.iter().enumerate();
        let meant = networks.filter(|(index, network)| is_meant(*index, network));
        let smallest = meant.min_by_key(|(_, network)| network.standing.bytes);
        smallest.map(|(index, _)| index)
    }
}
