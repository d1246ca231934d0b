//! For the CPU, on Burn's flex: passes its tensors' values as slices to [`inkling_simd`].

use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::{DType, TensorData};
use inkling_simd::{conv, depthwise, elementwise, linear, pool};

use super::{Activation, AdamFactors, AdamTensors, Gradients, Kernels, Pool};

type FlexTensor = FloatTensor<Flex>;

/// A tensor's values in row-major order, on the way into a kernel.
struct Input<const D: usize> {
    tensor: FlexTensor,
    shape: [usize; D],
}

impl<const D: usize> Input<D> {
    fn new(tensor: FlexTensor) -> Self {
        let tensor = tensor.to_contiguous();
        let shape = tensor.shape().dims();
        Self { tensor, shape }
    }

    fn values(&self) -> &[f32] {
        // Contiguous, as made above, and f32, as every weight and image here is.
        self.tensor.as_slice().unwrap_or_default()
    }
}

fn output<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}

/// Labels of either integer type that Burn uses.
fn labels(tensor: IntTensor<Flex>) -> Vec<usize> {
    let tensor = tensor.to_contiguous();
    match tensor.dtype() {
        DType::I64 => tensor
            .as_slice()
            .unwrap_or_default()
            .iter()
            .map(|&label: &i64| label as usize)
            .collect(),
        _ => tensor
            .as_slice()
            .unwrap_or_default()
            .iter()
            .map(|&label: &i32| label as usize)
            .collect(),
    }
}

impl Kernels for Flex {
    fn conv_layer(
        x: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        padding: usize,
        activation: Activation,
    ) -> FlexTensor {
        convolve(x, weight, bias, padding, activation, 1)
    }

    fn conv_pool_layer(
        x: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        padding: usize,
        activation: Activation,
        pool: Pool,
    ) -> FlexTensor {
        match pool.is_side_by_side() {
            true => convolve(x, weight, bias, padding, activation, pool.size),
            false => Self::pool_layer(convolve(x, weight, bias, padding, activation, 1), pool),
        }
    }

    fn depthwise_layer(mut x: FlexTensor, weight: FlexTensor, padding: usize) -> FlexTensor {
        let weight = Input::<4>::new(weight);
        let k = weight.shape[2];
        // Nothing else uses this input, and the output has the same size.
        if x.is_unique() && k == 2 * padding + 1 {
            make_own(&mut x);
            let shape = x.shape().dims();
            depthwise::forward_in_place(shape, k, x.storage_mut(), weight.values(), padding);
            return x;
        }
        let x = Input::<4>::new(x);
        let [n, channels, height, width] = x.shape;
        let y = depthwise::forward(x.shape, k, x.values(), weight.values(), padding);
        let grown = |side: usize| side + 2 * padding + 1 - k;
        output(y, [n, channels, grown(height), grown(width)])
    }

    fn linear_layer(
        x: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        activation: Activation,
    ) -> FlexTensor {
        let (x, weight, bias) = (
            Input::<2>::new(x),
            Input::<2>::new(weight),
            Input::<1>::new(bias),
        );
        let ([n, n_in], [_, n_out]) = (x.shape, weight.shape);
        let y = linear::forward(
            n_in,
            n_out,
            x.values(),
            weight.values(),
            bias.values(),
            activation,
        );
        output(y, [n, n_out])
    }

    fn pool_layer(x: FlexTensor, pool: Pool) -> FlexTensor {
        let x = Input::<4>::new(x);
        let y = pool::forward(x.shape, x.values(), pool);
        output(y, pool.output_shape(x.shape))
    }

    fn cross_entropy(logits: FlexTensor, of: IntTensor<Flex>) -> FlexTensor {
        let logits = Input::<2>::new(logits);
        let loss = elementwise::cross_entropy(logits.values(), logits.shape[1], &labels(of));
        output(vec![loss], [1])
    }

    fn sgd_step(mut param: FlexTensor, grad: FlexTensor, rate: f32) -> FlexTensor {
        let grad = grad.to_contiguous();
        make_own(&mut param);
        elementwise::sgd_step(
            param.storage_mut(),
            grad.as_slice().unwrap_or_default(),
            rate,
        );
        param
    }

    fn adam_step(
        mut tensors: AdamTensors<Self>,
        grad: FlexTensor,
        factors: AdamFactors,
    ) -> AdamTensors<Self> {
        let AdamTensors {
            param,
            moment_1,
            moment_2,
        } = &mut tensors;
        let grad = grad.to_contiguous();
        for tensor in [&mut *param, &mut *moment_1, &mut *moment_2] {
            make_own(tensor);
        }
        elementwise::adam_step(
            param.storage_mut(),
            moment_1.storage_mut(),
            moment_2.storage_mut(),
            grad.as_slice().unwrap_or_default(),
            factors,
        );
        tensors
    }
}

/// `pool` is the side of adjacent pooling windows; 1 means no pooling.
fn convolve(
    x: FlexTensor,
    weight: FlexTensor,
    bias: FlexTensor,
    padding: usize,
    activation: Activation,
    pool: usize,
) -> FlexTensor {
    let (x, weight, bias) = (Input::new(x), Input::new(weight), Input::<1>::new(bias));
    let geometry = conv::Geometry::new(x.shape, weight.shape, padding);
    let finish = conv::Finish {
        bias: Some(bias.values()),
        activation,
        pool,
    };
    let y = conv::forward(&geometry, x.values(), weight.values(), finish);
    output(y, geometry.output_shape(pool))
}

