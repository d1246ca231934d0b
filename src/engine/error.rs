//! The errors of an engine.

use crate::data::IdxError;
use crate::layers::LayerError;
use crate::protocol::{Backend, Failure, base_model};
use crate::train::TrainError;
use crate::weights::WeightsError;

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EngineError {
    #[error("this engine was built without the {} backend", .0.name())]
    NotBuilt(Backend),
    #[error("no graphics device is available: {0}")]
    NoDevice(String),
    #[error("the graphics device is emulated in software: {0}")]
    SoftwareDevice(String),
    #[error("the device failed: {0}")]
    Execution(String),
    #[error(transparent)]
    Weights(#[from] WeightsError),
    #[error("this engine has no network '{0}'")]
    UnknownModel(String),
    #[error(
        "self-test: logit {index} of the probe image is {found}, but native Burn computed {expected}"
    )]
    SelfTest {
        index: usize,
        expected: f32,
        found: f32,
    },
    /// A failed self-test that only wrong weights can explain.
    #[error("{0}")]
    Disproved(String),
    #[error("invalid request: {0}")]
    Request(String),
    #[error("no network is loaded yet")]
    NoNetwork,
    #[error(transparent)]
    Layers(#[from] LayerError),
    #[error("the network has no layer with weights, so it has no last layer to train")]
    NoHead,
    #[error("training has not started")]
    NoTraining,
    #[error("a batch of {0} images needs {0} times 784 values, not {1}")]
    Batch(usize, usize),
    #[error("a label must be a digit from 0 to 9, not {0}")]
    Label(u8),
    #[error("the rehearsal images cannot be read: {0}")]
    Rehearsal(#[from] IdxError),
    #[error("the rehearsal images have not arrived yet; teaching a network needs them")]
    NoRehearsal,
    #[error("the drawings are invalid: each needs a digit from 0 to 9 and at least one stroke")]
    Samples,
    #[error("there is nothing to learn from: draw at least one digit that isn't held back")]
    NoSamples,
    #[error("'{used}' is in use and cannot become '{name}': load '{base}' first", base = base_model(.name))]
    OtherBase { name: String, used: String },
    #[error(
        "the network learnt nothing because its weights diverged. The network in use is unchanged. Try again with \
         more drawings, or train only the last layer"
    )]
    Diverged,
    #[error("an image has 784 values, so {0} bytes are not a whole number of images")]
    ImageBytes(usize),
}

impl EngineError {
    /// Whether a request was refused and nothing changed.
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

    /// The failure that the worker reports.
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
