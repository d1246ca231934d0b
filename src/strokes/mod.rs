//! Strokes of a pen, and how a drawing becomes a [`DigitImage`].
//!
//! Pure data, shared by the pad, the tests and the trainer. It doesn't touch the DOM.
//!
//! [`DigitImage`]: crate::digit::DigitImage

mod extent;
mod mnist_frame;
mod render;
mod stroke;

pub use extent::Extent;
pub use mnist_frame::{Grey, frame_grey};
pub use render::{render, render_inked};
pub use stroke::{Point, Stroke, clean};
