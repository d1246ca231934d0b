//! Pictures of the digits that a network misreads.

use crate::chart::tile;
use crate::figures::{grouped, percent};
use crate::html::{Html, element, section, text};
use crate::report::{Exported, Mistake};

pub fn mistakes(exported: &Exported) -> Html {
    let lede = match exported.mistakes.len() {
        0 => "It read every digit correctly.".into(),
        n => {
            format!("The {n} it was surest of: the true digit, what it read, and how sure it was.")
        }
    };
    let row = format!("weights/{}", exported.mistakes_file);
    let item = |(place, mistake): (usize, &Mistake)| {
        let index = format!("test image {}", grouped(mistake.index as u64));
        let read = element("strong", &[text(mistake.read)]);
        let reading = element("span", &[text(format_args!("{} → ", mistake.label)), read]);
        let caption = element(
            "p",
            &[
                reading,
                text(format_args!(" {}", percent(mistake.probability.into()))),
            ],
        );
        element(
            &format!("li title=\"{index}\""),
            &[tile(&row, place, &index), caption],
        )
    };
    let items = exported.mistakes.iter().enumerate().map(item).collect();
    section("Mistakes", &lede, element("ul class=mistakes", &[items]))
}
