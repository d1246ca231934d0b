//! What can go wrong in an engine.

use crate::data::IdxError;
use crate::layers::LayerError;
use crate::protocol::{Backend, Failure, base_model};
use crate::train::TrainError;
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
    #[error("the network has no layer with weights, so there is no last one to train")]
    NoHead,
    #[error("training has not begun")]
    NoTraining,
    #[error("a batch of {0} has {0} times 784 values, not {1}")]
    Batch(usize, usize),
    #[error("a label is a digit from 0 to 9, not {0}")]
    Label(u8),
    #[error("the images that are not to be forgotten cannot be read: {0}")]
    Rehearsal(#[from] IdxError),
    #[error(
        "the images that are not to be forgotten have not arrived yet: they are needed before a network is taught"
    )]
    NoRehearsal,
    #[error(
        "the drawings cannot be understood: each is to have a digit from 0 to 9 and at least one stroke"
    )]
    Samples,
    #[error("there is nothing to learn from: draw at least one digit that is not held back")]
    NoSamples,
    #[error("a taught '{name}' cannot be made of '{used}', which is in use: take '{base}' into use first", base = base_model(.name))]
    OtherBase { name: String, used: String },
    #[error(
        "the network learnt nothing: its weights grew beyond all numbers. The one in use stays as it is; try again with more drawings, or with the last layer alone"
    )]
    Diverged,
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
                | Self::Rehearsal(_)
                | Self::NoRehearsal
                | Self::Samples
                | Self::NoSamples
                | Self::OtherBase { .. }
                | Self::Diverged
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

impl From<TrainError> for EngineError {
    fn from(error: TrainError) -> Self {
        match error {
            TrainError::Diverged { .. } => Self::Diverged,
            TrainError::NoDrawings => Self::NoSamples,
            TrainError::NoImages | TrainError::TooFewImages | TrainError::TooFewCharacters => {
                Self::NoRehearsal
            }
            TrainError::Device(why) => Self::Execution(why),
        }
    }
}
