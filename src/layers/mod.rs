//! The table that describes a network, layer by layer.
//!
//! Both sides of the protocol know it; `zoo` builds networks from it. It must not know Burn.

mod summary;

use serde::{Deserialize, Serialize};

use crate::digit::{N_PIXELS, SIDE};

pub use summary::summary;

/// One row of a network's table. `bench.html` takes it as JSON: `{"op": "conv", "in": 1, …}`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum LayerSpec {
    /// `k`×`k` with `pad` zeros around the image.
    Conv {
        #[serde(rename = "in")]
        channels_in: usize,
        #[serde(rename = "out")]
        channels_out: usize,
        k: usize,
        pad: usize,
        #[serde(default = "one")]
        stride: usize,
        bias: bool,
    },
    /// A separate `k`×`k` kernel for each channel, without bias: the first half of a depthwise separable convolution
    /// (Howard et al. 2017), whose second half is a 1×1 convolution.
    #[serde(rename = "dwconv")]
    DepthwiseConv {
        c: usize,
        k: usize,
        pad: usize,
    },
    /// Batch normalisation (Ioffe and Szegedy 2015).
    #[serde(rename = "bn")]
    Norm {
        c: usize,
        eps: f64,
    },
    Relu,
    /// Windows of `k`×`k`, adjacent unless `stride` is given. The padding that `pad` adds never wins.
    MaxPool {
        k: usize,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stride: Option<usize>,
        #[serde(default)]
        pad: usize,
    },
    /// Resizes the image to `side`×`side`, bilinearly, and repeats it in `channels` equal channels.
    Resize {
        side: usize,
        channels: usize,
    },
    /// `[b, c, h, w]` to `[b, c · h · w]`.
    Flatten,
    /// Dropout (Srivastava et al. 2014).
    Dropout {
        p: f64,
    },
    Linear {
        #[serde(rename = "in")]
        n_in: usize,
        #[serde(rename = "out")]
        n_out: usize,
    },
}

fn one() -> usize {
    1
}

impl LayerSpec {
    /// A convolution with bias.
    pub const fn conv(channels_in: usize, channels_out: usize, k: usize, pad: usize) -> Self {
        Self::strided_conv(channels_in, channels_out, k, pad, 1)
    }

    /// A convolution without bias, because the normalisation after it has one.
    pub const fn conv_before_norm(
        channels_in: usize,
        channels_out: usize,
        k: usize,
        pad: usize,
    ) -> Self {
        let bias = false;
        Self::Conv {
            channels_in,
            channels_out,
            k,
            pad,
            stride: 1,
            bias,
        }
    }

    /// A convolution with bias and this stride.
    pub const fn strided_conv(
        channels_in: usize,
        channels_out: usize,
        k: usize,
        pad: usize,
        stride: usize,
    ) -> Self {
        let bias = true;
        Self::Conv {
            channels_in,
            channels_out,
            k,
            pad,
            stride,
            bias,
        }
    }

    pub const fn depthwise(c: usize, k: usize, pad: usize) -> Self {
        Self::DepthwiseConv { c, k, pad }
    }

    /// A max pool with adjacent windows.
    pub const fn pool(k: usize) -> Self {
        let (stride, pad) = (None, 0);
        Self::MaxPool { k, stride, pad }
    }

    /// A max pool with overlapping windows.
    pub const fn overlapping_pool(k: usize, stride: usize, pad: usize) -> Self {
        let stride = Some(stride);
        Self::MaxPool { k, stride, pad }
    }

    pub const fn norm(c: usize) -> Self {
        Self::Norm { c, eps: 1e-5 }
    }

    pub const fn linear(n_in: usize, n_out: usize) -> Self {
        Self::Linear { n_in, n_out }
    }
}

/// An invalid table, from which no network can be built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("layer {index} ({layer}) cannot take {found}")]
pub struct LayerError {
    index: usize,
    layer: &'static str,
    found: String,
}

/// The shape of the data between layers, without the batch.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Image([usize; 3]),
    Features(usize),
}

/// How many numbers the network outputs for an image of 1×28×28, if every layer fits the one before.
pub fn n_outputs(layers: &[LayerSpec]) -> Result<usize, LayerError> {
    let shapes = shapes(layers)?;
    Ok(shapes.last().map_or(N_PIXELS, |shape| shape.len()))
}

/// The output shape of every layer, if each fits the one before.
fn shapes(layers: &[LayerSpec]) -> Result<Vec<Shape>, LayerError> {
    let mut shape = Shape::INPUT;
    let output = |(index, layer): (usize, &LayerSpec)| {
        shape = layer.output(shape).ok_or_else(|| LayerError {
            index,
            layer: layer.name(),
            found: shape.to_string(),
        })?;
        Ok(shape)
    };
    layers.iter().enumerate().map(output).collect()
}

