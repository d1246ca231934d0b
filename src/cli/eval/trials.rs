//! Lake's one-shot trials (Lake et al. 2015): 20 runs. Each matches 20 drawings by one person to 20 characters of the
//! same alphabet, drawn by another.

use anyhow::{Context, bail};
use burn::tensor::Device;
use serde::Serialize;

use crate::cli::few_shot::{SIGMA, rendered};
use crate::cli::omniglot::{self, Zip};
use crate::digit::DigitImage;
use crate::train::{Embeddings, Metric, blurred, estimate, features};
use crate::zoo::Network;

/// In each run's folder. Each line names a test image and the training image of its class.
const LIST: &str = "class_labels.txt";

/// The result of the trials.
#[derive(Debug, Serialize)]
pub struct Trials {
    pub runs: Vec<Run>,
    /// Mean share of wrong classes over the runs, 0 to 1, and half the width of its 95 % interval.
    pub mean_error: f64,
    pub interval: f64,
    /// The same with blurred pixels instead of embeddings.
    pub mean_error_pixels: f64,
}

#[derive(Debug, Serialize)]
pub struct Run {
    /// Such as `run01`.
    pub name: String,
    pub n_wrong: usize,
    pub n_wrong_pixels: usize,
    pub n_items: usize,
}

/// Whether the path is a run's list.
pub fn is_list(name: &str) -> bool {
    name.strip_suffix(LIST)
        .is_some_and(|folder| folder.ends_with('/'))
}

pub fn read(
    zip: &mut Zip,
    network: &Network,
    metric: Metric,
    device: &Device,
) -> anyhow::Result<Trials> {
    let mut lists = omniglot::names(zip);
    lists.retain(|name| is_list(name));
    lists.sort();
    let mut runs = Vec::new();
    for list in &lists {
        runs.push(read_run(zip, list, network, metric, device)?);
    }
    Ok(Trials::new(runs))
}

fn read_run(
    zip: &mut Zip,
    list: &str,
    network: &Network,
    metric: Metric,
    device: &Device,
) -> anyhow::Result<Run> {
    let text = String::from_utf8(omniglot::bytes(zip, list)?)
        .with_context(|| format!("{list} isn't a text file"))?;
    // The paths in the lines start with the run's folder, which may itself lie in other folders.
    let folder = list
        .strip_suffix(LIST)
        .unwrap_or_default()
        .trim_end_matches('/');
    let (above, name) = folder
        .rsplit_once('/')
        .map_or(("", folder), |(above, name)| (above, name));
    let path = |file: &str| match above {
        "" => file.to_owned(),
        above => format!("{above}/{file}"),
    };
    let mut pairs = Vec::new();
    for (index, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let words: Vec<&str> = line.split_whitespace().collect();
        let &[item, class] = &words[..] else {
            bail!(
                "line {} of {list} must name a test image and a training image: run01/test/item01.png \
                 run01/training/class05.png",
                index + 1
            );
        };
        pairs.push((item, class));
    }
    if pairs.is_empty() {
        bail!("{list} doesn't name any images");
    }
    let mut classes: Vec<&str> = pairs.iter().map(|pair| pair.1).collect();
    classes.sort_unstable();
    classes.dedup();

    let mut image = |file: &str| -> anyhow::Result<DigitImage> {
        let drawing = omniglot::strokes(zip, &path(file))?;
        Ok(rendered(&[drawing]).remove(0))
    };
    let files = classes
        .iter()
        .copied()
        .chain(pairs.iter().map(|pair| pair.0));
    let images: Vec<DigitImage> = files.map(&mut image).collect::<Result<_, _>>()?;
    let n_wrong = |embeddings: Embeddings| {
        let nearest = |item: usize| {
            let distance = |class: usize| embeddings.squared_distance(class, classes.len() + item);
            (0..classes.len()).min_by(|&a, &b| distance(a).total_cmp(&distance(b)))
        };
        let is_wrong =
            |item: &usize| nearest(*item).map(|class| classes[class]) != Some(pairs[*item].1);
        (0..pairs.len()).filter(is_wrong).count()
    };
    let labels = vec![0; images.len()];
    let rows = pollster::block_on(features(network, &images, device))?;
    Ok(Run {
        name: name.into(),
        n_wrong: n_wrong(Embeddings::new(rows, labels.clone(), metric)),
        n_wrong_pixels: n_wrong(Embeddings::new(
            blurred(&images, SIGMA),
            labels,
            Metric::Direction,
        )),
        n_items: pairs.len(),
    })
}

impl Trials {
    fn new(runs: Vec<Run>) -> Self {
        let shares = |n_wrong: fn(&Run) -> usize| -> Vec<f64> {
            let share = |run: &Run| n_wrong(run) as f64 / run.n_items.max(1) as f64;
            runs.iter().map(share).collect()
        };
        let errors = shares(|run| run.n_wrong);
        let error = estimate(&errors);
        Self {
            mean_error: error.mean,
            interval: error.interval,
            mean_error_pixels: estimate(&shares(|run| run.n_wrong_pixels)).mean,
            runs,
        }
    }

    pub fn print(&self) {
        println!("One-shot trials within an alphabet: mistakes in each run");
        for run in &self.runs {
            println!("  {:<8} {:>3} of {}", run.name, run.n_wrong, run.n_items);
        }
        println!(
            "  mean error over {} runs: {:.2} % ± {:.2}; with blurred pixels {:.2} %",
            self.runs.len(),
            100.0 * self.mean_error,
            100.0 * self.interval,
            100.0 * self.mean_error_pixels
        );
    }
}
