//! The backward passes of the operations.

use burn::backend::Autodiff;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::{FloatTensor, IntTensor};

use super::{Activation, Gradients, Kernels, Pool};

/// A layer's input and weight, and its output if it ends in a ReLU.
type LayerState<B> = (FloatTensor<B>, FloatTensor<B>, Option<FloatTensor<B>>);

/// The gradient of the sums, before the activation.
fn before<B: Gradients>(y: Option<FloatTensor<B>>, grad: FloatTensor<B>) -> FloatTensor<B> {
    match y {
        Some(y) => B::relu_grad(y, grad),
        None => grad,
    }
}

fn kept<B: Kernels>(y: &FloatTensor<B>, activation: Activation) -> Option<FloatTensor<B>> {
    (activation == Activation::Relu).then(|| y.clone())
}

#[derive(Debug)]
struct ConvLayer;

impl<B: Gradients> Backward<B, 3> for ConvLayer {
    type State = (LayerState<B>, usize);

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut grads::Gradients,
        _: &mut Checkpointer,
    ) {
        let [node_x, node_weight, node_bias] = ops.parents;
        let ((x, weight, y), padding) = ops.state;
        let grad = before::<B>(y, grads.consume::<B>(&ops.node));
        if let Some(node) = node_bias {
            grads.register::<B>(node.id, B::conv_grad_bias(grad.clone()));
        }
        if let Some(node) = node_weight {
            let of_weight = B::conv_grad_weight(x.clone(), weight.clone(), grad.clone(), padding);
            grads.register::<B>(node.id, of_weight);
        }
        if let Some(node) = node_x {
            grads.register::<B>(node.id, B::conv_grad_x(x, weight, grad, padding));
        }
    }
}

#[derive(Debug)]
struct DepthwiseLayer;

impl<B: Gradients> Backward<B, 2> for DepthwiseLayer {
    type State = (FloatTensor<B>, FloatTensor<B>, usize);

    fn backward(
        self,
        ops: Ops<Self::State, 2>,
        grads: &mut grads::Gradients,
        _: &mut Checkpointer,
    ) {
        let [node_x, node_weight] = ops.parents;
        let (x, weight, padding) = ops.state;
        let grad = grads.consume::<B>(&ops.node);
        if let Some(node) = node_weight {
            let (x, weight, grad) = (x.clone(), weight.clone(), grad.clone());
            grads.register::<B>(node.id, B::depthwise_grad_weight(x, weight, grad, padding));
        }
        if let Some(node) = node_x {
            grads.register::<B>(node.id, B::depthwise_grad_x(x, weight, grad, padding));
        }
    }
}

#[derive(Debug)]
struct LinearLayer;

impl<B: Gradients> Backward<B, 3> for LinearLayer {
    type State = LayerState<B>;

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut grads::Gradients,
        _: &mut Checkpointer,
    ) {
        let [node_x, node_weight, node_bias] = ops.parents;
        let (x, weight, y) = ops.state;
        let grad = before::<B>(y, grads.consume::<B>(&ops.node));
        if let Some(node) = node_bias {
            grads.register::<B>(node.id, B::linear_grad_bias(grad.clone()));
        }
        if let Some(node) = node_weight {
            grads.register::<B>(node.id, B::linear_grad_weight(x, grad.clone()));
        }
        if let Some(node) = node_x {
            grads.register::<B>(node.id, B::linear_grad_x(weight, grad));
        }
    }
}

#[derive(Debug)]
struct PoolLayer;

impl<B: Gradients> Backward<B, 1> for PoolLayer {
    type State = (FloatTensor<B>, FloatTensor<B>, Pool);

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut grads::Gradients,
        _: &mut Checkpointer,
    ) {
        let [node_x] = ops.parents;
        let (x, y, pool) = ops.state;
        let grad = grads.consume::<B>(&ops.node);
        if let Some(node) = node_x {
            grads.register::<B>(node.id, B::pool_grad(x, y, grad, pool));
        }
    }
}

#[derive(Debug)]
struct CrossEntropy;

impl<B: Gradients> Backward<B, 1> for CrossEntropy {
    type State = (FloatTensor<B>, IntTensor<B>);

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut grads::Gradients,
        _: &mut Checkpointer,
    ) {
        let [node_logits] = ops.parents;
        let (logits, labels) = ops.state;
        let grad = grads.consume::<B>(&ops.node);
        if let Some(node) = node_logits {
            grads.register::<B>(node.id, B::cross_entropy_grad(logits, labels, grad));
        }
    }
}

impl<B: Gradients, C: CheckpointStrategy> Kernels for Autodiff<B, C> {
    fn conv_layer(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        padding: usize,
        activation: Activation,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), weight.node(), bias.node()];
        let (x, weight, bias) = (
            x.into_primitive(),
            weight.into_primitive(),
            bias.into_primitive(),
        );
        match ConvLayer.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let y = B::conv_layer(x.clone(), weight.clone(), bias, padding, activation);
                let kept = kept::<B>(&y, activation);
                prep.finish(((x, weight, kept), padding), y)
            }
            OpsKind::UnTracked(prep) => {
                prep.finish(B::conv_layer(x, weight, bias, padding, activation))
            }
        }
    }

    fn depthwise_layer(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        padding: usize,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), weight.node()];
        let (x, weight) = (x.into_primitive(), weight.into_primitive());
        match DepthwiseLayer
            .prepare::<C>(nodes)
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(prep) => {
                let y = B::depthwise_layer(x.clone(), weight.clone(), padding);
                prep.finish((x, weight, padding), y)
            }
            OpsKind::UnTracked(prep) => prep.finish(B::depthwise_layer(x, weight, padding)),
        }
    }

    fn linear_layer(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        activation: Activation,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), weight.node(), bias.node()];
        let (x, weight, bias) = (
            x.into_primitive(),
            weight.into_primitive(),
            bias.into_primitive(),
        );
        match LinearLayer.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let y = B::linear_layer(x.clone(), weight.clone(), bias, activation);
                let kept = kept::<B>(&y, activation);
                prep.finish((x, weight, kept), y)
            }
            OpsKind::UnTracked(prep) => prep.finish(B::linear_layer(x, weight, bias, activation)),
        }
    }

    fn pool_layer(x: FloatTensor<Self>, pool: Pool) -> FloatTensor<Self> {
        let nodes = [x.node()];
        let x = x.into_primitive();
        match PoolLayer.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let y = B::pool_layer(x.clone(), pool);
                prep.finish((x, y.clone(), pool), y)
            }
            OpsKind::UnTracked(prep) => prep.finish(B::pool_layer(x, pool)),
        }
    }

    fn cross_entropy(logits: FloatTensor<Self>, labels: IntTensor<Self>) -> FloatTensor<Self> {
        let nodes = [logits.node()];
        let logits = logits.into_primitive();
        match CrossEntropy.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let loss = B::cross_entropy(logits.clone(), labels.clone());
                prep.finish((logits, labels), loss)
            }
            OpsKind::UnTracked(prep) => prep.finish(B::cross_entropy(logits, labels)),
        }
    }
}
