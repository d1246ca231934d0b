//! `--width` and `--resolution`: a thinner or smaller variant of a network that has one.

use anyhow::bail;
use clap::Args;

use crate::zoo::{ModelId, Multipliers};

#[derive(Args, Clone, Copy)]
pub struct MultiplierArgs {
    /// Fraction of separable-32-64's channels and hidden units to keep, above 0 and at most 1.
    #[arg(long)]
    width: Option<f64>,
    /// Fraction of its image size to keep, above 0 and at most 1.
    #[arg(long)]
    resolution: Option<f64>,
}

impl MultiplierArgs {
    pub fn are_given(self) -> bool {
        self.width.is_some() || self.resolution.is_some()
    }

    /// The requested multipliers, or an error if the network has none.
    pub fn of(self, model: ModelId) -> anyhow::Result<Multipliers> {
        if self.are_given() && model != ModelId::Separable32x64 {
            bail!(
                "{model} comes in one size. --width and --resolution are for {}",
                ModelId::Separable32x64
            );
        }
        let multipliers = Multipliers {
            width: self.width.unwrap_or(1.0),
            resolution: self.resolution.unwrap_or(1.0),
        };
        let is_share = |share: f64| share > 0.0 && share <= 1.0;
        if !is_share(multipliers.width) || !is_share(multipliers.resolution) {
            bail!("--width and --resolution must be above 0 and at most 1, such as 0.5");
        }
        Ok(multipliers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(width: Option<f64>, model: ModelId) -> Result<Multipliers, String> {
        let resolution = None;
        let args = MultiplierArgs { width, resolution };
        args.of(model).map_err(|error| error.to_string())
    }

    #[test]
    fn only_networks_that_have_multipliers_take_them() {
        let half = of(Some(0.5), ModelId::Separable32x64).unwrap();
        assert_eq!((half.width, half.resolution), (0.5, 1.0));
        assert_eq!(of(None, ModelId::TinyBn), Ok(Multipliers::ONE));
        let refusal = of(Some(0.5), ModelId::TinyBn).unwrap_err();
        assert!(refusal.contains("for separable-32-64"), "{refusal}");
    }

    #[test]
    fn no_multiplier_makes_nothing_or_more() {
        for width in [0.0, -1.0, 1.5, f64::NAN] {
            assert!(of(Some(width), ModelId::Separable32x64).is_err());
        }
    }
}
