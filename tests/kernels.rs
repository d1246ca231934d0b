//! The fused operations: every device computes what Burn's own operations compute on ndarray, forward and backward,
//! over shapes that no kernel's tiles divide evenly.
//!
//! Without a graphics adapter, the tests skip the graphics device and print a line about it. Mesa's lavapipe counts as
//! an adapter.

#![cfg(feature = "train")]
#![allow(
    deprecated,
    reason = "ndarray is the fallback that the product promises; see docs/decisions"
)]

use std::io::Write;
use std::sync::OnceLock;

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::{GradientsParams, SgdConfig};
use burn::tensor::module::{conv2d, interpolate};
use burn::tensor::ops::{ConvOptions, InterpolateMode, InterpolateOptions};
use burn::tensor::{Device, Gradients, Int, Tensor, TensorData};
use inkling::engine;
use inkling::kernels::{self, Activation, AdamFactors, Pool};
use inkling::layers::LayerSpec;
use inkling::protocol::{Adapters, Backend};
use inkling::zoo::Network;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// How far a value may be from the reference, relative to the largest value of its tensor. Sums of up to 26,000
/// products differ by their order alone.
const TOLERANCE: f32 = 1e-4;

const BATCHES: [usize; 3] = [1, 2, 33];
const ACTIVATIONS: [Activation; 2] = [Activation::Identity, Activation::Relu];

/// The devices under test, by name.
fn devices() -> Vec<(&'static str, Device)> {
    static GRAPHICS: OnceLock<Option<Device>> = OnceLock::new();
    let graphics = GRAPHICS.get_or_init(|| {
        let opening = engine::open(Backend::WebGpu, Adapters::Any, |why| {
            panic!("device lost: {why}")
        });
        match pollster::block_on(opening) {
            Ok(opened) => Some(opened.device),
            Err(error) => {
                // Not through `eprintln!`, whose output passing tests hide.
                let line = format!("kernels: skipping the graphics device: {error}\n");
                let _ = std::io::stderr().write_all(line.as_bytes());
                None
            }
        }
    });
    let mut devices = vec![("flex", Device::flex())];
    devices.extend(graphics.clone().map(|device| ("graphics", device)));
    devices
}

/// Numbers that are the same on every device.
struct Numbers(StdRng);

impl Numbers {
    fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    fn floats<const D: usize>(&mut self, shape: [usize; D]) -> TensorData {
        let n = shape.iter().product();
        let values: Vec<f32> = (0..n).map(|_| self.0.random_range(-1.0..1.0)).collect();
        TensorData::new(values, shape)
    }

    fn labels(&mut self, n: usize, classes: usize) -> TensorData {
        let values: Vec<i32> = (0..n)
            .map(|_| self.0.random_range(0..classes as i32))
            .collect();
        TensorData::new(values, [n])
    }
}

