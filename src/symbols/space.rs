//! The networks that embed, and what their distances mean.

use crate::protocol::base_model;

/// An embedding network that symbols can be recognised with. Embeddings of different networks cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// `embedding`, which was made for this.
    Embedding,
    /// `siamese`, its ancestor.
    Siamese,
}

/// How much a drawing may differ from a symbol's examples. Distances are chords between directions, 0 to 2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// How far another drawing of a symbol may be from an example whose variations are all identical to it.
    pub prior: f32,
    /// How much of the mean distance of its variations is added.
    pub per_variation: f32,
    /// How far it may be for each unit of distance between a symbol's examples.
    pub per_example: f32,
    /// How many examples the prior counts for.
    pub prior_weight: f32,
    /// How far it may be at most, as a share of the distance to the nearest other symbol.
    pub per_neighbour: f32,
    /// The share of the threshold that is taken off for a drawing that is certainly a digit.
    pub digit_share: f32,
    /// How fast confidence falls with the distance, in thresholds.
    pub sharpness: f32,
}

impl Space {
    pub const ALL: [Self; 2] = [Self::Embedding, Self::Siamese];

    /// Returns the space of a network's embeddings by the network's name, which may be that of a taught one.
    pub fn of(model: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|space| space.model() == base_model(model))
    }

    /// The network's name.
    pub fn model(self) -> &'static str {
        match self {
            Self::Embedding => "embedding",
            Self::Siamese => "siamese",
        }
    }

    /// The rule, fitted by `eval symbols --part validation --tune` to characters of alphabets that were never trained
    /// on.
    pub fn rule(self) -> Rule {
        match self {
            Self::Embedding => Rule {
                prior: 1.0,
                per_variation: 0.5,
                per_example: 1.0,
                prior_weight: 2.0,
                per_neighbour: 0.8,
                digit_share: 0.8,
                sharpness: 5.0,
            },
            // From a search that was stopped early: it still recognises digits, but it isn't the best possible rule.
            Self::Siamese => Rule {
                prior: 0.5,
                per_variation: 1.0,
                per_example: 1.0,
                prior_weight: 2.0,
                per_neighbour: 0.7,
                digit_share: 0.8,
                sharpness: 5.0,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_spaces() {
        for space in Space::ALL {
            assert_eq!(Space::of(space.model()), Some(space));
        }
        assert_eq!(Space::of("embedding@2"), Some(Space::Embedding));
        assert_eq!(Space::of("pen"), None);
    }
}
