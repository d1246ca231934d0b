//! Writes the zoo as a page of Markdown.

use std::fmt::Display;

use crate::figures::{grouped, shape};
use crate::manifest::{Evaluation, Pens};
use crate::report::{
    Exported, FewShot, FewShotAccuracy, FewShotCharacters, LayerRow, ModelReport, RecipeReport,
    Report,
};
use crate::zoo::NO_SOURCE;

/// Paths from the page to its pictures.
pub struct Links {
    /// The folder with the pictures of mistakes.
    pub weights: String,
    /// The folder with the learning curves.
    pub curves: String,
}

const HEAD: &str = "\
# The zoo

Written by `cargo run --release --features train -- report` from the runs of `train all` and the weights of
`export all`. Every network except `siamese` and `embedding` is trained on 48,000 images of MNIST. The best epoch is
chosen on 12,000 others, the validation set. The 10,000 test images are used once, at the end. Accuracies are for the
test images unless another set is named. A dash marks a figure that was not measured.
";

const OVERVIEW: &str = "
Multiply-adds are for one image; bytes are the size of the exported file. *Claimed* is the test accuracy that the
network's source states; *its code reaches* is what the source's own output shows. The next two columns are this
project's runs with the source's recipe and with ours: mean ± sample standard deviation over the seeds. The time is for
one epoch of our recipe, training only, in its fastest run, whatever else the machine was doing.

";

pub fn page(report: &Report, links: &Links) -> String {
    let sections = report.models.iter().map(|model| section(model, links));
    HEAD.to_owned() + OVERVIEW + &overview(report, "") + &sections.collect::<String>()
}

/// Returns a table of all networks; each name links to its section in `page`.
pub fn overview(report: &Report, page: &str) -> String {
    let rows = report.models.iter().map(|model| overview_row(model, page));
    let header = [
        "network",
        "parameters",
        "multiply-adds",
        "bytes",
        "claimed",
        "its code reaches",
        "source's recipe here",
        "our recipe here",
        "s/epoch",
    ];
    table(&header, 1, rows.collect())
}

fn overview_row(model: &ModelReport, page: &str) -> Vec<String> {
    let best = model.best.as_ref();
    let seconds = best.and_then(|best| {
        let timed = best.runs.iter().map(|run| run.seconds_per_epoch);
        timed.filter(|&seconds| seconds > 0.0).reduce(f64::min)
    });
    vec![
        format!("[{0}]({page}#{0})", model.id),
        grouped(model.parameters),
        grouped(model.multiply_adds),
        grouped(model.bytes),
        model.source.claimed.clone(),
        or_dash(model.source.really.map(|really| format!("{really} %"))),
        or_dash(model.source_recipe.as_ref().map(recipe)),
        or_dash(best.map(recipe)),
        or_dash(seconds.map(|seconds| format!("{seconds:.1}"))),
    ]
}

fn recipe(recipe: &RecipeReport) -> String {
    let mean = 100.0 * recipe.mean_test;
    match recipe.runs.len() {
        1 => format!("{mean:.2} % (1 seed)"),
        n => format!("{mean:.2} ± {:.2} % ({n} seeds)", 100.0 * recipe.spread),
    }
}

fn section(model: &ModelReport, links: &Links) -> String {
    let source = &model.source;
    let mut text = format!("\n## {}\n\n{}\n\n", model.id, model.about);
    if source.claimed == NO_SOURCE {
        text += &format!("- {}\n", source.training);
    } else {
        text += &format!("- Training in its source: {}\n", source.training);
        text += &format!("- Its source claims {}", source.claimed);
        text += &match source.really {
            Some(really) => format!("; its code reaches {really} %.\n"),
            None => "; what its code reaches isn't known.\n".into(),
        };
    }
    for note in &source.notes {
        text += &format!("- {note}\n");
    }
    text += &format!("\n{}", layers(&model.layers));
    text += &runs(model);
    if model.best.is_some() {
        let path = format!("{}/{}.svg", links.curves, model.id);
        text += &format!("\n![Loss and error over the epochs]({path})\n");
    }
    if let Some(exported) = &model.exported {
        text += &exported_weights(exported, links);
    }
    if let Some(pens) = model.exported.as_ref().and_then(|e| e.pens.as_ref()) {
        text += &read_pens(pens);
    }
    if let Some(few_shot) = &model.few_shot {
        text += &few_examples(few_shot);
    }
    if let Some(found) = model.few_shot.as_ref().and_then(|f| f.characters.as_ref()) {
        text += &unseen_characters(found);
    }
    text
}

