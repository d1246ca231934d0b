//! A person's hand: the drawings that they have labelled, the networks that have learnt from them, and how a lesson goes.
//!
//! What is kept, exported and imported is described here, so that the page and the trainer mean the same. This module must not know
//! where anything is kept, Burn or the DOM.

mod drawn;
mod export;
mod learning;
mod lesson;
mod network;
mod sight;

pub use drawn::{Drawn, MAX_LABEL, as_label, digit};
pub use export::{Export, ExportError, check};
pub use learning::{Learning, Mark, Stage};
pub use lesson::{LEAST, lesson_samples};
pub use network::{Figures, HandNetwork};
pub use sight::Sight;
