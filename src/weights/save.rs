//! A network becomes a safetensors file.

use std::collections::HashMap;

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::Tensor;
use safetensors::tensor::{Dtype, TensorView};

use super::WeightsError;
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
    let views = collector.tensors.iter().map(|(name, shape, bytes)| {
        let view = TensorView::new(Dtype::F32, shape.clone(), bytes);
        view.map(|view| (name.as_str(), view)).map_err(unreadable)
    });
    let views = views.collect::<Result<Vec<_>, _>>()?;
    safetensors::serialize(views, Some(metadata)).map_err(unreadable)
}

pub(super) fn unreadable(error: safetensors::SafeTensorError) -> WeightsError {
    WeightsError::Unreadable(error.to_string())
}

#[derive(Default)]
struct Collector {
    path: TensorPath,
    tensors: Vec<(String, Vec<usize>, Vec<u8>)>,
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
