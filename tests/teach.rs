//! A network learns a person's handwriting in an engine's session, on both CPU backends.

#![cfg(feature = "train")]
#![allow(
    deprecated,
    reason = "ndarray is the fallback that the product promises"
)]

use std::fs;
use std::io::Read;
use std::ops::ControlFlow;

use burn::tensor::Device;
use flate2::read::GzDecoder;
use inkling::data::{Dataset, LabelledBytes, PenDigit, Sample, pen_images};
use inkling::digit::DigitImage;
use inkling::engine::{EngineError, Session, TaughtFile};
use inkling::manifest::Manifest;
use inkling::protocol::Scope;
use inkling::strokes::{Point, Stroke};
use inkling::taught::{Ink, Score};
use inkling::train::{Learning, Teaching, TrainError};
use inkling::weights::{is_taught, load};
use inkling::zoo::{ModelId, Network};
use pollster::block_on;

fn rehearsal() -> Vec<u8> {
    let packed = fs::read("public/mnist/rehearsal.idx.gz.bin").unwrap();
    let mut unpacked = Vec::new();
    GzDecoder::new(&packed[..])
        .read_to_end(&mut unpacked)
        .unwrap();
    unpacked
}

/// A session that uses the repository's network, with everything that teaching needs.
fn session(model: &str, device: Device) -> Session {
    let manifest = fs::read_to_string("public/weights/manifest.json").unwrap();
    let manifest = Manifest::parse(&manifest).unwrap();
    let entry = manifest.entry(model).unwrap();
    let bytes = fs::read(format!("public/weights/{}", entry.file)).unwrap();
    let mut session = Session::new(device);
    block_on(session.load(model, bytes, &entry.sha256, &entry.probe_logits)).unwrap();
    session.rehearse(rehearsal()).unwrap();
    session
}

/// Unusual handwriting: the 4 is a triangle on its tip, and the 1 is a cross.
fn hand() -> Vec<Sample> {
    let stroke = |points: &[(f32, f32)]| {
        Stroke::new(points.iter().map(|&(x, y)| Point::new(x, y, 1.0)).collect())
    };
    let sample = |i: usize| {
        // Each is drawn a little differently.
        let d = 0.5 * i as f32;
        let (label, strokes) = match i % 2 {
            0 => (
                4,
                vec![stroke(&[(0.0, d), (10.0, 0.0), (5.0 + d, 12.0), (0.0, d)])],
            ),
            _ => (
                1,
                vec![
                    stroke(&[(0.0, 0.0), (9.0 + d, 10.0)]),
                    stroke(&[(9.0, d), (0.0, 10.0)]),
                ],
            ),
        };
        Sample {
            label,
            strokes,
            is_held_back: i >= 8,
        }
    };
    (0..10).map(sample).collect()
}

/// The held-back samples.
fn held_back() -> Dataset {
    let digits: Vec<_> = hand()
        .into_iter()
        .filter(|sample| sample.is_held_back)
        .map(|sample| PenDigit {
            writer: String::new(),
            label: sample.label,
            strokes: sample.strokes,
        })
        .collect();
    pen_images(&digits)
}

fn pixels(images: &Dataset) -> Vec<u8> {
    let images = images.images().iter();
    images.flat_map(|image| *image.pixels()).collect()
}

fn used(session: &mut Session, images: &Dataset) -> Score {
    let logits = block_on(session.classify(&pixels(images))).unwrap();
    Score::new(&logits, images.labels(), Ink::Digits)
}

fn taught(session: &Session, name: &str, images: &Dataset) -> Score {
    let logits = block_on(session.classify_with(name, &pixels(images))).unwrap();
    Score::new(&logits, images.labels(), Ink::Digits)
}

fn teach(
    session: &mut Session,
    name: &str,
    scope: Scope,
) -> (Result<TaughtFile, EngineError>, Vec<Learning>) {
    let mut heard = Vec::new();
    let file = block_on(session.teach(name, scope, &hand(), |learning| heard.push(learning)));
    (file, heard)
}

#[test]
fn a_hand_is_learnt_and_little_forgotten_while_the_network_in_use_stays() {
    for (model, scope) in [
        ("tiny-bn", Scope::Full),
        ("pen", Scope::Full),
        ("pen", Scope::Last),
        ("lenet-6-12", Scope::Full),
    ] {
        let mut session = session(model, Device::flex());
        let (hand, mnist) = (
            held_back(),
            LabelledBytes::read(rehearsal()).unwrap().dataset(),
        );
        let before = (used(&mut session, &hand), used(&mut session, &mnist));
        let name = format!("{model}@1");
        let (file, heard) = teach(&mut session, &name, scope);
        let file = file.unwrap();
        assert_eq!(used(&mut session, &hand), before.0, "{model} {scope:?}");

        let after = (
            taught(&session, &name, &hand),
            taught(&session, &name, &mnist),
        );
        assert!(
            after.0.loss < before.0.loss,
            "{model} {scope:?}: {before:?} {after:?}"
        );
        let lost = before.1.correct.saturating_sub(after.1.correct);
        // Half of this handwriting contradicts MNIST, so some accuracy is lost. The next test shows how much it would
        // be without rehearsal.
        assert!(lost <= 30, "{model} {scope:?} forgot {lost} of 1000");

        let steps: Vec<_> = heard.iter().map(|learning| learning.step).collect();
        assert_eq!(steps, (1..=heard.len()).collect::<Vec<_>>());
        assert!(heard.len() <= heard[0].n_steps && file.step <= heard.len());
        assert!(heard.iter().any(|learning| learning.held_back.is_some()));
        assert!(heard.iter().all(|learning| learning.loss.is_finite()));
    }
}

