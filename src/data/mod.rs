//! Labelled images: reading IDX, splitting, batching and augmenting.
//!
//! Everything random here is drawn from a seed. This module must not know HTTP, files or the DOM.

mod augment;
mod batches;
mod corrupt;
mod dataset;
mod idx;
mod other_ink;
mod pens;
mod restyle;
mod thin;

pub use augment::{Augmentation, Paper, augment};
pub use batches::{epoch_order, mix_seed};
pub use corrupt::{Corruption, N_SEVERITIES, corrupt};
pub use dataset::{Dataset, DatasetError, Drawings, Split, split};
pub use idx::{IdxError, LabelledBytes, read_images, read_labels};
pub use other_ink::{neighbours, scribble};
pub use pens::{PenDigit, PenError, PenSplit, pen_images, read_pens, split_writers};
pub use restyle::{Restyle, restyle, restyle_digit};
pub use thin::thin_strokes;
