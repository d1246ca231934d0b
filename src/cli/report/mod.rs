//! `report`: describes every network, from the runs that made it and the weights that are exported.
//!
//! Runs stay on the machine that made them. A network without runs on this machine keeps what report.json already
//! says about it.

mod mistakes;
mod page;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use burn::tensor::Device;
use clap::Args;

use super::mnist::{self, write_whole};
use super::run_folder::{EpochMetrics, RunFolder};
use super::weights_args::{WEIGHTS_FOLDER, exported, manifest, network};
use super::{INKLING, curves, export, few_shot, letters, runs};
use crate::data::{Dataset, Part};
use crate::layers;
use crate::manifest::{Entry, Manifest};
use crate::report::{
    self, EpochPoint, Exported, FewShot, ModelReport, RecipeReport, Report, RunReport, Source,
};
use crate::train::{EvalReport, Recipe, TrainConfig, evaluate};
use crate::zoo::{Card, ModelId, Multipliers};

#[derive(Args)]
pub struct ReportArgs {
    /// Folder with the zoo's runs.
    #[arg(long, default_value = runs::FOLDER)]
    runs: PathBuf,
    /// Folder with the exported weights, which are measured. report.json and the pictures of mistakes, which the app
    /// shows, go there too.
    #[arg(long, default_value = WEIGHTS_FOLDER)]
    weights: PathBuf,
    /// The page to write; its learning curves go into the folder of the same name.
    #[arg(long, default_value = "docs/zoo.md")]
    out: PathBuf,
    /// A page whose table of networks, between the comments `<!-- zoo -->` and `<!-- /zoo -->`, is to be updated.
    #[arg(long, default_value = "docs/results.md")]
    results: PathBuf,
    /// Folder with the four MNIST files.
    #[arg(long)]
    mnist: Option<PathBuf>,
}

const REPORT: &str = "report.json";
/// The comments around the table in the page of results.
const MARKS: [&str; 2] = ["<!-- zoo -->", "<!-- /zoo -->"];

pub fn run(args: ReportArgs) -> anyhow::Result<()> {
    let reporter = Reporter {
        test: mnist::test_set(args.mnist.as_deref())?,
        manifest: match args.weights.join("manifest.json").exists() {
            true => Some(manifest(&args.weights)?),
            false => None,
        },
        before: before(&args.weights.join(REPORT))?,
        curves: args.out.with_extension(""),
        args,
    };
    let models = ModelId::ALL.map(|model| reporter.model(model).context(model.name()));
    let report = Report {
        version: report::VERSION,
        models: models.into_iter().collect::<Result<_, _>>()?,
    };
    let args = &reporter.args;
    let path = args.weights.join(REPORT);
    write_whole(&path, report.to_json()?.as_bytes())?;
    println!("{}", path.display());

    let beside = args.out.parent().unwrap_or(Path::new(""));
    let links = page::Links {
        weights: link(beside, &args.weights)?,
        curves: link(beside, &reporter.curves)?,
    };
    write_whole(&args.out, page::page(&report, &links).as_bytes())?;
    println!("{}", args.out.display());

    let results = fs::read_to_string(&args.results).unwrap_or_default();
    if let Some((before, rest)) = results.split_once(MARKS[0])
        && let Some((_, after)) = rest.split_once(MARKS[1])
    {
        let target = Path::new(".").join(&args.results);
        let folder = target.parent().unwrap_or(Path::new("."));
        let overview = page::overview(&report, &link(folder, &args.out)?);
        let text = [before, MARKS[0], "\n", &overview, MARKS[1], after].concat();
        write_whole(&args.results, text.as_bytes())?;
        println!("{}", args.results.display());
    }
    Ok(())
}

/// Reads the report of an earlier run of this command, if there is one.
fn before(path: &Path) -> anyhow::Result<Option<Report>> {
    let Ok(json) = fs::read_to_string(path) else {
        return Ok(None);
    };
    let report = Report::parse(&json)
        .with_context(|| format!("{}: delete it to start again", path.display()))?;
    Ok(Some(report))
}

/// Returns the relative path from a folder to a file or folder, for a link in a page.
fn link(from: &Path, to: &Path) -> anyhow::Result<String> {
    let (from, to) = (std::path::absolute(from)?, std::path::absolute(to)?);
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let n_shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from[n_shared..].iter().map(|_| "..".into());
    let down = to[n_shared..].iter().map(|part| part.as_os_str());
    let parts: Vec<_> = up.chain(down.map(|part| part.to_string_lossy())).collect();
    Ok(parts.join("/"))
}

