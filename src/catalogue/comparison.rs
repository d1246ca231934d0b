//! The networks side by side: the columns of their table, and its order.
//!
//! Nothing here touches the DOM.

use std::cmp::Ordering;

use crate::figures::{bytes, grouped, percent, short};
use crate::report::{ModelReport, RecipeReport};

/// Shown for an unknown value.
pub const UNKNOWN: &str = "–";

/// A column that the report fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Name,
    MeanAccuracy,
    ExportedAccuracy,
    Wrong,
    Parameters,
    MultiplyAdds,
    Bytes,
    Claimed,
    Really,
    SourceRecipe,
}

impl Column {
    pub const ALL: [Self; 10] = [
        Self::Name,
        Self::MeanAccuracy,
        Self::ExportedAccuracy,
        Self::Wrong,
        Self::Parameters,
        Self::MultiplyAdds,
        Self::Bytes,
        Self::Claimed,
        Self::Really,
        Self::SourceRecipe,
    ];

    /// Its name in the page's markup.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::MeanAccuracy => "mean",
            Self::ExportedAccuracy => "exported",
            Self::Wrong => "wrong",
            Self::Parameters => "parameters",
            Self::MultiplyAdds => "multiply-adds",
            Self::Bytes => "bytes",
            Self::Claimed => "claimed",
            Self::Really => "really",
            Self::SourceRecipe => "source",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Name => "Network",
            Self::MeanAccuracy => "mean of seeds",
            Self::ExportedAccuracy => "in the app",
            Self::Wrong => "wrong",
            Self::Parameters => "parameters",
            Self::MultiplyAdds => "multiply-adds",
            Self::Bytes => "file",
            Self::Claimed => "claims",
            Self::Really => "its code",
            Self::SourceRecipe => "its recipe here",
        }
    }

    /// What the column says about a network.
    pub fn cell(self, model: &ModelReport) -> String {
        let exported = model.exported.as_ref();
        let text = match self {
            Self::Name => Some(model.id.clone()),
            Self::MeanAccuracy => model.best.as_ref().map(mean),
            Self::ExportedAccuracy => exported.map(|exported| percent(exported.test.accuracy)),
            Self::Wrong => wrong(model).map(|wrong| grouped(wrong as u64)),
            Self::Parameters => Some(grouped(model.parameters)),
            Self::MultiplyAdds => Some(short(model.multiply_adds as f64)),
            Self::Bytes => Some(bytes(model.bytes)),
            // A number and its unit stay on one line.
            Self::Claimed => Some(model.source.claimed.replace(" %", "\u{a0}%")),
            Self::Really => model
                .source
                .really
                .map(|accuracy| percent(accuracy / 100.0)),
            Self::SourceRecipe => model.source_recipe.as_ref().map(mean),
        };
        text.unwrap_or_else(|| UNKNOWN.into())
    }

    /// The value that rows are sorted by.
    fn value(self, model: &ModelReport) -> Option<f64> {
        let exported = model.exported.as_ref();
        match self {
            Self::Name => None,
            Self::MeanAccuracy => model.best.as_ref().map(|recipe| recipe.mean_test),
            Self::ExportedAccuracy => exported.map(|exported| exported.test.accuracy),
            Self::Wrong => wrong(model).map(|wrong| wrong as f64),
            Self::Parameters => Some(model.parameters as f64),
            Self::MultiplyAdds => Some(model.multiply_adds as f64),
            Self::Bytes => Some(model.bytes as f64),
            Self::Claimed => first_number(&model.source.claimed),
            Self::Really => model.source.really,
            Self::SourceRecipe => model.source_recipe.as_ref().map(|recipe| recipe.mean_test),
        }
    }

    /// Whether the best value is the highest, which then comes first.
    fn wants_high(self) -> bool {
        use Column::*;
        matches!(
            self,
            MeanAccuracy | ExportedAccuracy | Claimed | Really | SourceRecipe
        )
    }
}

/// How many test images the exported weights misread.
pub fn wrong(model: &ModelReport) -> Option<usize> {
    let test = &model.exported.as_ref()?.test;
    Some(test.total - test.correct)
}

/// Mean test accuracy of a recipe's runs and, if there are several, their spread.
pub fn mean(recipe: &RecipeReport) -> String {
    match recipe.runs.len() {
        0 | 1 => percent(recipe.mean_test),
        _ => {
            let [mean, spread] = [recipe.mean_test, recipe.spread].map(|share| 100.0 * share);
            format!("{mean:.2}\u{a0}±\u{a0}{spread:.2}\u{a0}%")
        }
    }
}

