//! What the page shows, as one plain value, and how each [`Event`] changes it.
//!
//! The page's components send events and show this state; the engines' host sends its events the same way. Nothing
//! here touches the DOM, so all of it is tested natively.

mod event;
mod notices;
mod number;
mod pen;
mod picture;
mod sheet;
mod shortcut;
mod symbols;
mod teach;
#[cfg(test)]
mod tests;
mod verdict;
mod wording;
mod zoo;

use crate::examiner::Exam;
use crate::manifest::DEFAULT_MODEL;
use crate::protocol::base_model;
use crate::strokes::{Stroke, render};
use crate::supervisor::{Answer, Choice, Images, Notice, Status};

pub use event::Event;
use notices::{Notices, Source};
pub use number::Figure;
use number::Number;
pub(crate) use number::{figures, is_sure, question};
pub use pen::{Ink, PAD_SIDE, PenWidth, Tool};
pub use picture::{Picture, drawn_size, too_large};
pub use sheet::Sheet;
pub use shortcut::{LIST_KEY, SHORTCUTS, Shortcut, shortcut};
pub use teach::{Lesson, Line, Teach, TeachEvent, comparison, judgement};
pub use verdict::{NO_DIGIT, Prediction, Verdict};
pub use wording::{Progress, backend_title, latency, percent};
pub use zoo::{check_text, check_words, measure_words, time, vote};

use symbols::Symbols;

/// Everything that the page shows.
#[derive(Clone, Debug)]
pub struct State {
    sheet: Sheet,
    ink: Ink,
    /// The ink on the pads that aren't shown.
    waiting: [Ink; 3],
    number: Number,
    teach: Teach,
    symbols: Symbols,
    /// See [`State::taught`].
    taught: u32,
    tool: Tool,
    width: PenWidth,
    /// A picture that is read instead of the drawing. The drawing stays behind it.
    picture: Option<Picture>,
    revision: u32,
    choice: Choice,
    status: Option<Status>,
    exam: Exam,
    /// Bytes of each network's weights: arrived, total.
    weights: Vec<(String, (u64, u64))>,
    prediction: Option<Prediction>,
    notices: Notices,
}

impl State {
    pub fn new(choice: Choice) -> Self {
        Self {
            sheet: Sheet::default(),
            ink: Ink::default(),
            waiting: Default::default(),
            number: Number::default(),
            teach: Teach::default(),
            symbols: Symbols::default(),
            taught: 0,
            tool: Tool::Pen,
            width: PenWidth::Medium,
            picture: None,
            revision: 0,
            choice,
            status: None,
            exam: Exam::default(),
            weights: Vec::new(),
            prediction: None,
            notices: Notices::default(),
        }
    }

