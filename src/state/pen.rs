//! The pen: its tools and widths, and what it leaves on a pad.

use crate::strokes::Stroke;

/// Height of a pad in its own units, and the width of a pad for one digit. With units of its own, a drawing survives a
/// change of screen size. `web/pad/surface.ts` has the same.
pub const PAD_SIDE: f32 = 1000.0;
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    Pen,
    /// Removes whole strokes.
    Eraser,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PenWidth {
    Fine,
    Medium,
    Broad,
}

/// What is on a pad, and what its history allows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ink {
    pub strokes: Vec<Stroke>,
    /// Whether the pen is down, so that the last stroke is unfinished.
    pub is_writing: bool,
    pub can_undo: bool,
    pub can_redo: bool,
}

impl PenWidth {
    pub const ALL: [Self; 3] = [Self::Fine, Self::Medium, Self::Broad];

    pub fn name(self) -> &'static str {
        match self {
            Self::Fine => "Fine",
            Self::Medium => "Medium",
            Self::Broad => "Broad",
        }
    }

    /// Half the width of the ink at medium pressure, in pad units.
    pub fn radius(self) -> f32 {
        match self {
            Self::Fine => 24.0,
            Self::Medium => 38.0,
            Self::Broad => 54.0,
        }
    }

    pub(super) fn thinner(self) -> Self {
        match self {
            Self::Broad => Self::Medium,
            _ => Self::Fine,
        }
    }

    pub(super) fn thicker(self) -> Self {
        match self {
            Self::Fine => Self::Medium,
            _ => Self::Broad,
        }
    }
}
