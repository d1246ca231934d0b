//! The networks, one file each, and their registry.
//!
//! A network maps images `[batch, 1, 28, 28]`, normalised by [`DigitImage::normalized`], to logits
//! `[batch, 10]`. It must not know how it is trained or where its weights are stored.
//!
//! [`DigitImage::normalized`]: crate::digit::DigitImage::normalized

mod blend;
mod card;
mod infer;
mod layer;
mod network;

mod cnn_16_32;
mod cnn_32_64;
mod cnn_4_8_16_32;
mod embedding;
mod fcnn_512_256;
mod lenet_6_12;
mod mlp_128_64;
mod mlp_512_128_32;
mod pen;
mod pen_small;
mod separable_32_64;
mod siamese;
mod softmax;
mod tiny_bn;

use burn::tensor::Device;

use crate::layers::LayerSpec;

pub use card::{Card, NO_SOURCE};
pub use infer::{images_tensor, values_tensor};
pub use network::Network;
pub use separable_32_64::Multipliers;

/// Identifies a network of this project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelId {
    Softmax,
    Mlp512x128x32,
    LeNet6x12,
    Siamese,
    Cnn4x8x16x32,
    Cnn32x64,
    Separable32x64,
    Fcnn512x256,
    Cnn16x32,
    Mlp128x64,
    TinyBn,
    PenSmall,
    Pen,
    Embedding,
}

impl ModelId {
    /// All networks: first those of the sources, in the order of the sources, then Inkling's own.
    pub const ALL: [Self; 14] = [
        Self::Softmax,
        Self::Mlp512x128x32,
        Self::LeNet6x12,
        Self::Siamese,
        Self::Cnn4x8x16x32,
        Self::Cnn32x64,
        Self::Separable32x64,
        Self::Fcnn512x256,
        Self::Cnn16x32,
        Self::Mlp128x64,
        Self::TinyBn,
        Self::PenSmall,
        Self::Pen,
        Self::Embedding,
    ];
    /// The network that the app uses by default.
    pub const DEFAULT: Self = Self::Pen;

    /// Returns the name used in the manifest, in file names and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Softmax => "softmax",
            Self::Mlp512x128x32 => "mlp-512-128-32",
            Self::LeNet6x12 => "lenet-6-12",
            Self::Siamese => "siamese",
            Self::Cnn4x8x16x32 => "cnn-4-8-16-32",
            Self::Cnn32x64 => "cnn-32-64",
            Self::Separable32x64 => "separable-32-64",
            Self::Fcnn512x256 => "fcnn-512-256",
            Self::Cnn16x32 => "cnn-16-32",
            Self::Mlp128x64 => "mlp-128-64",
            Self::TinyBn => "tiny-bn",
            Self::PenSmall => "pen-small",
            Self::Pen => "pen",
            Self::Embedding => "embedding",
        }
    }

    /// Returns the network's table of layers.
    pub fn layers(self) -> Vec<LayerSpec> {
        self.layers_with(Multipliers::ONE)
    }

    /// Returns the table of a narrower or smaller variant, if the network has one.
    pub fn layers_with(self, multipliers: Multipliers) -> Vec<LayerSpec> {
        match self {
            Self::Softmax => softmax::LAYERS.into(),
            Self::Mlp512x128x32 => mlp_512_128_32::LAYERS.into(),
            Self::LeNet6x12 => lenet_6_12::LAYERS.into(),
            Self::Siamese => siamese::LAYERS.into(),
            Self::Cnn4x8x16x32 => cnn_4_8_16_32::LAYERS.into(),
            Self::Cnn32x64 => cnn_32_64::LAYERS.into(),
            Self::Separable32x64 => separable_32_64::layers(multipliers),
            Self::Fcnn512x256 => fcnn_512_256::LAYERS.into(),
            Self::Cnn16x32 => cnn_16_32::LAYERS.into(),
            Self::Mlp128x64 => mlp_128_64::LAYERS.into(),
            Self::TinyBn => tiny_bn::LAYERS.into(),
            Self::PenSmall => pen_small::LAYERS.into(),
            Self::Pen => pen::LAYERS.into(),
            Self::Embedding => embedding::LAYERS.into(),
        }
    }

    /// Describes where the network comes from.
    pub fn card(self) -> &'static Card {
        match self {
            Self::Softmax => &softmax::CARD,
            Self::Mlp512x128x32 => &mlp_512_128_32::CARD,
            Self::LeNet6x12 => &lenet_6_12::CARD,
            Self::Siamese => &siamese::CARD,
            Self::Cnn4x8x16x32 => &cnn_4_8_16_32::CARD,
            Self::Cnn32x64 => &cnn_32_64::CARD,
            Self::Separable32x64 => &separable_32_64::CARD,
            Self::Fcnn512x256 => &fcnn_512_256::CARD,
            Self::Cnn16x32 => &cnn_16_32::CARD,
            Self::Mlp128x64 => &mlp_128_64::CARD,
            Self::TinyBn => &tiny_bn::CARD,
            Self::PenSmall => &pen_small::CARD,
            Self::Pen => &pen::CARD,
            Self::Embedding => &embedding::CARD,
        }
    }

    /// Creates the network with random initial weights.
    pub fn init(self, device: &Device) -> Network {
        Network::new(&self.layers(), device)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no network called '{0}'. Available: {names}", names = names())]
pub struct UnknownModel(String);

fn names() -> String {
    ModelId::ALL.map(ModelId::name).join(", ")
}

impl std::str::FromStr for ModelId {
    type Err = UnknownModel;

    fn from_str(name: &str) -> Result<Self, UnknownModel> {
        let found = Self::ALL.into_iter().find(|id| id.name() == name);
        found.ok_or_else(|| UnknownModel(name.into()))
    }
}

impl std::fmt::Display for ModelId {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
