//! The pen: its widths, its pressure, and what it is doing.

use super::Sheet;
use crate::strokes::Point;

/// Height of a pad in its own units, and its width where it is for one digit, so that a drawing survives another screen size.
pub const PAD_SIDE: f32 = 1000.0;
/// How near the eraser must come to a stroke, in pad units.
pub(super) const ERASER_RADIUS: f32 = 22.0;
/// Movements shorter than this, in pad units, are none: a pen that rests sends events too. The smallest digit is 50 units high, and
/// what is left off at the end of its strokes must not show.
pub(super) const MIN_STEP: f32 = 0.1;
/// How much of a change of pressure one sample takes over.
const PRESSURE_FOLLOWING: f32 = 0.4;

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

/// Where a pointer is, in pad units. `pressure` (0..1) is given only by devices that measure it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    pub x: f32,
    pub y: f32,
    pub pressure: Option<f32>,
}

/// A pen on the pad.
#[derive(Clone, Debug)]
pub(super) struct PenDown {
    pub pointer: i32,
    pub erasing: bool,
    pub last: Point,
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

    /// The ink at a sample, on the pad. It follows pressure softly from the radius before.
    pub(super) fn point(self, sheet: Sheet, sample: Sample, radius_before: Option<f32>) -> Point {
        let radius = self.radius() * sheet.ink();
        let radius = match sample.pressure {
            Some(pressure) => {
                let wanted = radius * (0.4 + 1.2 * pressure.clamp(0.0, 1.0));
                let before = radius_before.unwrap_or(wanted);
                before + PRESSURE_FOLLOWING * (wanted - before)
            }
            None => radius,
        };
        let (x, y) = (
            sample.x.clamp(0.0, sheet.width()),
            sample.y.clamp(0.0, PAD_SIDE),
        );
        Point::new(x, y, radius)
    }
}
