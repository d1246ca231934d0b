//! A network: a sequence of layers.

use burn::module::{Module, Param, RunningState};
use burn::nn::BatchNorm;
use burn::nn::conv::Conv2d;
use burn::nn::{Linear, PaddingConfig2d};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor, TensorData, s};

use super::layer::{Fixed, Layer};
use crate::kernels::{self, Activation, Pool};
use crate::layers::LayerSpec;

/// A sequence of layers, from images to logits. A weight's name is `layers.<index>.<name>`, as in
/// PyTorch's `Sequential`.
#[derive(Module, Debug)]
pub struct Network {
    layers: Vec<Layer>,
}

/// The values between two layers.
enum Flow {
    Images(Tensor<4>),
    Features(Tensor<2>),
}

impl Network {
    /// Creates a network with random initial weights.
    pub fn new(layers: &[LayerSpec], device: &Device) -> Self {
        Self {
            layers: layers
                .iter()
                .map(|&layer| Layer::new(layer, device))
                .collect(),
        }
    }

    /// Computes the logits of a batch.
    ///
    /// # Shapes
    /// - `images`: `[batch, 1, 28, 28]`, normalised
    /// - output: logits `[batch, classes]`
    pub fn forward(&self, images: Tensor<4>) -> Tensor<2> {
        self.head(self.features(images))
    }

    /// Returns the input of the last linear layer, `[batch, features]`. A network that doesn't end in a linear layer
    /// returns its logits.
    pub fn features(&self, images: Tensor<4>) -> Tensor<2> {
        run(self.body(), Flow::Images(images)).flatten()
    }

    /// Applies the last linear layer to [`features`](Self::features).
    pub fn head(&self, features: Tensor<2>) -> Tensor<2> {
        let head = &self.layers[self.body().len()..];
        run(head, Flow::Features(features)).flatten()
    }

    /// Whether the network ends in a linear layer.
    pub fn has_head(&self) -> bool {
        matches!(self.layers.last(), Some(Layer::Linear(_)))
    }

    fn body(&self) -> &[Layer] {
        &self.layers[..self.layers.len() - usize::from(self.has_head())]
    }

    /// Computes the same logits as [`forward`](Self::forward), but only the last layer with weights learns: the layers
    /// before it need neither gradients nor batch statistics.
    pub fn forward_last(&self, images: Tensor<4>) -> Tensor<2> {
        let last = self.last_with_weights().unwrap_or(self.layers.len());
        let before = &self.valid().layers[..last];
        let flow = match run(before, Flow::Images(images.without_autodiff())) {
            Flow::Images(x) => Flow::Images(x.autodiff()),
            Flow::Features(x) => Flow::Features(x.autodiff()),
        };
        run(&self.layers[last..], flow).flatten()
    }

    /// Returns the index of the last convolution or linear layer.
    pub fn last_with_weights(&self) -> Option<usize> {
        let has_weights = |layer: &Layer| {
            matches!(
                layer,
                Layer::Conv(_) | Layer::Depthwise(_) | Layer::Linear(_)
            )
        };
        self.layers.iter().rposition(has_weights)
    }

    /// Divides the logits by `temperature` and adds `offset` to each, by changing the last layer that has weights.
    pub fn calibrated(mut self, temperature: f32, offset: f32) -> Self {
        let change = |bias: Tensor<1>| bias.div_scalar(temperature).add_scalar(offset);
        for layer in self.layers.iter_mut().rev() {
            match layer {
                Layer::Conv(conv) => {
                    conv.weight = conv.weight.clone().map(|w| w.div_scalar(temperature));
                    conv.bias = conv.bias.take().map(|bias| bias.map(change));
                    break;
                }
                Layer::Linear(linear) => {
                    linear.weight = linear.weight.clone().map(|w| w.div_scalar(temperature));
                    linear.bias = linear.bias.take().map(|bias| bias.map(change));
                    break;
                }
                _ => {}
            }
        }
        self
    }

    /// Merges every batch normalisation into the convolution before it. The network computes the same function as in
    /// inference, in less time. Training it further is like training with frozen running statistics.
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

impl Network {
    /// Gives a [`folded`](Self::folded) network all layers of its table again, as in a file of its weights. Each
    /// normalisation takes over the bias of the convolution before it and changes nothing else.
    pub fn unfolded(self, table: &[LayerSpec]) -> Self {
        let mut folded = self.layers.into_iter();
        let mut layers: Vec<Layer> = Vec::with_capacity(table.len());
        let mut before = None;
        for &spec in table {
            match (spec, before, layers.last_mut()) {
                (
                    LayerSpec::Norm { c, .. },
                    Some(LayerSpec::Conv { bias, .. }),
                    Some(Layer::Conv(conv)),
                ) => {
                    let device = conv.weight.device();
                    let zeros = || Param::from_tensor(Tensor::zeros([c], &device));
                    let shift = conv.bias.take().unwrap_or_else(zeros);
                    conv.bias = bias.then(zeros);
                    layers.push(neutral(spec, shift));
                }
                _ => layers.extend(folded.next()),
            }
            before = Some(spec);
        }
        Self { layers }
    }
}

/// Returns a normalisation that only adds `shift`.
fn neutral(spec: LayerSpec, shift: Param<Tensor<1>>) -> Layer {
    let device = shift.device();
    let mut layer = Layer::new(spec, &device);
    if let Layer::Norm(norm) = &mut layer {
        let variance = Tensor::full(shift.dims(), 1.0 - norm.epsilon, &device);
        norm.running_var = RunningState::new(variance);
        norm.beta = shift;
    }
    layer
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
            Layer::Depthwise(conv) => {
                let (x, weight) = (flow.images(), conv.weight.val());
                Flow::Images(kernels::depthwise_layer(x, weight, padding(conv)))
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
                (Fixed::MaxPool(pool), flow) => {
                    Flow::Images(kernels::pool_layer(flow.images(), pool))
                }
                (Fixed::Resize { side, channels }, flow) => {
                    Flow::Images(resize(flow.images(), side, channels))
                }
                (Fixed::Flatten, flow) => Flow::Features(flow.flatten()),
            },
        };
    }
    flow
}