    pub fn apply(&mut self, event: Event) {
        match event {
            Event::Ink(sheet, ink) => self.take(sheet, ink),
            Event::Tool(tool) => self.tool = tool,
            Event::ToggleEraser if self.tool == Tool::Eraser => self.tool = Tool::Pen,
            Event::ToggleEraser => self.tool = Tool::Eraser,
            Event::Width(width) => {
                self.width = width;
                self.tool = Tool::Pen;
            }
            Event::Thinner => self.width = self.width.thinner(),
            Event::Thicker => self.width = self.width.thicker(),
            Event::Lay(sheet) => self.lay(sheet),
            Event::LookAt(index) => self.number.looked_at = Some(index),
            Event::Join(index) => {
                self.number.join(&self.ink.strokes, index);
                self.group();
            }
            Event::Split(index) => {
                self.number.split(&self.ink.strokes, index);
                self.group();
            }
            Event::Regroup => {
                self.number.corrections.reset();
                self.group();
            }
            Event::PictureRead(picture) => {
                // A picture is read as one digit.
                self.lay(Sheet::Digit);
                self.prediction = None;
                self.picture = Some(picture);
                self.notices.set(Source::Picture, None);
                self.revision += 1;
            }
            Event::PictureRefused(text) => {
                let text = format!("{text} Your drawing is kept.");
                self.notices.set(
                    Source::Picture,
                    Some(notice("This picture cannot be read", text)),
                );
            }
            Event::BackToDrawing => self.back_to_drawing(),
            Event::Chosen(choice) => {
                self.choice = choice;
                self.notices.set(Source::Address, None);
            }
            Event::UnknownBackend(name) => {
                let text = wording::unknown_backend(&name);
                self.notices.set(
                    Source::Address,
                    Some(notice("There is no such engine", text)),
                );
            }
            Event::Status(status) => {
                if self.notice_of_engines() != status.notice.as_ref() {
                    self.notices.set(Source::Engines, status.notice.clone());
                }
                self.choice = status.choice;
                self.status = Some(status);
            }
            Event::Exam(exam) => self.exam = exam,
            Event::WeightsProgress {
                model,
                loaded,
                total,
            } => {
                self.weights.retain(|(earlier, _)| *earlier != model);
                self.weights.push((model, (loaded, total)));
            }
            Event::Answer(answer) => self.on_answer(&answer),
            Event::Tell(notice) => self.notices.set(Source::Teach, Some(notice)),
            Event::Seen(seen) => {
                self.taught += 1;
                self.seen(seen);
            }
            Event::AskedToEmbed(samples) => {
                self.taught += 1;
                self.asked_to_embed(samples);
            }
            Event::Space(space) => {
                self.taught += 1;
                self.set_space(space);
            }
            Event::Teach(event) => {
                self.taught += 1;
                if matches!(event, TeachEvent::Kept(_)) {
                    self.ink = Ink::default();
                    self.ink_changed();
                }
                let is_of_symbols = event.changes_symbols();
                self.teach.apply(event);
                if is_of_symbols {
                    self.symbols.learn(&self.teach);
                }
            }
            Event::Dismiss => self.notices.dismiss(),
        }
    }

    fn take(&mut self, sheet: Sheet, ink: Ink) {
        if sheet != self.sheet {
            // The pen was still down when the page switched to another pad.
            self.waiting[sheet as usize] = ink;
            return;
        }
        let is_new = ink.strokes != self.ink.strokes;
        self.ink = ink;
        if is_new {
            // The picture must no longer hide the drawing.
            self.back_to_drawing();
            self.ink_changed();
        }
        // The current stroke may still grow.
        if !self.ink.is_writing {
            self.group();
        }
    }

    fn back_to_drawing(&mut self) {
        if self.picture.take().is_some() {
            self.prediction = None;
            self.revision += 1;
        }
    }

    fn ink_changed(&mut self) {
        self.revision += 1;
        if self.sheet == Sheet::Digit {
            self.teach.corrected = None;
        }
        if self.is_blank() {
            self.prediction = None;
            // The drawing also leaves the map of symbols.
            self.taught += 1;
        }
    }

    fn on_answer(&mut self, answer: &Answer) {
        let network = self.exam.network(base_model(&answer.model));
        let tells_digits = network.is_some_and(|network| network.tells_digits);
        if self.sheet == Sheet::Number {
            let strokes = &self.ink.strokes;
            return self.number.on_answer(strokes, answer, tells_digits);
        }
        let ([image], [logits]) = (&*answer.images, &*answer.logits) else {
            return;
        };
        // A reading of a slightly older drawing may be shown for a moment.
        let fits = match &self.picture {
            Some(picture) => *image == picture.image,
            None => !self.is_blank(),
        };
        if fits {
            let (latency_ms, image) = (answer.latency_ms, image.clone());
            self.prediction = Some(Prediction::new(logits, tells_digits, latency_ms, image));
        }
    }

    fn notice_of_engines(&self) -> Option<&Notice> {
        self.status.as_ref()?.notice.as_ref()
    }

