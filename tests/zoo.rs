//! Tests every network: its size, its shapes, and that it can learn.

#![cfg(feature = "train")]

use burn::tensor::Device;
use inkling::data::{Augmentation, Dataset};
use inkling::digit::{DigitImage, N_CLASSES, N_PIXELS, SIDE};
use inkling::layers::n_outputs;
use inkling::train::{Batch, OptimizerConfig, Recipe, TrainConfig, TrainState};
use inkling::weights::n_trained;
use inkling::zoo::{ModelId, Multipliers, Network, images_tensor};

/// Ten different images: a bar in a different place for each digit.
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
    assert_eq!(
        counts,
        [
            ("softmax", 7_850),
            ("mlp-512-128-32", 472_042),
            ("lenet-6-12", 32_998),
            // The embedding, and the prototypes of ten digits, which are not trained.
            ("siamese", 10_547_840 + 1_290),
            ("cnn-4-8-16-32", 1_595_970),
            ("cnn-32-64", 3_274_634),
            ("separable-32-64", 3_225_539),
            ("fcnn-512-256", 535_818),
            ("cnn-16-32", 214_538),
            ("mlp-128-64", 109_386),
            ("tiny-bn", 19_850),
            ("pen-small", 19_850),
            ("pen", 43_246),
            // At most 150,000, with the prototypes of ten digits, which are not trained.
            ("embedding", 141_746),
        ]
    );
}

#[test]
fn multipliers_make_the_separable_one_thinner_and_smaller() {
    let device = Device::flex();
    let size = |width, resolution| {
        let multipliers = Multipliers { width, resolution };
        let layers = ModelId::Separable32x64.layers_with(multipliers);
        assert_eq!(n_outputs(&layers), Ok(N_CLASSES));
        let network = Network::new(&layers, &device);
        let logits = network.forward(images_tensor(&[DigitImage::probe()], &device));
        assert_eq!(logits.dims(), [1, N_CLASSES]);
        n_trained(&network)
    };
    let whole = size(1.0, 1.0);
    assert!(size(0.5, 1.0) * 3 < whole);
    assert!(size(1.0, 0.5) * 3 < whole);
    assert!(size(0.25, 0.5) < size(0.5, 0.5));
}

#[test]
fn the_networks_of_our_own_fit_their_budgets() {
    let size = |id: ModelId| n_trained(&id.init(&Device::flex()));
    assert!(size(ModelId::DEFAULT) <= 200_000);
    assert!(size(ModelId::PenSmall) <= 20_000);
    assert!(size(ModelId::Embedding) <= 150_000);
    // The source's budget.
    assert!(size(ModelId::TinyBn) <= 19_865);
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
    // Embedding networks learn differently; see tests/few_shot.rs.
    let embeds = |id: &ModelId| [ModelId::Siamese, ModelId::Embedding].contains(id);
    let classifiers = ModelId::ALL.into_iter().filter(|id| !embeds(id));
    for id in classifiers {
        let config = TrainConfig {
            augmentation: Augmentation::NONE,
            ..TrainConfig::new(id, Recipe::Best)
        };
        let learning_rate = match config.optimizer {
            OptimizerConfig::Sgd { .. } => 0.05,
            OptimizerConfig::AdamW => 0.003,
        };
        let device = Device::flex().autodiff();
        let mut learner = TrainState::new(id, &config, &Device::flex()).learner;
        let batch = Batch::new(data.images(), data.labels(), &device);
        for _ in 0..80 {
            learner = learner.step(batch.clone(), learning_rate).0;
        }
        // Without dropout.
        let images = images_tensor(data.images(), &Device::flex());
        let read = learner.valid().forward(images).argmax(1).into_data();
        let n_correct = (read.iter::<u8>().zip(data.labels()))
            .filter(|(read, label)| read == *label)
            .count();
        assert_eq!(n_correct, 10, "{id} did not learn ten images in 80 steps");
    }
}

#[test]
fn page_and_engines_agree_on_the_default_network() {
    assert_eq!(ModelId::DEFAULT.name(), inkling::manifest::DEFAULT_MODEL);
}
