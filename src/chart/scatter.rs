//! Networks as labelled points on two logarithmic axes.

use super::Plot;
use super::scale::Scale;
use super::svg::{Anchor, Svg};
use crate::html::Html;

/// A point that is a link.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    pub name: String,
    pub href: String,
    /// What a screen reader says.
    pub label: String,
    pub x: f64,
    pub y: f64,
    /// Whether it is highlighted.
    pub is_chosen: bool,
}

/// Height of a line of text and mean width of a letter.
const LINE: f64 = 15.0;
const LETTER: f64 = 6.9;
const RADIUS: f64 = 5.0;

pub fn scatter(marks: &[Mark], x_title: &str, y_title: &str, label: &str, width: f64) -> Html {
    let height = (0.42 * width).clamp(330.0, 460.0);
    let (left, right, top, bottom) = (44.0, width - 16.0, 30.0, height - 44.0);
    let n_ticks = (width / 110.0) as usize;
    let plot = Plot {
        x: Scale::log(
            marks.iter().map(|mark| mark.x),
            [left + 10.0, right - 10.0],
            n_ticks,
        ),
        y: Scale::log(marks.iter().map(|mark| mark.y), [bottom, top], 8),
        left,
        right,
        top,
        bottom,
    };
    let mut svg = Svg::group(width, height, label);
    plot.axes(&mut svg, x_title, y_title);
    let points: Vec<_> = marks
        .iter()
        .map(|mark| [plot.x.at(mark.x), plot.y.at(mark.y)])
        .collect();
    let widths: Vec<_> = marks
        .iter()
        .map(|mark| LETTER * mark.name.chars().count() as f64)
        .collect();
    let places = label_places(&points, &widths, [left, right]);
    for ((mark, point), (place, anchor)) in marks.iter().zip(points).zip(places) {
        let class = if mark.is_chosen {
            "mark chosen"
        } else {
            "mark"
        };
        svg.link(class, &mark.href, &mark.label, |svg| {
            svg.circle("", point, RADIUS);
            svg.text("", place, anchor, &mark.name);
        });
    }
    svg.finish()
}

/// The box of a text: left, top, right, bottom.
type Area = [f64; 4];

/// Where each label's baseline goes: beside its point, above or below it, wherever it covers the least of the points
/// and of the labels placed before.
fn label_places(points: &[[f64; 2]], widths: &[f64], sides: [f64; 2]) -> Vec<([f64; 2], Anchor)> {
    let mut taken: Vec<Area> = points
        .iter()
        .map(|[x, y]| [x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS])
        .collect();
    let mut places = Vec::new();
    for (&[x, y], &width) in points.iter().zip(widths) {
        let candidates = [
            ([x + 9.0, y + 4.5], Anchor::Start),
            ([x - 9.0, y + 4.5], Anchor::End),
            ([x, y - 10.0], Anchor::Middle),
            ([x, y + 19.0], Anchor::Middle),
            ([x + 6.0, y - 9.0], Anchor::Start),
            ([x + 6.0, y + 17.0], Anchor::Start),
            ([x - 6.0, y - 9.0], Anchor::End),
            ([x - 6.0, y + 17.0], Anchor::End),
        ];
        let cost = |&(place, anchor): &([f64; 2], Anchor)| {
            let area = text_area(place, anchor, width);
            let beyond = (sides[0] - area[0]).max(area[2] - sides[1]).max(0.0) * LINE;
            beyond + taken.iter().map(|other| overlap(&area, other)).sum::<f64>()
        };
        // `min_by` returns the first of the best.
        let best = candidates
            .into_iter()
            .min_by(|a, b| cost(a).total_cmp(&cost(b)));
        if let Some((place, anchor)) = best {
            taken.push(text_area(place, anchor, width));
            places.push((place, anchor));
        }
    }
    places
}

fn text_area([x, y]: [f64; 2], anchor: Anchor, width: f64) -> Area {
    let left = match anchor {
        Anchor::Start => x,
        Anchor::Middle => x - width / 2.0,
        Anchor::End => x - width,
    };
    [left, y - LINE + 3.0, left + width, y + 3.0]
}

fn overlap(a: &Area, b: &Area) -> f64 {
    let along = |low: usize, high: usize| (a[high].min(b[high]) - a[low].max(b[low])).max(0.0);
    along(0, 2) * along(1, 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_near_points_do_not_cover_each_other() {
        let points = [[100.0, 100.0], [104.0, 103.0], [110.0, 98.0]];
        let widths = [70.0; 3];
        let places = label_places(&points, &widths, [0.0, 300.0]);
        let areas: Vec<_> = places
            .iter()
            .map(|&(place, anchor)| text_area(place, anchor, 70.0))
            .collect();
        for (index, a) in areas.iter().enumerate() {
            for b in &areas[index + 1..] {
                assert_eq!(overlap(a, b), 0.0);
            }
        }
    }

    #[test]
    fn a_label_at_the_edge_stays_inside() {
        let places = label_places(&[[290.0, 50.0]], &[70.0], [0.0, 300.0]);
        assert_eq!(places[0].1, Anchor::End);
    }

    #[test]
    fn points_are_links_and_the_chosen_one_is_told_apart() {
        let mark = |name: &str, x, is_chosen| Mark {
            name: name.into(),
            href: format!("#models/{name}"),
            label: name.into(),
            x,
            y: 1.0,
            is_chosen,
        };
        let svg = scatter(
            &[
                mark("softmax", 7850.0, false),
                mark("tiny-bn", 19850.0, true),
            ],
            "parameters",
            "wrong, %",
            "two networks",
            600.0,
        )
        .into_string();
        assert!(svg.contains(r##"class="mark chosen" href="#models/tiny-bn""##));
        assert_eq!(svg.matches("<a ").count(), 2);
    }
}
