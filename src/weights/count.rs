//! Counts a network's parameters.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::Tensor;

/// Number of values that training changes. Batch normalisation's running statistics aren't parameters.
pub fn n_trained(network: &impl Module) -> u64 {
    let mut counter = Counter::default();
    network.visit(&mut counter);
    counter.n_values
}

#[derive(Default)]
struct Counter {
    /// Whether the current field is a running statistic.
    is_statistic: bool,
    n_values: u64,
}

impl ModuleVisitor for Counter {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.is_statistic = name.starts_with("running_");
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if !self.is_statistic {
            self.n_values += param.lazy_shape().num_elements() as u64;
        }
    }
}
