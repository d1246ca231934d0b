//! The output, cost and receptive field of each layer in a table.

use super::{LayerError, LayerSpec, Shape, shapes};
use crate::digit::SIDE;
use crate::report::LayerRow;

/// A row for each layer, if every layer fits the one before. Parameters are the values that training changes: a
/// normalisation's gamma and beta count, its running statistics don't. Multiply-adds are those of convolutions and
/// linear layers, for one image.
pub fn summary(layers: &[LayerSpec]) -> Result<Vec<LayerRow>, LayerError> {
    let outputs = shapes(layers)?;
    let inputs = std::iter::once(&Shape::INPUT).chain(&outputs);
    let mut view = View::PIXEL;
    let row = |((layer, &input), &output): ((&LayerSpec, &Shape), &Shape)| {
        view = view.through(*layer, input);
        LayerRow {
            layer: layer.title(),
            output: match output {
                Shape::Image(sides) => sides.to_vec(),
                Shape::Features(n) => vec![n],
            },
            parameters: layer.n_parameters() as u64,
            multiply_adds: layer.multiply_adds(output) as u64,
            receptive_field: view.pixels(),
        }
    };
    Ok(layers.iter().zip(inputs).zip(&outputs).map(row).collect())
}

impl LayerSpec {
    fn title(self) -> String {
        match self {
            Self::Conv {
                channels_out,
                k,
                stride: 1,
                ..
            } => format!("conv {k}×{k}, {channels_out}"),
            Self::Conv {
                channels_out,
                k,
                stride,
                ..
            } => format!("conv {k}×{k}, {channels_out}, stride {stride}"),
            Self::DepthwiseConv { k, .. } => format!("depthwise {k}×{k}"),
            Self::Norm { .. } => "batch norm".into(),
            Self::Relu => "ReLU".into(),
            Self::MaxPool { k, stride, .. } => match stride.filter(|&stride| stride != k) {
                None => format!("max pool {k}×{k}"),
                Some(stride) => format!("max pool {k}×{k}, stride {stride}"),
            },
            Self::Resize { side, .. } => format!("resize {side}×{side}"),
            Self::Flatten => "flatten".into(),
            Self::Dropout { p } => format!("dropout {p}"),
            Self::Linear { n_out, .. } => format!("linear {n_out}"),
        }
    }

    fn n_parameters(self) -> usize {
        match self {
            Self::Conv {
                channels_in,
                channels_out,
                k,
                bias,
                ..
            } => channels_out * (channels_in * k * k + usize::from(bias)),
            Self::DepthwiseConv { c, k, .. } => c * k * k,
            Self::Norm { c, .. } => 2 * c,
            Self::Linear { n_in, n_out } => (n_in + 1) * n_out,
            Self::Relu
            | Self::MaxPool { .. }
            | Self::Resize { .. }
            | Self::Flatten
            | Self::Dropout { .. } => 0,
        }
    }

    fn multiply_adds(self, output: Shape) -> usize {
        match self {
            Self::Conv { channels_in, k, .. } => output.len() * channels_in * k * k,
            Self::DepthwiseConv { k, .. } => output.len() * k * k,
            Self::Linear { n_in, n_out } => n_in * n_out,
            _ => 0,
        }
    }
}

/// The receptive field of one number in a layer's output, along one side of the input.
#[derive(Clone, Copy)]
struct View {
    /// Input pixels seen.
    side: f64,
    /// Distance in input pixels from one number to its neighbour.
    jump: f64,
}

impl View {
    const PIXEL: Self = Self {
        side: 1.0,
        jump: 1.0,
    };

    fn through(self, layer: LayerSpec, input: Shape) -> Self {
        match layer {
            LayerSpec::Conv { k, stride, .. } => self.windows(k, stride),
            LayerSpec::DepthwiseConv { k, .. } => self.windows(k, 1),
            LayerSpec::MaxPool { k, stride, .. } => self.windows(k, stride.unwrap_or(k)),
            LayerSpec::Resize { side, .. } => {
                let from = match input {
                    Shape::Image([_, height, _]) => height,
                    Shape::Features(_) => side,
                };
                // Bilinear: each number lies between two pixels.
                Self {
                    side: self.side + self.jump,
                    jump: self.jump * from as f64 / side as f64,
                }
            }
            LayerSpec::Linear { .. } => Self {
                side: SIDE as f64,
                ..self
            },
            LayerSpec::Norm { .. }
            | LayerSpec::Relu
            | LayerSpec::Flatten
            | LayerSpec::Dropout { .. } => self,
        }
    }

