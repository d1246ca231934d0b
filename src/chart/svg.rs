//! SVG text, shape by shape. No `style` attributes: the Content-Security-Policy forbids them.

use crate::html::{Html, escaped};

pub struct Svg {
    html: Html,
}

/// Which part of a text is at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl Svg {
    /// A picture of this size that is one image to a screen reader, described by `label`.
    pub fn image(width: f64, height: f64, label: &str) -> Self {
        Self::with_role("img", width, height, label)
    }

    /// A picture with links inside.
    pub fn group(width: f64, height: f64, label: &str) -> Self {
        Self::with_role("group", width, height, label)
    }

    fn with_role(role: &str, width: f64, height: f64, label: &str) -> Self {
        let label = escaped(label);
        Self::new(
            width,
            height,
            format_args!(r#"role="{role}" aria-label="{label}""#),
        )
    }

    /// A picture that only repeats the text beside it, stretched to its place.
    pub fn decoration(width: f64, height: f64) -> Self {
        Self::new(
            width,
            height,
            format_args!(r#"aria-hidden="true" preserveAspectRatio="none""#),
        )
    }

    fn new(width: f64, height: f64, attributes: std::fmt::Arguments) -> Self {
        let mut html = Html::default();
        html.push(format_args!(
            r#"<svg viewBox="0 0 {width:.1} {height:.1}" {attributes}>"#
        ));
        Self { html }
    }

    pub fn line(&mut self, class: &str, from: [f64; 2], to: [f64; 2]) {
        self.path(class, &[from, to]);
    }

    /// Straight lines from point to point.
    pub fn path(&mut self, class: &str, points: &[[f64; 2]]) {
        self.html.push(format_args!(r#"<path class="{class}" d=""#));
        for (index, [x, y]) in points.iter().enumerate() {
            let command = if index == 0 { 'M' } else { 'L' };
            self.html.push(format_args!("{command}{x:.1} {y:.1}"));
        }
        self.html.push(format_args!(r#""/>"#));
    }

    pub fn circle(&mut self, class: &str, [x, y]: [f64; 2], radius: f64) {
        self.html.push(format_args!(
            r#"<circle class="{class}" cx="{x:.1}" cy="{y:.1}" r="{radius:.1}"/>"#
        ));
    }

    pub fn rect(&mut self, class: &str, [x, y]: [f64; 2], [width, height]: [f64; 2]) {
        self.html.push(format_args!(
            r#"<rect class="{class}" x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}"/>"#
        ));
    }

    /// A picture from a file, starting at `x`, within this size.
    pub fn image_at(&mut self, file: &str, x: f64, [width, height]: [f64; 2]) {
        self.html.push(format_args!(
            r#"<image href="{}" x="{x}" width="{width}" height="{height}" preserveAspectRatio="xMinYMin meet"/>"#,
            escaped(file)
        ));
    }

    pub fn text(&mut self, class: &str, [x, y]: [f64; 2], anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        self.html.push(format_args!(
            r#"<text class="{class}" x="{x:.1}" y="{y:.1}" text-anchor="{anchor}">{}</text>"#,
            escaped(text)
        ));
    }

    /// Links what `inside` draws to `href`.
    pub fn link(&mut self, class: &str, href: &str, label: &str, inside: impl FnOnce(&mut Self)) {
        self.html.push(format_args!(
            r#"<a class="{class}" href="{}" aria-label="{}">"#,
            escaped(href),
            escaped(label)
        ));
        inside(self);
        self.html.push(format_args!("</a>"));
    }

    pub fn finish(mut self) -> Html {
        self.html.push(format_args!("</svg>"));
        self.html
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_become_markup() {
        let mut svg = Svg::image(10.0, 5.0, "two lines");
        svg.path("training", &[[0.0, 1.0], [2.5, 3.0]]);
        assert_eq!(
            svg.finish().into_string(),
            r#"<svg viewBox="0 0 10.0 5.0" role="img" aria-label="two lines"><path class="training" d="M0.0 1.0L2.5 3.0"/></svg>"#
        );
    }

    #[test]
    fn text_stays_text() {
        let mut svg = Svg::group(1.0, 1.0, "\"<&");
        svg.text("tick", [0.0, 0.0], Anchor::End, "<script>");
        let text = svg.finish().into_string();
        assert!(text.contains("&lt;script>") && !text.contains("<script"));
        assert!(text.contains(r#"aria-label="&quot;&lt;&amp;""#));
    }
}
