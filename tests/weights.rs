//! Weights survive saving and loading, and mismatches are named.

#![cfg(feature = "train")]

use std::collections::HashMap;

use burn::tensor::Device;
use inkling::digit::DigitImage;
use inkling::layers::summary;
use inkling::weights::{
    WeightsError, check_sha256, in_half_precision, load, n_trained, sha256_hex, to_safetensors,
};
use inkling::zoo::{ModelId, Network};
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};

fn network() -> Network {
    ModelId::TinyBn.init(&Device::flex())
}

fn saved(network: &Network) -> Vec<u8> {
    to_safetensors(network, HashMap::new()).unwrap()
}

/// A file whose tensors were passed through `change`; `None` leaves one out.
fn changed(
    change: impl Fn(&str, Dtype, Vec<usize>, Vec<u8>) -> Option<(Dtype, Vec<usize>, Vec<u8>)>,
) -> Vec<u8> {
    let bytes = saved(&network());
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let tensors = file.tensors();
    let kept: Vec<_> = tensors
        .iter()
        .filter_map(|(name, view)| {
            let (dtype, shape, data) = change(
                name,
                view.dtype(),
                view.shape().to_vec(),
                view.data().to_vec(),
            )?;
            Some((name.clone(), dtype, shape, data))
        })
        .collect();
    let views = kept.iter().map(|(name, dtype, shape, data)| {
        (
            name.as_str(),
            TensorView::new(*dtype, shape.clone(), data).unwrap(),
        )
    });
    safetensors::serialize(views, None).unwrap()
}

fn error(bytes: &[u8]) -> WeightsError {
    load(network(), bytes).unwrap_err()
}

#[test]
fn a_network_comes_back_as_it_was() {
    let (original, device) = (network(), Device::flex());
    let restored = load(network(), &saved(&original)).unwrap();
    let images = [DigitImage::probe(), DigitImage::blank()];
    let infer = |network: &Network| pollster::block_on(network.infer(&images, &device)).unwrap();
    assert_eq!(infer(&original), infer(&restored));
    assert_eq!(saved(&original), saved(&restored));
}

#[test]
fn names_are_those_that_pytorch_would_use() {
    let bytes = saved(&network());
    let file = SafeTensors::deserialize(&bytes).unwrap();
    assert_eq!(
        file.tensor("layers.0.weight").unwrap().shape(),
        [16, 1, 3, 3]
    );
    for name in ["weight", "bias", "running_mean", "running_var"] {
        assert_eq!(
            file.tensor(&format!("layers.21.{name}")).unwrap().shape(),
            [20]
        );
    }
    assert_eq!(file.len(), 7 * 5 + 2);
}

#[test]
fn a_missing_tensor_is_named() {
    let bytes = changed(|name, dtype, shape, data| {
        (name != "layers.24.bias").then_some((dtype, shape, data))
    });
    assert_eq!(
        error(&bytes),
        WeightsError::Missing("layers.24.bias".into())
    );
}

#[test]
fn a_tensor_of_another_shape_is_named() {
    let bytes = changed(|name, dtype, shape, data| {
        let shape = if name == "layers.24.bias" {
            vec![5, 2]
        } else {
            shape
        };
        Some((dtype, shape, data))
    });
    let expected = WeightsError::Shape {
        name: "layers.24.bias".into(),
        expected: vec![10],
        found: vec![5, 2],
    };
    assert_eq!(error(&bytes), expected);
}

#[test]
fn a_tensor_of_another_type_is_named() {
    let bytes = changed(|name, dtype, shape, data| match name {
        "layers.24.bias" => Some((Dtype::I32, shape, data)),
        _ => Some((dtype, shape, data)),
    });
    assert_eq!(
        error(&bytes),
        WeightsError::Type {
            name: "layers.24.bias".into(),
            found: "I32".into()
        }
    );
}