/// The first number in a text. Parsed by hand, since the standard library's parser adds 10 kB of tables.
fn first_number(text: &str) -> Option<f64> {
    let from = text.find(|c: char| c.is_ascii_digit())?;
    let (mut number, mut unit) = (0.0, 1.0);
    let mut is_fraction = false;
    for c in text[from..].chars() {
        match c.to_digit(10) {
            Some(digit) if is_fraction => {
                unit /= 10.0;
                number += unit * f64::from(digit);
            }
            Some(digit) => number = 10.0 * number + f64::from(digit),
            None if c == '.' && !is_fraction => is_fraction = true,
            None => break,
        }
    }
    Some(number)
}

/// The order of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    pub column: Column,
    pub is_descending: bool,
}

impl Order {
    /// The order after a click on a column: its best values first, reversed by the next click.
    pub fn after(before: Option<Self>, column: Column) -> Self {
        let is_descending = match before {
            Some(order) if order.column == column => !order.is_descending,
            _ => column.wants_high(),
        };
        Self {
            column,
            is_descending,
        }
    }

    fn compare(self, a: &ModelReport, b: &ModelReport) -> Ordering {
        let found = match (self.column.value(a), self.column.value(b)) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            (None, None) if self.column == Column::Name => a.id.cmp(&b.id),
            (a, b) => return b.is_some().cmp(&a.is_some()),
        };
        if self.is_descending {
            found.reverse()
        } else {
            found
        }
    }

    /// The value of `aria-sort`.
    pub fn name(self) -> &'static str {
        if self.is_descending {
            "descending"
        } else {
            "ascending"
        }
    }
}

/// Places of the networks in `models`, in this order, or in the report's own if there is none. Networks without a
/// value come last either way.
pub fn sorted(models: &[ModelReport], order: Option<Order>) -> Vec<usize> {
    let mut places: Vec<usize> = (0..models.len()).collect();
    let Some(order) = order else { return places };
    let comes_before = |a: usize, b: usize| {
        let found = order.compare(&models[a], &models[b]);
        found.then(a.cmp(&b)) == Ordering::Less
    };
    // For a dozen rows it is enough to count those before each; the standard library's sort is 5 kB of wasm.
    for row in 0..models.len() {
        let n_before = (0..models.len())
            .filter(|&other| comes_before(other, row))
            .count();
        places[n_before] = row;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Report;

    fn models() -> Vec<ModelReport> {
        let json = include_str!("../../tests/browser/fixtures/report.json");
        Report::parse(json).unwrap().models
    }

    fn ids(column: Column, clicks: usize) -> Vec<String> {
        let models = models();
        let order = (0..clicks).fold(None, |order, _| Some(Order::after(order, column)));
        let places = sorted(&models, order);
        places
            .into_iter()
            .map(|place| models[place].id.clone())
            .collect()
    }

    #[test]
    fn the_first_click_brings_the_best_first_and_the_second_turns_it_round() {
        assert_eq!(ids(Column::Wrong, 0), ["softmax", "siamese", "tiny-bn"]);
        assert_eq!(ids(Column::Wrong, 1), ["tiny-bn", "siamese", "softmax"]);
        assert_eq!(ids(Column::Wrong, 2), ["softmax", "siamese", "tiny-bn"]);
        assert_eq!(
            ids(Column::ExportedAccuracy, 1),
            ["tiny-bn", "siamese", "softmax"]
        );
        assert_eq!(ids(Column::Name, 1), ["siamese", "softmax", "tiny-bn"]);
        assert_eq!(ids(Column::Claimed, 1)[0], "tiny-bn");
    }

    #[test]
    fn what_is_unknown_comes_last_in_both_directions() {
        for clicks in [1, 2] {
            assert_eq!(ids(Column::Really, clicks)[0], "softmax");
        }
    }

    #[test]
    fn cells_say_their_units() {
        let models = models();
        let cells = Column::ALL.map(|column| column.cell(&models[2]));
        assert_eq!(cells[0], "tiny-bn");
        assert_eq!(cells[2..5], ["99.66\u{a0}%", "34", "19,850"]);
        assert_eq!(cells[8], UNKNOWN);
    }

    #[test]
    fn several_runs_have_a_spread() {
        let mut recipe = models()[2].best.clone().unwrap();
        assert_eq!(mean(&recipe), "99.66\u{a0}%");
        recipe.runs.push(recipe.runs[0].clone());
        recipe.spread = 0.0004;
        assert_eq!(mean(&recipe), "99.66\u{a0}±\u{a0}0.04\u{a0}%");
    }

    #[test]
    fn claims_are_sorted_by_their_first_number() {
        assert_eq!(first_number("99.5 and 99.52 %"), Some(99.5));
        assert_eq!(first_number("about 98."), Some(98.0));
        assert_eq!(first_number("none"), None);
    }
}