struct Reporter {
    args: ReportArgs,
    test: Dataset,
    manifest: Option<Manifest>,
    /// The report of an earlier run of this command.
    before: Option<Report>,
    /// Folder for the learning curves.
    curves: PathBuf,
}

impl Reporter {
    fn model(&self, model: ModelId) -> anyhow::Result<ModelReport> {
        let card = model.card();
        let rows = layers::summary(&model.layers())?;
        let best_runs = runs::tested(&self.args.runs, model, Recipe::Best)?;
        let source_runs = runs::tested(&self.args.runs, model, Recipe::Source)?;
        let chosen = runs::best_validated(&best_runs);
        if let Some(run) = chosen {
            self.draw_curves(model, run)?;
        }
        let entry = self
            .manifest
            .as_ref()
            .and_then(|m| m.entry(model.name()).ok());
        if chosen.is_none()
            && source_runs.is_empty()
            && let Some(before) = self.kept(model, entry)
        {
            return Ok(ModelReport {
                about: card.about.into(),
                source: source(card),
                few_shot: self.with_characters(model, before.few_shot)?,
                ..before
            });
        }
        let bytes = match entry {
            Some(entry) => entry.bytes,
            // The size depends on the layers alone.
            None => {
                let network = model.init(&Device::flex());
                export::weights_file(model, &network, None)?.0.len() as u64
            }
        };
        Ok(ModelReport {
            id: model.name().into(),
            about: card.about.into(),
            source: source(card),
            parameters: rows.iter().map(|row| row.parameters).sum(),
            multiply_adds: rows.iter().map(|row| row.multiply_adds).sum(),
            bytes,
            layers: rows,
            best: recipe(&best_runs)?,
            source_recipe: recipe(&source_runs)?,
            exported: entry.map(|entry| self.exported(model, entry)).transpose()?,
            few_shot: chosen.map_or(Ok(None), RunFolder::few_shot)?,
        })
    }

    /// Returns what was reported of a network before, if it describes the weights that are exported now.
    fn kept(&self, model: ModelId, entry: Option<&Entry>) -> Option<ModelReport> {
        let before = self.before.as_ref()?.model(model.name())?;
        let reported = before.exported.as_ref().map(|exported| &exported.test);
        let is_same = before.best.is_some() && reported == entry.map(|entry| &entry.test);
        is_same.then(|| {
            eprintln!(
                "{model}: there are no runs of it here, so its section in the report stays as it is"
            );
            before.clone()
        })
    }

    /// Adds figures for characters to those for digits, if they are missing and the data set of characters is here.
    fn with_characters(
        &self,
        model: ModelId,
        found: Option<FewShot>,
    ) -> anyhow::Result<Option<FewShot>> {
        let metric = TrainConfig::new(model, Recipe::Best).objective.metric();
        let (Some(mut found), Some(metric)) = (found, metric) else {
            return Ok(None);
        };
        if let (None, Ok(unseen)) = (&found.characters, letters::characters(Part::Test)) {
            let device = Device::flex();
            let (_, bytes) = exported(&self.args.weights, model)?;
            let network = network(model, Multipliers::ONE, &bytes, &device)?;
            found.characters = Some(few_shot::characters(&network, metric, &unseen, &device)?);
        }
        Ok(Some(found))
    }

    fn draw_curves(&self, model: ModelId, run: &RunFolder) -> anyhow::Result<()> {
        fs::create_dir_all(&self.curves)
            .with_context(|| format!("cannot make {}", self.curves.display()))?;
        let path = self.curves.join(format!("{model}.svg"));
        curves::draw(&path, &run.metrics()?)
    }

    /// Evaluates the weights that the app fetches on the test set.
    fn exported(&self, model: ModelId, entry: &Entry) -> anyhow::Result<Exported> {
        let (path, bytes) = exported(&self.args.weights, model)?;
        let device = Device::flex();
        let network = network(model, Multipliers::ONE, &bytes, &device)
            .with_context(|| path.display().to_string())?;
        let test = pollster::block_on(evaluate(&network, &self.test, &device))?;
        if test.evaluation() != entry.test {
            eprintln!(
                "{model}: on this machine {} test images are recognised correctly, but the manifest says {}. \
                 Run {INKLING} export to update it.",
                test.correct(),
                entry.test.correct
            );
        }
        let mistakes_file = format!("mistakes-{model}.png");
        if !test.mistakes.is_empty() {
            let picture = mistakes::picture(&self.test, &test.mistakes)?;
            write_whole(&self.args.weights.join(&mistakes_file), &picture)?;
        }
        Ok(described(entry, test, mistakes_file))
    }
}

