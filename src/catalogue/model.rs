//! One network in depth.

use super::comparison::{Column, UNKNOWN, mean};
use super::confusion::{by_digit, calibration, confusion};
use super::learning::learning;
use super::look::Click;
use super::mistakes::mistakes;
use super::{Frame, Zoo, slot};
use crate::chart::field;
use crate::figures::{bytes, grouped, percent, shape, short};
use crate::html::{Html, Row, element, escaped, facts, section, table, text};
use crate::manifest::{Pens, Rejected};
use crate::report::{FewShot, FewShotAccuracy, FewShotCharacters, LayerRow, ModelReport};
use crate::route::{Route, model_hash};

pub fn model(zoo: &Zoo, id: &str, frame: Frame) -> Html {
    let Some(place) = zoo.report.models.iter().position(|model| model.id == id) else {
        return unknown(id);
    };
    let model = &zoo.report.models[place];
    let exported = model.exported.as_ref();
    let of_exported = |part: fn(&_) -> Html| exported.map(part).unwrap_or_default();
    let check = section("Check it yourself", "", slot("check", id));
    [
        element("p class=about", &[text(&model.about)]),
        figures(model),
        ways(zoo, model, frame.chosen),
        source(model),
        learning(model, frame),
        element(
            "div class=side-by-side",
            &[of_exported(confusion), of_exported(by_digit)],
        ),
        of_exported(mistakes),
        element("div class=side-by-side", &[of_exported(calibration), check]),
        exported
            .and_then(|e| e.pens.as_ref())
            .map(pens)
            .unwrap_or_default(),
        model.few_shot.as_ref().map(few_shot).unwrap_or_default(),
        layers(model),
        neighbours(&zoo.report.models, place),
    ]
    .into_iter()
    .collect()
}

fn unknown(id: &str) -> Html {
    let all = element(
        &format!("a href=\"{}\"", Route::Models.hash()),
        &[text("all networks")],
    );
    let says = text(format_args!("There is no network called “{id}”. See "));
    element("p class=about", &[says, all, text(".")])
}

fn figures(model: &ModelReport) -> Html {
    let n_seeds = model.best.as_ref().map_or(0, |recipe| recipe.runs.len());
    let of_seeds = match n_seeds {
        0 | 1 => "of one seed".into(),
        n => format!("mean of {n} seeds"),
    };
    let figure = |name: &str, value: Html| {
        element(
            "div",
            &[element("dt", &[text(name)]), element("dd", &[value])],
        )
    };
    let column = |name: &str, column: Column| figure(name, text(column.cell(model)));
    element(
        "dl class=figures",
        &[
            column("test accuracy", Column::ExportedAccuracy),
            column("wrong of 10,000", Column::Wrong),
            column(&of_seeds, Column::MeanAccuracy),
            column("parameters", Column::Parameters),
            column("multiply-adds", Column::MultiplyAdds),
            figure("time in this browser", slot("latency", &model.id)),
            figure("reads on the pad", slot("vote", &model.id)),
        ],
    )
}

/// The actions for the network.
fn ways(zoo: &Zoo, model: &ModelReport, chosen: &str) -> Html {
    let Some(entry) = zoo.entry(&model.id) else {
        return element(
            "p class=legend",
            &[text("The app doesn’t offer this network’s weights.")],
        );
    };
    let (name, state) = match model.id == chosen {
        true => ("In use", "aria-disabled=true"),
        false => ("Use this network", ""),
    };
    let size = format!("Weights, {} of safetensors", bytes(entry.bytes));
    element(
        "div class=ways",
        &[
            element(
                &format!("button id={} class=loud {state}", Click::Use.id()),
                &[text(name)],
            ),
            element(
                &format!("a class=quiet href={}", Route::Draw.hash()),
                &[text("Draw a digit")],
            ),
            element(
                &format!(
                    "a id=weights class=quiet href=\"weights/{}\" download",
                    entry.file
                ),
                &[text(size)],
            ),
        ],
    )
}

/// What the source says; empty for a network of our own.
fn source(model: &ModelReport) -> Html {
    let source = &model.source;
    if source.claimed == UNKNOWN {
        return Html::default();
    }
    let known = facts(
        "source",
        &[
            ("It trains", source.training.clone()),
            ("It claims", source.claimed.clone()),
            ("Its code reaches", Column::Really.cell(model)),
            (
                "Its recipe, run here",
                model.source_recipe.as_ref().map_or(UNKNOWN.into(), mean),
            ),
            ("Our recipe", Column::MeanAccuracy.cell(model)),
        ],
    );
    let notes = source
        .notes
        .iter()
        .map(|note| element("li", &[text(note)]))
        .collect();
    let notes = element("ul class=notes", &[notes]);
    section("Its source", "", [known, notes].into_iter().collect())
}

