//! `eval fewshot`: how well an embedding network separates classes that it has never seen.

use std::path::PathBuf;

use anyhow::{Context, bail};
use burn::tensor::Device;
use clap::Args;

use super::Part;
use super::trials;
use crate::cli::device::{self, DeviceArg};
use crate::cli::weights_args::{Chosen, WeightsArgs};
use crate::cli::{few_shot, letters, omniglot};
use crate::data;
use crate::train::{Metric, Recipe, TrainConfig};
use crate::zoo::{ModelId, Network};

#[derive(Args)]
pub struct FewshotArgs {
    /// Omniglot's images_evaluation.zip, or Lake's all_runs.zip of 20-way trials within an alphabet. Without a zip:
    /// the background set's alphabets that are held back from training, and MNIST's digits.
    zip: Option<PathBuf>,
    /// `--model siamese` measures that network; the default is `embedding`.
    #[command(flatten)]
    weights: WeightsArgs,
    /// The untouched test part, or the validation part by which settings are chosen; for alphabets and for MNIST's
    /// images.
    #[arg(long, value_enum, default_value_t = Part::Test)]
    part: Part,
    #[arg(long, value_enum, default_value_t = DeviceArg::Auto)]
    device: DeviceArg,
    /// Folder with the four MNIST files.
    #[arg(long)]
    mnist: Option<PathBuf>,
    /// Also write the figures, as JSON, to this file.
    #[arg(long)]
    json: Option<PathBuf>,
}

pub fn run(args: FewshotArgs) -> anyhow::Result<()> {
    let device = device::open(args.device)?;
    let chosen = args.weights.open(args.weights.embedding_model(), &device)?;
    let metric = metric(&chosen)?;
    println!("{}", chosen.model);
    let json = match &args.zip {
        None => held_back(&args, &chosen, metric, &device)?,
        Some(path) => {
            let mut zip = omniglot::open(path)?;
            of_zip(&mut zip, &chosen.network, metric, &device)
                .with_context(|| path.display().to_string())?
        }
    };
    match &args.json {
        Some(path) => crate::cli::mnist::write_whole(path, json.as_bytes()),
        None => Ok(()),
    }
}

/// How a network's embeddings are compared.
pub fn metric(chosen: &Chosen) -> anyhow::Result<Metric> {
    let config = match &chosen.run {
        Some(run) => run.config()?,
        None => TrainConfig::new(chosen.model, Recipe::Best),
    };
    config.objective.metric().with_context(|| {
        format!(
            "{} doesn't produce embeddings: choose --model {} or --model {}",
            chosen.model,
            ModelId::Embedding,
            ModelId::Siamese
        )
    })
}

/// Measures the held-back alphabets and MNIST.
fn held_back(
    args: &FewshotArgs,
    chosen: &Chosen,
    metric: Metric,
    device: &Device,
) -> anyhow::Result<String> {
    let part = match args.part {
        Part::Test => data::Part::Test,
        Part::Validation => data::Part::Validation,
    };
    let unseen = letters::characters(part)?;
    let images = args.part.images(chosen, args.mnist.as_deref())?;
    let mut found = few_shot::digits(&chosen.network, metric, &images, device)?;
    let of_characters = few_shot::characters(&chosen.network, metric, &unseen, device)?;
    found.characters = Some(of_characters);
    few_shot::print(&found);
    Ok(serde_json::to_string_pretty(&found)?)
}