/// A tensor's values, with a name for messages.
type Named = (&'static str, Vec<f32>);

fn values<const D: usize>(name: &'static str, tensor: Tensor<D>) -> Named {
    (name, tensor.into_data().to_vec().unwrap())
}

/// Runs `compute` on ndarray and on every device, and compares.
fn agree(what: &str, compute: impl Fn(&Device) -> Vec<Named>) {
    compare(what, &compute(&Device::ndarray()), compute);
}

/// Runs `compute` on every device and compares with the expected values.
fn compare(what: &str, expected: &[Named], compute: impl Fn(&Device) -> Vec<Named>) {
    for (device_name, device) in devices() {
        for ((name, actual), (_, expected)) in compute(&device).iter().zip(expected) {
            assert_eq!(
                actual.len(),
                expected.len(),
                "{device_name}, {what}: length of {name}"
            );
            let scale = expected
                .iter()
                .fold(1.0f32, |largest, value| largest.max(value.abs()));
            for (i, (a, e)) in actual.iter().zip(expected).enumerate() {
                assert!(
                    (a - e).abs() <= TOLERANCE * scale,
                    "{device_name}, {what}: {name}[{i}] is {a}, not {e} (largest {scale})"
                );
            }
        }
    }
}

/// The gradients of `y · direction` for each of the tensors.
macro_rules! gradients {
    ($y:expr, $direction:expr, $($name:literal: $tensor:expr),+) => {{
        let y = $y;
        let direction = Tensor::from_data($direction.clone(), &y.device());
        let gradients = (y.clone() * direction).sum().backward();
        vec![values("y", y), $(values($name, $tensor.grad(&gradients).unwrap())),+]
    }};
}

fn leaf<const D: usize>(data: &TensorData, device: &Device) -> Tensor<D> {
    Tensor::from_data(data.clone(), &device.clone().autodiff()).require_grad()
}

#[derive(Clone, Copy, Debug)]
struct ConvShape {
    batch: usize,
    channels: [usize; 2],
    sides: [usize; 2],
    k: usize,
    padding: usize,
}

fn check_conv(shape: ConvShape, activation: Activation) {
    let ConvShape {
        batch,
        channels: [n_in, n_out],
        sides: [h, w],
        k,
        padding,
    } = shape;
    if h.min(w) + 2 * padding < k {
        return;
    }
    let mut numbers = Numbers::new(1);
    let x = numbers.floats([batch, n_in, h, w]);
    let weight = numbers.floats([n_out, n_in, k, k]);
    let bias = numbers.floats([n_out]);
    let direction = numbers.floats([
        batch,
        n_out,
        h + 2 * padding + 1 - k,
        w + 2 * padding + 1 - k,
    ]);
    agree(&format!("{shape:?} {activation:?}"), |device| {
        let (x, weight, bias) = (
            leaf::<4>(&x, device),
            leaf::<4>(&weight, device),
            leaf::<1>(&bias, device),
        );
        let y = kernels::conv_layer(x.clone(), weight.clone(), bias.clone(), padding, activation);
        gradients!(y, direction, "grad x": x, "grad weight": weight, "grad bias": bias)
    });
}

#[test]
fn convolutions_agree() {
    let channels = [[1, 1], [1, 20], [3, 5], [5, 3], [20, 5], [20, 20]];
    let sides = [[3, 3], [5, 7], [7, 5], [7, 7]];
    for (i, channels) in channels.into_iter().enumerate() {
        for sides in sides {
            for (k, padding) in [
                (1, 0),
                (1, 1),
                (3, 0),
                (3, 1),
                (3, 2),
                (5, 0),
                (5, 1),
                (5, 2),
            ] {
                let batch = BATCHES[(i + k + padding) % BATCHES.len()];
                let activation = ACTIVATIONS[(i + padding) % 2];
                check_conv(
                    ConvShape {
                        batch,
                        channels,
                        sides,
                        k,
                        padding,
                    },
                    activation,
                );
            }
        }
    }
}

#[test]
fn convolutions_of_whole_images_agree() {
    for (channels, side, batch) in [
        ([1, 16], 28, 2),
        ([16, 32], 14, 33),
        ([3, 5], 28, 1),
        ([64, 33], 9, 2),
    ] {
        for activation in ACTIVATIONS {
            let shape = ConvShape {
                batch,
                channels,
                sides: [side, side],
                k: 3,
                padding: 1,
            };
            check_conv(shape, activation);
        }
    }
}

/// More threads than one dimension of a dispatch allows.
#[test]
fn a_batch_of_1024_agrees() {
    let shape = ConvShape {
        batch: 1024,
        channels: [1, 16],
        sides: [28, 28],
        k: 3,
        padding: 1,
    };
    check_conv(shape, Activation::Relu);
}

#[test]
fn even_kernels_agree() {
    for k in [2, 4] {
        let shape = ConvShape {
            batch: 2,
            channels: [3, 5],
            sides: [7, 5],
            k,
            padding: 1,
        };
        check_conv(shape, Activation::Relu);
    }
}

#[test]
fn linear_layers_agree() {
    for (n_in, n_out) in [
        (1, 1),
        (3, 5),
        (20, 7),
        (64, 10),
        (65, 33),
        (784, 130),
        (1568, 128),
    ] {
        for batch in BATCHES {
            for activation in ACTIVATIONS {
                let mut numbers = Numbers::new(2);
                let x = numbers.floats([batch, n_in]);
                let weight = numbers.floats([n_in, n_out]);
                let bias = numbers.floats([n_out]);
                let direction = numbers.floats([batch, n_out]);
                agree(
                    &format!("{batch}x{n_in}x{n_out} {activation:?}"),
                    |device| {
                        let (x, weight, bias) = (
                            leaf::<2>(&x, device),
                            leaf::<2>(&weight, device),
                            leaf::<1>(&bias, device),
                        );
                        let y = kernels::linear_layer(
                            x.clone(),
                            weight.clone(),
                            bias.clone(),
                            activation,
                        );
                        gradients!(y, direction, "grad x": x, "grad weight": weight, "grad bias": bias)
                    },
                );
            }
        }
    }
}

/// Layers get views: transposed weights, flattened images, slices.
#[test]
fn views_agree() {
    let mut numbers = Numbers::new(3);
    let x = numbers.floats([3, 14, 9]);
    let weight = numbers.floats([11, 126]);
    let bias = numbers.floats([22]);
    let direction = numbers.floats([3, 11]);
    agree("views of a linear layer", |device| {
        let (x, weight, bias) = (
            leaf::<3>(&x, device),
            leaf::<2>(&weight, device),
            leaf::<1>(&bias, device),
        );
        let flat = x.clone().swap_dims(1, 2).flatten::<2>(1, 2);
        let half = bias.clone().narrow(0, 5, 11);
        let y = kernels::linear_layer(flat, weight.clone().transpose(), half, Activation::Relu);
        gradients!(y, direction, "grad x": x, "grad weight": weight, "grad bias": bias)
    });

    let x = numbers.floats([2, 9, 7, 3]);
    let weight = numbers.floats([3, 3, 3, 5]);
    let bias = numbers.floats([5]);
    let direction = numbers.floats([2, 5, 4, 3]);
    agree("views of a convolution and a pool", |device| {
        let (x, weight, bias) = (
            leaf::<4>(&x, device),
            leaf::<4>(&weight, device),
            leaf::<1>(&bias, device),
        );
        let channels_first = x.clone().permute([0, 3, 1, 2]);
        let kernel = weight.clone().permute([3, 2, 0, 1]);
        let y = kernels::conv_layer(channels_first, kernel, bias.clone(), 1, Activation::Relu);
        let y = kernels::pool_layer(y.slice([0..2, 0..5, 1..9, 0..7]), Pool::side_by_side(2));
        gradients!(y, direction, "grad x": x, "grad weight": weight, "grad bias": bias)
    });
}

#[test]
fn depthwise_convolutions_agree() {
    let sides = [[5, 7], [7, 5], [14, 14], [28, 28]];
    for (i, channels) in [1, 3, 20, 32].into_iter().enumerate() {
        for (j, [h, w]) in sides.into_iter().enumerate() {
            for (k, padding) in [
                (1, 0),
                (1, 1),
                (3, 0),
                (3, 1),
                (3, 2),
                (5, 0),
                (5, 1),
                (5, 2),
            ] {
                let batch = BATCHES[(i + j + k + padding) % BATCHES.len()];
                let mut numbers = Numbers::new(9);
                let x = numbers.floats([batch, channels, h, w]);
                let weight = numbers.floats([channels, 1, k, k]);
                let grown = |side: usize| side + 2 * padding + 1 - k;
                let direction = numbers.floats([batch, channels, grown(h), grown(w)]);
                agree(
                    &format!("depthwise {batch}x{channels}x{h}x{w}, k {k}, padding {padding}"),
                    |device| {
                        let (x, weight) = (leaf::<4>(&x, device), leaf::<4>(&weight, device));
                        let y = kernels::depthwise_layer(x.clone(), weight.clone(), padding);
                        gradients!(y, direction, "grad x": x, "grad weight": weight)
                    },
                );
            }
        }
    }
}

fn check_pool(shape: [usize; 4], pool: Pool) {
    let mut numbers = Numbers::new(4);
    let x = numbers.floats(shape);
    let direction = numbers.floats(pool.output_shape(shape));
    agree(&format!("pool of {shape:?} by {pool:?}"), |device| {
        let x = leaf::<4>(&x, device);
        gradients!(kernels::pool_layer(x.clone(), pool), direction, "grad x": x)
    });
}

#[test]
fn pools_agree() {
    for (channels, [h, w], size) in [
        (1, [3, 3], 2),
        (3, [5, 7], 2),
        (5, [7, 5], 3),
        (20, [28, 28], 2),
        (3, [7, 7], 1),
        (1, [4, 4], 4),
    ] {
        for batch in BATCHES {
            check_pool([batch, channels, h, w], Pool::side_by_side(size));
        }
    }
}

#[test]
fn pools_that_overlap_or_are_padded_agree() {
    let shapes = [[2, 3, 5, 7], [33, 1, 7, 5], [1, 20, 28, 28], [2, 5, 4, 4]];
    for shape in shapes {
        for size in 1..=4 {
            for stride in 1..=3 {
                for padding in 0..=size / 2 {
                    check_pool(
                        shape,
                        Pool {
                            size,
                            stride,
                            padding,
                        },
                    );
                }
            }
        }
    }
}

/// After a ReLU, most windows contain their largest value, 0, more than once.
#[test]
fn the_first_of_equal_values_has_the_gradient() {
    let x = TensorData::new(vec![0.0f32; 2 * 3 * 5 * 5], [2, 3, 5, 5]);
    let (size, stride, padding) = (3, 2, 1);
    let overlapping = Pool {
        size,
        stride,
        padding,
    };
    for pool in [Pool::side_by_side(2), overlapping] {
        let direction = Numbers::new(5).floats(pool.output_shape([2, 3, 5, 5]));
        agree("pool of zeros", |device| {
            let x = leaf::<4>(&x, device);
            gradients!(kernels::pool_layer(x.clone(), pool), direction, "grad x": x)
        });
    }
}

/// A network's parameters, or their gradients, in order.
struct Parameters<'a> {
    gradients: Option<&'a Gradients>,
    found: Vec<TensorData>,
}

