//! Loads a network from a safetensors file, or returns a typed error.

use std::collections::BTreeSet;

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Tensor, TensorData};
use half::f16;
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};
use sha2::{Digest, Sha256};

use super::WeightsError;
use super::path::{TensorPath, transposed};
use super::save::{TAUGHT, unreadable};

pub fn sha256_hex(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares the SHA-256 of a file with the one expected, in hexadecimal.
pub fn check_sha256(bytes: &[u8], expected: &str) -> Result<(), WeightsError> {
    let found = sha256_hex(bytes);
    if found == expected.to_lowercase() {
        return Ok(());
    }
    Err(WeightsError::Checksum {
        expected: expected.into(),
        found,
    })
}

/// Whether the file's header says that the network was taught a person's handwriting.
pub fn is_taught(bytes: &[u8]) -> bool {
    let header = SafeTensors::read_metadata(bytes);
    let metadata = header
        .ok()
        .and_then(|(_, header)| header.metadata().clone());
    metadata.is_some_and(|metadata| metadata.contains_key(TAUGHT))
}

/// PyTorch's counter alongside a batch normalisation's statistics. Nothing here needs it.
const IGNORED: &str = ".num_batches_tracked";

/// Fills `network` with the tensors of a safetensors file, in single or half precision. The file must have exactly the
/// network's tensors, with their shapes; the first difference is the error.
pub fn load<M: Module>(network: M, bytes: &[u8]) -> Result<M, WeightsError> {
    let tensors = SafeTensors::deserialize(bytes).map_err(unreadable)?;
    let names = tensors.names().into_iter();
    let mut loader = Loader {
        unused: names
            .filter(|name| !name.ends_with(IGNORED))
            .map(String::from)
            .collect(),
        tensors,
        path: TensorPath::default(),
        error: None,
    };
    let network = network.map(&mut loader);
    match (loader.error, loader.unused.pop_first()) {
        (Some(error), _) => Err(error),
        (None, Some(name)) => Err(WeightsError::Unexpected(name)),
        (None, None) => Ok(network),
    }
}

struct Loader<'a> {
    tensors: SafeTensors<'a>,
    unused: BTreeSet<String>,
    path: TensorPath,
    error: Option<WeightsError>,
}

impl Loader<'_> {
    /// The values of the tensor at the current path, in Burn's layout.
    fn take(&mut self, shape: &[usize]) -> Result<Vec<f32>, WeightsError> {
        let name = self.path.name();
        let tensor = self.tensors.tensor(&name);
        let tensor = tensor.map_err(|_| WeightsError::Missing(name.clone()))?;
        self.unused.remove(&name);
        let values = values(&tensor).ok_or_else(|| WeightsError::Type {
            name: name.clone(),
            found: format!("{:?}", tensor.dtype()),
        })?;
        let mut expected = shape.to_vec();
        if self.path.is_transposed() {
            expected.reverse();
        }
        if tensor.shape() != expected {
            let found = tensor.shape().to_vec();
            return Err(WeightsError::Shape {
                name,
                expected,
                found,
            });
        }
        if values.iter().any(|value| !value.is_finite()) {
            return Err(WeightsError::NotFinite(name));
        }
        Ok(if self.path.is_transposed() {
            transposed(&values, expected[0], expected[1])
        } else {
            values
        })
    }
}

/// The values of a tensor of either precision.
pub(super) fn values(tensor: &TensorView) -> Option<Vec<f32>> {
    let bytes = tensor.data();
    match tensor.dtype() {
        Dtype::F32 => {
            let (words, _) = bytes.as_chunks();
            Some(words.iter().map(|&word| f32::from_le_bytes(word)).collect())
        }
        Dtype::F16 => {
            let (words, _) = bytes.as_chunks();
            let values = words.iter().map(|&word| f16::from_le_bytes(word).to_f32());
            Some(values.collect())
        }
        _ => None,
    }
}

impl ModuleMapper for Loader<'_> {
    fn enter_module(&mut self, name: &str, container: &str) {
        self.path.enter(name, container);
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.exit();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if self.error.is_some() {
            return param;
        }
        let shape = param.lazy_shape().to_vec();
        match self.take(&shape) {
            Ok(values) => {
                let device = param.lazy_device();
                let tensor = Tensor::from_data(TensorData::new(values, shape), &device);
                let id = param.id;
                param.transform_for_load(tensor, id)
            }
            Err(error) => {
                self.error = Some(error);
                param
            }
        }
    }
}
