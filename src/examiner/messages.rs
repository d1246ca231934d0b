//! The examiner's events and commands.

use crate::digit::DigitImage;
use crate::protocol::{Backend, Reply};

/// A worker, numbered in the order of spawning.
pub type WorkerId = u32;

/// The manifest's data about a network that the examiner needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub id: String,
    /// The size of the weights.
    pub bytes: u64,
    /// Test digits that it reads correctly.
    pub correct: usize,
    /// Whether it has learnt to tell digits from other ink.
    pub tells_digits: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The manifest has arrived.
    Networks(Vec<Candidate>),
    /// The engine that answers the pen, if any is ready.
    Engine(Option<Backend>),
    /// A new image to read, or `None` if the pad is blank.
    Image(Option<DigitImage>),
    /// Start or stop letting all networks read the drawing.
    Ask(bool),
    /// Measure how long this network takes for one image.
    Measure(String),
    /// Let this network read all test digits.
    Check(String),
    /// Cancel this network's check.
    Cancel(String),
    /// Weights have arrived, whoever requested them, or the error says why not.
    Weights {
        model: String,
        result: Result<(), String>,
    },
    /// The test digits have arrived, with these labels, or the error says why not.
    Digits(Result<Vec<u8>, String>),
    /// A worker sent a reply. `logits` belong to [`Reply::Classified`].
    Reply {
        worker: WorkerId,
        reply: Reply,
        logits: Vec<f32>,
    },
    /// A worker broke without a reply.
    Broke { worker: WorkerId, message: String },
    /// The time set by [`Command::SetAlarm`] is over.
    Alarm { alarm: u32 },
}

#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Answer with [`Event::Weights`]. `again`: bypass caches, which may hold damaged data.
    Fetch {
        model: String,
        again: bool,
    },
    /// Answer with [`Event::Digits`].
    FetchDigits,
    Spawn {
        worker: WorkerId,
        backend: Backend,
    },
    Terminate {
        worker: WorkerId,
    },
    /// Add the network. Its weights have arrived.
    Add {
        worker: WorkerId,
        model: String,
    },
    /// Read the image on the pad.
    Classify {
        worker: WorkerId,
        model: String,
        image: DigitImage,
    },
    /// Read `n` test digits, starting with `first`.
    ClassifyDigits {
        worker: WorkerId,
        model: String,
        first: usize,
        n: usize,
    },
    Time {
        worker: WorkerId,
        model: String,
    },
    /// Answer with [`Event::Alarm`] after this many seconds. A later alarm replaces an earlier one.
    SetAlarm {
        alarm: u32,
        seconds: u32,
    },
    /// The exam has changed; see [`Examiner::exam`](super::Examiner::exam).
    Changed,
}
