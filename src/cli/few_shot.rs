//! How well embeddings separate digits and characters, given a few examples of each. A run stores the figures as
//! `few_shot.json`.

use std::ops::Range;

use burn::tensor::Device;

use super::letters;
use super::mnist::write_whole;
use super::run_folder::RunFolder;
use crate::data::{Character, Dataset, Part, by_alphabet};
use crate::digit::{DigitImage, N_CLASSES};
use crate::report::{FewShot, FewShotAccuracy, FewShotCharacters};
use crate::strokes::{Stroke, render};
use crate::train::{Embeddings, Estimate, Metric, SEEN, blurred, features};
use crate::zoo::Network;

const N_EPISODES: usize = 1000;
const N_PAIRS: usize = 200_000;
const SEED: u64 = 7;
/// Standard deviation of the Gaussian that blurs the baseline's pixels, in pixels. Not tuned.
pub const SIGMA: f32 = 1.0;
/// The share of same-class images that the network's source reports as accepted.
const SOURCE_ACCEPTANCE: f64 = 0.9731;

/// The number of classes in a task on characters, and of examples of each.
const WAYS: [usize; 2] = [5, 20];
const SHOTS: [usize; 2] = [1, 5];

const ALL: Range<u8> = 0..N_CLASSES as u8;
const UNSEEN: Range<u8> = SEEN.end..N_CLASSES as u8;

/// Measures an embedding network on `dataset`, prints the figures and stores them in the run's folder.
pub fn measure(
    folder: &RunFolder,
    network: &Network,
    metric: Metric,
    dataset: &Dataset,
    device: &Device,
) -> anyhow::Result<()> {
    let mut found = digits(network, metric, dataset, device)?;
    // Only a network trained on characters requires them.
    if let Ok(unseen) = letters::characters(Part::Test) {
        found.characters = Some(characters(network, metric, &unseen, device)?);
    }
    print(&found);
    let json = serde_json::to_string_pretty(&found)?;
    write_whole(&folder.path().join("few_shot.json"), json.as_bytes())
}

/// How well a network separates the digits of `dataset`.
pub fn digits(
    network: &Network,
    metric: Metric,
    dataset: &Dataset,
    device: &Device,
) -> anyhow::Result<FewShot> {
    let embeddings = pollster::block_on(Embeddings::of(network, dataset, metric, device))?;
    Ok(few_shot(
        &embeddings,
        &Embeddings::of_pixels(dataset, SIGMA),
    ))
}

/// How well a network separates characters that it wasn't trained on.
pub fn characters(
    network: &Network,
    metric: Metric,
    characters: &[Character],
    device: &Device,
) -> anyhow::Result<FewShotCharacters> {
    let images: Vec<DigitImage> = characters
        .iter()
        .flat_map(|c| rendered(&c.drawings))
        .collect();
    let labels = characters.iter().enumerate();
    let labels: Vec<u16> = labels
        .flat_map(|(label, c)| vec![label as u16; c.drawings.len()])
        .collect();
    let rows = pollster::block_on(features(network, &images, device))?;
    let embeddings = Embeddings::new(rows, labels.clone(), metric);
    let pixels = Embeddings::new(blurred(&images, SIGMA), labels, Metric::Direction);

    let n_drawings = characters.iter().map(|c| c.drawings.len()).min();
    let n_drawings = n_drawings.unwrap_or_default();
    let all = 0..characters.len() as u16;
    let narrow = |range: Range<usize>| range.start as u16..range.end as u16;
    let scripts: Vec<Range<u16>> = by_alphabet(characters).into_iter().map(narrow).collect();
    let accuracies = |groups: &[Range<u16>]| {
        let large_enough = |ways: &usize| groups.iter().any(|group| group.len() >= *ways);
        let mut rows = Vec::new();
        for ways in WAYS.into_iter().filter(large_enough) {
            // At least one drawing must be left to classify.
            for shots in SHOTS.into_iter().filter(|&shots| shots < n_drawings) {
                // The same seed gives both the same characters, examples and queries.
                let [by_embeddings, by_pixels] = [&embeddings, &pixels]
                    .map(|images| images.accuracy_among(groups, ways, shots, N_EPISODES, SEED));
                rows.push(accuracy(ways, shots, by_embeddings, by_pixels));
            }
        }
        rows
    };
    let true_acceptance = |images: &Embeddings| {
        let distances = images.distances_among(all.clone(), N_PAIRS, SEED);
        distances.true_acceptance(0.01)
    };
    Ok(FewShotCharacters {
        characters: characters.len(),
        scripts: scripts.len(),
        across: accuracies(std::slice::from_ref(&all)),
        within: accuracies(&scripts),
        true_acceptance: true_acceptance(&embeddings),
        true_acceptance_pixels: true_acceptance(&pixels),
    })
}