    /// Counts the changes to what is read and drawn.
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// Counts the changes to what the Teach page shows beside the pad, except those that follow from the network in
    /// use.
    pub fn taught(&self) -> u32 {
        self.taught
    }

    /// The images for the network to read; empty if the pad is blank.
    pub fn images(&self) -> Images {
        match &self.picture {
            Some(picture) => [picture.image.clone()].into(),
            None if self.sheet == Sheet::Number => self.number.images.clone(),
            None => render(&self.ink.strokes).into_iter().collect(),
        }
    }

    pub fn is_blank(&self) -> bool {
        self.picture.is_none() && self.ink.strokes.is_empty()
    }

    pub fn strokes(&self) -> &[Stroke] {
        &self.ink.strokes
    }

    pub fn tool(&self) -> Tool {
        self.tool
    }

    pub fn width(&self) -> PenWidth {
        self.width
    }

    pub fn can_undo(&self) -> bool {
        self.picture.is_some() || self.ink.can_undo
    }

    pub fn can_redo(&self) -> bool {
        self.ink.can_redo
    }

    pub fn picture(&self) -> Option<&Picture> {
        self.picture.as_ref()
    }

    /// The prediction for the pad, or for the digit of a number whose alternatives are shown.
    pub fn prediction(&self) -> Option<&Prediction> {
        match self.sheet {
            Sheet::Digit | Sheet::Sample => self.prediction.as_ref(),
            Sheet::Number => Some(&self.figures()[self.shown_figure()?].prediction),
        }
    }

    pub fn choice(&self) -> Choice {
        self.choice
    }

    pub fn status(&self) -> Option<&Status> {
        self.status.as_ref()
    }

    /// The requested network.
    pub fn model(&self) -> &str {
        let status = self.status.as_ref();
        status.map_or(DEFAULT_MODEL, |status| &status.model)
    }

    /// What is known about the networks.
    pub fn exam(&self) -> &Exam {
        &self.exam
    }

    /// Bytes of a network's weights: arrived, total (0 if unknown).
    pub fn arrived(&self, model: &str) -> (u64, u64) {
        let mut weights = self.weights.iter();
        let found = weights.find(|(name, _)| name == model);
        found.map_or((0, 0), |(_, bytes)| *bytes)
    }

    /// The newest notice that was not dismissed.
    pub fn notice(&self) -> Option<&Notice> {
        self.notices.newest()
    }

    /// What is loading, until the first network can read.
    pub fn progress(&self) -> Option<Progress> {
        wording::progress(self.status.as_ref(), self.arrived(self.model()))
    }

    /// The progress of loading the requested network while another one still reads; otherwise empty.
    pub fn switching(&self) -> String {
        let running = self
            .status
            .as_ref()
            .and_then(|status| status.running.as_ref());
        match running {
            Some(running) if running.model != self.model() => {
                zoo::switching(&self.network_name(self.model()), self.arrived(self.model()))
            }
            _ => String::new(),
        }
    }

    /// The verdict on the pad, or on the digit of a number whose alternatives are shown; `None` before it is read.
    pub fn verdict(&self) -> Option<Verdict> {
        if self.sheet == Sheet::Number {
            return Some(self.figures()[self.shown_figure()?].verdict);
        }
        let ink = self.picture.is_none().then(|| self.strokes());
        let verdict = Verdict::of(self.prediction.as_ref()?, ink);
        Some(match self.is_symbol() {
            Some(_) if verdict != Verdict::TooLittle => Verdict::Symbol,
            _ => verdict,
        })
    }

    /// The reading as screen readers say it; empty if there is none.
    pub fn announcement(&self) -> String {
        wording::announcement(self)
    }

    /// Describes the pad for screen readers.
    pub fn description(&self) -> String {
        wording::description(self)
    }
}

fn notice(title: &str, text: String) -> Notice {
    Notice {
        title: title.into(),
        text,
        can_retry: false,
    }
}
