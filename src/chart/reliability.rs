//! The reliability diagram: how often a network is right at each level of confidence.

use super::Plot;
use super::scale::Scale;
use super::svg::{Anchor, Svg};
use crate::html::Html;

/// The side of the plot, which is a square.
const SIDE: f64 = 240.0;

/// `bins` are mean confidence, accuracy (both 0 to 1) and number of images. Each is a dot; larger dots have more
/// images. Its distance from the diagonal is the gap between confidence and accuracy.
pub fn reliability(bins: &[(f64, f64, usize)], label: &str) -> Html {
    let (left, top) = (48.0, 30.0);
    let side = SIDE;
    let plot = Plot {
        x: Scale::linear([0.0, 100.0], [left, left + side], 5),
        y: Scale::linear([0.0, 100.0], [top + side, top], 5),
        left,
        right: left + side,
        top,
        bottom: top + side,
    };
    let mut svg = Svg::image(left + side + 12.0, top + side + 44.0, label);
    plot.axes(&mut svg, "confidence, %", "accuracy, %");
    svg.line("ideal", [plot.left, plot.bottom], [plot.right, plot.top]);
    for &(confidence, right, n) in bins.iter().filter(|(_, _, n)| *n > 0) {
        let x = plot.x.at(100.0 * confidence);
        let y = plot.y.at(100.0 * right);
        svg.line("gap", [x, plot.y.at(100.0 * confidence)], [x, y]);
        svg.circle("bin", [x, y], 2.0 + 1.5 * (n as f64).log10());
    }
    let middle = plot.x.at(70.0);
    svg.text(
        "note",
        [middle + 6.0, plot.y.at(18.0)],
        Anchor::Middle,
        "overconfident",
    );
    svg.text(
        "note",
        [plot.x.at(28.0), plot.y.at(86.0)],
        Anchor::Middle,
        "underconfident",
    );
    svg.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_bins_are_no_dots() {
        let bins = [(0.0, 0.0, 0), (0.55, 0.5, 10), (0.99, 0.999, 9990)];
        let svg = reliability(&bins, "calibration").into_string();
        assert_eq!(svg.matches("<circle").count(), 2);
    }
}
