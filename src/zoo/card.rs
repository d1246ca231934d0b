//! Where a network comes from.

/// What a network of our own claims.
pub const NO_SOURCE: &str = "–";

/// A network's origin: what its source says of it, and what its source's code really does.
pub struct Card {
    /// The network in a sentence.
    pub about: &'static str,
    /// How the source trains it.
    pub training: &'static str,
    /// Test accuracy that the source claims, in its words.
    pub claimed: &'static str,
    /// Test accuracy that the source's code really reaches, in percent; `None` where it could not be read.
    pub really: Option<f64>,
    /// Where the source's words and its code differ, and what here differs from both.
    pub notes: &'static [&'static str],
}
