//! The errors of a weights file.

/// The first difference between a weights file and the network that it is meant for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeightsError {
    #[error("the checksum of the weights is {found}, but the manifest says {expected}")]
    Checksum { expected: String, found: String },
    #[error("the weights cannot be read as safetensors: {0}")]
    Unreadable(String),
    #[error("the weights lack the tensor '{0}'")]
    Missing(String),
    #[error("the weights have a tensor '{0}' that the network doesn't have")]
    Unexpected(String),
    #[error("the tensor '{name}' has the shape {found:?}, but the network needs {expected:?}")]
    Shape {
        name: String,
        expected: Vec<usize>,
        found: Vec<usize>,
    },
    #[error("the tensor '{name}' has {found} values, but the network needs F32 or F16")]
    Type { name: String, found: String },
    #[error("the tensor '{0}' has a value that isn't finite")]
    NotFinite(String),
    #[error("the weights could not be read back from the device: {0}")]
    Device(String),
}
