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
    /// Another pad is laid out. The drawing on the one before waits.
    Lay(Sheet),
    /// Show the alternatives of the number's digit at this place.
    LookAt(usize),
    /// The number's digit at this place and the next one are one.
    Join(usize),
    /// The number's digit at this place is several.
    Split(usize),
    /// Group the number's strokes without corrections.
    Regroup,
    PictureRead(Picture),
    /// A sentence on why a picture cannot be read.
    PictureRefused(String),
    BackToDrawing,
    Teach(TeachEvent),
    /// Something happened while teaching.
    Tell(Notice),
    /// Images have been embedded, or a sentence says why not.
    Seen(Result<Sight, String>),
    /// These samples were sent to be embedded.
    AskedToEmbed(Vec<String>),
    /// Another network is to embed.
    Space(Space),
    /// The person chose an engine.
    Chosen(Choice),
    /// The address asks for an engine that there is not.
    UnknownBackend(String),
    Status(Status),
    Exam(Exam),
    WeightsProgress {
        model: String,
        loaded: u64,
        total: u64,
    },
    Answer(Answer),
    /// Put the notice away.
    Dismiss,
}
