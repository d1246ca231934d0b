//! The networks, one file each, and their registry.
//!
//! A network maps images `[batch, 1, 28, 28]`, normalised by [`DigitImage::normalized`], to logits
//! `[batch, 10]`. It must not know how it is trained or where its weights lie.
//!
//! [`DigitImage::normalized`]: crate::digit::DigitImage::normalized

mod infer;
mod layer;
mod network;
mod tiny_bn;

use burn::tensor::Device;

use crate::layers::LayerSpec;

pub use infer::{images_tensor, values_tensor};
pub use network::Network;

/// Every network of the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelId {
    TinyBn,
}

impl ModelId {
    pub const ALL: [Self; 1] = [Self::TinyBn];
    /// The network that the app uses unless told otherwise.
    pub const DEFAULT: Self = Self::TinyBn;

    /// The name in the manifest, in file names and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::TinyBn => "tiny-bn",
        }
    }

    /// The network's table.
    pub fn layers(self) -> &'static [LayerSpec] {
        match self {
            Self::TinyBn => &tiny_bn::LAYERS,
        }
    }

    /// The network with freshly drawn weights.
    pub fn init(self, device: &Device) -> Network {
        Network::new(self.layers(), device)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no network '{0}'; there are: {names}", names = names())]
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