/// Takes the next layer if it is a ReLU, so that it can be fused into the layer before it.
fn activation(rest: &mut &[Layer]) -> Activation {
    match rest.split_first() {
        Some((layer, after)) if layer.kind() == Some(Fixed::Relu) => {
            *rest = after;
            Activation::Relu
        }
        _ => Activation::Identity,
    }
}

/// Takes the next layer if it is a max pool, to fuse it likewise.
fn pool(rest: &mut &[Layer]) -> Option<Pool> {
    match rest.split_first() {
        Some((layer, after)) if let Some(Fixed::MaxPool(pool)) = layer.kind() => {
            *rest = after;
            Some(pool)
        }
        _ => None,
    }
}

fn convolve(conv: &Conv2d, x: Tensor<4>, activation: Activation, pool: Option<Pool>) -> Tensor<4> {
    let weight = conv.weight.val();
    let bias = match &conv.bias {
        Some(bias) => bias.val(),
        None => Tensor::zeros([weight.dims()[0]], &weight.device()),
    };
    let (x, weight, padding) = match conv.stride {
        [1, _] => (x, weight, padding(conv)),
        [stride, _] => strided(x, weight, stride, padding(conv)),
    };
    match pool {
        Some(pool) => kernels::conv_pool_layer(x, weight, bias, padding, activation, pool),
        None => kernels::conv_layer(x, weight, bias, padding, activation),
    }
}

/// Turns a convolution with a stride into one with stride 1: neighbours within a stride become channels, in the images
/// and in the kernel (space to depth).
fn strided(
    x: Tensor<4>,
    weight: Tensor<4>,
    stride: usize,
    padding: usize,
) -> (Tensor<4>, Tensor<4>, usize) {
    let [_, _, height, width] = x.dims();
    let k = weight.dims()[2];
    let k_whole = k.next_multiple_of(stride);
    // What the windows cover, which may be more or less than the padded image.
    let covered = |side: usize| (side + 2 * padding - k) / stride * stride + k_whole;
    let (rows, columns) = (covered(height), covered(width));
    let beyond = |covered: usize, side: usize| covered.saturating_sub(padding + side);
    let x = x
        .pad(
            (
                padding,
                beyond(columns, width),
                padding,
                beyond(rows, height),
            ),
            0.0,
        )
        .slice([s![..], s![..], s![..rows], s![..columns]]);
    let rest = k_whole - k;
    let weight = weight.pad((0, rest, 0, rest), 0.0);
    (space_to_depth(x, stride), space_to_depth(weight, stride), 0)
}

/// Reshapes `[b, c, h, w]` to `[b, c · block², h / block, w / block]`.
fn space_to_depth(x: Tensor<4>, block: usize) -> Tensor<4> {
    let [batch, channels, height, width] = x.dims();
    let (height, width) = (height / block, width / block);
    x.reshape([batch, channels, height, block, width, block])
        .permute([0, 1, 3, 5, 2, 4])
        .reshape([batch, channels * block * block, height, width])
}

/// Resizes bilinearly, with one matrix product in each direction. Pixel centres keep their place, as in PyTorch's
/// `interpolate` with `align_corners=False`.
fn resize(x: Tensor<4>, side: usize, channels: usize) -> Tensor<4> {
    // Images are square, so both directions use the same matrix.
    let [batch, _, before, _] = x.dims();
    let weights = interpolation(before, side, &x.device());
    // [b, 1, h, w] to [b, side, h] to [b, side, side]; rows and columns are swapped twice.
    let x = product(x.reshape([batch * before, before]), weights.clone());
    let x = x.reshape([batch, before, side]).swap_dims(1, 2);
    let x = product(x.reshape([batch * side, before]), weights);
    let x = x.reshape([batch, side, side]).swap_dims(1, 2);
    x.reshape([batch, 1, side, side]).repeat_dim(1, channels)
}

/// Multiplies with the layers' own kernel: Burn's would add hundreds of kilobytes to the browser's download.
fn product(x: Tensor<2>, weight: Tensor<2>) -> Tensor<2> {
    let bias = Tensor::zeros([weight.dims()[1]], &weight.device());
    kernels::linear_layer(x, weight, bias, Activation::Identity)
}

/// Returns how much each of `from` pixels contributes to each of `to`: `[from, to]`.
fn interpolation(from: usize, to: usize, device: &Device) -> Tensor<2> {
    let mut weights = vec![0.0; from * to];
    for target in 0..to {
        let place = (target as f32 + 0.5) * from as f32 / to as f32 - 0.5;
        let place = place.clamp(0.0, (from - 1) as f32);
        let (first, share) = (place as usize, place.fract());
        weights[first * to + target] += 1.0 - share;
        weights[(first + 1).min(from - 1) * to + target] += share;
    }
    Tensor::from_data(TensorData::new(weights, [from, to]), device)
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

/// Returns `gamma (conv(x) - mean) / sqrt(var + epsilon) + beta` as one convolution.
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
