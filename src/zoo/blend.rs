//! Interpolates between two networks with the same table.

use std::collections::VecDeque;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::Tensor;

use super::Network;

impl Network {
    /// Moves every weight `share` of the way from this network to another: 0 gives this network, 1 the other. Both
    /// must have the same table and be on the same device, without autodiff.
    ///
    /// Source: Wortsman et al. 2022, "Robust fine-tuning of zero-shot models": if one network was fine-tuned from the
    /// other, a network between them keeps more of what the old one knew and loses little of what the new one learnt.
    pub fn towards(&self, other: Self, share: f32) -> Self {
        let mut weights = Weights::default();
        self.visit(&mut weights);
        other.map(&mut Blend {
            from: weights.0,
            share,
        })
    }
}

/// All weights, each as a vector.
#[derive(Default)]
struct Weights(VecDeque<Tensor<1>>);

impl ModuleVisitor for Weights {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0.push_back(param.val().flatten(0, D - 1));
    }
}

struct Blend {
    from: VecDeque<Tensor<1>>,
    share: f32,
}

impl ModuleMapper for Blend {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(from) = self.from.pop_front() else {
            return param;
        };
        let share = self.share;
        param.map(|to| {
            let from = from.reshape(to.shape());
            from.mul_scalar(1.0 - share) + to.mul_scalar(share)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digit::DigitImage;
    use crate::zoo::ModelId;
    use burn::tensor::Device;
    use pollster::block_on;

    #[test]
    fn a_linear_network_half_way_gives_the_mean_of_the_logits() {
        let device = Device::flex();
        let (one, other) = (
            ModelId::Softmax.init(&device),
            ModelId::Softmax.init(&device),
        );
        let logits = |network: &Network| {
            block_on(network.infer(&[DigitImage::probe()], &device)).unwrap()[0]
        };
        let (a, b) = (logits(&one), logits(&other));
        let between = logits(&one.towards(other.clone(), 0.25));
        for digit in 0..10 {
            let expected = 0.75 * a[digit] + 0.25 * b[digit];
            assert!((between[digit] - expected).abs() < 1e-4);
        }
        assert_eq!(logits(&one.towards(other, 0.0)), a);
    }
}
