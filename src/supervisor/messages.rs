//! The supervisor's events and commands.

use std::sync::Arc;

use super::status::{Answer, Choice};
use crate::digit::DigitImage;
use crate::protocol::{Adapters, Backend, Reply};

/// Images of one request. Empty if the pad is blank.
pub type Images = Arc<[DigitImage]>;
/// A worker, numbered in the order of spawning.
pub type WorkerId = u32;

#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The person or the page's address chose a backend. Also the first event.
    Choose(Choice),
    /// The person or the page's address chose a network. Without this event, it is the default one.
    ChooseModel(String),
    /// Retry after a failure that left no engine running or a network unused.
    Retry,
    /// The weights of a network have arrived, or the error says why not.
    Weights {
        model: String,
        result: Result<(), String>,
    },
    /// No network has this name; `known` lists the available ones.
    NoSuchModel { model: String, known: String },
    /// A worker sent a reply. `logits` belong to [`Reply::Classified`].
    Reply {
        worker: WorkerId,
        reply: Reply,
        logits: Vec<f32>,
    },
    /// A worker broke without a reply, for example after a panic.
    Broke { worker: WorkerId, message: String },
    /// The time set by [`Command::SetAlarm`] is over.
    Alarm { worker: WorkerId, alarm: u32 },
    /// New images of one request. Empty if the pad is blank.
    Images(Images),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Answer with [`Event::Weights`] or [`Event::NoSuchModel`]. `again`: bypass caches, which may hold damaged data.
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
    /// Send the weights that have arrived.
    Load {
        worker: WorkerId,
        model: String,
    },
    Classify {
        worker: WorkerId,
        id: u32,
        images: Images,
    },
    /// Answer with [`Event::Alarm`] after this many seconds. A later alarm replaces an earlier one.
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