/// Measures whichever of the two official zips this is.
fn of_zip(
    zip: &mut omniglot::Zip,
    network: &Network,
    metric: Metric,
    device: &Device,
) -> anyhow::Result<String> {
    let names = omniglot::names(zip);
    if names.iter().any(|name| trials::is_list(name)) {
        let found = trials::read(zip, network, metric, device)?;
        found.print();
        return Ok(serde_json::to_string_pretty(&found)?);
    }
    if !names.iter().any(|name| omniglot::is_drawing(name)) {
        bail!(
            "it contains neither alphabets (…/ALPHABET/character01/0001_01.png) nor trials \
             (…/run01/class_labels.txt). Both are in the repository brendenlake/omniglot, MIT"
        );
    }
    let characters = omniglot::characters(omniglot::drawings(zip)?);
    let found = few_shot::characters(network, metric, &characters, device)?;
    few_shot::print_characters(&found);
    Ok(serde_json::to_string_pretty(&found)?)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use image::{GrayImage, ImageFormat, Luma};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// A bar with this slope, `wide` pixels thick, black on white.
    fn bar(slope: i32, wide: i32, side: u32) -> Vec<u8> {
        let middle = side as i32 / 2;
        let picture = GrayImage::from_fn(side, side, |x, y| {
            let (x, y) = (x as i32 - middle, y as i32 - middle);
            let inked = x.abs() < 35 && y.abs() < 40 && (4 * y - slope * x).abs() < 4 * wide;
            Luma([if inked { 0 } else { 255 }])
        });
        let mut png = Cursor::new(Vec::new());
        picture.write_to(&mut png, ImageFormat::Png).unwrap();
        png.into_inner()
    }

    fn zipped(files: &[(String, Vec<u8>)]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(name.as_str(), SimpleFileOptions::default())
                .unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn evaluate(bytes: Vec<u8>) -> anyhow::Result<serde_json::Value> {
        let device = Device::flex();
        // Untrained: bars of different slopes differ so much that any features separate them.
        let network = ModelId::Embedding.init(&device);
        let json = of_zip(
            &mut omniglot::opened(bytes)?,
            &network,
            Metric::Direction,
            &device,
        )?;
        Ok(serde_json::from_str(&json)?)
    }

    fn message(bytes: Vec<u8>) -> String {
        format!("{:#}", evaluate(bytes).unwrap_err())
    }

    /// Six characters with identical drawings in each of two alphabets, plus the files that a Mac's archiver adds.
    fn alphabets() -> Vec<(String, Vec<u8>)> {
        let mut files = vec![
            ("__MACOSX/images_evaluation/._A".to_owned(), vec![1]),
            ("images_evaluation/.DS_Store".to_owned(), vec![2]),
        ];
        for (alphabet, first) in [("A", -10), ("B", 2)] {
            for character in 0..6 {
                for drawer in 1..=3 {
                    let name = format!(
                        "images_evaluation/{alphabet}/character{:02}/00{character}_{drawer:02}.png",
                        character + 1
                    );
                    files.push((name, bar(first + 2 * character, 4, omniglot::SIDE)));
                }
            }
        }
        files
    }

    #[test]
    fn a_zip_of_alphabets_is_measured_across_and_within() {
        let found = evaluate(zipped(&alphabets())).unwrap();
        assert_eq!(found["characters"], 12);
        assert_eq!(found["scripts"], 2);
        // Identical drawings lie at distance 0 from each other. There are too few characters for 20 ways, and too few
        // drawings for five examples.
        assert_eq!(found["within"].as_array().unwrap().len(), 1);
        assert_eq!(found["within"][0]["ways"], 5);
        assert_eq!(found["within"][0]["accuracy"], 1.0);
        assert_eq!(found["across"][0]["pixels"], 1.0);
    }

    /// Two runs of three classes: the second has its last two items swapped.
    fn runs(folder: &str) -> Vec<(String, Vec<u8>)> {
        let mut files = vec![(
            format!("__MACOSX/{folder}run01/._class_labels.txt"),
            vec![0],
        )];
        for (run, items) in [("run01", [1, 2, 3]), ("run02", [1, 3, 2])] {
            let mut labels = String::new();
            for (place, item) in items.into_iter().enumerate() {
                let (item_name, class) = (
                    format!("{run}/test/item{item:02}.png"),
                    format!("{run}/training/class{:02}.png", place + 1),
                );
                labels += &format!("{item_name} {class}\n");
                let slope = 4 * place as i32 - 4;
                files.push((format!("{folder}{class}"), bar(slope, 4, omniglot::SIDE)));
                let slope = 4 * (place as i32 + 1) - 8;
                files.push((
                    format!("{folder}{run}/test/item{:02}.png", place + 1),
                    bar(slope, 4, omniglot::SIDE),
                ));
            }
            files.push((
                format!("{folder}{run}/class_labels.txt"),
                labels.into_bytes(),
            ));
        }
        files
    }

    #[test]
    fn trials_are_read_run_by_run() {
        for folder in ["", "all_runs/"] {
            let found = evaluate(zipped(&runs(folder))).unwrap();
            // All three are right in the first run, only the first in the second.
            assert_eq!(found["runs"].as_array().unwrap().len(), 2);
            assert_eq!(found["runs"][0]["n_wrong"], 0);
            assert_eq!(found["runs"][1]["n_wrong"], 2);
            let mean = found["mean_error"].as_f64().unwrap();
            assert!((mean - 1.0 / 3.0).abs() < 1e-9, "{mean}");
        }
    }

    #[test]
    fn what_is_not_as_it_should_be_is_said() {
        assert!(message(b"PK no zip".to_vec()).contains("isn't a complete zip"));
        let whole = zipped(&runs(""));
        assert!(message(whole[..whole.len() / 2].to_vec()).contains("fetch it again"));
        let other = [("readme.txt".to_owned(), b"hello".to_vec())];
        assert!(message(zipped(&other)).contains("neither alphabets"));

        let mut files = alphabets();
        files[5].1 = bar(0, 4, 64);
        assert!(
            message(zipped(&files)).contains("64×64 pixels, but Omniglot's pictures are 105×105")
        );
        files[5].1 = b"no picture".to_vec();
        assert!(message(zipped(&files)).contains("it isn't a picture"));

        let mut files = runs("");
        files.retain(|(name, _)| name != "run02/training/class03.png");
        assert!(message(zipped(&files)).contains("run02/training/class03.png is missing"));
        let mut files = runs("");
        files.last_mut().unwrap().1 = b"run02/test/item01.png\n".to_vec();
        let said = message(zipped(&files));
        assert!(said.contains("line 1 of run02/class_labels.txt"), "{said}");
        files.last_mut().unwrap().1 = Vec::new();
        assert!(message(zipped(&files)).contains("run02/class_labels.txt doesn't name any images"));
    }
}
