//! Loss and accuracy of a lesson, step by step.

use crate::chart::{Anchor, Svg};
use crate::hand::Learning;
use crate::html::Html;

const HEIGHT: f64 = 140.0;
const TOP: f64 = 8.0;
const BOTTOM: f64 = HEIGHT - 40.0;

/// Two charts side by side: the loss from 0 to its maximum, and the accuracy from 0 to 1 on the batches and on the
/// drawings held back.
pub fn lesson_curve(learning: &Learning, width: f64) -> Html {
    let marks = &learning.marks;
    let last = marks.last();
    let said = last.map_or(String::new(), |mark| {
        format!(
            "Loss {:.2}, training accuracy {:.0} %",
            mark.loss,
            100.0 * mark.accuracy
        )
    });
    let mut svg = Svg::image(width, HEIGHT, &said);
    let half = (width - 24.0) / 2.0;
    let n_steps = f64::from(learning.n_steps.max(2) - 1);
    let top_loss = marks.iter().map(|mark| mark.loss).fold(0.1, f32::max);
    let height = |share: f32| BOTTOM - f64::from(share.clamp(0.0, 1.0)) * (BOTTOM - TOP);
    let at = |left: f64, step: u32, share: f32| {
        let x = left + half * f64::from(step.max(1) - 1) / n_steps;
        [x.min(left + half), height(share)]
    };
    for left in [0.0, half + 24.0] {
        svg.line("axis", [left, BOTTOM], [left + half, BOTTOM]);
        svg.line("grid", [left, TOP], [left + half, TOP]);
    }
    let loss: Vec<_> = marks
        .iter()
        .map(|mark| at(0.0, mark.step, mark.loss / top_loss))
        .collect();
    svg.path("validation", &loss);
    let right = half + 24.0;
    let accuracy: Vec<_> = marks
        .iter()
        .map(|mark| at(right, mark.step, mark.accuracy))
        .collect();
    svg.path("training", &accuracy);
    let held_back: Vec<_> = marks
        .iter()
        .filter_map(|mark| Some(at(right, mark.step, mark.held_back?)))
        .collect();
    svg.path("own", &held_back);
    let now = |what: &str, value: String| match marks.is_empty() {
        true => what.to_owned(),
        false => format!("{what} {value}"),
    };
    let percent =
        |share: Option<f32>| share.map_or(String::new(), |s| format!("{:.0} %", 100.0 * s));
    let loss = last.map_or(String::new(), |mark| format!("{:.2}", mark.loss));
    let own = marks.iter().rev().find_map(|mark| mark.held_back);
    svg.text(
        "note",
        [0.0, HEIGHT - 22.0],
        Anchor::Start,
        &now("loss", loss),
    );
    svg.text(
        "note",
        [right, HEIGHT - 22.0],
        Anchor::Start,
        &now("training accuracy", percent(last.map(|mark| mark.accuracy))),
    );
    svg.text(
        "name own",
        [right, HEIGHT - 4.0],
        Anchor::Start,
        &now("held-back drawings", percent(own)),
    );
    svg.finish()
}
