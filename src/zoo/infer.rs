//! From images to logits: the way that every reader of images takes.

use burn::tensor::{Device, ExecutionError, Tensor, TensorData};

use super::Network;
use crate::digit::{DigitImage, N_CLASSES, SIDE};

/// Images in one forward pass: more would need memory, fewer would waste time.
const BATCH: usize = 256;

/// Images as `[batch, 1, 28, 28]`, normalised.
pub fn images_tensor<'a>(
    images: impl IntoIterator<Item = &'a DigitImage>,
    device: &Device,
) -> Tensor<4> {
    let values: Vec<f32> = images
        .into_iter()
        .flat_map(DigitImage::normalized)
        .collect();
    let n = values.len() / (SIDE * SIDE);
    Tensor::from_data(TensorData::new(values, [n, 1, SIDE, SIDE]), device)
}

impl Network {
    /// The ten logits of each image. The network must be on `device`, without autodiff.
    pub async fn infer(
        &self,
        images: &[DigitImage],
        device: &Device,
    ) -> Result<Vec<[f32; N_CLASSES]>, ExecutionError> {
        let mut all = Vec::with_capacity(images.len());
        for images in images.chunks(BATCH) {
            let logits = self.forward(images_tensor(images, device));
            let data = logits.into_data_async().await?;
            let values = data
                .convert::<f32>()
                .try_into_vec::<f32>()
                .unwrap_or_default();
            all.extend(values.as_chunks::<N_CLASSES>().0);
        }
        Ok(all)
    }
}
