//! A network becomes a safetensors file.

use std::collections::HashMap;

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::Tensor;
use half::f16;
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};

use super::WeightsError;
use super::load::values;
use super::path::{TensorPath, transposed};

/// All float tensors of a network, batch normalisation's running statistics included, as a
/// safetensors file with `metadata` in its header.
///
/// Reads back from the device synchronously, which WebGPU cannot: native only.
pub fn to_safetensors(
    network: &impl Module,
    metadata: HashMap<String, String>,
) -> Result<Vec<u8>, WeightsError> {
    let mut collector = Collector::default();
    network.visit(&mut collector);
    serialize(Dtype::F32, &collector.tensors, Some(metadata))
}

/// The same file with every value rounded to half precision, which takes half the bytes.
///
/// A value beyond 65,504 becomes infinite, which [`load`](super::load()) refuses.
pub fn in_half_precision(safetensors: &[u8]) -> Result<Vec<u8>, WeightsError> {
    let (_, header) = SafeTensors::read_metadata(safetensors).map_err(unreadable)?;
    let file = SafeTensors::deserialize(safetensors).map_err(unreadable)?;
    let halved = |(name, tensor): (String, TensorView)| {
        let values = values(&tensor).ok_or_else(|| WeightsError::Type {
            name: name.clone(),
            found: format!("{:?}", tensor.dtype()),
        })?;
        let bytes = values
            .iter()
            .flat_map(|&value| f16::from_f32(value).to_le_bytes())
            .collect();
        Ok((name, tensor.shape().to_vec(), bytes))
    };
    let tensors = file.tensors().into_iter().map(halved);
    let tensors = tensors.collect::<Result<Vec<_>, _>>()?;
    serialize(Dtype::F16, &tensors, header.metadata().clone())
}

/// Name, shape and bytes.
type RawTensor = (String, Vec<usize>, Vec<u8>);

fn serialize(
    dtype: Dtype,
    tensors: &[RawTensor],
    metadata: Option<HashMap<String, String>>,
) -> Result<Vec<u8>, WeightsError> {
    let views = tensors.iter().map(|(name, shape, bytes)| {
        let view = TensorView::new(dtype, shape.clone(), bytes);
        view.map(|view| (name.as_str(), view)).map_err(unreadable)
    });
    let views = views.collect::<Result<Vec<_>, _>>()?;
    safetensors::serialize(views, metadata).map_err(unreadable)
}

pub(super) fn unreadable(error: safetensors::SafeTensorError) -> WeightsError {
    WeightsError::Unreadable(error.to_string())
}

#[derive(Default)]
struct Collector {
    path: TensorPath,
    tensors: Vec<RawTensor>,
}

impl ModuleVisitor for Collector {
    fn enter_module(&mut self, name: &str, container: &str) {
        self.path.enter(name, container);
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.exit();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let tensor = param.val();
        let mut shape = tensor.dims().to_vec();
        let values = tensor.into_data().convert::<f32>();
        let mut values = values.try_into_vec::<f32>().expect("converted to f32");
        if self.path.is_transposed() {
            values = transposed(&values, shape[0], shape[1]);
            shape.reverse();
        }
        let bytes = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        self.tensors.push((self.path.name(), shape, bytes));
    }
}