impl ModuleVisitor for Parameters<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let value = param.val();
        let tensor = match self.gradients {
            Some(gradients) => value.grad(gradients).unwrap(),
            None => value,
        };
        self.found.push(tensor.into_data());
    }
}

fn parameters(network: &Network, gradients: Option<&Gradients>) -> Vec<TensorData> {
    let mut parameters = Parameters {
        gradients,
        found: Vec::new(),
    };
    network.visit(&mut parameters);
    parameters.found
}

/// Networks compute strided convolutions in a different way.
#[test]
fn strided_convolutions_agree() {
    for (channels, [h, w], k, padding, stride) in [
        ([1, 3], [7, 5], 3, 1, 2),
        ([3, 5], [28, 28], 7, 3, 2),
        ([5, 3], [9, 8], 5, 2, 3),
        ([2, 4], [6, 7], 3, 0, 2),
        ([2, 2], [5, 5], 1, 0, 3),
        ([3, 2], [8, 8], 2, 0, 2),
    ] {
        let [n_in, n_out] = channels;
        let layers = [
            LayerSpec::strided_conv(n_in, n_out, k, padding, stride),
            LayerSpec::Flatten,
        ];
        let drawn = Network::new(&layers, &Device::flex());
        let [weight, bias] = parameters(&drawn, None).try_into().unwrap();
        let drawn = drawn.into_record();
        let mut numbers = Numbers::new(10);
        let x = numbers.floats([2, n_in, h, w]);
        let windows = |side: usize| (side + 2 * padding - k) / stride + 1;
        let direction = numbers.floats([2, n_out * windows(h) * windows(w)]);

        let (expected_x, expected_weight, expected_bias) = {
            let device = Device::ndarray();
            (
                leaf::<4>(&x, &device),
                leaf::<4>(&weight, &device),
                leaf::<1>(&bias, &device),
            )
        };
        let options = ConvOptions::new([stride; 2], [padding; 2], [1, 1], 1);
        let y = conv2d(
            expected_x.clone(),
            expected_weight.clone(),
            Some(expected_bias.clone()),
            options,
        );
        let expected = gradients!(y.flatten::<2>(1, 3), direction, "grad x": expected_x,
            "grad weight": expected_weight, "grad bias": expected_bias);

        let what = format!("{channels:?}, {h}x{w}, k {k}, padding {padding}, stride {stride}");
        compare(&what, &expected, |device| {
            let (x, device) = (leaf::<4>(&x, device), device.clone().autodiff());
            let network = Network::new(&layers, &device).load_record(drawn.clone());
            let y = network.forward(x.clone());
            let direction = Tensor::from_data(direction.clone(), &device);
            let gradients = (y.clone() * direction).sum().backward();
            let [of_weight, of_bias] = parameters(&network, Some(&gradients)).try_into().unwrap();
            vec![
                values("y", y),
                values("grad x", x.grad(&gradients).unwrap()),
                ("grad weight", of_weight.to_vec().unwrap()),
                ("grad bias", of_bias.to_vec().unwrap()),
            ]
        });
    }
}

