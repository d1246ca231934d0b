//! Markup as text, for static content: far smaller in wasm than components.
//!
//! Anything from a file goes through [`text`], so that it stays text. No `style` attributes: the
//! Content-Security-Policy forbids them.

use std::fmt::{self, Display, Write};

/// Markup that is safe to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    pub fn into_string(self) -> String {
        self.0
    }

    /// Adds markup of our own; values in it must be escaped.
    pub(crate) fn push(&mut self, markup: fmt::Arguments) {
        // Writing to a string cannot fail.
        let _ = self.0.write_fmt(markup);
    }
}

impl FromIterator<Html> for Html {
    fn from_iter<T: IntoIterator<Item = Html>>(parts: T) -> Self {
        let mut all = Html::default();
        for part in parts {
            all.0.push_str(&part.0);
        }
        all
    }
}

/// Plain text, escaped.
pub fn text(text: impl Display) -> Html {
    Html(escaped(&text.to_string()))
}

/// Escapes text for markup and for quoted attributes.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '"' => safe.push_str("&quot;"),
            c => safe.push(c),
        }
    }
    safe
}

/// An element around parts; `tag` may have attributes, such as `td class="right"`.
pub fn element(tag: &str, parts: &[Html]) -> Html {
    let name = tag.split(' ').next().unwrap_or(tag);
    let mut html = Html::default();
    html.push(format_args!("<{tag}>"));
    for part in parts {
        html.0.push_str(&part.0);
    }
    html.push(format_args!("</{name}>"));
    html
}

/// A section with its heading and an introduction, if it isn't empty.
pub fn section(title: &str, lede: &str, body: Html) -> Html {
    let lede = match lede {
        "" => Html::default(),
        lede => element("p class=lede", &[text(lede)]),
    };
    element("section", &[element("h3", &[text(title)]), lede, body])
}

/// A row of a [`table`].
pub struct Row {
    /// Names the row.
    pub head: String,
    pub cells: Vec<Html>,
    pub class: &'static str,
}

/// A table whose first column names the rows. It scrolls by itself if it is wider than the page.
pub fn table(caption: &str, heads: &[&str], rows: &[Row]) -> Html {
    let heads = heads
        .iter()
        .map(|head| element("th scope=col", &[text(head)]));
    let heads = element("thead", &[element("tr", &[heads.collect()])]);
    let row = |row: &Row| {
        let head = element("th scope=row", &[text(&row.head)]);
        let cells = row
            .cells
            .iter()
            .map(|cell| element("td", std::slice::from_ref(cell)));
        element(
            &format!("tr class=\"{}\"", row.class),
            &[head, cells.collect()],
        )
    };
    let rows = element("tbody", &[rows.iter().map(row).collect()]);
    let caption_text = element("caption class=unseen", &[text(caption)]);
    scroller(caption, element("table", &[caption_text, heads, rows]))
}

/// Makes the content scroll sideways, also by keyboard.
pub fn scroller(label: &str, inside: Html) -> Html {
    let label = escaped(label);
    element(
        &format!("div class=scroller role=region tabindex=0 aria-label=\"{label}\""),
        &[inside],
    )
}

/// A list of names and values.
pub fn facts(class: &str, facts: &[(&str, String)]) -> Html {
    let fact = |(name, value): &(&str, String)| {
        element(
            "div",
            &[element("dt", &[text(name)]), element("dd", &[text(value)])],
        )
    };
    element(
        &format!("dl class={class}"),
        &[facts.iter().map(fact).collect()],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_ends_as_it_begins() {
        let html = element("td class=right", &[text(7), text("!")]);
        assert_eq!(html.into_string(), "<td class=right>7!</td>");
    }

    #[test]
    fn what_comes_from_a_file_stays_text() {
        let html = section("<b>", "a & b", text("\"<script>\"")).into_string();
        assert_eq!(
            html,
            "<section><h3>&lt;b></h3><p class=lede>a &amp; b</p>&quot;&lt;script>&quot;</section>"
        );
        assert!(
            !scroller("\"><script>", Html::default())
                .into_string()
                .contains("<script")
        );
    }

    #[test]
    fn a_table_names_its_columns_and_rows() {
        let rows = [Row {
            head: "conv".into(),
            cells: vec![text(9)],
            class: "",
        }];
        let html = table("Layers", &["layer", "parameters"], &rows).into_string();
        assert!(html.contains("<th scope=col>parameters</th>"));
        assert!(html.contains("<th scope=row>conv</th><td>9</td>"));
    }
}
