//! Loss and accuracy over the epochs, as SVG.

use std::path::Path;

use plotters::prelude::*;

use super::run_folder::EpochMetrics;

const TRAIN: RGBColor = RGBColor(0x6b, 0x7a, 0x99);
const VALIDATION: RGBColor = RGBColor(0xc2, 0x4a, 0x2c);

/// Draws the curves of a run into `path`.
pub fn draw(path: &Path, metrics: &[EpochMetrics]) -> anyhow::Result<()> {
    let root = SVGBackend::new(path, (900, 360)).into_drawing_area();
    root.fill(&WHITE)?;
    let (left, right) = root.split_horizontally(450);
    panel(&left, "Loss (cross-entropy)", metrics, |m| {
        (m.train_loss, m.validation_loss)
    })?;
    panel(&right, "Error (%)", metrics, |m| {
        (
            100.0 * (1.0 - m.train_accuracy),
            100.0 * (1.0 - m.validation_accuracy),
        )
    })?;
    root.present()?;
    Ok(())
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

/// One chart on a logarithmic scale, since both fall by orders of magnitude.
fn panel(
    area: &Area,
    title: &str,
    metrics: &[EpochMetrics],
    values: impl Fn(&EpochMetrics) -> (f64, f64),
) -> anyhow::Result<()> {
    let all = || {
        metrics
            .iter()
            .map(&values)
            .flat_map(|(a, b)| [a, b])
            .filter(|v| *v > 0.0)
    };
    // Starts just below a power of ten, since plotters labels only whole decades.
    let low = all().fold(1.0, f64::min);
    let low = 0.95 * 10_f64.powf(low.log10().floor());
    let high = all().fold(0.0, f64::max).max(low * 10.0) * 1.25;
    let error = |e: DrawingAreaErrorKind<_>| anyhow::anyhow!("cannot draw the curves: {e}");
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 16))
        .margin(12)
        .x_label_area_size(28)
        .y_label_area_size(52)
        .build_cartesian_2d(1..metrics.len().max(2), (low..high).log_scale())
        .map_err(error)?;
    chart
        .configure_mesh()
        .x_desc("epoch")
        .y_labels(24)
        .y_label_formatter(&|value| match *value {
            value if value < 0.1 => format!("{value:.2}"),
            value => format!("{value:.1}"),
        })
        .light_line_style(WHITE)
        .draw()
        .map_err(error)?;
    let (train, validation): (Vec<_>, Vec<_>) = metrics
        .iter()
        .map(|m| ((m.epoch, values(m).0), (m.epoch, values(m).1)))
        .unzip();
    for (label, color, points) in [
        ("training", TRAIN, train),
        ("validation", VALIDATION, validation),
    ] {
        chart
            .draw_series(LineSeries::new(points, color.stroke_width(2)))
            .map_err(error)?
            .label(label)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], color.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .background_style(WHITE)
        .border_style(TRANSPARENT)
        .draw()
        .map_err(error)?;
    Ok(())
}
