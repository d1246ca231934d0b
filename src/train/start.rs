//! The initial weights of a new network.

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::Tensor;

use super::config::Start;
use crate::zoo::Network;

impl Start {
    /// Gives a new network its initial weights.
    pub fn of(self, network: Network) -> Network {
        match self {
            Self::FanIn => network,
            Self::Even { deviation } => network.map(&mut Even { deviation }),
        }
    }
}

struct Even {
    deviation: f32,
}

impl ModuleMapper for Even {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let shape = param.lazy_shape().to_vec();
        let fan_in: usize = match shape[..] {
            [n_in, _] => n_in,
            [_, ref window @ ..] => window.iter().product(),
            [] => 1,
        };
        let fan_in = fan_in as f32;
        // Weights lie within 1 / sqrt(fan in), which is sqrt(3) times their deviation. A parameter with one axis is a
        // bias.
        let factor = match shape.len() {
            1 => 0.0,
            _ => self.deviation * (3.0 * fan_in).sqrt(),
        };
        param.map(|tensor| {
            let is_trained = tensor.is_require_grad();
            // Detached, so that it becomes a leaf of the graph again.
            tensor
                .mul_scalar(factor)
                .detach()
                .set_require_grad(is_trained)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::LayerSpec;
    use burn::tensor::Device;

    #[test]
    fn all_layers_start_with_the_same_deviation() {
        let layers = [
            LayerSpec::conv(1, 32, 7, 0),
            LayerSpec::Relu,
            LayerSpec::Flatten,
            LayerSpec::linear(32 * 22 * 22, 8),
        ];
        let start = Start::Even { deviation: 0.1 };
        let network = start.of(Network::new(&layers, &Device::flex()));
        let mut deviations = Deviations(Vec::new());
        network.visit(&mut deviations);
        let [conv, conv_bias, linear, linear_bias] = deviations.0[..] else {
            panic!("four tensors");
        };
        assert!((conv - 0.1).abs() < 0.01, "{conv}");
        assert!((linear - 0.1).abs() < 0.01, "{linear}");
        assert_eq!((conv_bias, linear_bias), (0.0, 0.0));
    }

    struct Deviations(Vec<f32>);

    impl burn::module::ModuleVisitor for Deviations {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let square = param.val().powi_scalar(2).mean();
            self.0.push(square.into_scalar::<f32>().sqrt());
        }
    }
}