/// Compares with Burn's own resize, which keeps pixel centres in place.
#[test]
fn resized_images_agree() {
    let x = Numbers::new(11).floats([2, 1, 28, 28]);
    for (side, channels) in [(28, 1), (112, 3), (14, 1), (21, 2), (37, 1), (1, 1)] {
        let options = InterpolateOptions::new(InterpolateMode::Bilinear)
            .with_align_corners(false)
            .with_output_size([side; 2]);
        let resized = interpolate(Tensor::from_data(x.clone(), &Device::ndarray()), options);
        let expected = [values("y", resized.repeat_dim(1, channels))];
        let layers = [LayerSpec::Resize { side, channels }, LayerSpec::Flatten];
        compare(&format!("{channels}x{side}x{side}"), &expected, |device| {
            let network = Network::new(&layers, device);
            vec![values(
                "y",
                network.forward(Tensor::from_data(x.clone(), device)),
            )]
        });
    }
}

#[test]
fn losses_agree() {
    for classes in [1, 2, 10, 47] {
        for batch in [1, 2, 33, 300] {
            let mut numbers = Numbers::new(6);
            let logits = numbers.floats([batch, classes]);
            let labels = numbers.labels(batch, classes);
            let direction = numbers.floats([1]);
            for spread in [1.0, 200.0] {
                agree(
                    &format!("loss of {batch}x{classes}, spread {spread}"),
                    |device| {
                        let logits = leaf::<2>(&logits, device);
                        let labels = Tensor::<1, Int>::from_data(labels.clone(), &logits.device());
                        let loss =
                            kernels::cross_entropy(logits.clone().mul_scalar(spread), labels);
                        gradients!(loss, direction, "grad logits": logits)
                    },
                );
            }
        }
    }
}

