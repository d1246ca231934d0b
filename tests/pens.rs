//! A network that learns from drawings: pen digits, and ink that isn't a digit.

#![cfg(feature = "train")]

use std::ops::ControlFlow;

use burn::tensor::Device;
use inkling::data::{
    Augmentation, Dataset, Drawings, PenDigit, Restyle, Split, pen_images, read_pens, scribble,
};
use inkling::layers::LayerSpec;
use inkling::protocol::{is_digit, winner};
use inkling::strokes::{Stroke, render};
use inkling::train::{
    Calibration, DrawingsConfig, Ended, Recipe, TrainConfig, TrainError, TrainState, fit,
};
use inkling::zoo::{ModelId, Network};
use rand::SeedableRng;
use rand::rngs::StdRng;

/// An oval and a crossed 7.
fn digits() -> Vec<PenDigit> {
    let lines = r#"
        {"writer": "w", "label": "0", "strokes": [[[5, 0], [1, 3], [0, 8], [2, 13], [5, 14], [8, 12], [10, 7], [8, 2], [5, 0]]]}
        {"writer": "w", "label": "7", "strokes": [[[0, 0], [9, 0], [7, 5], [4, 14]], [[3, 7], [9, 7]]]}"#;
    read_pens(lines).unwrap()
}

fn config() -> TrainConfig {
    TrainConfig {
        epochs: 3,
        batch_size: 32,
        drawings: Some(DrawingsConfig {
            digits: 256,
            others: 256,
            restyle: Restyle {
                shear: 0.2,
                ink_radius: [1.0, 1.5],
                habit: 0.2,
                ..Restyle::NONE
            },
            softening: Augmentation::NONE,
        }),
        ..TrainConfig::new(ModelId::PenSmall, Recipe::Best)
    }
}

fn data() -> Split {
    let images = pen_images(&digits());
    Split {
        train: images.clone(),
        validation: images,
        drawings: Drawings {
            digits: digits(),
            ..Drawings::default()
        },
    }
}

fn train(config: &TrainConfig, data: &Split) -> Result<Network, TrainError> {
    let device = Device::flex();
    let state = TrainState::new(ModelId::PenSmall, config, &device);
    let listen = |_: inkling::train::TrainEvent| ControlFlow::Continue(());
    let (state, ended) = pollster::block_on(fit(state, config, data, &device, listen))?;
    assert_eq!(ended, Ended::Finished);
    Ok(state.learner.valid())
}

#[test]
fn a_network_learns_where_digits_end() {
    let device = Device::flex();
    let network = train(&config(), &data()).unwrap();
    let images = pen_images(&digits());
    let logits = pollster::block_on(network.infer(images.images(), &device)).unwrap();
    for (logits, &label) in logits.iter().zip(images.labels()) {
        assert_eq!(winner(logits).0, usize::from(label));
        assert!(is_digit(logits));
    }
    // Scribbles that it has not seen.
    let mut rng = StdRng::seed_from_u64(99);
    let scribbles: Vec<Vec<Stroke>> = (0..50).map(|_| scribble(&mut rng)).collect();
    let images: Vec<_> = scribbles.iter().map(|s| render(s).unwrap()).collect();
    let logits = pollster::block_on(network.infer(&images, &device)).unwrap();
    let n_rejected = logits.iter().filter(|logits| !is_digit(logits)).count();
    assert!(n_rejected >= 40, "{n_rejected} of 50");
}

#[test]
fn without_digits_of_pens_there_is_no_training() {
    let data = Split {
        drawings: Drawings::default(),
        ..data()
    };
    let refusal = train(&config(), &data).unwrap_err();
    assert_eq!(refusal.to_string(), "there are no pen digits to train on");
}

#[test]
fn calibration_is_part_of_the_weights() {
    let device = Device::flex();
    let layers = [
        &ModelId::PenSmall.layers()[..],
        &[LayerSpec::Flatten, LayerSpec::linear(10, 10)],
    ];
    let images: Dataset = pen_images(&digits());
    for layers in [layers[0].to_vec(), layers.concat()] {
        let network = Network::new(&layers, &device);
        let logits = |network: &Network| {
            pollster::block_on(network.infer(images.images(), &device)).unwrap()
        };
        let before = logits(&network);
        let by = Calibration {
            temperature: 2.0,
            offset: -3.0,
        };
        let after = logits(&network.calibrated(by.temperature as f32, by.offset as f32));
        for (before, after) in before.iter().flatten().zip(after.iter().flatten()) {
            assert!((before / 2.0 - 3.0 - after).abs() < 1e-5);
        }
        let report = |z: &[[f32; 10]]| inkling::train::EvalReport::new(z, images.labels());
        assert_eq!(report(&before).confusion, report(&after).confusion);
    }
}
