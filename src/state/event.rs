//! What can happen to the page.

use super::{Ink, PenWidth, Picture, Sheet, TeachEvent, Tool};
use crate::examiner::Exam;
use crate::hand::Sight;
use crate::supervisor::{Answer, Choice, Notice, Status};
use crate::symbols::Space;

#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The ink on a pad has changed, or the pen was lifted from it.
    Ink(Sheet, Ink),
    Tool(Tool),
    ToggleEraser,
    Width(PenWidth),
    Thinner,
    Thicker,
    /// Show another pad. The drawing on the one before stays there.
    Lay(Sheet),
    /// Show the alternatives of the number's digit at this place.
    LookAt(usize),
    /// Join the number's digit at this place with the next one.
    Join(usize),
    /// Split the number's digit at this place.
    Split(usize),
    /// Group the number's strokes without corrections.
    Regroup,
    PictureRead(Picture),
    /// A sentence that says why a picture cannot be read.
    PictureRefused(String),
    BackToDrawing,
    Teach(TeachEvent),
    /// Something happened while teaching.
    Tell(Notice),
    /// Images have been embedded, or a sentence says why not.
    Seen(Result<Sight, String>),
    /// These samples were sent to be embedded.
    AskedToEmbed(Vec<String>),
    /// The person chose another network for embedding.
    Space(Space),
    /// The person chose an engine.
    Chosen(Choice),
    /// The address asks for an engine that doesn't exist.
    UnknownBackend(String),
    Status(Status),
    Exam(Exam),
    WeightsProgress {
        model: String,
        loaded: u64,
        total: u64,
    },
    Answer(Answer),
    /// Dismiss the notice.
    Dismiss,
}
