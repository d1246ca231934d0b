//! A network: its layers in a row.

use burn::module::{Module, Param};
use burn::nn::BatchNorm;
use burn::nn::conv::Conv2d;
use burn::nn::{Linear, PaddingConfig2d};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

use super::layer::{Fixed, Layer};
use crate::kernels::{self, Activation};
use crate::layers::LayerSpec;

/// Layers in a row, from images to logits. A weight's name is `layers.<index>.<name>`, as in a
/// `Sequential` of PyTorch.
#[derive(Module, Debug)]
pub struct Network {
    layers: Vec<Layer>,
}

/// What flows between layers.
enum Flow {
    Images(Tensor<4>),
    Features(Tensor<2>),
}

impl Network {
    /// With freshly drawn weights.
    pub fn new(layers: &[LayerSpec], device: &Device) -> Self {
        Self {
            layers: layers
                .iter()
                .map(|&layer| Layer::new(layer, device))
                .collect(),
        }
    }

    /// # Shapes
    /// - `images`: `[batch, 1, 28, 28]`, normalised
    /// - output: logits `[batch, classes]`
    pub fn forward(&self, images: Tensor<4>) -> Tensor<2> {
        self.head(self.features(images))
    }

    /// What the last linear layer sees: `[batch, features]`. A network without one gives its logits.
    pub fn features(&self, images: Tensor<4>) -> Tensor<2> {
        run(self.body(), Flow::Images(images)).flatten()
    }

    /// The last linear layer on [`features`](Self::features).
    pub fn head(&self, features: Tensor<2>) -> Tensor<2> {
        let head = &self.layers[self.body().len()..];
        run(head, Flow::Features(features)).flatten()
    }

    /// Does it end in a linear layer?
    pub fn has_head(&self) -> bool {
        matches!(self.layers.last(), Some(Layer::Linear(_)))
    }

    fn body(&self) -> &[Layer] {
        &self.layers[..self.layers.len() - usize::from(self.has_head())]
    }

    /// The same function for inference with every batch normalisation made part of the convolution
    /// before it. What is left computes less and cannot be trained further.
    pub fn folded(self) -> Self {
        let mut layers = Vec::with_capacity(self.layers.len());
        for layer in self.layers {
            match (layers.pop(), layer) {
                (Some(Layer::Conv(conv)), Layer::Norm(norm)) => {
                    layers.push(Layer::Conv(fold(conv, &norm)))
                }
                (before, layer) => {
                    layers.extend(before);
                    layers.push(layer);
                }
            }
        }
        Self { layers }
    }
}

impl Flow {
    fn images(self) -> Tensor<4> {
        match self {
            Self::Images(x) => x,
            Self::Features(x) => x.unsqueeze_dims(&[2, 3]),
        }
    }

    fn flatten(self) -> Tensor<2> {
        match self {
            Self::Images(x) => x.flatten(1, 3),
            Self::Features(x) => x,
        }
    }
}

fn run(layers: &[Layer], mut flow: Flow) -> Flow {
    let mut rest = layers;
    while let Some((layer, after)) = rest.split_first() {
        rest = after;
        flow = match layer {
            Layer::Conv(conv) => {
                let activation = activation(&mut rest);
                Flow::Images(convolve(conv, flow.images(), activation, pool(&mut rest)))
            }
            Layer::Linear(linear) => {
                Flow::Features(multiply(linear, flow.flatten(), activation(&mut rest)))
            }
            Layer::Norm(norm) => Flow::Images(norm.forward(flow.images())),
            Layer::Dropout(dropout) => match flow {
                Flow::Images(x) => Flow::Images(dropout.forward(x)),
                Flow::Features(x) => Flow::Features(dropout.forward(x)),
            },
            Layer::Fixed(fixed) => match (fixed.kind, flow) {
                (Fixed::Relu, Flow::Images(x)) => Flow::Images(relu(x)),
                (Fixed::Relu, Flow::Features(x)) => Flow::Features(relu(x)),
                (Fixed::MaxPool(size), flow) => {
                    Flow::Images(kernels::pool_layer(flow.images(), size))
                }
                (Fixed::Flatten, flow) => Flow::Features(flow.flatten()),
            },
        };
    }
    flow
}

/// Takes the ReLU that comes next, if one does, so that it can be part of the layer before it.
fn activation(rest: &mut &[Layer]) -> Activation {
    match rest.split_first() {
        Some((layer, after)) if layer.kind() == Some(Fixed::Relu) => {
            *rest = after;
            Activation::Relu
        }
        _ => Activation::Identity,
    }
}

/// Likewise the side of a max pool's windows.
fn pool(rest: &mut &[Layer]) -> Option<usize> {
    match rest.split_first() {
        Some((layer, after)) if let Some(Fixed::MaxPool(size)) = layer.kind() => {
            *rest = after;
            Some(size)
        }
        _ => None,
    }
}

fn convolve(conv: &Conv2d, x: Tensor<4>, activation: Activation, pool: Option<usize>) -> Tensor<4> {
    let weight = conv.weight.val();
    let bias = match &conv.bias {
        Some(bias) => bias.val(),
        None => Tensor::zeros([weight.dims()[0]], &weight.device()),
    };
    match pool {
        Some(pool) => kernels::conv_pool_layer(x, weight, bias, padding(conv), activation, pool),
        None => kernels::conv_layer(x, weight, bias, padding(conv), activation),
    }
}

fn padding(conv: &Conv2d) -> usize {
    match conv.padding {
        PaddingConfig2d::Explicit(padding, ..) => padding,
        _ => 0,
    }
}

fn multiply(linear: &Linear, x: Tensor<2>, activation: Activation) -> Tensor<2> {
    let weight = linear.weight.val();
    let bias = match &linear.bias {
        Some(bias) => bias.val(),
        None => Tensor::zeros([weight.dims()[1]], &weight.device()),
    };
    kernels::linear_layer(x, weight, bias, activation)
}

/// `gamma (conv(x) - mean) / sqrt(var + epsilon) + beta` as one convolution.
fn fold(mut conv: Conv2d, norm: &BatchNorm) -> Conv2d {
    let deviation = norm
        .running_var
        .value_sync()
        .add_scalar(norm.epsilon)
        .sqrt();
    let scale = norm.gamma.val() / deviation;
    let shift = norm.beta.val() - norm.running_mean.value_sync() * scale.clone();
    let bias = match &conv.bias {
        Some(bias) => bias.val() * scale.clone() + shift,
        None => shift,
    };
    let n_out = scale.dims()[0];
    conv.weight = Param::from_tensor(conv.weight.val() * scale.reshape([n_out, 1, 1, 1]));
    conv.bias = Some(Param::from_tensor(bias));
    conv
}