impl LayerSpec {
    fn output(self, shape: Shape) -> Option<Shape> {
        match (self, shape) {
            (
                Self::Conv {
                    channels_in,
                    channels_out,
                    k,
                    pad,
                    stride,
                    ..
                },
                Shape::Image([channels, height, width]),
            ) => {
                let fits = channels == channels_in && channels_out > 0;
                let [height, width] = windows([height, width], k, stride, pad)?;
                fits.then_some(Shape::Image([channels_out, height, width]))
            }
            (Self::DepthwiseConv { c, k, pad }, Shape::Image([channels, height, width])) => {
                let [height, width] = windows([height, width], k, 1, pad)?;
                (c == channels).then_some(Shape::Image([c, height, width]))
            }
            (Self::Norm { c, .. }, Shape::Image([channels, ..])) => {
                (c == channels).then_some(shape)
            }
            (Self::MaxPool { k, stride, pad }, Shape::Image([channels, height, width])) => {
                let [height, width] = windows([height, width], k, stride.unwrap_or(k), pad)?;
                // No window may lie entirely in the padding.
                (2 * pad <= k).then_some(Shape::Image([channels, height, width]))
            }
            (Self::Resize { side, channels }, Shape::Image([1, ..])) => {
                (side > 0 && channels > 0).then_some(Shape::Image([channels, side, side]))
            }
            (Self::Linear { n_in, n_out }, shape) => {
                (shape.len() == n_in && n_out > 0).then_some(Shape::Features(n_out))
            }
            (Self::Flatten, shape) => Some(Shape::Features(shape.len())),
            (Self::Relu | Self::Dropout { .. }, shape) => Some(shape),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Conv { .. } => "conv",
            Self::DepthwiseConv { .. } => "dwconv",
            Self::Norm { .. } => "bn",
            Self::Relu => "relu",
            Self::MaxPool { .. } => "maxpool",
            Self::Resize { .. } => "resize",
            Self::Flatten => "flatten",
            Self::Dropout { .. } => "dropout",
            Self::Linear { .. } => "linear",
        }
    }
}

/// The number of windows in each direction; `None` if not even one fits.
fn windows(sides: [usize; 2], k: usize, stride: usize, pad: usize) -> Option<[usize; 2]> {
    let along = |side: usize| Some((side + 2 * pad).checked_sub(k)? / stride + 1);
    match (k > 0 && stride > 0, sides) {
        (true, [height, width]) => Some([along(height)?, along(width)?]),
        (false, _) => None,
    }
}

impl Shape {
    const INPUT: Self = Self::Image([1, SIDE, SIDE]);

    fn len(self) -> usize {
        match self {
            Self::Image(sides) => sides.iter().product(),
            Self::Features(n) => n,
        }
    }
}

impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Self::Image([channels, height, width]) => write!(f, "{channels}×{height}×{width}"),
            Self::Features(n) => write!(f, "{n} features"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_fits_gives_its_outputs() {
        let layers = [
            LayerSpec::conv(1, 16, 3, 1),
            LayerSpec::norm(16),
            LayerSpec::Relu,
            LayerSpec::pool(2),
            LayerSpec::Flatten,
            LayerSpec::linear(3136, 10),
        ];
        assert_eq!(n_outputs(&layers), Ok(10));
        assert_eq!(n_outputs(&layers[..4]), Ok(3136));
    }

    #[test]
    fn the_first_layer_that_does_not_fit_is_named() {
        let error = |layers: &[LayerSpec]| n_outputs(layers).unwrap_err().to_string();
        assert_eq!(
            error(&[LayerSpec::Relu, LayerSpec::conv(3, 8, 3, 0)]),
            "layer 1 (conv) cannot take 1×28×28"
        );
        assert_eq!(
            error(&[LayerSpec::linear(784, 10), LayerSpec::pool(2)]),
            "layer 1 (maxpool) cannot take 10 features"
        );
        assert!(error(&[LayerSpec::conv(1, 8, 29, 0)]).contains("layer 0"));
        assert!(error(&[LayerSpec::pool(0)]).contains("layer 0"));
        assert!(error(&[LayerSpec::linear(783, 10)]).contains("layer 0"));
    }

    #[test]
    fn tables_are_read_as_harnesses_write_them() {
        let json = r#"[{"op": "conv", "in": 1, "out": 16, "k": 3, "pad": 1, "bias": true}, {"op": "bn", "c": 16, "eps": 1e-5},
            {"op": "relu"}, {"op": "maxpool", "k": 2}, {"op": "flatten"}, {"op": "linear", "in": 3136, "out": 10}]"#;
        let layers: Vec<LayerSpec> = serde_json::from_str(json).unwrap();
        assert_eq!(layers[0], LayerSpec::conv(1, 16, 3, 1));
        assert_eq!(n_outputs(&layers), Ok(10));
    }
}
