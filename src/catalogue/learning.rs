//! How a network was trained: learning curves, runs and settings.

use super::comparison::mean;
use super::look::Click;
use super::{Frame, choice};
use crate::chart::{Curve, Series, curves};
use crate::figures::percent;
use crate::html::{Html, Row, element, section, table, text};
use crate::report::{EpochPoint, ModelReport, RecipeReport, RunReport};

/// Two charts stand side by side if each can be this wide, with this gap; as in the style sheet.
const LEAST_WIDTH: f64 = 416.0;
const GAP: f64 = 32.0;

/// The runs with our recipe or with the source's.
pub fn learning(model: &ModelReport, frame: Frame) -> Html {
    let seed = model.exported.as_ref().map(|exported| exported.seed);
    let best = model.best.as_ref().map(|recipe| Runs { recipe, seed });
    let source = model
        .source_recipe
        .as_ref()
        .map(|recipe| Runs { recipe, seed: None });
    let recipes = [
        ("Our recipe", Click::OurRecipe),
        ("Its source’s recipe", Click::SourceRecipe),
    ];
    let by_source = frame.look.by_source && source.is_some();
    let which = match best.is_some() && source.is_some() {
        true => choice("Recipe", recipes, by_source),
        false => Html::default(),
    };
    let runs = if by_source { source } else { best.or(source) };
    let body = runs.map(|runs| runs.shown(frame.width)).unwrap_or_default();
    section("Learning", "", [which, body].into_iter().collect())
}

/// All runs of a recipe, and the seed of the highlighted one; without it, the best run is highlighted.
struct Runs<'a> {
    recipe: &'a RecipeReport,
    seed: Option<u64>,
}

impl Runs<'_> {
    fn strong(&self) -> Option<&RunReport> {
        let runs = &self.recipe.runs;
        let exported = runs.iter().find(|run| Some(run.seed) == self.seed);
        let best = || {
            runs.iter()
                .max_by(|a, b| a.validation.total_cmp(&b.validation))
        };
        exported.or_else(best)
    }

    fn shown(&self, width: f64) -> Html {
        let width = match (width - GAP) / 2.0 {
            half if half >= LEAST_WIDTH => half,
            _ => width,
        };
        let charts = [
            drawn(self, "loss", losses, width),
            drawn(self, "wrong, %", errors, width),
        ];
        [element("div class=side-by-side", &charts), in_figures(self)]
            .into_iter()
            .collect()
    }
}

fn losses(epoch: &EpochPoint) -> (f64, f64) {
    (epoch.train_loss, epoch.validation_loss)
}

/// In percent.
fn errors(epoch: &EpochPoint) -> (f64, f64) {
    (
        100.0 * (1.0 - epoch.train_accuracy),
        100.0 * (1.0 - epoch.validation_accuracy),
    )
}

fn drawn(runs: &Runs, what: &str, values: fn(&EpochPoint) -> (f64, f64), width: f64) -> Html {
    let kept = runs.strong();
    let mut all = Vec::new();
    for run in &runs.recipe.runs {
        let is_strong = kept.is_some_and(|kept| kept.seed == run.seed);
        let (training, validation) = run.epochs.iter().map(values).unzip();
        all.push(Curve {
            series: Series::Training,
            values: training,
            is_strong,
        });
        all.push(Curve {
            series: Series::Validation,
            values: validation,
            is_strong,
        });
    }
    let label = kept.and_then(|run| {
        let (_, first) = values(run.epochs.first()?);
        let (_, best) = values(run.epochs.get(run.best_epoch.checked_sub(1)?)?);
        Some(format!(
            "{what} by epoch; on validation images from {first:.2} to {best:.3} at epoch {}, which was kept",
            run.best_epoch
        ))
    });
    curves(
        &all,
        kept.map(|run| run.best_epoch),
        what,
        &label.unwrap_or_default(),
        width,
    )
}

/// Every run, and the settings they share.
fn in_figures(runs: &Runs) -> Html {
    let strong = runs.strong().map(|run| run.seed);
    let row = |run: &RunReport| Row {
        head: run.seed.to_string(),
        cells: vec![
            text(run.best_epoch),
            text(percent(run.validation)),
            text(percent(run.test)),
            text(format_args!("{:.1}\u{a0}s", run.seconds_per_epoch)),
        ],
        class: if Some(run.seed) == strong {
            "chosen"
        } else {
            ""
        },
    };
    let heads = ["seed", "epoch kept", "validation", "test", "time per epoch"];
    let rows: Vec<_> = runs.recipe.runs.iter().map(row).collect();
    let settings = runs.recipe.settings().into_iter();
    let setting = |(name, value): (String, String)| {
        element(
            "div",
            &[element("dt", &[text(name)]), element("dd", &[text(value)])],
        )
    };
    let settings = settings.map(setting).collect();
    let tests = text(format_args!("Test accuracy: {}.", mean(runs.recipe)));
    [
        element("p class=legend", &[tests]),
        table("Runs", &heads, &rows),
        element("dl class=settings", &[settings]),
    ]
    .into_iter()
    .collect()
}