#[test]
fn values_that_are_no_numbers_are_refused() {
    let bytes = changed(|name, dtype, shape, mut data| {
        if name == "layers.24.bias" {
            data[..4].copy_from_slice(&f32::NAN.to_le_bytes());
        }
        Some((dtype, shape, data))
    });
    assert_eq!(
        error(&bytes),
        WeightsError::NotFinite("layers.24.bias".into())
    );
}

#[test]
fn a_tensor_too_many_is_named() {
    let bytes = saved(&network());
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let extra = [0; 4];
    let mut views = file.tensors();
    views.push((
        "extra".into(),
        TensorView::new(Dtype::F32, vec![1], &extra).unwrap(),
    ));
    let bytes = safetensors::serialize(views, None).unwrap();
    assert_eq!(error(&bytes), WeightsError::Unexpected("extra".into()));
}

#[test]
fn half_precision_takes_half_the_bytes_and_reads_nearly_the_same() {
    let (original, device) = (network(), Device::flex());
    let whole = saved(&original);
    let half = in_half_precision(&whole).unwrap();
    let file = SafeTensors::deserialize(&half).unwrap();
    let tensor = file.tensor("layers.0.weight").unwrap();
    assert_eq!(tensor.dtype(), Dtype::F16);
    assert_eq!(tensor.shape(), [16, 1, 3, 3]);
    assert!(half.len() < whole.len() * 6 / 10, "{} bytes", half.len());

    let restored = load(network(), &half).unwrap();
    let infer =
        |network: &Network| pollster::block_on(network.infer(&[DigitImage::probe()], &device));
    let (exact, rounded) = (infer(&original).unwrap(), infer(&restored).unwrap());
    let pairs = exact[0].iter().zip(&rounded[0]);
    let difference = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(difference > 0.0 && difference < 1e-2, "{difference}");
    // Rounding again changes nothing.
    assert_eq!(in_half_precision(&half), Ok(half.clone()));
    assert_eq!(in_half_precision(&saved(&restored)), Ok(half));
}

#[test]
fn what_half_precision_cannot_hold_is_refused() {
    let bytes = changed(|name, dtype, shape, mut data| {
        if name == "layers.24.bias" {
            data[..4].copy_from_slice(&1e5_f32.to_le_bytes());
        }
        Some((dtype, shape, data))
    });
    let half = in_half_precision(&bytes).unwrap();
    assert_eq!(
        error(&half),
        WeightsError::NotFinite("layers.24.bias".into())
    );
}

#[test]
fn what_pytorch_counts_beside_statistics_is_ignored() {
    let bytes = saved(&network());
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let counter = 7_i64.to_le_bytes();
    let mut views = file.tensors();
    views.push((
        "layers.1.num_batches_tracked".into(),
        TensorView::new(Dtype::I64, vec![], &counter).unwrap(),
    ));
    let bytes = safetensors::serialize(views, None).unwrap();
    assert!(load(network(), &bytes).is_ok());
}

#[test]
fn a_summary_counts_the_parameters_that_a_network_has() {
    for id in ModelId::ALL {
        let rows = summary(&id.layers()).unwrap();
        let n: u64 = rows.iter().map(|row| row.parameters).sum();
        assert_eq!(n, n_trained(&id.init(&Device::flex())), "{id}");
    }
}

#[test]
fn a_file_cut_short_is_refused() {
    let bytes = saved(&network());
    assert!(matches!(
        error(&bytes[..bytes.len() / 2]),
        WeightsError::Unreadable(_)
    ));
    assert!(matches!(
        error(b"<!doctype html>"),
        WeightsError::Unreadable(_)
    ));
}

#[test]
fn a_wrong_checksum_is_refused() {
    let bytes = saved(&network());
    assert_eq!(check_sha256(&bytes, &sha256_hex(&bytes)), Ok(()));
    assert!(matches!(
        check_sha256(&bytes, "00"),
        Err(WeightsError::Checksum { .. })
    ));
}
