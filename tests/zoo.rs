//! Every network: its size, its shapes, and that it can learn.

#![cfg(feature = "train")]

use burn::tensor::Device;
use inkling::data::{Augmentation, Dataset};
use inkling::digit::{DigitImage, N_CLASSES, N_PIXELS, SIDE};
use inkling::train::{Batch, Recipe, TrainConfig, TrainState};
use inkling::weights::n_trained;
use inkling::zoo::{ModelId, images_tensor};

/// Ten images that differ: a bar in another place for each digit.
fn ten_bars() -> Dataset {
    let image = |digit: usize| {
        let mut pixels = [0; N_PIXELS];
        for row in 4..24 {
            let start = row * SIDE + 4 + 2 * digit;
            pixels[start..start + 2].fill(255);
        }
        DigitImage::new(pixels)
    };
    let images = (0..N_CLASSES).map(image).collect();
    Dataset::new(images, (0..10).collect()).unwrap()
}

#[test]
fn parameters_are_as_documented() {
    let counts = ModelId::ALL.map(|id| {
        let network = id.init(&Device::flex());
        (id.name(), n_trained(&network))
    });
    assert_eq!(counts, [("tiny-bn", 19_850)]);
}

#[test]
fn the_default_network_fits_its_budget() {
    let network = ModelId::DEFAULT.init(&Device::flex());
    assert!(n_trained(&network) <= 19_865);
}

#[test]
fn images_become_ten_logits_each() {
    for id in ModelId::ALL {
        let device = Device::flex();
        let network = id.init(&device);
        let images = [
            DigitImage::blank(),
            DigitImage::probe(),
            DigitImage::blank(),
        ];
        assert_eq!(
            network.forward(images_tensor(&images, &device)).dims(),
            [3, N_CLASSES]
        );
    }
}

#[test]
fn every_network_overfits_one_fixed_batch() {
    let data = ten_bars();
    for id in ModelId::ALL {
        let config = TrainConfig {
            augmentation: Augmentation::NONE,
            ..TrainConfig::new(id, Recipe::Best)
        };
        let device = Device::flex().autodiff();
        let mut learner = TrainState::new(id, &config, &Device::flex()).learner;
        let batch = Batch::new(data.images(), data.labels(), &device);
        let mut n_correct = 0;
        for _ in 0..60 {
            let (next, metrics) = learner.step(batch.clone(), 0.05);
            learner = next;
            n_correct = metrics.n_correct().into_scalar::<i64>();
        }
        assert_eq!(n_correct, 10, "{id} did not learn ten images in 60 steps");
    }
}
