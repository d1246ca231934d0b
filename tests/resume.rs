//! A run that was stopped and resumed equals one that wasn't. It is alone in its process, since dropout draws from a
//! generator that all threads share.

#![cfg(feature = "train")]

use std::ops::ControlFlow;

use burn::tensor::Device;
use inkling::cli::RunFolder;
use inkling::data::{Dataset, Drawings, Split};
use inkling::digit::{DigitImage, N_PIXELS};
use inkling::train::{Ended, Position, Recipe, TrainConfig, TrainEvent, TrainState, fit};
use inkling::weights::to_safetensors;
use inkling::zoo::ModelId;

/// 160 different images.
fn images() -> Dataset {
    let image = |i: usize| {
        DigitImage::new(std::array::from_fn::<u8, N_PIXELS, _>(|p| {
            ((p * (i + 3)) % 251) as u8
        }))
    };
    Dataset::new(
        (0..160).map(image).collect(),
        (0..160).map(|i| (i % 10) as u8).collect(),
    )
    .unwrap()
}

fn weights(state: &TrainState) -> Vec<u8> {
    to_safetensors(&state.learner.valid(), Default::default()).unwrap()
}

#[test]
fn resuming_in_mid_epoch_and_between_epochs_changes_nothing() {
    let device = Device::flex();
    let config = TrainConfig {
        epochs: 3,
        batch_size: 32,
        n_validation: 0,
        ..TrainConfig::new(ModelId::TinyBn, Recipe::Best)
    };
    let data = Split {
        train: images(),
        validation: images().head(20),
        drawings: Drawings::default(),
    };
    let run = |state: TrainState, stop_at: Option<Position>| {
        let mut sums = Vec::new();
        let listen = |event: TrainEvent| match event {
            TrainEvent::Step { position, .. } if Some(position) == stop_at => {
                ControlFlow::Break(())
            }
            TrainEvent::Epoch { running, state, .. } => {
                sums.push(running);
                // The start of the next epoch is also a possible stop.
                if stop_at == Some(state.position) {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            }
            _ => ControlFlow::Continue(()),
        };
        let (state, ended) =
            pollster::block_on(fit(state, &config, &data, &device, listen)).unwrap();
        (state, ended, sums)
    };

    let start = || TrainState::new(ModelId::TinyBn, &config, &device);
    let (unbroken, ended, whole) = run(start(), None);
    assert_eq!(ended, Ended::Finished);
    assert_eq!(whole.len(), 3);

    let path = std::env::temp_dir().join(format!("inkling-resume-{}", std::process::id()));
    let folder = RunFolder::create(Some(&path), &config).unwrap();
    let mut state = start();
    let mut pieces = Vec::new();
    for stop_at in [
        Position { epoch: 0, step: 3 },
        Position { epoch: 1, step: 0 },
        Position { epoch: 2, step: 4 },
    ] {
        let (stopped, ended, sums) = run(state, Some(stop_at));
        assert_eq!((ended, stopped.position), (Ended::Stopped, stop_at));
        pieces.extend(sums);
        folder.save_checkpoint(&stopped).unwrap();
        state = folder
            .load_checkpoint(ModelId::TinyBn, &config, &device)
            .unwrap()
            .unwrap();
    }
    let (resumed, ended, sums) = run(state, None);
    pieces.extend(sums);
    std::fs::remove_dir_all(path).unwrap();

    assert_eq!(ended, Ended::Finished);
    assert_eq!(pieces, whole, "the same loss and accuracy, epoch by epoch");
    assert!(weights(&resumed) == weights(&unbroken), "different weights");
}
