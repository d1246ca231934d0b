//! A layer as it computes.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{
    BatchNorm, BatchNormConfig, Dropout, DropoutConfig, Linear, LinearConfig, PaddingConfig2d,
};
use burn::tensor::Device;

use crate::kernels::Pool;
use crate::layers::LayerSpec;

#[derive(Module, Debug)]
pub(super) enum Layer {
    Conv(Conv2d),
    /// As many groups as channels, of which there may be but one; no bias.
    Depthwise(Conv2d),
    Norm(BatchNorm),
    Linear(Linear),
    Dropout(Dropout),
    Fixed(FixedLayer),
}

impl Layer {
    /// The layer with freshly drawn weights, uniform within `1 / sqrt(fan in)` as PyTorch draws them.
    pub fn new(spec: LayerSpec, device: &Device) -> Self {
        match spec {
            LayerSpec::Conv {
                channels_in,
                channels_out,
                k,
                pad,
                stride,
                bias,
            } => Self::Conv(
                Conv2dConfig::new([channels_in, channels_out], [k, k])
                    .with_padding(padding(pad))
                    .with_stride([stride, stride])
                    .with_bias(bias)
                    .init(device),
            ),
            LayerSpec::DepthwiseConv { c, k, pad } => Self::Depthwise(
                Conv2dConfig::new([c, c], [k, k])
                    .with_padding(padding(pad))
                    .with_groups(c)
                    .with_bias(false)
                    .init(device),
            ),
            LayerSpec::Norm { c, eps } => {
                Self::Norm(BatchNormConfig::new(c).with_epsilon(eps).init(device))
            }
            LayerSpec::Linear { n_in, n_out } => {
                Self::Linear(LinearConfig::new(n_in, n_out).init(device))
            }
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

    /// What it does, if it has no weights.
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

fn padding(pad: usize) -> PaddingConfig2d {
    match pad {
        0 => PaddingConfig2d::Valid,
        p => PaddingConfig2d::Explicit(p, p, p, p),
    }
}