    fn windows(self, k: usize, stride: usize) -> Self {
        Self {
            side: self.side + (k - 1) as f64 * self.jump,
            jump: self.jump * stride as f64,
        }
    }

    fn pixels(self) -> usize {
        (self.side.ceil() as usize).min(SIDE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(layers: &[LayerSpec]) -> Vec<LayerRow> {
        summary(layers).unwrap()
    }

    fn fields(layers: &[LayerSpec]) -> Vec<usize> {
        rows(layers).iter().map(|row| row.receptive_field).collect()
    }

    #[test]
    fn a_lenet_has_the_figures_of_its_table() {
        let layers = [
            LayerSpec::conv(1, 6, 5, 0),
            LayerSpec::Relu,
            LayerSpec::pool(2),
            LayerSpec::conv(6, 12, 5, 0),
            LayerSpec::Relu,
            LayerSpec::pool(2),
            LayerSpec::Flatten,
            LayerSpec::linear(192, 120),
            LayerSpec::linear(120, 60),
            LayerSpec::linear(60, 10),
        ];
        let rows = rows(&layers);
        assert_eq!(rows[0].layer, "conv 5×5, 6");
        assert_eq!(rows[2].output, [6, 12, 12]);
        assert_eq!(rows[6].output, [192]);
        assert_eq!(rows.iter().map(|row| row.parameters).sum::<u64>(), 32_998);
        // 6·24²·25, 12·8²·6·25 and the linear layers.
        let multiply_adds: Vec<u64> = rows.iter().map(|row| row.multiply_adds).collect();
        assert_eq!(
            multiply_adds,
            [86_400, 0, 0, 115_200, 0, 0, 0, 23_040, 7_200, 600]
        );
        assert_eq!(fields(&layers), [5, 5, 6, 14, 14, 16, 16, 28, 28, 28]);
    }

    #[test]
    fn a_depthwise_separable_convolution_costs_a_part() {
        let whole = [LayerSpec::conv(1, 32, 5, 2)];
        let separable = [LayerSpec::depthwise(1, 5, 2), LayerSpec::conv(1, 32, 1, 0)];
        let cost = |layers| -> u64 { rows(layers).iter().map(|row| row.multiply_adds).sum() };
        assert_eq!(cost(&whole), 28 * 28 * 32 * 25);
        assert_eq!(cost(&separable), 28 * 28 * (25 + 32));
        assert_eq!(rows(&separable)[0].layer, "depthwise 5×5");
        assert_eq!(rows(&separable)[0].parameters, 25);
    }

    #[test]
    fn a_stride_costs_its_own_windows_and_widens_the_view() {
        let layers = [
            LayerSpec::strided_conv(1, 8, 3, 1, 2),
            LayerSpec::norm(8),
            LayerSpec::overlapping_pool(3, 2, 1),
            LayerSpec::conv_before_norm(8, 4, 3, 0),
        ];
        let rows = rows(&layers);
        assert_eq!(rows[0].layer, "conv 3×3, 8, stride 2");
        assert_eq!(rows[0].multiply_adds, 14 * 14 * 8 * 9);
        assert_eq!((rows[1].parameters, rows[1].multiply_adds), (16, 0));
        assert_eq!(rows[2].layer, "max pool 3×3, stride 2");
        assert_eq!(rows[3].parameters, 4 * 8 * 9);
        assert_eq!(fields(&layers), [3, 3, 7, 15]);
    }

    #[test]
    fn a_resize_divides_the_jump() {
        let side = 112;
        let resize = LayerSpec::Resize { side, channels: 3 };
        // Two pixels, and six steps of a quarter.
        assert_eq!(fields(&[resize, LayerSpec::conv(3, 8, 7, 3)]), [2, 4]);
    }

    #[test]
    fn a_table_that_does_not_fit_has_no_summary() {
        assert!(summary(&[LayerSpec::linear(783, 10)]).is_err());
        assert_eq!(summary(&[]), Ok(Vec::new()));
    }
}