/// Renders drawings as the pad does.
pub fn rendered(drawings: &[Vec<Stroke>]) -> Vec<DigitImage> {
    let image = |strokes: &Vec<Stroke>| render(strokes).unwrap_or_else(DigitImage::blank);
    drawings.iter().map(image).collect()
}

fn accuracy(ways: usize, shots: usize, found: Estimate, pixels: Estimate) -> FewShotAccuracy {
    FewShotAccuracy {
        ways,
        shots,
        episodes: N_EPISODES,
        accuracy: found.mean,
        interval: found.interval,
        pixels: pixels.mean,
    }
}

fn few_shot(embeddings: &Embeddings, pixels: &Embeddings) -> FewShot {
    let mut accuracies = Vec::new();
    for classes in [ALL, UNSEEN] {
        for shots in [1, 5] {
            // The same seed gives both the same examples and queries.
            let [by_embeddings, by_pixels] = [embeddings, pixels]
                .map(|images| images.accuracy(classes.clone(), shots, N_EPISODES, SEED));
            accuracies.push(accuracy(classes.len(), shots, by_embeddings, by_pixels));
        }
    }
    let of_all = embeddings.distances(ALL, N_PAIRS, SEED);
    FewShot {
        accuracies,
        true_acceptance: of_all.true_acceptance(0.01),
        true_acceptance_unseen: embeddings
            .distances(UNSEEN, N_PAIRS, SEED)
            .true_acceptance(0.01),
        false_acceptance_at_source: of_all.false_acceptance(SOURCE_ACCEPTANCE),
        characters: None,
    }
}

/// Prints the figures of digits, then those of characters if there are any.
pub fn print(found: &FewShot) {
    println!("MNIST digits; the 7 ways are 3 to 9, which were not in training");
    print_rows(&found.accuracies);
    println!(
        "  same-class pairs accepted when 1 % of the others are: {:.2} %; for digits not in training {:.2} %",
        100.0 * found.true_acceptance,
        100.0 * found.true_acceptance_unseen
    );
    println!(
        "  different-class pairs accepted when {} % of same-class pairs are: {:.2} %",
        100.0 * SOURCE_ACCEPTANCE,
        100.0 * found.false_acceptance_at_source
    );
    found.characters.iter().for_each(print_characters);
}

pub fn print_characters(found: &FewShotCharacters) {
    let (n, scripts) = (found.characters, found.scripts);
    println!("{n} characters of {scripts} scripts that were not in training");
    print_rows(&found.across);
    println!("The same, within one script at a time");
    print_rows(&found.within);
    println!(
        "  same-class pairs accepted when 1 % of the others are: {:.2} %; with pixels {:.2} %",
        100.0 * found.true_acceptance,
        100.0 * found.true_acceptance_pixels
    );
}

fn print_rows(rows: &[FewShotAccuracy]) {
    println!("  ways  examples   accuracy    95 %   pixels");
    for row in rows {
        println!(
            "  {:>4} {:>9}   {:>6.2} %  ± {:.2}  {:>5.2} %",
            row.ways,
            row.shots,
            100.0 * row.accuracy,
            100.0 * row.interval,
            100.0 * row.pixels
        );
    }
}