fn layers(rows: &[LayerRow]) -> String {
    let mut cells: Vec<_> = rows
        .iter()
        .map(|row| {
            vec![
                row.layer.clone(),
                shape(&row.output),
                grouped(row.parameters),
                grouped(row.multiply_adds),
                row.receptive_field.to_string(),
            ]
        })
        .collect();
    let total = |of: fn(&LayerRow) -> u64| grouped(rows.iter().map(of).sum());
    cells.push(vec![
        "total".into(),
        String::new(),
        total(|row| row.parameters),
        total(|row| row.multiply_adds),
        String::new(),
    ]);
    let header = [
        "layer",
        "output",
        "parameters",
        "multiply-adds",
        "receptive field",
    ];
    table(&header, 1, cells)
}

fn runs(model: &ModelReport) -> String {
    let recipes = [
        ("ours", &model.best),
        ("the source's", &model.source_recipe),
    ];
    let mut rows = Vec::new();
    for (name, recipe) in recipes {
        for run in recipe.iter().flat_map(|recipe| &recipe.runs) {
            rows.push(vec![
                name.into(),
                run.seed.to_string(),
                format!("{} of {}", run.best_epoch, run.epochs.len()),
                percent(run.validation),
                percent(run.test),
            ]);
        }
    }
    match rows.is_empty() {
        true => "\nIt has not been run here yet.\n".into(),
        false => {
            let header = ["recipe", "seed", "best epoch", "validation", "test"];
            format!("\n{}", table(&header, 1, rows))
        }
    }
}

fn exported_weights(exported: &Exported, links: &Links) -> String {
    let mut text = format!(
        "\nThe exported weights (seed {}): test {}, validation {}, expected calibration error {}.\n\n",
        exported.seed,
        counted(&exported.test),
        counted(&exported.validation),
        percent(exported.calibration_error)
    );
    let per_class = exported.test.per_class;
    let share = |&(correct, total): &(usize, usize)| percent(correct as f64 / total.max(1) as f64);
    let digits: Vec<_> = (0..per_class.len())
        .map(|digit| digit.to_string())
        .collect();
    let header: Vec<&str> = std::iter::once("digit")
        .chain(digits.iter().map(String::as_str))
        .collect();
    let row = named("correct", per_class.iter().map(share));
    text += &table(&header, 1, vec![row]);

    let mut header = header;
    header[0] = "true \\ predicted";
    let rows = exported.confusion.iter().enumerate().map(|(digit, row)| {
        let cell = |&count: &usize| match count {
            0 => "·".into(),
            count => grouped(count as u64),
        };
        named(digit, row.iter().map(cell))
    });
    text += &format!("\n{}", table(&header, 1, rows.collect()));

    let bins = exported.calibration.iter().filter(|bin| bin.2 > 0);
    let rows = bins.map(|&(confidence, accuracy, n)| {
        vec![percent(confidence), percent(accuracy), grouped(n as u64)]
    });
    let header = ["mean confidence", "correct", "images"];
    text += &format!("\n{}", table(&header, 0, rows.collect()));

    if !exported.mistakes.is_empty() {
        let path = format!("{}/{}", links.weights, exported.mistakes_file);
        let mistakes = exported.mistakes.iter().map(|mistake| {
            format!(
                "{}→{} ({:.1} %)",
                mistake.label,
                mistake.read,
                100.0 * mistake.probability
            )
        });
        let mistakes: Vec<_> = mistakes.collect();
        text += &format!(
            "\n![The mistakes with the highest confidence]({path})\n\nTrue → predicted, with the confidence: {}.\n",
            mistakes.join(", ")
        );
    }
    text
}

fn read_pens(pens: &Pens) -> String {
    let digits = pens.test.per_class.iter().enumerate();
    let digits: Vec<_> = digits
        .map(|(digit, &(n, of))| format!("{digit}: {}", percent(n as f64 / of.max(1) as f64)))
        .collect();
    let rows = pens.rejected.iter().map(|kind| {
        let share = kind.rejected as f64 / kind.total.max(1) as f64;
        vec![
            kind.what.clone(),
            percent(share),
            grouped(kind.total as u64),
        ]
    });
    format!(
        "\nDigits drawn with a pen by the test writers: {}, expected calibration error {}. By digit: {}.\n\n{}",
        counted(&pens.test),
        percent(pens.calibration_error),
        digits.join(", "),
        table(
            &["ink", "rejected as not a digit", "drawings"],
            1,
            rows.collect()
        )
    )
}

