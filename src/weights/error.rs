//! What can be wrong with a file of weights.

/// The first difference between a file of weights and the network that it is meant for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeightsError {
    #[error("the checksum of the weights is {found}, but the manifest says {expected}")]
    Checksum { expected: String, found: String },
    #[error("the weights cannot be read as safetensors: {0}")]
    Unreadable(String),
    #[error("the weights lack the tensor '{0}'")]
    Missing(String),
    #[error("the weights hold a tensor '{0}' that the network does not have")]
    Unexpected(String),
    #[error("the tensor '{name}' has the shape {found:?}, but the network needs {expected:?}")]
    Shape {
        name: String,
        expected: Vec<usize>,
        found: Vec<usize>,
    },
    #[error("the tensor '{name}' holds {found} values, but the network needs F32 or F16")]
    Type { name: String, found: String },
    #[error("the tensor '{0}' holds a value that is not a finite number")]
    NotFinite(String),
    #[error("the device did not give the weights back: {0}")]
    Device(String),
}
