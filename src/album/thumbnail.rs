//! Thumbnails of drawings.

use crate::hand::Drawn;
use crate::html::{Html, escaped};
use crate::strokes::{Extent, Stroke};

/// Width of the ink as a share of a thumbnail's side.
const INK: f32 = 0.07;

/// Draws strokes in a square that fits them.
pub fn thumbnail(strokes: &[Stroke]) -> Html {
    let extent = Extent::of(strokes);
    let side = 1.25 * extent.side().max(1.0);
    let (left, top) = (
        extent.middle() - side / 2.0,
        (extent.top + extent.bottom - side) / 2.0,
    );
    let mut html = Html::default();
    html.push(format_args!(
        r#"<svg viewBox="0 0 100 100" aria-hidden="true" focusable="false"><path stroke-width="{:.0}" d=""#,
        100.0 * INK
    ));
    for stroke in strokes {
        let mut command = 'M';
        let ends = stroke.points.first().into_iter();
        // A dot is a line of zero length. Its round caps make it visible.
        for point in ends.chain(&stroke.points) {
            let x = 100.0 * (point.x - left) / side;
            let y = 100.0 * (point.y - top) / side;
            html.push(format_args!("{command}{x:.0} {y:.0}"));
            command = 'L';
        }
    }
    html.push(format_args!(r#""/></svg>"#));
    html
}

/// The drawings of a label, each a button that names its sample; `opened` is the one that is open.
pub fn row<'a>(
    label: &str,
    samples: impl Iterator<Item = &'a Drawn>,
    opened: Option<&str>,
) -> Html {
    let mut html = Html::default();
    for (index, sample) in samples.enumerate() {
        let (id, label) = (escaped(&sample.id), escaped(label));
        let is_open = opened == Some(&*sample.id);
        let n = index + 1;
        html.push(format_args!(
            r#"<button class="thumb" data-sample="{id}" aria-pressed="{is_open}" aria-label="{label}, drawing {n}: change or delete">{}</button>"#,
            thumbnail(&sample.strokes()).into_string()
        ));
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strokes::Point;

    #[test]
    fn a_drawing_fills_its_thumbnail_whatever_its_size() {
        let drawn = |size: f32| {
            let at = |x: f32, y: f32| Point::new(700.0 + size * x, 20.0 + size * y, 3.0);
            thumbnail(&[Stroke::new(vec![at(0.0, 0.0), at(1.0, 2.0)])]).into_string()
        };
        assert_eq!(drawn(20.0), drawn(400.0));
        assert!(
            drawn(20.0).contains("M30 10L30 10L70 90"),
            "{}",
            drawn(20.0)
        );
    }

    #[test]
    fn a_name_is_text() {
        let strokes = [Stroke::new(vec![Point::new(1.0, 1.0, 1.0)])];
        let sample = Drawn::new("a".into(), "<b>".into(), &strokes);
        let html = row("<b>", [&sample].into_iter(), Some("a")).into_string();
        assert!(html.contains("&lt;b>, drawing 1") && html.contains(r#"aria-pressed="true""#));
    }
}
