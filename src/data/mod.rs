//! Labelled images: reading IDX, splitting, batching and augmenting.
//!
//! All random numbers come from a seed. This module must not know HTTP, files or the DOM.

mod augment;
mod batches;
mod characters;
mod corrupt;
mod dataset;
mod hold_back;
mod idx;
mod join;
mod other_ink;
mod pens;
mod restyle;
mod samples;
mod thin;

pub use augment::{Augmentation, Paper, augment};
pub use batches::{epoch_order, mix_seed};
pub use characters::{Character, Part, TEST_ALPHABETS, VALIDATION_ALPHABETS, by_alphabet, turned};
pub use corrupt::{Corruption, N_SEVERITIES, corrupt};
pub use dataset::{Dataset, DatasetError, Drawings, Split, split};
pub use hold_back::hold_back;
pub use idx::{IdxError, LabelledBytes, read_images, read_labels};
pub use join::join_strokes;
pub use other_ink::{neighbours, scribble};
pub use pens::{PenDigit, PenError, PenSplit, pen_images, read_pens, split_writers};
pub use restyle::{Restyle, restyle, restyle_digit};
pub use samples::{Sample, pack, unpack};
pub use thin::thin_strokes;
