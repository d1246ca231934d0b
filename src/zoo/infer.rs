//! From images to logits, for everything that classifies images.

use burn::tensor::{Device, ExecutionError, Tensor, TensorData};

use super::Network;
use crate::digit::{DigitImage, N_CLASSES, N_PIXELS, SIDE};

/// Images per forward pass: more would need more memory, fewer would take longer.
const BATCH: usize = 256;

/// Returns the images as `[batch, 1, 28, 28]`, normalised.
pub fn images_tensor<'a>(
    images: impl IntoIterator<Item = &'a DigitImage>,
    device: &Device,
) -> Tensor<4> {
    let values: Vec<f32> = images
        .into_iter()
        .flat_map(DigitImage::normalized)
        .collect();
    values_tensor(values, device)
}

/// Returns the inputs of a network, 784 values for each image, as `[batch, 1, 28, 28]`. Values left over at the end
/// are dropped.
pub fn values_tensor(mut values: Vec<f32>, device: &Device) -> Tensor<4> {
    let n = values.len() / N_PIXELS;
    values.truncate(n * N_PIXELS);
    Tensor::from_data(TensorData::new(values, [n, 1, SIDE, SIDE]), device)
}

impl Network {
    /// Returns the ten logits of each image. The network must be on `device`, without autodiff.
    pub async fn infer(
        &self,
        images: &[DigitImage],
        device: &Device,
    ) -> Result<Vec<[f32; N_CLASSES]>, ExecutionError> {
        let mut all = Vec::with_capacity(images.len());
        for images in images.chunks(BATCH) {
            let logits = self.infer_batch(images_tensor(images, device)).await?;
            all.extend(logits.as_chunks::<N_CLASSES>().0);
        }
        Ok(all)
    }

    /// Returns the logits of one batch, `[batch, 1, 28, 28]`, row by row.
    pub async fn infer_batch(&self, images: Tensor<4>) -> Result<Vec<f32>, ExecutionError> {
        let data = self.forward(images).into_data_async().await?;
        Ok(data.convert::<f32>().try_into_vec().unwrap_or_default())
    }
}
