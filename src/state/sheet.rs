//! The pads: one for a digit, a wide one for a number, and one for drawings to learn from.

use super::PAD_SIDE;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sheet {
    #[default]
    Digit,
    Number,
    /// A digit or a symbol for the network to learn.
    Sample,
}

impl Sheet {
    pub const ALL: [Self; 3] = [Self::Digit, Self::Number, Self::Sample];

    /// The pad's width in its own units; all pads are [`PAD_SIDE`] high.
    pub fn width(self) -> f32 {
        match self {
            Self::Digit | Self::Sample => PAD_SIDE,
            // style/main.css has the same.
            Self::Number => 2.5 * PAD_SIDE,
        }
    }

    /// The pen's width relative to the pad for one digit. It is smaller for a number, whose digits are smaller.
    pub fn ink(self) -> f32 {
        match self {
            Self::Digit | Self::Sample => 1.0,
            Self::Number => 0.5,
        }
    }
}
