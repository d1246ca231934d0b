//! Charts as SVG text: from numbers to a drawing, without the DOM.
//!
//! Sixteen units of length are one `rem`. A chart is drawn for the width that it gets, so its letters are as large as
//! those around it. Colours and strokes come from the style sheet by class.

mod bar;
mod curves;
mod field;
mod reliability;
mod scale;
mod scatter;
mod svg;
mod tile;

pub use bar::bar;
pub use curves::{Curve, Series, curves};
pub use field::field;
pub use reliability::reliability;
pub use scatter::{Mark, scatter};
pub use tile::tile;

pub use svg::{Anchor, Svg};

use scale::Scale;

use crate::figures::tick;

/// Where a chart's data are drawn, between its axes.
struct Plot {
    x: Scale,
    y: Scale,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Plot {
    /// Draws the grid, and both axes with their numbers and titles.
    fn axes(&self, svg: &mut Svg, x_title: &str, y_title: &str) {
        for value in self.y.ticks() {
            let y = self.y.at(value);
            svg.line("grid", [self.left, y], [self.right, y]);
            svg.text(
                "tick",
                [self.left - 8.0, y + 4.0],
                Anchor::End,
                &tick(value),
            );
        }
        svg.line("axis", [self.left, self.bottom], [self.right, self.bottom]);
        for value in self.x.ticks() {
            let x = self.x.at(value);
            svg.line("axis", [x, self.bottom], [x, self.bottom + 5.0]);
            svg.text(
                "tick",
                [x, self.bottom + 19.0],
                Anchor::Middle,
                &tick(value),
            );
        }
        svg.text(
            "unit",
            [self.right, self.bottom + 37.0],
            Anchor::End,
            x_title,
        );
        svg.text(
            "unit",
            [self.left - 8.0, self.top - 14.0],
            Anchor::Start,
            y_title,
        );
    }
}
