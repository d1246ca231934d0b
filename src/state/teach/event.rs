//! What can happen while teaching.

use crate::hand::{Drawn, HandNetwork, Learning};
use crate::protocol::Scope;

/// What can happen while teaching.
#[derive(Clone, Debug, PartialEq)]
pub enum TeachEvent {
    /// What is kept was read, at the start or after another tab changed it.
    Read {
        samples: Vec<Drawn>,
        networks: Vec<HandNetwork>,
    },
    /// A sentence on why nothing outlasts this visit.
    NotKept(String),
    /// These samples or networks could not be kept as they are: they are only here.
    Unkept(Vec<String>),
    /// These are in the vault as they are here.
    Safe(Vec<String>),
    /// The drawing on the pad became a sample, as it was asked for.
    Kept(Drawn),
    /// The drawing that was read wrong became a sample.
    Corrected(Drawn),
    /// Samples came from a file, or back.
    Added(Vec<Drawn>),
    Removed(Vec<String>),
    Relabelled {
        id: String,
        label: String,
    },
    /// Another digit is to be asked for.
    Skip,
    /// A symbol is to be drawn; `None`: digits.
    Subject(Option<String>),
    /// A sample is to be looked at, or none.
    Open(Option<String>),
    Scope(Scope),
    Learning(Learning),
    /// The lesson is over.
    Taught(HandNetwork),
    /// It could not be finished; a sentence.
    Failed(String),
    Cancelled,
    Networks(Vec<HandNetwork>),
}

impl TeachEvent {
    /// Can it change which symbols there are, or their drawings?
    pub(in crate::state) fn changes_symbols(&self) -> bool {
        matches!(
            self,
            Self::Read { .. }
                | Self::Kept(_)
                | Self::Corrected(_)
                | Self::Added(_)
                | Self::Removed(_)
                | Self::Relabelled { .. }
                | Self::Subject(_)
        )
    }
}
