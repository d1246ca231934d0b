//! The wasm around [`reader`](crate::reader): a `Reader` for the scripts of any web page. It holds the engines, what
//! was taught and the listener.
//!
//! `web/pad` calls it. Nothing outlives it. It must not know the DOM.

mod teaching;

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use js_sys::{Error, Function, Promise};
use serde::Deserialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::host::{Host, HostEvent, js};
use crate::picture::{PictureError, digit_from_rgba, shrunk};
use crate::reader::{Command, Desk, Ink, Pad, Question};
use crate::supervisor::Choice;
use teaching::Teaching;

/// Makes panics readable in the console.
pub fn start() {
    console_error_panic_hook::set_once();
}

#[derive(Deserialize)]
struct Options {
    backend: String,
    model: String,
    weights: String,
}

#[wasm_bindgen]
pub struct Reader {
    lectern: Rc<Lectern>,
}

struct Lectern {
    host: Host,
    listener: Function,
    desk: RefCell<Desk>,
    teaching: Teaching,
}

#[wasm_bindgen]
impl Reader {
    /// Starts the engines. `listener` gets all events, always from the event loop and never from within a call.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue, listener: Function) -> Result<Self, Error> {
        let options: Options = serde_wasm_bindgen::from_value(options)
            .map_err(unreadable("The reader takes { backend, model, weights }"))?;
        let unknown = || {
            Error::new(&format!(
                "There is no backend called “{}”.",
                options.backend
            ))
        };
        let choice = Choice::from_name(&options.backend).ok_or_else(unknown)?;
        let lectern = Rc::new_cyclic(|lectern: &Weak<Lectern>| {
            let (folder, model, lectern) = (options.weights, options.model, lectern.clone());
            let hear = move |event| {
                if let Some(lectern) = lectern.upgrade() {
                    lectern.hear(event);
                }
            };
            Lectern {
                host: Host::start(&folder, choice, Some(model), hear),
                listener,
                desk: RefCell::default(),
                teaching: Teaching::default(),
            }
        });
        Ok(Self { lectern })
    }

    /// Requests a reading of a pad's strokes: x, y and radius of all points, the number of points of each stroke, and
    /// the most digits there can be. If that is 1, the reading is a digit or a taught symbol.
    pub fn read(&self, pad: Pad, points: &[f32], lengths: &[u32], digits: u32) {
        let ink = Ink::new(points, lengths);
        self.ask(pad, Question::drawing(ink, digits as usize));
    }

    /// Requests a reading of a picture of one digit, in RGBA like `ImageData`.
    #[wasm_bindgen(js_name = readPicture)]
    pub fn read_picture(
        &self,
        pad: Pad,
        rgba: &[u8],
        width: u32,
        height: u32,
    ) -> Result<(), Error> {
        let (width, height, rgba) = shrunk(width as usize, height as usize, rgba);
        let image = match digit_from_rgba(width, height, &rgba) {
            Ok(image) => Some(image),
            Err(PictureError::NoInk) => None,
            Err(error) => return Err(Error::new(&error.to_string())),
        };
        self.ask(pad, Question::picture(image));
        Ok(())
    }

    /// Cancels a pad's requests.
    pub fn forget(&self, pad: Pad) {
        let commands = self.lectern.desk.borrow_mut().forget(pad);
        self.lectern.perform(commands);
    }

    fn ask(&self, pad: Pad, question: Question) {
        let commands = self.lectern.desk.borrow_mut().ask(pad, question);
        self.lectern.perform(commands);
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.lectern.end_teaching();
        self.lectern.host.end();
    }
}

impl Lectern {
    fn hear(self: &Rc<Self>, event: HostEvent) {
        let mut desk = self.desk.borrow_mut();
        let commands = match event {
            HostEvent::Status(status) => desk.on_status(status),
            HostEvent::Answer(answer) => {
                let tells_digits = self.host.tells_digits(&answer.model);
                desk.on_answer(answer, tells_digits)
            }
            HostEvent::Seen(seen) => {
                let why = seen.as_ref().err().cloned();
                let commands = desk.on_sight(seen);
                self.settle(&mut desk, why);
                commands
            }
            HostEvent::Exam(_) | HostEvent::WeightsProgress { .. } => Vec::new(),
        };
        drop(desk);
        self.perform(commands);
    }

    fn perform(self: &Rc<Self>, commands: Vec<Command>) {
        for command in commands {
            match command {
                Command::Read(images) => self.host.classify(images),
                Command::Embed(image) => {
                    let model = self.desk.borrow().space().model();
                    self.host.embed_drawing(model, image);
                }
                Command::Tell(event) => self.later(move |lectern| {
                    let told = lectern.listener.call1(&JsValue::UNDEFINED, &js(&event));
                    if let Err(error) = told {
                        // Nothing handles the rejection, so the browser reports it.
                        let _ = Promise::reject(&error);
                    }
                }),
            }
        }
    }

    /// Does something from the event loop, unless the reader is freed first.
    fn later(self: &Rc<Self>, act: impl FnOnce(&Rc<Self>) + 'static) {
        let lectern = Rc::downgrade(self);
        spawn_local(async move {
            if let Some(lectern) = lectern.upgrade() {
                act(&lectern);
            }
        });
    }
}

/// Returns an error for arguments of the wrong shape.
fn unreadable(what: &str) -> impl Fn(serde_wasm_bindgen::Error) -> Error {
    move |error| Error::new(&format!("{what} ({error})."))
}
