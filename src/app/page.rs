//! The page's state and the engines behind it, in one handle that every component gets.

use gloo_render::request_animation_frame;
use leptos::prelude::*;

use super::address;
use super::pad::{InklingPad, pad};
use crate::digit::DigitImage;
use crate::examiner;
use crate::fetch::FOLDER;
use crate::host::{Bell, Host, HostEvent};
use crate::state::{Event, Sheet, State};
use crate::supervisor::{Choice, Images, Notice};

#[derive(Clone, Copy)]
pub struct Page {
    state: RwSignal<State>,
    /// See [`State::taught`].
    taught: Memo<u32>,
    /// What the network sees, at most once a frame.
    images: RwSignal<Images>,
    host: StoredValue<Option<Host>, LocalStorage>,
    /// Counts the pictures that were opened.
    pictures: StoredValue<u32>,
    /// Cancels the running lesson.
    bell: StoredValue<Option<Bell>, LocalStorage>,
}

impl Page {
    /// Starts the engines with the network that the address asks for. Call this once, inside the app's component.
    pub fn start() -> Self {
        let (choice, unknown) = address::choice();
        let state = RwSignal::new(State::new(choice));
        let page = Self {
            state,
            taught: Memo::new(move |_| state.with(State::taught)),
            images: RwSignal::new(Images::default()),
            host: StoredValue::new_local(None),
            pictures: StoredValue::new(0),
            bell: StoredValue::new_local(None),
        };
        if let Some(name) = unknown {
            page.apply(Event::UnknownBackend(name));
        }
        let host = Host::start(FOLDER, choice, address::model(), move |event| {
            page.apply(match event {
                HostEvent::Status(status) => Event::Status(status),
                HostEvent::Exam(exam) => Event::Exam(exam),
                HostEvent::WeightsProgress {
                    model,
                    loaded,
                    total,
                } => Event::WeightsProgress {
                    model,
                    loaded,
                    total,
                },
                HostEvent::Answer(answer) => Event::Answer(answer),
                HostEvent::Seen(seen) => Event::Seen(seen),
            });
        });
        page.host.set_value(Some(host));
        page.open_vault();
        page.follow_symbols();

        let read = move || {
            let images = page.untracked(State::images);
            if page.images.with_untracked(|before| *before != images) {
                page.images.set(images);
            }
        };
        let revision = page.memo(State::revision);
        let frame = StoredValue::new_local(None);
        Effect::new(move |_| {
            revision.get();
            // A frame that is due stays due. Requested anew during each frame, it would never come.
            if frame.with_value(Option::is_none) {
                let due = request_animation_frame(move |_| {
                    frame.set_value(None);
                    read();
                });
                frame.set_value(Some(due));
            }
        });
        Effect::new(move |_| {
            let images = page.images.get();
            // The networks vote on a single digit, not on the candidates of a number.
            let is_digit = page.untracked(|s| s.sheet() == Sheet::Digit);
            let digit = images.first().filter(|_| is_digit);
            page.examine(examiner::Event::Image(digit.cloned()));
            page.embed_drawing(images.first());
            page.with_host(|host| host.classify(images));
        });
        page
    }

    pub fn apply(self, event: Event) {
        self.state.update(|state| state.apply(event));
    }

    /// Undoes the last change to the ink, or removes the picture that hides it.
    pub fn undo(self) {
        match self.untracked(|s| s.picture().is_some()) {
            true => self.apply(Event::BackToDrawing),
            false => pad().iter().for_each(InklingPad::undo),
        }
    }

    pub fn redo(self) {
        self.apply(Event::BackToDrawing);
        pad().iter().for_each(InklingPad::redo);
    }

    pub fn clear(self) {
        self.apply(Event::BackToDrawing);
        pad().iter().for_each(InklingPad::clear);
    }

    /// Shows a pad, and forgets the images of the one before.
    pub fn lay(self, sheet: Sheet) {
        if self.untracked(State::sheet) != sheet {
            self.images.set(Images::default());
            self.apply(Event::Lay(sheet));
        }
    }

    /// Switches to another engine, and keeps the choice in the address for a reload.
    pub fn choose(self, choice: Choice) {
        self.apply(Event::Chosen(choice));
        address::keep(choice);
        self.with_host(|host| host.choose(choice));
    }

    /// Switches to another network, and keeps the choice in the address for a reload.
    pub fn choose_model(self, model: String) {
        address::keep_model(&model);
        self.with_host(|host| host.choose_model(model));
    }

    /// Asks the networks for votes, latency or checks.
    pub fn examine(self, event: examiner::Event) {
        self.with_host(|host| host.examine(event));
    }

    /// Makes the engines try again.
    pub fn retry(self) {
        self.with_host(Host::retry);
    }

    /// Reads a part of the state; tracked in a reactive context.
    pub fn with<T>(self, part: impl FnOnce(&State) -> T) -> T {
        self.state.with(part)
    }

    /// A memo of a part of the state, which notifies only when that part changes.
    pub fn memo<T: PartialEq + Send + Sync + 'static>(
        self,
        part: impl Fn(&State) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        Memo::new(move |_| self.state.with(&part))
    }

    /// Like [`memo`](Self::memo), but for a part that changes only when something about teaching does. It isn't
    /// recomputed at every move of the pen.
    pub fn memo_taught<T: PartialEq + Send + Sync + 'static>(
        self,
        part: impl Fn(&State) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        Memo::new(move |_| {
            // Read only to subscribe.
            self.taught.get();
            self.untracked(&part)
        })
    }

    pub fn untracked<T>(self, part: impl FnOnce(&State) -> T) -> T {
        self.state.with_untracked(part)
    }

    /// The image that the network sees: the digit on the pad, or the digit of a number whose alternatives are shown.
    pub fn seen(self) -> Option<DigitImage> {
        match self.with(State::sheet) {
            Sheet::Digit | Sheet::Sample => self.images.with(|images| images.first().cloned()),
            Sheet::Number => self.with(|s| s.prediction().map(|read| read.image.clone())),
        }
    }

    /// Returns the sequence number of a picture that is being opened.
    pub fn next_picture(self) -> u32 {
        self.pictures.update_value(|pictures| *pictures += 1);
        self.pictures.get_value()
    }

    pub fn is_newest_picture(self, turn: u32) -> bool {
        self.pictures.get_value() == turn
    }

    pub fn host(self) -> Option<Host> {
        self.host.get_value()
    }

    pub fn bell(self) -> Option<Bell> {
        self.bell.get_value()
    }

    pub fn set_bell(self, bell: Option<Bell>) {
        self.bell.set_value(bell);
    }

    /// Shows a notice about teaching.
    pub fn tell(self, title: &str, text: String) {
        self.apply(Event::Tell(Notice {
            title: title.into(),
            text,
            can_retry: false,
        }));
    }

    pub(super) fn with_host(self, act: impl FnOnce(&Host)) {
        // A clone, since the host may call back into this page.
        if let Some(host) = self.host() {
            act(&host);
        }
    }
}
