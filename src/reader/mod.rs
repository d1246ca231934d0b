//! What reads the pads of any web page: whose turn it is, what a pad is asked as, and what its answer means to a program.
//!
//! [`Desk`] takes what happens and answers [`Command`]s for whoever owns the engines. A pad may hold a digit, a taught symbol or a number,
//! and what it holds is decided as on Inkling's own page. This module must not know workers, the DOM or who listens.

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
