//! Learning curves: a value at each epoch, several runs in one chart.

use super::Plot;
use super::scale::Scale;
use super::svg::{Anchor, Svg};
use crate::html::Html;

/// Which images a curve is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Series {
    Training,
    Validation,
}

impl Series {
    fn name(self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::Validation => "validation",
        }
    }
}

/// One run's values, from the first epoch on.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    pub series: Series,
    pub values: Vec<f64>,
    /// Whether this run is highlighted.
    pub is_strong: bool,
}

/// Draws curves by epoch on a logarithmic axis, and marks the epoch that was kept, counted from 1.
pub fn curves(
    curves: &[Curve],
    kept: Option<usize>,
    y_title: &str,
    label: &str,
    width: f64,
) -> Html {
    let height = 260.0;
    let n_epochs = curves
        .iter()
        .map(|curve| curve.values.len())
        .max()
        .unwrap_or(1);
    let (left, right, top, bottom) = (52.0, width - 84.0, 30.0, height - 44.0);
    // A single epoch is a point in the middle.
    let ends = match n_epochs {
        0 | 1 => [0.0, 2.0],
        n => [1.0, n as f64],
    };
    let plot = Plot {
        x: Scale::linear(ends, [left, right], 6),
        y: Scale::log(
            curves.iter().flat_map(|curve| curve.values.iter().copied()),
            [bottom, top],
            7,
        ),
        left,
        right,
        top,
        bottom,
    };
    let mut svg = Svg::image(width, height, label);
    plot.axes(&mut svg, "epoch", y_title);
    if let Some(kept) = kept {
        let x = plot.x.at(kept as f64);
        svg.line("kept", [x, top], [x, bottom]);
        svg.text("note", [x, top - 5.0], Anchor::Middle, "kept");
    }
    let place = |index: usize, value: f64| [plot.x.at(index as f64 + 1.0), plot.y.at(value)];
    for is_strong in [false, true] {
        for curve in curves.iter().filter(|curve| curve.is_strong == is_strong) {
            let strength = if is_strong { "strong" } else { "faint" };
            let class = format!("{} {strength}", curve.series.name());
            let points: Vec<_> = curve
                .values
                .iter()
                .enumerate()
                .map(|(index, &value)| place(index, value))
                .collect();
            match points[..] {
                [point] => svg.circle(&class, point, 3.0),
                _ => svg.path(&class, &points),
            }
        }
    }
    for (name, y) in names(curves, &plot) {
        svg.text(
            &format!("name {name}"),
            [right + 8.0, y + 4.0],
            Anchor::Start,
            name,
        );
    }
    svg.finish()
}

/// The names of both series at the height where their strong curves end, far enough apart to be read.
fn names(curves: &[Curve], plot: &Plot) -> Vec<(&'static str, f64)> {
    let end = |series| {
        let curve = curves
            .iter()
            .find(|curve| curve.series == series && curve.is_strong)?;
        Some((series.name(), plot.y.at(*curve.values.last()?)))
    };
    let mut names: Vec<_> = [Series::Training, Series::Validation]
        .into_iter()
        .filter_map(end)
        .collect();
    if let [upper, lower] = &mut names[..] {
        if upper.1 > lower.1 {
            std::mem::swap(upper, lower);
        }
        let lacking = 15.0 - (lower.1 - upper.1);
        if lacking > 0.0 {
            upper.1 -= lacking / 2.0;
            lower.1 += lacking / 2.0;
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(series: Series, values: &[f64], is_strong: bool) -> Curve {
        Curve {
            series,
            values: values.into(),
            is_strong,
        }
    }

    #[test]
    fn every_run_is_drawn_the_strong_one_last() {
        let all = [
            curve(Series::Validation, &[0.3, 0.1], true),
            curve(Series::Validation, &[0.4, 0.2], false),
        ];
        let svg = curves(&all, Some(2), "loss", "falls", 400.0).into_string();
        let strong = svg.find("validation strong").unwrap();
        assert!(svg.find("validation faint").unwrap() < strong);
        assert!(svg.contains(">kept</text>"));
        assert_eq!(svg.matches(">validation</text>").count(), 1);
    }

    #[test]
    fn names_of_curves_that_meet_do_not_overlap() {
        let all = [
            curve(Series::Training, &[1.0, 0.1], true),
            curve(Series::Validation, &[1.0, 0.1001], true),
        ];
        let plot = Plot {
            x: Scale::linear([1.0, 2.0], [0.0, 100.0], 2),
            y: Scale::log([0.1, 1.0].into_iter(), [100.0, 0.0], 3),
            left: 0.0,
            right: 100.0,
            top: 0.0,
            bottom: 100.0,
        };
        let names = names(&all, &plot);
        assert!(names[1].1 - names[0].1 >= 14.9);
    }

    #[test]
    fn one_epoch_is_a_point() {
        let svg = curves(
            &[curve(Series::Training, &[0.1], true)],
            None,
            "loss",
            "",
            400.0,
        )
        .into_string();
        assert!(svg.contains("<circle") && !svg.contains("NaN"));
    }
}
