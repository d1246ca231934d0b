//! Describes where a network comes from.

/// The claim of a network of our own, which has no source.
pub const NO_SOURCE: &str = "–";

/// A network's origin: what its source says about it and what the source's code really does.
pub struct Card {
    /// Describes the network in a sentence.
    pub about: &'static str,
    /// How the source trains it; for a network of our own, what its “source's recipe” is.
    pub training: &'static str,
    /// The test accuracy that the source claims, in its own words.
    pub claimed: &'static str,
    /// The test accuracy that the source's code really reaches, in percent; `None` if it isn't known.
    pub really: Option<f64>,
    /// Where the source's text and its code differ, and where this network differs from both.
    pub notes: &'static [&'static str],
}
