//! A layer as it is computed.

use burn::module::{Module, Param, ParamId, RunningState};
use burn::nn::conv::Conv2d;
use burn::nn::{BatchNorm, Dropout, DropoutConfig, Linear, PaddingConfig2d};
use burn::tensor::{Device, Distribution, Tensor};

use crate::kernels::Pool;
use crate::layers::LayerSpec;

#[derive(Module, Debug)]
pub(super) enum Layer {
    Conv(Conv2d),
    /// Has as many groups as channels, possibly only one, and no bias.
    Depthwise(Conv2d),
    Norm(BatchNorm),
    Linear(Linear),
    Dropout(Dropout),
    Fixed(FixedLayer),
}

impl Layer {
    /// Creates the layer with random weights, uniform within `1 / sqrt(fan in)` as in PyTorch.
    pub fn new(spec: LayerSpec, device: &Device) -> Self {
        match spec {
            LayerSpec::Conv {
                channels_in,
                channels_out,
                k,
                pad,
                stride,
                bias,
            } => {
                let fan_in = channels_in * k * k;
                let weight = drawn([channels_out, channels_in, k, k], fan_in, device);
                let bias = bias.then(|| drawn([channels_out], fan_in, device));
                Self::Conv(convolution(weight, bias, [k, pad, stride], 1))
            }
            LayerSpec::DepthwiseConv { c, k, pad } => {
                let weight = drawn([c, 1, k, k], k * k, device);
                Self::Depthwise(convolution(weight, None, [k, pad, 1], c))
            }
            LayerSpec::Norm { c, eps } => Self::Norm(BatchNorm {
                gamma: filled(1.0, c, device),
                beta: filled(0.0, c, device),
                training: Param::from_bool(true),
                running_mean: RunningState::new(Tensor::zeros([c], device)),
                running_var: RunningState::new(Tensor::ones([c], device)),
                momentum: 0.1,
                epsilon: eps,
            }),
            LayerSpec::Linear { n_in, n_out } => Self::Linear(Linear {
                weight: drawn([n_in, n_out], n_in, device),
                bias: Some(drawn([n_out], n_in, device)),
            }),
            LayerSpec::Dropout { p } => Self::Dropout(DropoutConfig::new(p).init()),
            LayerSpec::Relu => Self::fixed(Fixed::Relu),
            LayerSpec::MaxPool { k, stride, pad } => Self::fixed(Fixed::MaxPool(Pool {
                size: k,
                stride: stride.unwrap_or(k),
                padding: pad,
            })),
            LayerSpec::Resize { side, channels } => Self::fixed(Fixed::Resize { side, channels }),
            LayerSpec::Flatten => Self::fixed(Fixed::Flatten),
        }
    }

    fn fixed(kind: Fixed) -> Self {
        Self::Fixed(FixedLayer { kind })
    }

    /// Returns what the layer does, if it has no weights.
    pub fn kind(&self) -> Option<Fixed> {
        match self {
            Self::Fixed(layer) => Some(layer.kind),
            _ => None,
        }
    }
}

#[derive(Module, Debug)]
pub(super) struct FixedLayer {
    #[module(skip)]
    pub kind: Fixed,
}

/// What a layer without weights does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fixed {
    Relu,
    MaxPool(Pool),
    Resize { side: usize, channels: usize },
    Flatten,
}

// Burn's configurations would create these modules too, but would add all their initialisers to the browser's
// download, among them a QR decomposition and general matrix products.

/// Draws weights uniformly within `1 / sqrt(fan in)` when they are first used, so weights that are loaded from a file
/// are never drawn.
fn drawn<const D: usize>(shape: [usize; D], fan_in: usize, device: &Device) -> Param<Tensor<D>> {
    let bound = (1.0 / fan_in as f64).sqrt();
    let range = Distribution::Uniform(-bound, bound);
    lazy(shape, device, move |device| {
        Tensor::random(shape, range, device)
    })
}

fn filled(value: f32, n: usize, device: &Device) -> Param<Tensor<1>> {
    lazy([n], device, move |device| Tensor::full([n], value, device))
}

fn lazy<const D: usize>(
    shape: [usize; D],
    device: &Device,
    make: impl Fn(&Device) -> Tensor<D> + Send + Sync + 'static,
) -> Param<Tensor<D>> {
    let make = move |device: &Device, is_trained: bool| match is_trained {
        true => make(device).require_grad(),
        false => make(device),
    };
    Param::uninitialized(ParamId::new(), make, device.clone(), true, shape.into())
}

fn convolution(
    weight: Param<Tensor<4>>,
    bias: Option<Param<Tensor<1>>>,
    [k, pad, stride]: [usize; 3],
    groups: usize,
) -> Conv2d {
    Conv2d {
        weight,
        bias,
        stride: [stride; 2],
        kernel_size: [k; 2],
        dilation: [1; 2],
        groups,
        padding: match pad {
            0 => PaddingConfig2d::Valid,
            p => PaddingConfig2d::Explicit(p, p, p, p),
        },
    }
}
