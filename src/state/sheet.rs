//! The pads: one for a digit, a wide one for a number, and one for what is taught.

use super::PAD_SIDE;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sheet {
    #[default]
    Digit,
    Number,
    /// A digit or a symbol that is to be learnt.
    Sample,
}

impl Sheet {
    pub const ALL: [Self; 3] = [Self::Digit, Self::Number, Self::Sample];

    /// Of the pad, in its units; all pads are [`PAD_SIDE`] high.
    pub fn width(self) -> f32 {
        match self {
            Self::Digit | Self::Sample => PAD_SIDE,
            // web/styles.css has the same.
            Self::Number => 2.5 * PAD_SIDE,
        }
    }

    /// How wide the pen's ink is against that on the pad for one digit, as the digits of a number are smaller.
    pub fn ink(self) -> f32 {
        match self {
            Self::Digit | Self::Sample => 1.0,
            Self::Number => 0.5,
        }
    }
}
