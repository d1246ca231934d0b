//! `few_shot.json`: how well a run's embeddings tell digits apart by a few examples of each.

use burn::tensor::Device;

use super::mnist::write_whole;
use super::run_folder::RunFolder;
use crate::data::Dataset;
use crate::digit::N_CLASSES;
use crate::report::{FewShot, FewShotAccuracy};
use crate::train::{Embeddings, Metric, SEEN};
use crate::zoo::Network;

const N_EPISODES: usize = 1000;
const N_PAIRS: usize = 200_000;
const SEED: u64 = 7;
/// Of the Gaussian that blurs the pixels of the baseline, in pixels. Not tuned.
const SIGMA: f32 = 1.0;
/// Share of same-class images that the source reports as accepted.
const SOURCE_ACCEPTANCE: f64 = 0.9731;

const ALL: std::ops::Range<u8> = 0..N_CLASSES as u8;
const UNSEEN: std::ops::Range<u8> = SEEN.end..N_CLASSES as u8;

/// Measures a network of embeddings on `dataset`, prints the figures and keeps them in the run's folder.
pub fn measure(
    folder: &RunFolder,
    network: &Network,
    metric: Metric,
    dataset: &Dataset,
    device: &Device,
) -> anyhow::Result<()> {
    let embeddings = pollster::block_on(Embeddings::of(network, dataset, metric, device))?;
    let pixels = Embeddings::of_pixels(dataset, SIGMA);
    let found = few_shot(&embeddings, &pixels);
    print(&found);
    let json = serde_json::to_string_pretty(&found)?;
    write_whole(&folder.path().join("few_shot.json"), json.as_bytes())
}

fn few_shot(embeddings: &Embeddings, pixels: &Embeddings) -> FewShot {
    let mut accuracies = Vec::new();
    for classes in [ALL, UNSEEN] {
        for shots in [1, 5] {
            // The same seed: the same examples and queries for both.
            let [by_embeddings, by_pixels] = [embeddings, pixels]
                .map(|images| images.accuracy(classes.clone(), shots, N_EPISODES, SEED));
            accuracies.push(FewShotAccuracy {
                ways: classes.len(),
                shots,
                episodes: N_EPISODES,
                accuracy: by_embeddings.mean,
                interval: by_embeddings.interval,
                pixels: by_pixels.mean,
            });
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
    }
}

fn print(found: &FewShot) {
    println!("  ways  examples   accuracy    95 %   pixels");
    for row in &found.accuracies {
        println!(
            "  {:>4} {:>9}   {:>6.2} %  ± {:.2}  {:>5.2} %",
            row.ways,
            row.shots,
            100.0 * row.accuracy,
            100.0 * row.interval,
            100.0 * row.pixels
        );
    }
    println!(
        "  same-class pairs accepted where 1 % of others are: {:.2} %, of digits never trained on {:.2} %",
        100.0 * found.true_acceptance,
        100.0 * found.true_acceptance_unseen
    );
    println!(
        "  pairs of two classes accepted where {} % of one class are: {:.2} %",
        100.0 * SOURCE_ACCEPTANCE,
        100.0 * found.false_acceptance_at_source
    );
}
