//! What a person teaches: their drawings, the lesson, and the networks it produced.

mod event;
#[cfg(test)]
mod tests;
mod words;

use super::{Sheet, State};
use crate::data::Sample;
use crate::hand::{Drawn, HandNetwork, Learning, digit, lesson_samples};
use crate::protocol::{Scope, base_model};
use crate::taught::Ink;
pub use event::TeachEvent;
pub use words::{Line, comparison, judgement};

/// The lesson that was started last.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Lesson {
    #[default]
    None,
    Running(Learning),
    /// It produced this network.
    Done(String),
    Failed(String),
}

#[derive(Clone, Debug)]
pub struct Teach {
    samples: Vec<Drawn>,
    networks: Vec<HandNetwork>,
    prompt: u8,
    subject: Option<String>,
    opened: Option<String>,
    scope: Scope,
    lesson: Lesson,
    /// Why nothing will be kept after this visit; empty if things are kept.
    not_kept: String,
    /// Ids of samples and networks that could not be stored in their present form.
    unkept: Vec<String>,
    /// The sample that the drawing on the digit pad became by correction, until the drawing changes.
    pub(super) corrected: Option<String>,
}

impl Default for Teach {
    fn default() -> Self {
        Self {
            samples: Vec::new(),
            networks: Vec::new(),
            prompt: 0,
            subject: None,
            opened: None,
            scope: Scope::Full,
            lesson: Lesson::None,
            not_kept: String::new(),
            unkept: Vec::new(),
            corrected: None,
        }
    }
}

impl Teach {
    pub(super) fn apply(&mut self, event: TeachEvent) {
        match event {
            TeachEvent::Read { samples, networks } => {
                let is_first = self.samples.is_empty();
                let here = std::mem::take(&mut self.samples);
                self.samples = merged(samples, here, &self.unkept, |sample| &sample.id);
                let here = std::mem::take(&mut self.networks);
                self.networks = merged(networks, here, &self.unkept, |network| &network.id);
                // A change in another tab doesn't change the digit that this tab asks for.
                if is_first {
                    self.prompt = self.rarest_after(9);
                }
            }
            TeachEvent::NotKept(why) => self.not_kept = why,
            TeachEvent::Unkept(ids) => self.unkept.extend(ids),
            TeachEvent::Safe(ids) => self.unkept.retain(|id| !ids.contains(id)),
            TeachEvent::Kept(drawn) => {
                self.samples.push(drawn);
                if self.subject.is_none() {
                    self.prompt = self.rarest_after(self.prompt);
                }
            }
            TeachEvent::Corrected(drawn) => {
                self.corrected = Some(drawn.id.clone());
                self.samples.push(drawn);
            }
            TeachEvent::Added(drawn) => self.samples.extend(drawn),
            TeachEvent::Removed(ids) => {
                self.samples.retain(|sample| !ids.contains(&sample.id));
                self.corrected.take_if(|id| ids.contains(id));
                self.opened.take_if(|id| ids.contains(id));
            }
            TeachEvent::Relabelled { id, label } => {
                let sample = self.samples.iter_mut().find(|sample| sample.id == id);
                if let Some(sample) = sample {
                    sample.label = label;
                }
                self.opened = None;
            }
            TeachEvent::Skip => self.prompt = (self.prompt + 1) % 10,
            TeachEvent::Subject(subject) => self.subject = subject,
            TeachEvent::Open(id) => self.opened = id,
            TeachEvent::Scope(scope) => self.scope = scope,
            TeachEvent::Learning(learning) => self.lesson = Lesson::Running(learning),
            TeachEvent::Taught(network) => {
                self.lesson = Lesson::Done(network.id.clone());
                self.networks.push(network);
            }
            TeachEvent::Failed(sentence) => self.lesson = Lesson::Failed(sentence),
            TeachEvent::Cancelled => self.lesson = Lesson::None,
            TeachEvent::Networks(networks) => {
                self.networks = networks;
                let is_gone = |lesson: &mut Lesson| match lesson {
                    Lesson::Done(id) => self.networks.iter().all(|n| n.id != *id),
                    _ => false,
                };
                if is_gone(&mut self.lesson) {
                    self.lesson = Lesson::None;
                }
            }
        }
    }

    /// Of the digits with the fewest samples, the next one after this.
    fn rarest_after(&self, digit: u8) -> u8 {
        let after = (1..=10).map(|step| (digit + step) % 10);
        after.min_by_key(|&digit| self.n_of(digit)).unwrap_or(0)
    }

    fn n_of(&self, digit: u8) -> usize {
        self.of(&digit.to_string()).count()
    }

