//! A bar within a line of text.

use super::svg::Svg;
use crate::html::Html;

/// A bar that is filled to this share (0 to 1). The value stands beside it as text.
pub fn bar(share: f64) -> Html {
    let mut svg = Svg::decoration(100.0, 6.0);
    svg.rect("whole", [0.0, 0.0], [100.0, 6.0]);
    svg.rect("part", [0.0, 0.0], [100.0 * share.clamp(0.0, 1.0), 6.0]);
    svg.finish()
}