#[test]
fn in_as_many_steps_without_rehearsal_much_more_is_forgotten() {
    let device = Device::flex();
    let mnist = LabelledBytes::read(rehearsal()).unwrap().dataset();
    let manifest = fs::read_to_string("public/weights/manifest.json").unwrap();
    let entry = Manifest::parse(&manifest)
        .unwrap()
        .entry("tiny-bn")
        .unwrap()
        .clone();
    let bytes = fs::read(format!("public/weights/{}", entry.file)).unwrap();
    let network = load(ModelId::TinyBn.init(&device), &bytes)
        .unwrap()
        .folded();
    let n_read_wrong = |n_images: usize, epochs: usize| {
        let mut teaching = Teaching::new(Ink::Digits, Scope::Full);
        teaching.config.epoch_images = Some(n_images);
        (teaching.config.epochs, teaching.patience) = (epochs, epochs);
        assert_eq!(teaching.n_steps(), 72);
        let hand = hand();
        let taught = teaching.teach(network.clone(), &hand, &mnist, &device, |_| {
            ControlFlow::Continue(())
        });
        let logits = block_on(
            block_on(taught)
                .unwrap()
                .network
                .infer(mnist.images(), &device),
        );
        let score = Score::new(&logits.unwrap(), mnist.labels(), Ink::Digits);
        score.total - score.correct
    };
    let (with, without) = (n_read_wrong(96, 12), n_read_wrong(0, 24));
    assert!(2 * without > 3 * with, "{with} with, {without} without");
}

#[test]
fn a_taught_network_is_loaded_like_any_other_and_taught_again() {
    let mut session = session("tiny-bn", Device::flex());
    let file = teach(&mut session, "tiny-bn@1", Scope::Full).0.unwrap();
    assert!(is_taught(&file.safetensors));
    let score = taught(&session, "tiny-bn@1", &held_back());
    let bytes = file.safetensors.clone();
    block_on(session.load("tiny-bn@1", bytes, &file.sha256, &file.probe_logits)).unwrap();
    assert_eq!(used(&mut session, &held_back()), score);
    assert!(teach(&mut session, "tiny-bn@2", Scope::Last).0.is_ok());

    // Its tensors match those of the base network.
    let network = load(ModelId::TinyBn.init(&Device::flex()), &file.safetensors).unwrap();
    let logits = block_on(network.infer(&[DigitImage::probe()], &Device::flex())).unwrap()[0];
    for (found, expected) in logits.iter().zip(&file.probe_logits) {
        assert!((found - expected).abs() < 1e-3, "{found} is not {expected}");
    }
}

#[test]
fn ndarray_learns_a_hand_too() {
    let mut session = session("softmax", Device::ndarray());
    let before = used(&mut session, &held_back());
    let (file, _) = teach(&mut session, "softmax@1", Scope::Full);
    assert!(
        file.unwrap()
            .probe_logits
            .iter()
            .all(|logit| logit.is_finite())
    );
    assert!(taught(&session, "softmax@1", &held_back()).loss < before.loss);
}

#[test]
fn the_same_drawings_give_the_same_weights() {
    // Without dropout, which draws from a generator that all threads share.
    let sha256 = || {
        let mut session = session("lenet-6-12", Device::flex());
        teach(&mut session, "lenet-6-12@1", Scope::Full)
            .0
            .unwrap()
            .sha256
    };
    assert_eq!(sha256(), sha256());
}

#[test]
fn what_cannot_be_learnt_is_refused() {
    let mut session = session("softmax", Device::flex());
    let error = |session: &mut Session, name: &str, samples: &[Sample]| {
        let taught = block_on(session.teach(name, Scope::Full, samples, |_| ()));
        let error = taught.unwrap_err();
        assert!(error.is_refusal(), "{error}");
        error
    };
    assert_eq!(
        error(&mut session, "softmax@1", &[]),
        EngineError::NoSamples
    );
    let other = error(&mut session, "pen@1", &hand());
    assert!(other.to_string().contains("load 'pen' first"), "{other}");
    assert!(session.rehearse(vec![0; 99]).unwrap_err().is_refusal());
    // The earlier images are still there.
    assert!(teach(&mut session, "softmax@1", Scope::Full).0.is_ok());

    let mut empty = Session::new(Device::flex());
    assert_eq!(
        error(&mut empty, "softmax@1", &hand()),
        EngineError::NoNetwork
    );
    let mut without = session_without_rehearsal();
    assert_eq!(
        error(&mut without, "softmax@1", &hand()),
        EngineError::NoRehearsal
    );
}

fn session_without_rehearsal() -> Session {
    let layers = ModelId::Softmax.layers();
    let network = Network::new(&layers, &Device::flex());
    let bytes = inkling::weights::to_safetensors(&network, Default::default()).unwrap();
    let mut session = Session::new(Device::flex());
    session.build(&layers, bytes).unwrap();
    session
}

#[test]
fn training_that_diverges_is_an_error() {
    let device = Device::flex();
    let mut teaching = Teaching::new(Ink::Digits, Scope::Full);
    teaching.config.learning_rate = f64::INFINITY;
    let rehearsal = LabelledBytes::read(rehearsal()).unwrap().dataset();
    let network = ModelId::Softmax.init(&device);
    let hand = hand();
    let taught = teaching.teach(network, &hand, &rehearsal, &device, |_| {
        ControlFlow::Continue(())
    });
    assert!(matches!(
        block_on(taught).map(|taught| taught.step),
        Err(TrainError::Diverged { .. })
    ));
}
