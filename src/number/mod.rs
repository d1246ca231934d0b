//! A number of several digits: which strokes form which digit, and which number they form.
//!
//! Grouping is a search among [`candidates`]: the caller renders each with [`Group::image`], has the network read all
//! of them in one batch, and [`read`] chooses those that cover every stroke once and are together the likeliest
//! digits. So the network that reads the digits also decides where a digit ends, and touching neighbours are not a
//! special case. A person can fix mistakes with [`Corrections`]. This module doesn't know Burn, the DOM or files.
//!
//! ```
//! use inkling::number::{Corrections, Scoring, candidates, read};
//! # let strokes = Vec::new();
//! # let ask_the_network = |_images: &[Option<inkling::digit::DigitImage>]| Vec::new();
//! let mut corrections = Corrections::default();
//! let groups = candidates(&strokes, &corrections);
//! let images: Vec<_> = groups.iter().map(|group| group.image(&strokes)).collect();
//! let logits: Vec<[f32; 10]> = ask_the_network(&images);
//! let digits = read(&strokes, &groups, &logits, &Scoring::PLAIN);
//! // A person presses "join" between the first two, and the number is read again.
//! if let [first, second, ..] = &*digits {
//!     corrections.join(&strokes, &first.group, &second.group);
//! }
//! ```

mod candidates;
mod compose;
mod corrections;
mod lattice;
mod layout;
mod read;
mod scoring;
mod sort;
#[cfg(test)]
mod tests;

pub use candidates::{MAX_CANDIDATES, candidates};
pub use compose::{Composed, Hand, Spacing, compose};
pub use corrections::Corrections;
pub use lattice::Lattice;
pub use read::{ReadDigit, read, read_at_most};
pub use scoring::Scoring;

use crate::digit::DigitImage;
use crate::strokes::{Stroke, render};

/// The strokes that make one digit, as ascending indices into the drawing's strokes; at least one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group(Vec<usize>);

impl Group {
    /// Returns the group of these strokes, or `None` if there are none. Order and repetition do not matter.
    pub fn new(strokes: Vec<usize>) -> Option<Self> {
        let mut strokes = sort::sorted(&strokes, Ord::cmp);
        strokes.dedup();
        (!strokes.is_empty()).then_some(Self(strokes))
    }

    /// Ascending.
    pub fn indices(&self) -> &[usize] {
        &self.0
    }

    pub fn n_strokes(&self) -> usize {
        self.0.len()
    }

    /// The group's strokes, taken from the drawing's.
    pub fn strokes(&self, strokes: &[Stroke]) -> Vec<Stroke> {
        let strokes = self.0.iter().filter_map(|&index| strokes.get(index));
        strokes.cloned().collect()
    }

    /// The image for the network. `None` only if none of the group's strokes is in the drawing any more.
    pub fn image(&self, strokes: &[Stroke]) -> Option<DigitImage> {
        render(&self.strokes(strokes))
    }

    fn contains_all(&self, strokes: &[usize]) -> bool {
        strokes
            .iter()
            .all(|index| self.0.binary_search(index).is_ok())
    }
}
