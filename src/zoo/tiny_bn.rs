//! A batch-normalised CNN of 19,850 parameters.
//!
//! Its source, an MNIST project that claims 99.4 and 99.52 %, gives sizes and layer kinds but not
//! channels: 26, 24, pool 12, 1×1, 12, 10, pool 5, 1×1, 3, 1, at most 19,865 parameters. The channels
//! here are chosen to fill that budget where the receptive field grows.
//!
//! | layer | output | parameters |
//! |---|---|--:|
//! | conv 3×3, norm, ReLU | 16×26×26 | 144 + 32 |
//! | conv 3×3, norm, ReLU | 24×24×24 | 3,456 + 48 |
//! | max pool 2, conv 1×1, norm, ReLU | 16×12×12 | 384 + 32 |
//! | conv 3×3 padded, norm, ReLU | 24×12×12 | 3,456 + 48 |
//! | conv 3×3, norm, ReLU | 32×10×10 | 6,912 + 64 |
//! | max pool 2, conv 1×1, norm, ReLU | 16×5×5 | 512 + 32 |
//! | conv 3×3, norm, ReLU | 20×3×3 | 2,880 + 40 |
//! | dropout, conv 3×3 with bias | 10×1×1 | 1,810 |
//!
//! Source of the parts: Ioffe and Szegedy 2015 (batch normalisation), Lin et al. 2013 (1×1
//! reductions), Srivastava et al. 2014 (dropout). The source ends in a log-softmax; here it is part
//! of the loss, and the network answers logits.

use burn::config::Config;
use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Dropout, DropoutConfig, PaddingConfig2d};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

/// Kernel side, channels out and padding of the seven normalised convolutions.
const LAYERS: [(usize, usize, usize); 7] = [
    (3, 16, 0),
    (3, 24, 0),
    (1, 16, 0),
    (3, 24, 1),
    (3, 32, 0),
    (1, 16, 0),
    (3, 20, 0),
];
/// A max pool halves the image before the convolutions of these indices.
const POOLED: [usize; 2] = [2, 5];

#[derive(Config, Debug)]
pub struct TinyBnConfig {
    /// Share of the activations dropped before the last convolution.
    #[config(default = 0.1)]
    pub dropout: f64,
}

/// See the [module](self).
#[derive(Module, Debug)]
pub struct TinyBn {
    layers: Vec<ConvNorm>,
    pool: MaxPool2d,
    dropout: Dropout,
    head: Conv2d,
}

impl TinyBnConfig {
    pub fn init(&self, device: &Device) -> TinyBn {
        let mut channels = 1;
        let layers = LAYERS.map(|(kernel, channels_out, padding)| {
            let layer = ConvNorm::init(channels, channels_out, kernel, padding, device);
            channels = channels_out;
            layer
        });
        TinyBn {
            layers: layers.into(),
            pool: MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init(),
            dropout: DropoutConfig::new(self.dropout).init(),
            head: Conv2dConfig::new([channels, 10], [3, 3]).init(device),
        }
    }
}

impl TinyBn {
    /// # Shapes
    /// - `images`: `[batch, 1, 28, 28]`
    /// - output: logits `[batch, 10]`
    pub fn forward(&self, images: Tensor<4>) -> Tensor<2> {
        let mut x = images;
        for (i, layer) in self.layers.iter().enumerate() {
            if POOLED.contains(&i) {
                x = self.pool.forward(x);
            }
            x = layer.forward(x);
        }
        self.head.forward(self.dropout.forward(x)).flatten(1, 3)
    }
}

/// A convolution without bias, its batch normalisation and a ReLU.
#[derive(Module, Debug)]
struct ConvNorm {
    conv: Conv2d,
    norm: BatchNorm,
}

impl ConvNorm {
    fn init(
        channels: usize,
        channels_out: usize,
        kernel: usize,
        padding: usize,
        device: &Device,
    ) -> Self {
        let padding = match padding {
            0 => PaddingConfig2d::Valid,
            p => PaddingConfig2d::Explicit(p, p, p, p),
        };
        Self {
            conv: Conv2dConfig::new([channels, channels_out], [kernel, kernel])
                .with_padding(padding)
                .with_bias(false)
                .init(device),
            norm: BatchNormConfig::new(channels_out).init(device),
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        relu(self.norm.forward(self.conv.forward(x)))
    }
}
