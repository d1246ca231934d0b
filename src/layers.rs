//! What a network consists of, layer by layer: the table that describes it.
//!
//! Known to both sides of the protocol; `zoo` makes networks of it. It must not know Burn.

use serde::{Deserialize, Serialize};

/// One row of a network's table. As JSON it is what `bench.html` takes: `{"op": "conv", "in": 1, …}`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum LayerSpec {
    /// `k`×`k`, stride 1, with `pad` zeros around the image.
    Conv {
        #[serde(rename = "in")]
        channels_in: usize,
        #[serde(rename = "out")]
        channels_out: usize,
        k: usize,
        pad: usize,
        bias: bool,
    },
    /// Batch normalisation (Ioffe and Szegedy 2015).
    #[serde(rename = "bn")]
    Norm {
        c: usize,
        eps: f64,
    },
    Relu,
    /// Windows of `k`×`k` side by side.
    MaxPool {
        k: usize,
    },
    /// `[b, c, h, w]` to `[b, c · h · w]`.
    Flatten,
    /// (Srivastava et al. 2014)
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

impl LayerSpec {
    /// A convolution with bias.
    pub const fn conv(channels_in: usize, channels_out: usize, k: usize, pad: usize) -> Self {
        let bias = true;
        Self::Conv {
            channels_in,
            channels_out,
            k,
            pad,
            bias,
        }
    }

    /// A convolution whose bias is that of the normalisation after it.
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
            bias,
        }
    }

    pub const fn norm(c: usize) -> Self {
        Self::Norm { c, eps: 1e-5 }
    }

    pub const fn linear(n_in: usize, n_out: usize) -> Self {
        Self::Linear { n_in, n_out }
    }
}
