//! Decides which question is asked and which events are sent.

use super::event::Event;
use super::question::Question;
use super::reading::Reading;
use super::turns::Turns;
use crate::digit::DigitImage;
use crate::hand::{Drawn, Sight, digit};
use crate::supervisor::{Answer, Images, Status, as_sentence};
use crate::symbols::{Known, Space};

/// A pad's number, given by the program.
pub type Pad = u32;

/// What the owner of the engines has to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Let a network read these images together. If empty, stop reading.
    Read(Images),
    /// Embed a drawing with the network of the [`space`](Desk::space).
    Embed(DigitImage),
    Tell(Event),
}

/// Takes questions and answers them one after the other.
pub struct Desk {
    turns: Turns<Question>,
    /// The network's answer to the current question, and whether that network tells digits from other ink.
    answer: Option<(Answer, bool)>,
    sight: Wanted,
    samples: Vec<Drawn>,
    known: Known,
    status: Option<Status>,
    /// The last event of each kind, so that no event is sent twice.
    ready: Option<Event>,
    trouble: Option<Event>,
    trouble_of_symbols: Option<Event>,
}

/// The embedding of the current question's image.
enum Wanted {
    /// Not needed, because there are no symbols to compare it with, or not available.
    No,
    Awaited,
    Here(Vec<f32>),
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            turns: Turns::default(),
            answer: None,
            sight: Wanted::No,
            samples: Vec::new(),
            known: Known::new(Space::Embedding),
            status: None,
            ready: None,
            trouble: None,
            trouble_of_symbols: None,
        }
    }
}

impl Desk {
    /// Adds a pad's question. The newest question of each pad wins. Each is answered by one [`Event::Reading`].
    pub fn ask(&mut self, pad: Pad, question: Question) -> Vec<Command> {
        if question.images().is_empty() {
            // A blank pad is answered without a network.
            let mut commands = self.forget(pad);
            let reading = self.reading(Vec::new(), 0.0, "");
            commands.push(Command::Tell(Event::Reading { pad, reading }));
            return commands;
        }
        match self.turns.ask(pad, question) {
            true => self.begin(),
            false => Vec::new(),
        }
    }

    /// Cancels a pad's question.
    pub fn forget(&mut self, pad: Pad) -> Vec<Command> {
        match self.turns.forget(pad) {
            true => self.begin(),
            false => Vec::new(),
        }
    }

    /// Handles a network's answer. `tells_digits` says whether that network tells digits from other ink. An outdated
    /// answer is dropped.
    pub fn on_answer(&mut self, answer: Answer, tells_digits: bool) -> Vec<Command> {
        let asked = self.turns.asked().map(Question::images);
        if asked.is_none_or(|images| *images != answer.images) {
            return Vec::new();
        }
        self.answer = Some((answer, tells_digits));
        self.finish()
    }

    /// Handles an embedding, or an error that is a sentence without its full stop.
    pub fn on_sight(&mut self, sight: Result<Sight, String>) -> Vec<Command> {
        let sight = match sight {
            Ok(sight) => sight,
            Err(why) => {
                let is_missed = matches!(self.sight, Wanted::Awaited);
                self.sight = Wanted::No;
                let mut commands = Vec::new();
                if is_missed {
                    let text = format!("Symbols can't be recognised now: {why}");
                    let event = Some(trouble("symbols", as_sentence(&text), false));
                    tell(&mut self.trouble_of_symbols, event, &mut commands);
                }
                commands.extend(self.finish());
                return commands;
            }
        };
        self.trouble_of_symbols = None;
        if let Some(id) = sight.sample {
            self.known.see(id, sight.embeddings);
            self.known.learn(&self.samples);
            return Vec::new();
        }
        let asked = self.turns.asked().and_then(Question::symbol);
        match sight.embeddings.into_iter().next() {
            Some(embedding) if asked == sight.images.first() => {
                self.sight = Wanted::Here(embedding);
                self.finish()
            }
            _ => Vec::new(),
        }
    }