/// Returns a row: what was told apart, and how accurately.
fn few_shot_row(classes: String, row: &FewShotAccuracy) -> Vec<String> {
    vec![
        classes,
        row.shots.to_string(),
        row.episodes.to_string(),
        format!("{} ± {:.2}", percent(row.accuracy), 100.0 * row.interval),
        percent(row.pixels),
    ]
}

fn unseen_characters(found: &FewShotCharacters) -> String {
    let row = |row: &FewShotAccuracy, of: &str| few_shot_row(format!("{} of {of}", row.ways), row);
    let across = found.across.iter().map(|each| row(each, "all"));
    let within = found.within.iter().map(|each| row(each, "one script"));
    let header = [
        "characters",
        "examples of each",
        "episodes",
        "embeddings",
        "blurred pixels",
    ];
    format!(
        "\n{} characters from {} scripts that it was never trained on, each drawn by 20 people:\n\n{}\n\
         Where 1 % of pairs of different characters are accepted, so are {} of pairs of the same character; with \
         blurred pixels it is {}.\n",
        found.characters,
        found.scripts,
        table(&header, 1, across.chain(within).collect()),
        percent(found.true_acceptance),
        percent(found.true_acceptance_pixels)
    )
}

fn few_examples(few_shot: &FewShot) -> String {
    let rows = few_shot.accuracies.iter().map(|row| {
        let digits = match row.ways {
            7 => "3 to 9, never trained on".into(),
            n => format!("all {n}"),
        };
        few_shot_row(digits, row)
    });
    let header = [
        "digits",
        "examples of each",
        "episodes",
        "embeddings",
        "blurred pixels",
    ];
    format!(
        "\nWith few examples: mean over random sets of examples ± half the width of its 95 % confidence interval.\n\n\
         {}\n\
         Where 1 % of pairs of different digits are accepted, so are {} of pairs of the same digit, or {} for digits \
         never trained on. Where {} of pairs of the same digit are accepted, the share that the source of `siamese` \
         reports, so are {} of pairs of different digits.\n",
        table(&header, 1, rows.collect()),
        percent(few_shot.true_acceptance),
        percent(few_shot.true_acceptance_unseen),
        percent(0.9731),
        percent(few_shot.false_acceptance_at_source)
    )
}

fn counted(evaluation: &Evaluation) -> String {
    format!(
        "**{}** ({} of {})",
        percent(evaluation.accuracy),
        grouped(evaluation.correct as u64),
        grouped(evaluation.total as u64)
    )
}

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

fn or_dash(text: Option<String>) -> String {
    text.unwrap_or("–".into())
}

fn named(name: impl Display, cells: impl Iterator<Item = String>) -> Vec<String> {
    std::iter::once(name.to_string()).chain(cells).collect()
}

