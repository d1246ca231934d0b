//! Which network embeds, and what its distances mean.

use crate::protocol::base_model;

/// A network of embeddings that symbols can be recognised with. Embeddings of different networks cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// `embedding`, which was made for this.
    Embedding,
    /// `siamese`, its ancestor.
    Siamese,
}

/// By how much a drawing may differ from a symbol's examples. Distances are chords between directions, 0 to 2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// How far another drawing of a symbol may be from its example whose variations do not stray at all.
    pub prior: f32,
    /// How much of the distance by which its variations stray is added.
    pub per_variation: f32,
    /// How far it may be for each unit of distance between a symbol's examples.
    pub per_example: f32,
    /// As many examples as what is known of other symbols counts for.
    pub prior_weight: f32,
    /// How far it may be at most, as a share of the distance to the nearest other symbol.
    pub per_neighbour: f32,
    /// Share of the threshold that a drawing loses which is surely a digit.
    pub digit_share: f32,
    /// How fast confidence falls with the distance, in thresholds.
    pub sharpness: f32,
}

impl Space {
    pub const ALL: [Self; 2] = [Self::Embedding, Self::Siamese];

    /// The space of a network's embeddings, by the name of the network, a taught one's too.
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

    /// Fitted by `eval symbols --part validation --tune` to characters of alphabets that nothing was trained on.
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
            // Of a search that was broken off early: it keeps digits, but is not the best that there is.
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
