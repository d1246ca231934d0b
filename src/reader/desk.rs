//! What is asked, and what is told when.

use super::event::Event;
use super::question::Question;
use super::reading::Reading;
use super::turns::Turns;
use crate::digit::DigitImage;
use crate::hand::{Drawn, Sight, digit};
use crate::supervisor::{Answer, Images, Status, as_sentence};
use crate::symbols::{Known, Space};

/// A pad, as the program numbers it.
pub type Pad = u32;

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Let a network read these together; none: nothing more is to be read.
    Read(Images),
    /// Let a drawing be embedded by the network of the [`space`](Desk::space).
    Embed(DigitImage),
    Tell(Event),
}

/// Takes questions, and answers them one after the other.
pub struct Desk {
    turns: Turns<Question>,
    /// What is known of the question that is asked: the network's answer, and whether that network tells digits from other ink.
    answer: Option<(Answer, bool)>,
    sight: Wanted,
    samples: Vec<Drawn>,
    known: Known,
    status: Option<Status>,
    /// What was told last of each kind, so that nothing is told twice.
    ready: Option<Event>,
    trouble: Option<Event>,
    trouble_of_symbols: Option<Event>,
}

/// The embedding of what is asked about.
enum Wanted {
    /// There are no symbols to compare it with, or nothing can embed it.
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
    /// A pad asks. The newest question of each pad wins, and each is answered by one [`Event::Reading`].
    pub fn ask(&mut self, pad: Pad, question: Question) -> Vec<Command> {
        if question.images().is_empty() {
            // A blank pad needs nobody to read it.
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

    /// Nothing is wanted for a pad any more.
    pub fn forget(&mut self, pad: Pad) -> Vec<Command> {
        match self.turns.forget(pad) {
            true => self.begin(),
            false => Vec::new(),
        }
    }

    /// A network, which has learnt to tell digits from other ink or has not, has read. What nobody asks for any more is dropped.
    pub fn on_answer(&mut self, answer: Answer, tells_digits: bool) -> Vec<Command> {
        let asked = self.turns.asked().map(Question::images);
        if asked.is_none_or(|images| *images != answer.images) {
            return Vec::new();
        }
        self.answer = Some((answer, tells_digits));
        self.finish()
    }

    /// Something was embedded, or a sentence without its stop says why not.
    pub fn on_sight(&mut self, sight: Result<Sight, String>) -> Vec<Command> {
        let sight = match sight {
            Ok(sight) => sight,
            Err(why) => {
                let is_missed = matches!(self.sight, Wanted::Awaited);
                self.sight = Wanted::No;
                let mut commands = Vec::new();
                if is_missed {
                    let text = format!("Symbols cannot be recognised now: {why}");
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

    /// The engines have news.
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
            // Once something runs again, that is news.
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

    /// The network that reads, or is to read; empty before the engines have said anything.
    pub fn model(&self) -> &str {
        let status = self.status.as_ref();
        status.map_or("", |status| &status.model)
    }

    /// The network that embeds.
    pub fn space(&self) -> Space {
        self.known.space()
    }

    /// What was taught.
    pub fn samples(&self) -> &[Drawn] {
        &self.samples
    }

    /// Takes samples in, each with an id of its own. Symbols are known once they are embedded.
    pub fn add(&mut self, samples: Vec<Drawn>) {
        self.samples.extend(samples);
    }

    /// Drops the samples with these ids.
    pub fn remove(&mut self, ids: &[String]) {
        self.samples.retain(|sample| !ids.contains(&sample.id));
        self.known.learn(&self.samples);
    }

    /// Is there nothing more to be done for a sample?
    pub fn has_learnt(&self, sample: &Drawn) -> bool {
        digit(&sample.label).is_some() || self.known.example(&sample.id).is_some()
    }

    /// Has a question its turn, it is asked; and if there is none, nothing more is read.
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

    /// Tells the reading once all is there that it needs.
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

/// Tells what was not told before.
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