/// Returns a table whose first `n_left` columns are aligned left and the others right.
fn table(header: &[&str], n_left: usize, rows: Vec<Vec<String>>) -> String {
    let rule = (0..header.len()).map(|i| if i < n_left { "---" } else { "--:" });
    let line = |cells: &[&str]| format!("| {} |\n", cells.join(" | "));
    let mut text = line(header) + &line(&rule.collect::<Vec<_>>());
    for row in &rows {
        text += &line(&row.iter().map(String::as_str).collect::<Vec<_>>());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digit::N_CLASSES;
    use crate::report::{EpochPoint, Mistake, RunReport, Source, VERSION};

    fn model() -> ModelReport {
        ModelReport {
            id: "softmax".into(),
            about: "One linear layer.".into(),
            source: Source {
                training: "Gradient descent.".into(),
                claimed: "94.181 %".into(),
                really: None,
                notes: vec!["Its figure isn't an accuracy.".into()],
            },
            parameters: 7850,
            multiply_adds: 7840,
            bytes: 31_576,
            layers: vec![LayerRow {
                layer: "linear 10".into(),
                output: vec![10],
                parameters: 7850,
                multiply_adds: 7840,
                receptive_field: 28,
            }],
            best: None,
            source_recipe: None,
            exported: None,
            few_shot: None,
        }
    }

    fn recipe_report(tests: &[f64]) -> RecipeReport {
        let run = |&test: &f64| RunReport {
            seed: 42,
            best_epoch: 2,
            validation: 0.921,
            test,
            seconds_per_epoch: 1.5,
            epochs: vec![
                EpochPoint {
                    train_loss: 0.3,
                    train_accuracy: 0.9,
                    validation_loss: 0.3,
                    validation_accuracy: 0.921,
                };
                3
            ],
        };
        RecipeReport {
            config: serde_json::Value::Null,
            runs: tests.iter().map(run).collect(),
            mean_test: 0.9234,
            spread: 0.0012,
        }
    }

    fn text(model: ModelReport) -> String {
        let report = Report {
            version: VERSION,
            models: vec![model],
        };
        let links = Links {
            weights: "../public/weights".into(),
            curves: "zoo".into(),
        };
        page(&report, &links)
    }

    #[test]
    fn what_was_not_measured_is_a_dash() {
        let text = text(model());
        let row = "| [softmax](#softmax) | 7,850 | 7,840 | 31,576 | 94.181 % | – | – | – | – |";
        assert!(text.contains(row), "{text}");
        assert!(text.contains("- Its figure isn't an accuracy."));
        assert!(text.contains("| linear 10 | 10 | 7,850 | 7,840 | 28 |"));
        assert!(text.contains("It has not been run here yet."));
        assert!(!text.contains("!["), "a picture of nothing");
    }

    #[test]
    fn what_was_measured_is_there() {
        let evaluation = Evaluation {
            accuracy: 0.9,
            correct: 9,
            total: 10,
            per_class: [(1, 1); N_CLASSES],
        };
        let mut confusion = [[0; N_CLASSES]; N_CLASSES];
        confusion[4][9] = 1;
        let exported = Exported {
            seed: 43,
            validation: evaluation.clone(),
            test: evaluation,
            confusion,
            calibration_error: 0.0123,
            calibration: vec![(0.0, 0.0, 0), (0.9, 0.8, 1234)],
            mistakes: vec![Mistake {
                index: 0,
                label: 4,
                read: 9,
                probability: 0.987,
            }],
            mistakes_file: "mistakes-softmax.png".into(),
            pens: None,
        };
        let few_shot = FewShot {
            accuracies: vec![FewShotAccuracy {
                ways: 7,
                shots: 5,
                episodes: 100,
                accuracy: 0.7,
                interval: 0.011,
                pixels: 0.6,
            }],
            true_acceptance: 0.5,
            true_acceptance_unseen: 0.4,
            false_acceptance_at_source: 0.3,
            characters: Some(FewShotCharacters {
                characters: 30,
                scripts: 2,
                across: vec![FewShotAccuracy {
                    ways: 20,
                    shots: 1,
                    episodes: 1000,
                    accuracy: 0.95,
                    interval: 0.002,
                    pixels: 0.4,
                }],
                within: Vec::new(),
                true_acceptance: 0.8,
                true_acceptance_pixels: 0.2,
            }),
        };
        let text = text(ModelReport {
            best: Some(recipe_report(&[0.92, 0.93])),
            source_recipe: Some(recipe_report(&[0.91])),
            exported: Some(exported),
            few_shot: Some(few_shot),
            ..model()
        });
        for part in [
            "| – | 92.34 % (1 seed) | 92.34 ± 0.12 % (2 seeds) | 1.5 |",
            "| the source's | 42 | 2 of 3 | 92.10 % | 91.00 % |",
            "(seed 43): test **90.00 %** (9 of 10)",
            "| 4 | · | · | · | · | · | · | · | · | · | 1 |",
            "| 90.00 % | 80.00 % | 1,234 |",
            "(zoo/softmax.svg)",
            "(../public/weights/mistakes-softmax.png)",
            "4→9 (98.7 %)",
            "| 3 to 9, never trained on | 5 | 100 | 70.00 % ± 1.10 | 60.00 % |",
            "30 characters from 2 scripts that it was never trained on",
            "| 20 of all | 1 | 1000 | 95.00 % ± 0.20 | 40.00 % |",
        ] {
            assert!(text.contains(part), "no {part} in {text}");
        }
    }
}
