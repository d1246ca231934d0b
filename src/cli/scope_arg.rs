//! `--scope`: which layers of a network learn.

use clap::ValueEnum;

use crate::protocol::Scope;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ScopeArg {
    /// Every layer.
    Full,
    /// The last layer with weights.
    Last,
}

impl From<ScopeArg> for Scope {
    fn from(scope: ScopeArg) -> Self {
        match scope {
            ScopeArg::Full => Self::Full,
            ScopeArg::Last => Self::Last,
        }
    }
}
