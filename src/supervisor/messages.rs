//! What the supervisor hears and what it asks for.

use std::sync::Arc;

use super::status::{Answer, Choice};
use crate::digit::DigitImage;
use crate::protocol::{Adapters, Backend, Reply};

/// Images that are read together; none where the pad is blank.
pub type Images = Arc<[DigitImage]>;
/// A worker, numbered in the order of spawning.
pub type WorkerId = u32;

#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The person, or the address, asks for a backend. Also the first event.
    Choose(Choice),
    /// The person, or the address, asks for a network. Without it, it is the default one.
    ChooseModel(String),
    /// Start again after a failure that left nothing running, or left a network out of use.
    Retry,
    /// The weights of a network have arrived, or a sentence says why not.
    Weights {
        model: String,
        result: Result<(), String>,
    },
    /// There is no network of this name; `known` lists those that there are.
    NoSuchModel { model: String, known: String },
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
    /// New images to read together, or none when the pad is blank.
    Images(Images),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Answer with [`Event::Weights`] or [`Event::NoSuchModel`]. `again`: what was kept may be what was wrong.
    FetchWeights {
        model: String,
        again: bool,
    },
    Spawn {
        worker: WorkerId,
        backend: Backend,
        adapters: Adapters,
    },
    Terminate {
        worker: WorkerId,
    },
    /// Send the weights, which have arrived.
    Load {
        worker: WorkerId,
        model: String,
    },
    Classify {
        worker: WorkerId,
        id: u32,
        images: Images,
    },
    /// Answer with [`Event::Alarm`] after so many seconds. A later alarm replaces an earlier one.
    SetAlarm {
        worker: WorkerId,
        alarm: u32,
        seconds: u32,
    },
    /// Show this answer.
    Show(Answer),
    /// The status has changed; see [`Supervisor::status`].
    StatusChanged,
}
