//! Reads the pads of any web page: schedules their questions, turns them into images, and turns the answers into
//! readings for programs.
//!
//! [`Desk`] takes events and returns [`Command`]s for the owner of the engines. A pad may hold a digit, a taught
//! symbol or a number, and it is read in the same way as on Inkling's own page. This module must not know workers, the
//! DOM or the listener.

mod desk;
mod event;
mod ink;
mod lesson;
mod question;
mod reading;
#[cfg(test)]
mod tests;
mod turns;

pub use desk::{Command, Desk, Pad};
pub use event::Event;
pub use ink::Ink;
pub use lesson::{Lesson, Progress, Score, Table};
pub use question::Question;
pub use reading::{Alternative, Digit, Kind, Reading};
pub use turns::Turns;
