//! The bounding box of ink.

use super::stroke::{Point, Stroke};

/// The smallest upright box around the centre line of some ink.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    pub left: f32,
    pub right: f32,
    pub top: f32,
    pub bottom: f32,
}

impl Extent {
    /// The extent of no ink: from infinity to minus infinity, so that combining it with any other gives the other.
    pub const NONE: Self = Self {
        left: f32::INFINITY,
        right: f32::NEG_INFINITY,
        top: f32::INFINITY,
        bottom: f32::NEG_INFINITY,
    };

    pub fn of<'a>(strokes: impl IntoIterator<Item = &'a Stroke>) -> Self {
        let points = strokes.into_iter().flat_map(|stroke| &stroke.points);
        points.fold(Self::NONE, |extent, &Point { x, y, .. }| {
            extent.with(Self {
                left: x,
                right: x,
                top: y,
                bottom: y,
            })
        })
    }

    pub fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            right: self.right.max(other.right),
            top: self.top.min(other.top),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// 0 if there is no ink.
    pub fn width(&self) -> f32 {
        (self.right - self.left).max(0.0)
    }

    /// 0 if there is no ink.
    pub fn height(&self) -> f32 {
        (self.bottom - self.top).max(0.0)
    }

    /// The larger of width and height.
    pub fn side(&self) -> f32 {
        self.width().max(self.height())
    }

    /// Halfway between left and right.
    pub fn middle(&self) -> f32 {
        0.5 * (self.left + self.right)
    }

    /// The horizontal overlap; if negative, the gap between them.
    pub fn overlap(&self, other: &Self) -> f32 {
        self.right.min(other.right) - self.left.max(other.left)
    }
}
