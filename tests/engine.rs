//! An engine's session: what it accepts, and what it refuses.

#![cfg(feature = "train")]

use std::collections::HashMap;

use burn::tensor::Device;
use inkling::digit::{DigitImage, N_CLASSES};
use inkling::engine::{EngineError, Session};
use inkling::layers::LayerSpec;
use inkling::protocol::{Failure, OptimizerKind, Scope};
use inkling::weights::{WeightsError, sha256_hex, to_safetensors};
use inkling::zoo::{ModelId, Network};
use pollster::block_on;

/// Random weights, and their logits for the probe image.
struct Weights {
    bytes: Vec<u8>,
    sha256: String,
    probe: [f32; N_CLASSES],
}

fn weights() -> Weights {
    let device = Device::flex();
    let network = ModelId::TinyBn.init(&device);
    let bytes = to_safetensors(&network, HashMap::new()).unwrap();
    let probe = block_on(network.infer(&[DigitImage::probe()], &device)).unwrap()[0];
    Weights {
        sha256: sha256_hex(&bytes),
        bytes,
        probe,
    }
}

fn load(session: &mut Session, weights: &Weights) -> Result<(), EngineError> {
    block_on(session.load(
        "tiny-bn",
        weights.bytes.clone(),
        &weights.sha256,
        &weights.probe,
    ))
}

fn read(session: &mut Session) -> Result<Vec<[f32; N_CLASSES]>, EngineError> {
    block_on(session.classify(DigitImage::probe().pixels()))
}

/// Asserts that the network in use is `weights`, with its normalisations folded.
fn assert_reads(session: &mut Session, weights: &Weights) {
    let [logits] = read(session).unwrap()[..] else {
        panic!("one image gives one row of logits")
    };
    for (found, expected) in logits.iter().zip(&weights.probe) {
        assert!((found - expected).abs() < 1e-5, "{found} is not {expected}");
    }
}