/// Makes a tensor own contiguous storage with only its values, so that they can change in place.
fn make_own(tensor: &mut FlexTensor) {
    let whole = tensor.shape().num_elements() * size_of::<f32>();
    if !tensor.is_contiguous() || tensor.bytes().len() != whole {
        let contiguous = tensor.to_contiguous();
        let values: Vec<f32> = contiguous.as_slice().unwrap_or_default().to_vec();
        *tensor = FlexTensor::from_data(TensorData::new(values, tensor.shape()));
    }
}

impl Gradients for Flex {
    fn relu_grad(y: FlexTensor, grad: FlexTensor) -> FlexTensor {
        let shape = y.shape();
        let (y, grad) = (y.to_contiguous(), grad.to_contiguous());
        let (y, grad) = (
            y.as_slice().unwrap_or_default(),
            grad.as_slice().unwrap_or_default(),
        );
        FlexTensor::from_data(TensorData::new(elementwise::relu_grad(y, grad), shape))
    }

    fn conv_grad_x(
        x: FlexTensor,
        weight: FlexTensor,
        grad: FlexTensor,
        padding: usize,
    ) -> FlexTensor {
        let shape: [usize; 4] = x.shape().dims();
        let (weight, grad) = (Input::<4>::new(weight), Input::<4>::new(grad));
        output(
            conv::grad_x(
                weight.shape,
                grad.shape,
                weight.values(),
                grad.values(),
                padding,
            ),
            shape,
        )
    }

    fn conv_grad_weight(
        x: FlexTensor,
        weight: FlexTensor,
        grad: FlexTensor,
        padding: usize,
    ) -> FlexTensor {
        let shape: [usize; 4] = weight.shape().dims();
        let (x, grad) = (Input::<4>::new(x), Input::<4>::new(grad));
        let geometry = conv::Geometry::new(x.shape, shape, padding);
        output(
            conv::grad_weight(&geometry, x.values(), grad.values()),
            shape,
        )
    }

    fn conv_grad_bias(grad: FlexTensor) -> FlexTensor {
        let grad = Input::<4>::new(grad);
        let [_, n_out, height, width] = grad.shape;
        output(
            elementwise::sum_channels(grad.values(), n_out, height * width),
            [n_out],
        )
    }

    fn depthwise_grad_x(
        x: FlexTensor,
        weight: FlexTensor,
        grad: FlexTensor,
        padding: usize,
    ) -> FlexTensor {
        let shape: [usize; 4] = x.shape().dims();
        let (weight, grad) = (Input::<4>::new(weight), Input::<4>::new(grad));
        let k = weight.shape[2];
        output(
            depthwise::grad_x(grad.shape, k, weight.values(), grad.values(), padding),
            shape,
        )
    }

    fn depthwise_grad_weight(
        x: FlexTensor,
        weight: FlexTensor,
        grad: FlexTensor,
        padding: usize,
    ) -> FlexTensor {
        let shape: [usize; 4] = weight.shape().dims();
        let (x, grad) = (Input::<4>::new(x), Input::<4>::new(grad));
        output(
            depthwise::grad_weight(x.shape, shape[2], x.values(), grad.values(), padding),
            shape,
        )
    }

    fn linear_grad_x(weight: FlexTensor, grad: FlexTensor) -> FlexTensor {
        let (weight, grad) = (Input::<2>::new(weight), Input::<2>::new(grad));
        let ([n, n_out], [n_in, _]) = (grad.shape, weight.shape);
        output(
            linear::grad_x(n_in, n_out, weight.values(), grad.values()),
            [n, n_in],
        )
    }

    fn linear_grad_weight(x: FlexTensor, grad: FlexTensor) -> FlexTensor {
        let (x, grad) = (Input::<2>::new(x), Input::<2>::new(grad));
        let ([_, n_in], [_, n_out]) = (x.shape, grad.shape);
        output(
            linear::grad_weight(n_in, n_out, x.values(), grad.values()),
            [n_in, n_out],
        )
    }

    fn linear_grad_bias(grad: FlexTensor) -> FlexTensor {
        let grad = Input::<2>::new(grad);
        let n_out = grad.shape[1];
        output(elementwise::sum_rows(grad.values(), n_out), [n_out])
    }

    fn pool_grad(x: FlexTensor, y: FlexTensor, grad: FlexTensor, pool: Pool) -> FlexTensor {
        let (x, y, grad) = (
            Input::<4>::new(x),
            Input::<4>::new(y),
            Input::<4>::new(grad),
        );
        let shape = x.shape;
        output(
            pool::grad(shape, x.values(), y.values(), grad.values(), pool),
            shape,
        )
    }

    fn cross_entropy_grad(logits: FlexTensor, of: IntTensor<Flex>, grad: FlexTensor) -> FlexTensor {
        let (logits, grad) = (Input::<2>::new(logits), Input::<1>::new(grad));
        let scale = grad.values().first().copied().unwrap_or(1.0);
        let shape = logits.shape;
        output(
            elementwise::cross_entropy_grad(logits.values(), shape[1], &labels(of), scale),
            shape,
        )
    }
}