    /// The samples with a label, in the order of drawing.
    pub fn of<'a>(&'a self, label: &'a str) -> impl Iterator<Item = &'a Drawn> {
        self.samples.iter().filter(move |s| s.label == label)
    }

    pub fn samples(&self) -> &[Drawn] {
        &self.samples
    }

    pub fn sample(&self, id: &str) -> Option<&Drawn> {
        self.samples.iter().find(|sample| sample.id == id)
    }

    /// What the person is asked to draw.
    pub fn label(&self) -> String {
        match &self.subject {
            Some(symbol) => symbol.clone(),
            None => self.prompt.to_string(),
        }
    }

    /// The symbol that is being drawn, unless it is a digit.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// The names of all symbols, in the order of their first drawing; including one that hasn't been drawn yet.
    pub fn symbols(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let labels = self.samples.iter().map(|sample| &sample.label);
        for label in labels.chain(&self.subject) {
            if digit(label).is_none() && !names.contains(label) {
                names.push(label.clone());
            }
        }
        names
    }

    /// The open sample.
    pub fn opened(&self) -> Option<&Drawn> {
        self.sample(self.opened.as_ref()?)
    }

    pub fn scope(&self) -> Scope {
        self.scope
    }

    pub fn lesson(&self) -> &Lesson {
        &self.lesson
    }

    pub fn networks(&self) -> &[HandNetwork] {
        &self.networks
    }

    pub fn network(&self, id: &str) -> Option<&HandNetwork> {
        self.networks.iter().find(|network| network.id == id)
    }

    pub fn not_kept(&self) -> &str {
        &self.not_kept
    }

    /// The drawings of digits, ready for a lesson.
    pub fn lesson_samples(&self) -> Vec<Sample> {
        lesson_samples(&self.samples)
    }

    /// A name for the next network.
    pub fn next_name(&self) -> String {
        let is_free = |name: &String| self.networks.iter().all(|network| network.name != *name);
        let numbered = (2..).map(|n| format!("My handwriting {n}"));
        let mut names = std::iter::once("My handwriting".to_owned()).chain(numbered);
        names.find(is_free).unwrap_or_default()
    }
}

/// Merges what was read with the unstored values on this page, which take precedence; sorted by id.
fn merged<T>(read: Vec<T>, here: Vec<T>, unkept: &[String], id: fn(&T) -> &String) -> Vec<T> {
    let (mut all, mut kept) = (here, read);
    all.retain(|value| unkept.contains(id(value)));
    kept.retain(|value| all.iter().all(|only_here| id(only_here) != id(value)));
    all.append(&mut kept);
    all.sort_by(|a, b| id(a).cmp(id(b)));
    all
}

impl State {
    pub fn teach(&self) -> &Teach {
        &self.teach
    }

    /// The drawing on the pad as a sample with this label; `None` if there is no drawing, or if the pen is still
    /// drawing it.
    pub fn as_sample(&self, id: String, label: String) -> Option<Drawn> {
        let is_drawing = self.sheet != Sheet::Number && !self.ink.is_writing;
        let is_there = is_drawing && self.picture.is_none() && !self.ink.strokes.is_empty();
        is_there.then(|| Drawn::new(id, label, self.strokes()))
    }

    /// The sample that the drawing became by correction.
    pub fn corrected(&self) -> Option<&Drawn> {
        let id = self.teach.corrected.as_ref()?;
        self.teach.sample(id).filter(|_| self.sheet == Sheet::Digit)
    }

    /// Whether the person can correct the reading of the drawing.
    pub fn can_correct(&self) -> bool {
        self.sheet == Sheet::Digit && self.picture.is_none() && self.prediction.is_some()
    }

    /// The name of a network; for a taught one, the name that the person gave it.
    pub fn network_name(&self, id: &str) -> String {
        match self.teach.network(id) {
            Some(network) => network.name.clone(),
            None => id.into(),
        }
    }

    /// The ids and names of all networks that can read, the taught ones first.
    pub fn choices(&self) -> Vec<(String, String)> {
        let taught = self
            .teach
            .networks
            .iter()
            .map(|n| (n.id.clone(), n.name.clone()));
        let zoo = self.networks().into_iter().map(|id| (id.clone(), id));
        taught.chain(zoo).collect()
    }

    /// The taught network that is in use or requested.
    pub fn hand(&self) -> Option<&HandNetwork> {
        self.teach.network(self.model())
    }

    /// What the network that a lesson starts from has learnt to tell apart.
    pub fn lesson_ink(&self) -> Ink {
        let network = self.exam().network(self.lesson_base());
        match network.is_some_and(|network| network.tells_digits) {
            true => Ink::Any,
            false => Ink::Digits,
        }
    }

    /// The network that a lesson starts from.
    pub fn lesson_base(&self) -> &str {
        base_model(self.model())
    }
}