fn layers(model: &ModelReport) -> Html {
    let unless_none = |n: u64, shown: String| if n == 0 { Html::default() } else { text(shown) };
    let row = |layer: &LayerRow| {
        let side = layer.receptive_field;
        let (parameters, operations) = (layer.parameters, layer.multiply_adds);
        Row {
            head: layer.layer.clone(),
            cells: vec![
                text(shape(&layer.output)),
                [text(format_args!("{side}×{side}")), field(side)]
                    .into_iter()
                    .collect(),
                unless_none(parameters, grouped(parameters)),
                unless_none(operations, short(operations as f64)),
            ],
            class: if parameters + operations == 0 {
                "plain"
            } else {
                ""
            },
        }
    };
    let mut rows: Vec<_> = model.layers.iter().map(row).collect();
    rows.push(Row {
        head: "all".into(),
        cells: vec![
            Html::default(),
            Html::default(),
            text(grouped(model.parameters)),
            text(short(model.multiply_adds as f64)),
        ],
        class: "total",
    });
    let heads = ["layer", "output", "sees", "parameters", "multiply-adds"];
    let lede = "“Sees” is the receptive field: the square of the 28×28 input pixels that one output value depends on.";
    let table = element("div class=layers", &[table("Layers", &heads, &rows)]);
    section("Layers", lede, table)
}

fn pens(pens: &Pens) -> Html {
    let share = |n: usize, of: usize| percent(n as f64 / of.max(1) as f64);
    let row = |kind: &Rejected| Row {
        head: kind.what.clone(),
        cells: vec![
            text(share(kind.rejected, kind.total)),
            text(grouped(kind.total as u64)),
        ],
        class: "",
    };
    let worst = pens.test.per_class.iter().enumerate();
    let worst = worst.min_by_key(|(_, (n, of))| 10_000 * n / of.max(&1));
    let (digit, &(n, of)) = worst.unwrap_or((0, &(0, 0)));
    let lede = format!(
        "It has also learnt from pens. Of {} digits by the test set’s writers, it reads {} correctly; \
         {digit} is its worst, with {}. \
         Its confidence is off by {} on average. How often it says that ink isn’t a digit:",
        grouped(pens.test.total as u64),
        percent(pens.test.accuracy),
        share(n, of),
        percent(pens.calibration_error)
    );
    let rows: Vec<_> = pens.rejected.iter().map(row).collect();
    let heads = ["ink", "not a digit", "drawings"];
    section(
        "Pens",
        &lede,
        table(
            "Ink that isn’t a digit, and how often the network says so",
            &heads,
            &rows,
        ),
    )
}

fn few_shot(few_shot: &FewShot) -> Html {
    let row = |row: &FewShotAccuracy| {
        let head = match row.ways {
            7 => "7, never trained on".into(),
            ways => ways.to_string(),
        };
        few_shot_row(head, row)
    };
    let rows: Vec<_> = few_shot.accuracies.iter().map(row).collect();
    let lede = format!(
        "At a threshold that lets 1 % of pairs of different digits pass as the same, {} of pairs of the same digit pass, \
         and {} of those that it was never trained on. At a threshold that lets as many pass as its source reports, \
         {} of pairs of different digits pass too.",
        percent(few_shot.true_acceptance),
        percent(few_shot.true_acceptance_unseen),
        percent(few_shot.false_acceptance_at_source)
    );
    let digits = section(
        "A few examples",
        &lede,
        table("Few-shot accuracy", &FEW_SHOT_HEADS, &rows),
    );
    let characters = few_shot.characters.as_ref().map(characters);
    [digits, characters.unwrap_or_default()]
        .into_iter()
        .collect()
}

/// Few-shot accuracy on characters of scripts that the network has never seen.
fn characters(found: &FewShotCharacters) -> Html {
    let rows = |all: &[FewShotAccuracy], of: &str| -> Vec<Row> {
        let row = |row: &FewShotAccuracy| few_shot_row(format!("{} of {of}", row.ways), row);
        all.iter().map(row).collect()
    };
    let mut all = rows(&found.across, "all");
    all.extend(rows(&found.within, "one script"));
    let lede = format!(
        "{} characters from {} scripts that it was never trained on, each drawn by 20 people. \
         At a threshold that lets 1 % of pairs of different characters pass as the same, {} of pairs of the same character \
         pass; with blurred pixels, {}.",
        found.characters,
        found.scripts,
        percent(found.true_acceptance),
        percent(found.true_acceptance_pixels)
    );
    section(
        "Symbols it has never seen",
        &lede,
        table("Few-shot accuracy of characters", &FEW_SHOT_HEADS, &all),
    )
}

const FEW_SHOT_HEADS: [&str; 5] = [
    "classes",
    "examples per class",
    "embeddings",
    "blurred pixels",
    "episodes",
];

fn few_shot_row(head: String, row: &FewShotAccuracy) -> Row {
    Row {
        head,
        cells: vec![
            text(row.shots),
            text(format_args!(
                "{:.2}\u{a0}±\u{a0}{:.2}\u{a0}%",
                100.0 * row.accuracy,
                100.0 * row.interval
            )),
            text(percent(row.pixels)),
            text(grouped(row.episodes as u64)),
        ],
        class: "",
    }
}

fn neighbours(models: &[ModelReport], place: usize) -> Html {
    let link = |class: &str, place: Option<usize>| {
        let Some(model) = place.and_then(|place| models.get(place)) else {
            return Html::default();
        };
        let href = escaped(&model_hash(&model.id));
        element(
            &format!("a class={class} href=\"{href}\""),
            &[text(&model.id)],
        )
    };
    let links = [
        link("before", place.checked_sub(1)),
        link("after", Some(place + 1)),
    ];
    element("nav class=neighbours aria-label=\"Other networks\"", &links)
}