    /// Handles a new status of the engines.
    pub fn on_status(&mut self, status: Status) -> Vec<Command> {
        let mut commands = Vec::new();
        if let Some(running) = &status.running {
            let event = Event::Ready {
                backend: running.backend.name().into(),
                device: running.device.clone(),
                model: running.model.clone(),
                why: running.why.clone(),
            };
            tell(&mut self.ready, Some(event), &mut commands);
        } else {
            // Once an engine runs again, that is a new event.
            self.ready = None;
        }
        let notice = status.notice.as_ref().zip(status.cause);
        let event = notice.map(|(notice, cause)| {
            let message = format!("{} {}", as_sentence(&notice.title), notice.text);
            trouble(cause.name(), message, status.is_stuck)
        });
        tell(&mut self.trouble, event, &mut commands);
        self.status = Some(status);
        commands
    }

    /// Returns the requested network; empty before the first status.
    pub fn model(&self) -> &str {
        let status = self.status.as_ref();
        status.map_or("", |status| &status.model)
    }

    /// Returns the space of the embeddings, which names their network.
    pub fn space(&self) -> Space {
        self.known.space()
    }

    /// Returns the taught samples.
    pub fn samples(&self) -> &[Drawn] {
        &self.samples
    }

    /// Adds samples, each with its own id. Symbols are known once they are embedded.
    pub fn add(&mut self, samples: Vec<Drawn>) {
        self.samples.extend(samples);
    }

    /// Drops the samples with these ids.
    pub fn remove(&mut self, ids: &[String]) {
        self.samples.retain(|sample| !ids.contains(&sample.id));
        self.known.learn(&self.samples);
    }

    /// Whether a sample needs no more work.
    pub fn has_learnt(&self, sample: &Drawn) -> bool {
        digit(&sample.label).is_some() || self.known.example(&sample.id).is_some()
    }

    /// Asks the current question. If there is none, stops reading.
    fn begin(&mut self) -> Vec<Command> {
        self.answer = None;
        self.sight = Wanted::No;
        let Some(question) = self.turns.asked() else {
            return vec![Command::Read(Images::default())];
        };
        let mut commands = vec![Command::Read(question.images().clone())];
        if let Some(image) = question.symbol().filter(|_| !self.known.is_empty()) {
            self.sight = Wanted::Awaited;
            commands.push(Command::Embed(image.clone()));
        }
        commands
    }

    /// Sends the reading once everything it needs has arrived.
    fn finish(&mut self) -> Vec<Command> {
        if matches!(self.sight, Wanted::Awaited) {
            return Vec::new();
        }
        let Some((answer, tells_digits)) = self.answer.take() else {
            return Vec::new();
        };
        let Some((pad, question)) = self.turns.answered() else {
            return Vec::new();
        };
        let embedding = match std::mem::replace(&mut self.sight, Wanted::No) {
            Wanted::Here(embedding) => Some(embedding),
            Wanted::No | Wanted::Awaited => None,
        };
        let digits = question.digits(&answer, tells_digits, |read| {
            let embedding = embedding.as_ref()?;
            let (probabilities, digit) = (&read.probabilities, read.digit_probability);
            self.known.read(embedding, probabilities, digit)
        });
        let reading = self.reading(digits, answer.latency_ms, &answer.model);
        let mut commands = vec![Command::Tell(Event::Reading { pad, reading })];
        if self.turns.asked().is_some() {
            commands.extend(self.begin());
        }
        commands
    }

    fn reading(&self, digits: Vec<super::Digit>, latency: f64, model: &str) -> Reading {
        let running = self
            .status
            .as_ref()
            .and_then(|status| status.running.as_ref());
        let backend = running.map_or("", |running| running.backend.name());
        Reading::new(digits, latency, backend, model)
    }
}

/// Sends an event unless it equals the last one.
fn tell(before: &mut Option<Event>, now: Option<Event>, commands: &mut Vec<Command>) {
    if *before != now {
        *before = now.clone();
        commands.extend(now.map(Command::Tell));
    }
}

fn trouble(code: &'static str, message: String, fatal: bool) -> Event {
    Event::Trouble {
        code,
        message,
        fatal,
    }
}