#[test]
fn weights_that_fit_are_taken_into_use() {
    let (mut session, weights) = (Session::new(Device::flex()), weights());
    assert_eq!(read(&mut session), Err(EngineError::NoNetwork));
    load(&mut session, &weights).unwrap();
    assert_reads(&mut session, &weights);
    let two = [*DigitImage::probe().pixels(), *DigitImage::blank().pixels()];
    assert_eq!(
        block_on(session.classify(two.as_flattened()))
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn after_a_refusal_the_network_in_use_stays_in_use() {
    let (mut session, good) = (Session::new(Device::flex()), weights());
    load(&mut session, &good).unwrap();

    let mut broken = weights();
    broken.bytes.truncate(1000);
    assert!(matches!(
        load(&mut session, &broken),
        Err(EngineError::Weights(WeightsError::Checksum { .. }))
    ));
    broken.sha256 = sha256_hex(&broken.bytes);
    assert!(matches!(
        load(&mut session, &broken),
        Err(EngineError::Weights(WeightsError::Unreadable(_)))
    ));

    let unknown = block_on(session.load("vgg", good.bytes.clone(), &good.sha256, &good.probe));
    assert_eq!(unknown, Err(EngineError::UnknownModel("vgg".into())));
    assert_reads(&mut session, &good);
}

#[test]
fn a_network_that_computes_something_else_is_not_trusted() {
    let (mut session, mut weights) = (Session::new(Device::flex()), weights());
    weights.probe[4] += 0.01;
    let error = load(&mut session, &weights).unwrap_err();
    assert!(matches!(error, EngineError::SelfTest { index: 4, .. }));
    assert_eq!(error.failure(), Failure::SelfTest);
}

#[test]
fn networks_are_added_beside_the_one_in_use() {
    let (mut session, [used, added]) = (Session::new(Device::flex()), [weights(), weights()]);
    let add = |session: &mut Session, weights: &Weights| {
        let bytes = weights.bytes.clone();
        block_on(session.add("tiny-bn", bytes, &weights.sha256, &weights.probe))
    };
    let read = |session: &Session| {
        block_on(session.classify_with("tiny-bn", DigitImage::probe().pixels()))
    };
    load(&mut session, &used).unwrap();
    assert_eq!(
        read(&session),
        Err(EngineError::UnknownModel("tiny-bn".into()))
    );
    add(&mut session, &added).unwrap();
    assert_reads(&mut session, &used);
    let [logits] = read(&session).unwrap()[..] else {
        panic!("one image gives one row of logits")
    };
    for (found, expected) in logits.iter().zip(&added.probe) {
        assert!((found - expected).abs() < 1e-5, "{found} is not {expected}");
    }

    // If another network computes correctly, the weights are wrong, not the device.
    let mut wrong = weights();
    wrong.probe[4] += 0.01;
    let error = add(&mut session, &wrong).unwrap_err();
    assert!(matches!(error, EngineError::Disproved(_)) && error.is_refusal());
    assert!(load(&mut session, &wrong).unwrap_err().is_refusal());
    assert_reads(&mut session, &used);
}

#[test]
fn bytes_that_are_no_whole_images_are_refused() {
    let (mut session, weights) = (Session::new(Device::flex()), weights());
    load(&mut session, &weights).unwrap();
    assert_eq!(
        block_on(session.classify(&[0; 785])),
        Err(EngineError::ImageBytes(785))
    );
}

/// Ten different images: a bar in a different place for each digit.
fn ten_bars() -> (Vec<f32>, Vec<u8>) {
    let pixel = |i: usize| f32::from(u8::from(i % 28 / 2 == i / 784 + 2));
    ((0..7840).map(pixel).collect(), (0..10).collect())
}

/// A small network that ends in a linear layer.
fn small() -> (Vec<LayerSpec>, Vec<u8>) {
    let layers = vec![
        LayerSpec::conv(1, 4, 3, 1),
        LayerSpec::norm(4),
        LayerSpec::Relu,
        LayerSpec::pool(4),
        LayerSpec::Flatten,
        LayerSpec::linear(196, 10),
    ];
    let network = Network::new(&layers, &Device::flex());
    let bytes = to_safetensors(&network, HashMap::new()).unwrap();
    (layers, bytes)
}

/// Losses of a few steps on one batch.
fn train(session: &mut Session, kind: OptimizerKind, scope: Scope, n: usize) -> Vec<f32> {
    let (inputs, labels) = ten_bars();
    session.train_setup(kind, 0.01, scope).unwrap();
    let step = |_| block_on(session.train_step(inputs.clone(), &labels, true)).unwrap();
    (0..n).map(step).map(Option::unwrap).collect()
}

#[test]
fn training_begins_with_the_loaded_weights_and_is_seen_by_predictions() {
    let (layers, bytes) = small();
    let mut session = Session::new(Device::flex());
    session.build(&layers, bytes.clone()).unwrap();
    let before = block_on(session.predict(ten_bars().0)).unwrap();
    for (kind, scope) in [
        (OptimizerKind::Adam, Scope::Full),
        (OptimizerKind::Sgd, Scope::Last),
        (OptimizerKind::Adam, Scope::Last),
    ] {
        let losses = train(&mut session, kind, scope, 20);
        assert!(losses[19] < losses[0], "{kind:?} {scope:?}: {losses:?}");
        assert_eq!(losses[0], train(&mut session, kind, scope, 1)[0]);
        assert_ne!(block_on(session.predict(ten_bars().0)).unwrap(), before);
    }
    session
        .train_setup(OptimizerKind::Sgd, 0.1, Scope::Full)
        .unwrap();
    assert_eq!(block_on(session.predict(ten_bars().0)).unwrap(), before);
}

#[test]
fn batches_that_cannot_be_trained_on_are_refused() {
    let (layers, bytes) = small();
    let mut session = Session::new(Device::flex());
    session.build(&layers, bytes.clone()).unwrap();
    let step = |session: &mut Session, n, labels: &[u8]| {
        block_on(session.train_step(vec![0.0; n], labels, true))
    };
    assert_eq!(step(&mut session, 784, &[1]), Err(EngineError::NoTraining));
    session
        .train_setup(OptimizerKind::Sgd, 0.1, Scope::Full)
        .unwrap();
    assert_eq!(step(&mut session, 784, &[10]), Err(EngineError::Label(10)));
    assert_eq!(
        step(&mut session, 784, &[1, 2]),
        Err(EngineError::Batch(2, 784))
    );
    assert!(step(&mut session, 784, &[1]).is_ok());

    // The last layer with weights may be a convolution, but there must be one.
    for (n_layers, expected) in [(5, Ok(())), (0, Err(EngineError::NoHead))] {
        let network = Network::new(&layers[..n_layers], &Device::flex());
        let bytes = to_safetensors(&network, HashMap::new()).unwrap();
        match session.build(&layers[..n_layers], bytes) {
            Ok(()) => assert_eq!(
                session.train_setup(OptimizerKind::Sgd, 0.1, Scope::Last),
                expected
            ),
            // A table without layers is invalid.
            Err(error) => assert!(error.is_refusal() && n_layers == 0, "{error}"),
        }
    }
}
