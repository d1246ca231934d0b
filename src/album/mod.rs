//! What a person has taught, as markup: thumbnails of their drawings, the curves of a lesson, the map of their
//! symbols.
//!
//! Nothing here touches the DOM: `app/teach` shows it.

mod lesson_curve;
mod map;
mod thumbnail;

pub use lesson_curve::lesson_curve;
pub use map::{Kind, Spot, map};
pub use thumbnail::{row, thumbnail};
