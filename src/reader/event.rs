//! What a program hears.

use serde::Serialize;

use super::desk::Pad;
use super::reading::Reading;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Event {
    /// Something reads, or something else than before.
    Ready {
        backend: String,
        /// As the engine names it; may be empty.
        device: String,
        model: String,
        /// A sentence on why it is this.
        why: String,
    },
    Reading {
        pad: Pad,
        reading: Reading,
    },
    Trouble {
        /// In a word; see [`Cause::name`](crate::supervisor::Cause::name), and `symbols`.
        code: &'static str,
        /// In sentences.
        message: String,
        /// Can nothing read now?
        fatal: bool,
    },
}
