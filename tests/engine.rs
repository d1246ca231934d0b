//! An engine's session: what it takes into use, and what it refuses.

#![cfg(feature = "train")]

use std::collections::HashMap;

use burn::tensor::Device;
use inkling::digit::{DigitImage, N_CLASSES};
use inkling::engine::{EngineError, Session};
use inkling::protocol::Failure;
use inkling::weights::{WeightsError, sha256_hex, to_safetensors};
use inkling::zoo::ModelId;
use pollster::block_on;

/// Freshly drawn weights, and their logits for the probe image.
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
    block_on(session.load("tiny-bn", &weights.bytes, &weights.sha256, &weights.probe))
}

fn read(session: &Session) -> Result<Vec<[f32; N_CLASSES]>, EngineError> {
    block_on(session.classify(DigitImage::probe().pixels()))
}

#[test]
fn weights_that_fit_are_taken_into_use() {
    let (mut session, weights) = (Session::new(Device::flex()), weights());
    assert_eq!(read(&session), Err(EngineError::NoNetwork));
    load(&mut session, &weights).unwrap();
    assert_eq!(read(&session), Ok(vec![weights.probe]));
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

    let unknown = block_on(session.load("vgg", &good.bytes, &good.sha256, &good.probe));
    assert_eq!(unknown, Err(EngineError::UnknownModel("vgg".into())));
    assert_eq!(read(&session), Ok(vec![good.probe]));
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
fn bytes_that_are_no_whole_images_are_refused() {
    let (mut session, weights) = (Session::new(Device::flex()), weights());
    load(&mut session, &weights).unwrap();
    assert_eq!(
        block_on(session.classify(&[0; 785])),
        Err(EngineError::ImageBytes(785))
    );
}
