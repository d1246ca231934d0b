//! A person's handwriting: the drawings that they have labelled, the networks that have learnt from them, and the
//! progress of a lesson.
//!
//! The formats for storing, exporting and importing are defined here, so that the page and the trainer agree. This
//! module doesn't know where anything is stored, Burn or the DOM.

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
