//! What the examiner hears and what it asks for.

use crate::digit::DigitImage;
use crate::protocol::{Backend, Reply};

/// A worker, numbered in the order of spawning.
pub type WorkerId = u32;

/// What the manifest says of a network, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub id: String,
    /// Of the weights.
    pub bytes: u64,
    /// Test digits that it reads right.
    pub correct: usize,
    /// Has it learnt to tell digits from other ink?
    pub tells_digits: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The manifest has arrived.
    Networks(Vec<Candidate>),
    /// The engine that answers the pen, if one can.
    Engine(Option<Backend>),
    /// A new image to read, or `None` when the pad is blank.
    Image(Option<DigitImage>),
    /// Let all networks read the drawing from now on, or no longer.
    Ask(bool),
    /// Measure how long this network takes for one image.
    Measure(String),
    /// Let this network read all test digits.
    Check(String),
    /// No longer.
    Cancel(String),
    /// Weights have arrived, for whomever, or a sentence says why not.
    Weights {
        model: String,
        result: Result<(), String>,
    },
    /// The labels of the test digits, which have arrived, or a sentence on why not.
    Digits(Result<Vec<u8>, String>),
    /// A worker said something. `logits` go with [`Reply::Classified`].
    Reply {
        worker: WorkerId,
        reply: Reply,
        logits: Vec<f32>,
    },
    /// A worker broke without a word.
    Broke { worker: WorkerId, message: String },
    /// The time of the alarm that [`Command::SetAlarm`] set is over.
    Alarm { alarm: u32 },
}

#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Answer with [`Event::Weights`]. `again`: what was kept may be what was wrong.
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
    /// Add the network, whose weights have arrived.
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
    /// Read so many test digits from this one on.
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
    /// Answer with [`Event::Alarm`] after so many seconds. A later alarm replaces an earlier one.
    SetAlarm {
        alarm: u32,
        seconds: u32,
    },
    /// See [`Examiner::exam`](super::Examiner::exam).
    Changed,
}
