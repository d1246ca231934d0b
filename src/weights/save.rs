//! Saves a network as a safetensors file.

use std::collections::HashMap;

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorData};
use half::f16;
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};

use super::WeightsError;
use super::load::values;
use super::path::{TensorPath, transposed};

/// The header entry that says how a network was taught a person's handwriting. It is the only entry, since several
/// would change order, and with it the checksum, each time.
pub const TAUGHT: &str = "taught";

/// Saves all float tensors of a network, including batch normalisation's running statistics, as a safetensors file
/// with `metadata` in its header.
///
/// Reads back from the device synchronously, which WebGPU can't do, so this is native only. Use [`read_back`]
/// elsewhere.
pub fn to_safetensors(
    network: &impl Module,
    metadata: HashMap<String, String>,
) -> Result<Vec<u8>, WeightsError> {
    let read = |tensor: Collected| {
        let data = tensor.values.clone().into_data();
        tensor.raw(data)
    };
    let tensors: Vec<RawTensor> = collected(network).into_iter().map(read).collect();
    serialize(Dtype::F32, &tensors, Some(metadata))
}

/// The same on any device, including a browser's graphics card.
pub async fn read_back(
    network: &impl Module,
    metadata: HashMap<String, String>,
) -> Result<Vec<u8>, WeightsError> {
    let mut tensors = Vec::new();
    for tensor in collected(network) {
        let data = tensor.values.clone().into_data_async().await;
        let data = data.map_err(|error| WeightsError::Device(format!("{error:?}")))?;
        tensors.push(tensor.raw(data));
    }
    serialize(Dtype::F32, &tensors, Some(metadata))
}

/// Rounds every value of a file to half precision, which halves its size.
///
/// A value beyond 65,504 becomes infinite, and [`load`](super::load()) refuses it.
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

fn collected(network: &impl Module) -> Vec<Collected> {
    let mut collector = Collector::default();
    network.visit(&mut collector);
    collector.tensors
}

#[derive(Default)]
struct Collector {
    path: TensorPath,
    tensors: Vec<Collected>,
}

/// A tensor that is still on its device, since a visitor can't wait for it.
struct Collected {
    name: String,
    shape: Vec<usize>,
    is_transposed: bool,
    /// All its values, flattened.
    values: Tensor<1>,
}

impl Collected {
    fn raw(self, data: TensorData) -> RawTensor {
        let mut shape = self.shape;
        let values = data.convert::<f32>().try_into_vec::<f32>();
        let mut values = values.expect("converted to f32");
        if self.is_transposed {
            values = transposed(&values, shape[0], shape[1]);
            shape.reverse();
        }
        let bytes = values.iter().flat_map(|value| value.to_le_bytes());
        (self.name, shape, bytes.collect())
    }
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
        self.tensors.push(Collected {
            name: self.path.name(),
            shape: tensor.dims().to_vec(),
            is_transposed: self.path.is_transposed(),
            values: tensor.flatten(0, D - 1),
        });
    }
}
