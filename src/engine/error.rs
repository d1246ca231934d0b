//! What can go wrong in an engine.

use crate::layers::LayerError;
use crate::protocol::{Backend, Failure};
use crate::weights::WeightsError;

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EngineError {
    #[error("this engine was built without the {} backend", .0.name())]
    NotBuilt(Backend),
    #[error("no graphics device: {0}")]
    NoDevice(String),
    #[error("the graphics device imitates one in software: {0}")]
    SoftwareDevice(String),
    #[error("the device failed: {0}")]
    Execution(String),
    #[error(transparent)]
    Weights(#[from] WeightsError),
    #[error("there is no network '{0}' in this engine")]
    UnknownModel(String),
    #[error(
        "self-test: logit {index} of the probe image is {found}, but native Burn computed {expected}"
    )]
    SelfTest {
        index: usize,
        expected: f32,
        found: f32,
    },
    /// A self-test that only weights can have failed.
    #[error("{0}")]
    Disproved(String),
    #[error("a request cannot be understood: {0}")]
    Request(String),
    #[error("no network is loaded yet")]
    NoNetwork,
    #[error(transparent)]
    Layers(#[from] LayerError),
    #[error("the network does not end in a linear layer, so there is no last layer to train")]
    NoHead,
    #[error("training has not begun")]
    NoTraining,
    #[error("a batch of {0} has {0} times 784 values, not {1}")]
    Batch(usize, usize),
    #[error("a label is a digit from 0 to 9, not {0}")]
    Label(u8),
    #[error("an image has 784 values, so {0} bytes are no whole number of images")]
    ImageBytes(usize),
}

impl EngineError {
    /// Was a request refused, with everything as it was before?
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Weights(_)
                | Self::Layers(_)
                | Self::UnknownModel(_)
                | Self::Disproved(_)
                | Self::Request(_)
                | Self::NoHead
                | Self::NoTraining
                | Self::NoNetwork
                | Self::Batch(..)
                | Self::Label(_)
                | Self::ImageBytes(_)
        )
    }

    /// How the worker reports it.
    pub fn failure(&self) -> Failure {
        match self {
            Self::NoDevice(_) => Failure::NoAdapter,
            Self::SoftwareDevice(_) => Failure::SoftwareAdapter,
            Self::SelfTest { .. } => Failure::SelfTest,
            _ => Failure::Crash,
        }
    }
}

impl From<burn::tensor::ExecutionError> for EngineError {
    fn from(error: burn::tensor::ExecutionError) -> Self {
        Self::Execution(format!("{error:?}"))
    }
}
