//! The events for a program.

use serde::Serialize;

use super::desk::Pad;
use super::reading::Reading;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Event {
    /// An engine is ready, or a different one than before.
    Ready {
        backend: String,
        /// The device name that the engine reports; may be empty.
        device: String,
        model: String,
        /// A sentence that says why this backend was chosen.
        why: String,
    },
    Reading {
        pad: Pad,
        reading: Reading,
    },
    Trouble {
        /// The error code: one of [`Cause::name`](crate::supervisor::Cause::name), or `symbols`.
        code: &'static str,
        /// The problem in full sentences.
        message: String,
        /// Whether nothing can be read now.
        fatal: bool,
    },
}
