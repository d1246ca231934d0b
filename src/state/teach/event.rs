//! What can happen while teaching.

use crate::hand::{Drawn, HandNetwork, Learning};
use crate::protocol::Scope;

/// What can happen while teaching.
#[derive(Clone, Debug, PartialEq)]
pub enum TeachEvent {
    /// The stored samples and networks were read, at the start or after another tab changed them.
    Read {
        samples: Vec<Drawn>,
        networks: Vec<HandNetwork>,
    },
    /// A sentence that says why nothing will be kept after this visit.
    NotKept(String),
    /// These samples or networks could not be stored in their present form, which exists only on this page.
    Unkept(Vec<String>),
    /// These are in the vault in their present form.
    Safe(Vec<String>),
    /// The drawing on the pad became a sample of the requested label.
    Kept(Drawn),
    /// The misread drawing became a sample.
    Corrected(Drawn),
    /// Samples came from a file.
    Added(Vec<Drawn>),
    Removed(Vec<String>),
    Relabelled {
        id: String,
        label: String,
    },
    /// Ask for another digit.
    Skip,
    /// Ask for this symbol, or for digits if `None`.
    Subject(Option<String>),
    /// Open this sample, or close the open one if `None`.
    Open(Option<String>),
    Scope(Scope),
    Learning(Learning),
    /// The lesson has finished with this network.
    Taught(HandNetwork),
    /// The lesson could not be finished; a sentence.
    Failed(String),
    Cancelled,
    Networks(Vec<HandNetwork>),
}

impl TeachEvent {
    /// Whether it can change which symbols exist, or their drawings.
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
