//! Which digits a network confuses, and how sure it is.

use crate::chart::{bar, reliability};
use crate::digit::N_CLASSES;
use crate::figures::percent;
use crate::html::{Html, element, scroller, section, text};
use crate::report::Exported;

/// Strengths of colour, from the fewest errors to the most.
const N_STRENGTHS: usize = 5;

/// Rows are true digits, columns what was read; the colour shows how many of the errors are in a cell.
pub fn confusion(exported: &Exported) -> Html {
    let counts = &exported.confusion;
    let cells = counts.iter().enumerate().flat_map(|(row, counts)| {
        let columns = counts.iter().enumerate();
        columns.map(move |(column, &n)| (n, row, column))
    });
    let errors = cells.filter(|(_, row, column)| row != column);
    let (most, row, column) = errors.max().unwrap_or_default();
    let lede = match most {
        0 => "It read every digit correctly.".into(),
        1 => format!("No mistake happens twice. One {row} is read as a {column}."),
        _ => format!("The most common mistake: a {row} is read as a {column}, {most} times."),
    };
    let cell = |row: usize, column: usize| {
        let n = text(counts[row][column]);
        match (row == column, counts[row][column]) {
            (true, _) => element("td class=right", &[n]),
            // Screen readers say it, but it isn't shown.
            (_, 0) => element("td", &[element("span class=unseen", &[n])]),
            // Even a single error is visible, and the largest count has the strongest colour.
            (_, errors) => element(
                &format!("td class=e{}", (errors * N_STRENGTHS).div_ceil(most)),
                &[n],
            ),
        }
    };
    let heads = (0..N_CLASSES).map(|digit| element("th scope=col", &[text(digit)]));
    let heads = element("tr", &[element("td", &[]), heads.collect()]);
    let row = |row: usize| {
        let head = element("th scope=row", &[text(row)]);
        element(
            "tr",
            &[
                head,
                (0..N_CLASSES).map(|column| cell(row, column)).collect(),
            ],
        )
    };
    let rows = (0..N_CLASSES).map(row).collect();
    let caption = element(
        "caption",
        &[text("Rows: the true digit. Columns: read as.")],
    );
    let parts = [
        caption,
        element("thead", &[heads]),
        element("tbody", &[rows]),
    ];
    section(
        "Confusion",
        &lede,
        scroller("Confusion matrix", element("table class=confusion", &parts)),
    )
}

/// The share of each digit that is misread, with the accuracy beside it.
pub fn by_digit(exported: &Exported) -> Html {
    let shares = exported.test.per_class.map(|(right, total)| {
        let wrong = total.saturating_sub(right);
        (wrong, wrong as f64 / total.max(1) as f64)
    });
    let most = shares
        .iter()
        .map(|(_, share)| *share)
        .fold(f64::MIN_POSITIVE, f64::max);
    let row = |digit: usize| {
        let (wrong, share) = shares[digit];
        element(
            "li",
            &[
                element("span class=class", &[text(digit)]),
                bar(share / most),
                element("span class=share", &[text(percent(1.0 - share))]),
                element("span class=share", &[text(format_args!("{wrong} wrong"))]),
            ],
        )
    };
    let rows = (0..N_CLASSES).map(row).collect();
    let lede = "The longer the bar, the larger the share of that digit it misreads.";
    section(
        "Digit by digit",
        lede,
        element("ol class=by-digit", &[rows]),
    )
}

pub fn calibration(exported: &Exported) -> Html {
    let error = percent(exported.calibration_error);
    let lede = format!(
        "When it is 90 % sure, is it right nine times in ten? On average, confidence and accuracy are {error} apart: \
         the expected calibration error over {} bins. Each dot is a bin; larger dots have more images.",
        exported.calibration.len()
    );
    let label = format!("Reliability diagram; the expected calibration error is {error}");
    section(
        "Calibration",
        &lede,
        element(
            "div class=reliability",
            &[reliability(&exported.calibration, &label)],
        ),
    )
}