fn source(card: &Card) -> Source {
    Source {
        training: card.training.into(),
        claimed: card.claimed.into(),
        really: card.really,
        notes: card.notes.iter().map(|&note| note.into()).collect(),
    }
}

fn described(entry: &Entry, test: EvalReport, mistakes_file: String) -> Exported {
    let calibration = test.calibration.iter();
    let calibration =
        calibration.map(|&(confidence, accuracy, n)| (rounded(confidence), rounded(accuracy), n));
    Exported {
        seed: entry.seed,
        validation: entry.validation.clone(),
        test: test.evaluation(),
        confusion: test.confusion,
        calibration_error: rounded(test.calibration_error()),
        calibration: calibration.collect(),
        mistakes: test.mistakes,
        mistakes_file,
        pens: entry.pens.clone(),
    }
}

/// Summarises the runs of a recipe, if there are any.
fn recipe(runs: &[RunFolder]) -> anyhow::Result<Option<RecipeReport>> {
    let Some(first) = runs.first() else {
        return Ok(None);
    };
    let reports: Vec<_> = runs.iter().map(run_report).collect::<Result<_, _>>()?;
    let (mean_test, spread) = mean_and_spread(reports.iter().map(|run| run.test));
    Ok(Some(RecipeReport {
        // Goes through text, which writes an f32 as 0.1; see `export`.
        config: serde_json::from_str(&serde_json::to_string(&first.config()?)?)?,
        runs: reports,
        mean_test,
        spread,
    }))
}

fn run_report(run: &RunFolder) -> anyhow::Result<RunReport> {
    let config = run.config()?;
    let missing = || format!("{} has no best epoch", run.path().display());
    let best = run.best().with_context(missing)?;
    let metrics = run.metrics()?;
    // The epoch in which a run was resumed has no speed.
    let timed = metrics.iter().map(|m| m.images_per_second);
    let seconds = timed
        .filter(|&speed| speed > 0.0)
        .map(|speed| config.n_items() as f64 / speed);
    Ok(RunReport {
        seed: config.seed,
        best_epoch: best.epoch,
        validation: best.validation.accuracy,
        test: run.test()?.evaluation.accuracy,
        seconds_per_epoch: rounded(median(seconds.collect())),
        epochs: metrics.iter().map(point).collect(),
    })
}

fn point(metrics: &EpochMetrics) -> EpochPoint {
    EpochPoint {
        train_loss: rounded(metrics.train_loss),
        train_accuracy: rounded(metrics.train_accuracy),
        validation_loss: rounded(metrics.validation_loss),
        validation_accuracy: rounded(metrics.validation_accuracy),
    }
}

/// Rounds to five decimals, which is as precise as a curve shows and takes a third of the bytes.
fn rounded(value: f64) -> f64 {
    (value * 1e5).round() / 1e5
}

/// Returns the mean and the sample standard deviation, which is 0 for a single value.
fn mean_and_spread(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let n = values.clone().count();
    let mean = values.clone().sum::<f64>() / n.max(1) as f64;
    let squares: f64 = values.map(|value| (value - mean).powi(2)).sum();
    (mean, (squares / n.saturating_sub(1).max(1) as f64).sqrt())
}

/// Returns the median, or 0 if there are no values.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => 0.0,
        n if n.is_multiple_of(2) => (values[middle - 1] + values[middle]) / 2.0,
        _ => values[middle],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_spreads_and_medians() {
        let (mean, spread) = mean_and_spread([0.97, 0.98, 0.99].into_iter());
        assert!((mean - 0.98).abs() < 1e-12 && (spread - 0.01).abs() < 1e-12);
        assert_eq!(mean_and_spread([0.5].into_iter()), (0.5, 0.0));
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0]), 2.5);
        assert_eq!(median(vec![]), 0.0);
    }

    #[test]
    fn a_page_links_to_its_neighbours() {
        let link = |from: &str, to: &str| link(Path::new(from), Path::new(to)).unwrap();
        assert_eq!(link("docs", "public/weights"), "../public/weights");
        assert_eq!(link("docs", "docs/zoo"), "zoo");
        assert_eq!(link("/a/b", "/a/c/d"), "../c/d");
    }
}