/// Two steps of a small network with every kind of layer: the parameters stay equal on all devices.
#[test]
fn training_agrees() {
    let layers = [
        LayerSpec::conv(1, 5, 3, 1),
        LayerSpec::Relu,
        LayerSpec::pool(2),
        LayerSpec::depthwise(5, 5, 2),
        LayerSpec::conv(5, 7, 3, 0),
        LayerSpec::Relu,
        LayerSpec::overlapping_pool(3, 2, 1),
        LayerSpec::Flatten,
        LayerSpec::linear(7 * 36, 20),
        LayerSpec::Relu,
        LayerSpec::linear(20, 10),
    ];
    let drawn = Network::new(&layers, &Device::flex()).into_record();
    let mut numbers = Numbers::new(7);
    let images = numbers.floats([33, 1, 28, 28]);
    let labels = numbers.labels(33, 10);
    agree("two steps", |device| {
        let device = device.clone().autodiff();
        let mut network = Network::new(&layers, &device).load_record(drawn.clone());
        let mut optimizer = SgdConfig::new().init();
        let mut measured = Vec::new();
        for _ in 0..2 {
            let logits = network.forward(Tensor::from_data(images.clone(), &device));
            let loss = kernels::cross_entropy(logits, Tensor::from_data(labels.clone(), &device));
            measured.push(values("loss", loss.clone()));
            let gradients = GradientsParams::from_grads(loss.backward(), &network);
            network = optimizer.step(0.1, network, gradients);
        }
        let logits = network
            .valid()
            .forward(Tensor::from_data(images.clone(), &device.clone().inner()));
        measured.push(values("logits", logits));
        measured
    });
}

#[test]
fn optimisers_agree() {
    for shape in [[1, 1], [3, 5], [70, 31]] {
        let mut numbers = Numbers::new(8);
        let data: Vec<_> = (0..3).map(|_| numbers.floats(shape)).collect();
        let squares = TensorData::new(
            data[2]
                .clone()
                .to_vec::<f32>()
                .unwrap()
                .iter()
                .map(|x| x * x)
                .collect(),
            shape,
        );
        agree(&format!("optimisers {shape:?}"), |device| {
            let tensor = |data: &TensorData| Tensor::<2>::from_data(data.clone(), device);
            let [param, grad, moment_1] = [0, 1, 2].map(|i| tensor(&data[i]));
            let factors = AdamFactors {
                beta_1: 0.9,
                beta_2: 0.999,
                step: 0.03,
                epsilon: 1e-4,
                keep: 0.99,
            };
            // Twice, since the output of a step is the input of the next.
            let (mut adam, mut sgd) = ((param.clone(), moment_1, tensor(&squares)), param);
            for _ in 0..2 {
                adam = kernels::adam_step(adam.0, adam.1, adam.2, grad.clone(), factors);
                sgd = kernels::sgd_step(sgd, grad.clone(), 0.1);
            }
            vec![
                values("sgd", sgd),
                values("adam", adam.0),
                values("moment 1", adam.1),
                values("moment 2", adam.2),
            ]
        });
    }
}
