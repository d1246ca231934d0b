//! Learning embeddings: the comparisons of a step, and the last layer that turns embeddings into a classifier.
//!
//! The training images show three digits; the other seven are never in training.

use std::ops::Range;

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::activation::relu;
use burn::tensor::{Device, ExecutionError, Int, Tensor, TensorData};
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

use super::characters::Characters;
use super::config::{Objective, TrainConfig};
use super::evaluate::{EvalReport, evaluate};
use super::few_shot::{Embeddings, Metric, dot};
use super::glyph::Glyph;
use super::step::Batch;
use crate::data::{Dataset, Split, augment, mix_seed};
use crate::digit::{DigitImage, N_CLASSES};
use crate::kernels;
use crate::protocol::log_probability;
use crate::zoo::{Network, images_tensor};

/// The digits in training; the others, up to 9, are not.
pub const SEEN: Range<u8> = 0..3;
/// Training images of each digit whose mean embedding is its prototype. For the digits in training, these are among
/// the images trained on.
pub const N_EXAMPLES: usize = 5;
/// Validation images for each epoch.
const N_VALIDATION: usize = 1000;

const SEED_IMAGES: u64 = 4;
const SEED_DRAW: u64 = 5;

/// The data of a run that learns embeddings.
pub struct EmbeddingTask {
    objective: Objective,
    metric: Metric,
    config: TrainConfig,
    /// The images to train on, by class.
    own: Vec<Vec<DigitImage>>,
    /// Examples for the prototypes, class by class.
    examples: Dataset,
    validation: Dataset,
    /// In addition to the digits, if the run learns from characters.
    characters: Option<Characters>,
}

impl EmbeddingTask {
    /// `None` if the run learns to classify.
    pub fn new(config: &TrainConfig, data: &Split) -> Option<Self> {
        let seed = mix_seed(config.seed, &[SEED_IMAGES]);
        let own = |digit| {
            let n_each = config.n_train / SEEN.len();
            data.train
                .sample(digit..digit + 1, n_each, seed)
                .images()
                .to_vec()
        };
        Some(Self {
            objective: config.objective,
            metric: config.objective.metric()?,
            config: config.clone(),
            own: SEEN.map(own).collect(),
            examples: data.train.sample(0..N_CLASSES as u8, N_EXAMPLES, seed),
            validation: data.validation.head(N_VALIDATION),
            characters: match config.objective {
                Objective::Characters { .. } => Some(Characters::new(&data.drawings)),
                _ => None,
            },
        })
    }

    /// Whether there are enough images: two of every class, and an example of every digit.
    pub fn has_images(&self) -> bool {
        let labels = self.examples.labels();
        self.own.iter().all(|images| images.len() > 1)
            && (0..N_CLASSES as u8).all(|digit| labels.contains(&digit))
    }

    /// Triplets or pairs per epoch.
    pub fn n_items(&self) -> usize {
        match self.objective {
            Objective::Pairs { .. } | Objective::Characters { .. } => self.config.n_items(),
            _ => self.own.iter().map(Vec::len).sum(),
        }
    }

    /// Whether there are enough characters, if the run learns from them.
    pub fn has_characters(&self) -> bool {
        self.characters.as_ref().is_none_or(Characters::are_enough)
    }

    /// The figures that decide which epoch is best: validation digits by their prototypes or, if the run learns from
    /// characters, ten characters of an unseen script by one example of each. `network` must have its prototypes and
    /// be on `device`, without autodiff.
    pub async fn validate(
        &self,
        network: &Network,
        device: &Device,
    ) -> Result<EvalReport, ExecutionError> {
        match (self.objective, &self.characters) {
            (Objective::Characters { temperature, .. }, Some(characters)) => {
                characters.validate(network, temperature, device).await
            }
            _ => evaluate(network, &self.validation, device).await,
        }
    }

    /// The first images of all items, then the second, and for triplets the third. An item depends only on the run's
    /// seed, the epoch and its index; a batch of characters depends on its first index. The labels say which of the
    /// values from [`loss`](Self::loss) should be the largest.
    pub fn batch(&self, indices: &[usize], epoch: usize, device: &Device) -> Batch {
        let item = |&index: &usize| {
            let seed = [SEED_DRAW, epoch as u64, index as u64];
            let mut rng = StdRng::seed_from_u64(mix_seed(self.config.seed, &seed));
            match self.objective {
                Objective::Pairs { .. } => pair(&self.own, &mut rng).into(),
                _ => self.triplet(index, &mut rng),
            }
        };
        let items: Vec<Vec<DigitImage>> = match &self.characters {
            Some(characters) => self.characters(characters, indices, epoch),
            None => indices.iter().map(item).collect(),
        };
        let n_images = items.first().map_or(0, Vec::len);
        let images = (0..n_images).flat_map(|place| items.iter().map(move |item| &item[place]));
        let labels = match self.objective {
            Objective::Pairs { .. } | Objective::Characters { .. } => {
                Tensor::arange(0..items.len() as i64, device)
            }
            _ => Tensor::zeros([items.len()], device),
        };
        Batch {
            images: images_tensor(images, device),
            labels,
        }
    }

    /// Two drawings of each of `n` different characters and digits.
    fn characters(
        &self,
        characters: &Characters,
        indices: &[usize],
        epoch: usize,
    ) -> Vec<Vec<DigitImage>> {
        let first = indices.first().copied().unwrap_or_default();
        let seed = [SEED_DRAW, epoch as u64, first as u64];
        let mut rng = StdRng::seed_from_u64(mix_seed(self.config.seed, &seed));
        let classes = characters.classes(indices.len(), &mut rng);
        let pairs = classes.iter().map(|class| {
            let pair = characters.pair(*class, &self.own, &self.config, &mut rng);
            pair.into()
        });
        pairs.collect()
    }

    /// An anchor, another image of its class and one of another class.
    fn triplet(&self, index: usize, rng: &mut impl Rng) -> Vec<DigitImage> {
        let (mut class, mut place) = (0, index);
        while place >= self.own[class].len() {
            place -= self.own[class].len();
            class += 1;
        }
        let same = &self.own[class];
        let positive = (place + rng.random_range(1..same.len())) % same.len();
        let other = (class + rng.random_range(1..self.own.len())) % self.own.len();
        let negative = rng.random_range(0..self.own[other].len());
        let images = [&same[place], &same[positive], &self.own[other][negative]];
        images
            .map(|image| augment(image, &self.config.augmentation, rng))
            .into()
    }

    /// Computes, from the embeddings of a [`batch`](Self::batch), the logits for its labels and the mean loss.
    pub fn loss(&self, embeddings: Tensor<2>, labels: Tensor<1, Int>) -> (Tensor<2>, Tensor<1>) {
        match self.objective {
            Objective::Pairs { temperature, .. } | Objective::Characters { temperature, .. } => {
                let logits = cosines(embeddings).div_scalar(temperature);
                let across = kernels::cross_entropy(logits.clone().transpose(), labels.clone());
                let loss = kernels::cross_entropy(logits.clone(), labels) + across;
                (logits, loss.mul_scalar(0.5))
            }
            Objective::Triplet { margin } => {
                let distances = squared_distances(embeddings);
                let loss = triplet_loss(distances.clone(), margin);
                (distances.neg(), loss)
            }
            Objective::Classify => (
                embeddings.clone(),
                kernels::cross_entropy(embeddings, labels),
            ),
        }
    }

    /// Puts the prototypes into the network's last layer. `network` must be on `device`, without autodiff.
    pub async fn with_prototypes(
        &self,
        network: Network,
        device: &Device,
    ) -> Result<Network, ExecutionError> {
        let examples = Embeddings::of(&network, &self.examples, self.metric, device).await?;
        let head = Head::new(&examples.prototypes(0..N_CLASSES as u8));
        let network = network.map(&mut head.scaled(1.0));
        // Scaling all logits changes no prediction, but turns them into useful probabilities.
        let logits = network.infer(self.validation.images(), device).await?;
        let scale = best_scale(&logits, self.validation.labels());
        Ok(network.map(&mut head.scaled(scale)))
    }
}

/// Two drawings of a glyph.
fn pair(images: &[Vec<DigitImage>], rng: &mut impl Rng) -> [DigitImage; 2] {
    loop {
        let glyph = Glyph::draw(images.len(), rng);
        if let (Some(one), Some(other)) = (glyph.write(images, rng), glyph.write(images, rng)) {
            return [one, other];
        }
    }
}

/// Cosines between the first and the second half of the embeddings: `[2 n, width]` to `[n, n]`.
fn cosines(embeddings: Tensor<2>) -> Tensor<2> {
    let length = embeddings.clone().powi_scalar(2).sum_dim(1).sqrt();
    let [one, other] = parts(embeddings / length.add_scalar(1e-6));
    one.matmul(other.transpose())
}

/// Squared distances from each anchor to its positive and its negative: `[3 n, width]` to `[n, 2]`.
fn squared_distances(embeddings: Tensor<2>) -> Tensor<2> {
    let [anchors, positives, negatives] = parts(embeddings);
    let distances = |others: Tensor<2>| (anchors.clone() - others).powi_scalar(2).sum_dim(1);
    Tensor::cat(vec![distances(positives), distances(negatives)], 1)
}

fn parts<const N: usize>(rows: Tensor<2>) -> [Tensor<2>; N] {
    let n = rows.dims()[0] / N;
    std::array::from_fn(|part| rows.clone().narrow(0, part * n, n))
}

/// Mean of `max(positive - negative + margin, 0)` over rows: `[n, 2]` to `[1]`.
fn triplet_loss(distances: Tensor<2>, margin: f32) -> Tensor<1> {
    let [positive, negative] = [0, 1].map(|column| distances.clone().narrow(1, column, 1));
    relu((positive - negative).add_scalar(margin)).mean()
}

/// A last linear layer that compares with prototypes: `-‖f - p‖² + ‖f‖² = 2 f·p - ‖p‖²`.
#[derive(Clone)]
struct Head {
    /// `[width, classes]`, row by row.
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl Head {
    fn new(prototypes: &[Vec<f32>]) -> Self {
        let width = prototypes.first().map_or(0, Vec::len);
        let column = |place: usize| prototypes.iter().map(move |p| 2.0 * p[place]);
        Self {
            weight: (0..width).flat_map(column).collect(),
            bias: prototypes.iter().map(|p| -dot(p, p)).collect(),
        }
    }

    fn scaled(&self, scale: f32) -> Self {
        let times = |values: &[f32]| values.iter().map(|value| scale * value).collect();
        Self {
            weight: times(&self.weight),
            bias: times(&self.bias),
        }
    }
}

/// Replaces the layer of the same shape; no other layer has it.
impl ModuleMapper for Head {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let n_classes = self.bias.len();
        let shape = param.lazy_shape().to_vec();
        let values = match shape[..] {
            [rows, columns] if [rows * n_classes, columns] == [self.weight.len(), n_classes] => {
                &self.weight
            }
            [columns] if columns == n_classes => &self.bias,
            _ => return param,
        };
        let values = TensorData::new(values.clone(), shape);
        let device = param.lazy_device();
        param.map(|_| Tensor::from_data(values, &device))
    }
}

/// The factor for all logits that minimises their mean cross-entropy, by golden-section search over its logarithm, in
/// which the loss has a single minimum.
fn best_scale(logits: &[[f32; N_CLASSES]], labels: &[u8]) -> f32 {
    let loss = |log_scale: f32| {
        let items = logits.iter().zip(labels).map(|(logits, &label)| {
            let logits = logits.map(|logit| logit * log_scale.exp());
            -log_probability(&logits, label.into())
        });
        items.sum::<f64>()
    };
    const SHARE: f32 = 0.618_034;
    let (mut low, mut high) = (1e-6_f32.ln(), 1e6_f32.ln());
    for _ in 0..60 {
        let width = SHARE * (high - low);
        if loss(high - width) < loss(low + width) {
            high = low + width;
        } else {
            low = high - width;
        }
    }
    (0.5 * (low + high)).exp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digit::N_PIXELS;
    use crate::train::Recipe;
    use crate::zoo::ModelId;

    /// Twelve images of each digit, each a uniform grey of its own; both parts are the same.
    fn data() -> Split {
        let images = (0..120).map(|i| DigitImage::new([2 * i; N_PIXELS]));
        let labels = (0..120).map(|i| i % 10).collect();
        let dataset = Dataset::new(images.collect(), labels).unwrap();
        Split {
            train: dataset.clone(),
            validation: dataset.head(20),
            drawings: Default::default(),
        }
    }

    fn config(recipe: Recipe) -> TrainConfig {
        TrainConfig {
            n_train: 9,
            ..TrainConfig::new(ModelId::Siamese, recipe)
        }
    }

    /// The digits that the images of a batch of [`data`] show.
    fn digits(batch: &Batch) -> Vec<u8> {
        let n = batch.images.dims()[0];
        let first = batch.images.clone().slice([0..n, 0..1, 0..1, 0..1]);
        let grey = |value: f32| ((value * 0.3081 + 0.1307) * 255.0 / 2.0).round() as u8;
        let values: Vec<f32> = first.into_data().try_into_vec().unwrap();
        values.into_iter().map(|value| grey(value) % 10).collect()
    }

    #[test]
    fn triplets_are_two_of_a_digit_and_one_of_another() {
        let task = EmbeddingTask::new(&config(Recipe::Source), &data()).unwrap();
        assert!(task.has_images());
        assert_eq!(task.n_items(), 9);
        let indices: Vec<usize> = (0..9).collect();
        let shown = digits(&task.batch(&indices, 0, &Device::flex()));
        let [anchors, positives, negatives] = [0, 9, 18].map(|from| &shown[from..from + 9]);
        assert_eq!(anchors, [0, 0, 0, 1, 1, 1, 2, 2, 2]);
        assert_eq!(positives, anchors);
        assert!(negatives.iter().zip(anchors).all(|(n, a)| n != a && *n < 3));
    }

    #[test]
    fn pairs_are_labelled_by_their_place() {
        let task = EmbeddingTask::new(&config(Recipe::Best), &data()).unwrap();
        let batch = task.batch(&[5, 3, 8], 1, &Device::flex());
        assert_eq!(batch.images.dims()[0], 6);
        let labels: Vec<i64> = batch
            .labels
            .into_data()
            .convert::<i64>()
            .try_into_vec()
            .unwrap();
        assert_eq!(labels, [0, 1, 2]);
    }

    #[test]
    fn a_digit_without_images_is_said_so() {
        let mut data = data();
        data.train = data.train.head(9);
        let task = EmbeddingTask::new(&config(Recipe::Best), &data).unwrap();
        assert!(!task.has_images());
    }

    fn rows<const N: usize>(rows: [[f32; 2]; N]) -> Tensor<2> {
        Tensor::from_data(rows, &Device::flex())
    }

    fn values(tensor: Tensor<2>) -> Vec<f32> {
        tensor.into_data().try_into_vec().unwrap()
    }

    #[test]
    fn a_triplet_costs_what_the_negative_lacks() {
        let embeddings = rows([[0., 0.], [1., 1.], [0., 1.], [1., 2.], [3., 0.], [1., 1.]]);
        let distances = squared_distances(embeddings);
        assert_eq!(values(distances.clone()), [1.0, 9.0, 1.0, 0.0]);
        // max(1 - 9 + 0.2, 0) and 1 - 0 + 0.2.
        let loss = triplet_loss(distances, 0.2).into_scalar::<f32>();
        assert!((loss - 0.6).abs() < 1e-6, "{loss}");
    }

    #[test]
    fn cosines_know_no_lengths() {
        let found = values(cosines(rows([[2., 0.], [0., 5.], [3., 0.], [-3., -4.]])));
        for (found, expected) in found.iter().zip([1.0, -0.6, 0.0, -0.8]) {
            assert!((found - expected).abs() < 1e-5, "{found} is not {expected}");
        }
    }

    #[test]
    fn the_head_reads_the_nearest_prototype() {
        let head = Head::new(&[vec![1.0, 0.0], vec![0.0, 3.0]]);
        assert_eq!(head.weight, [2.0, 0.0, 0.0, 6.0]);
        assert_eq!(head.bias, [-1.0, -9.0]);
        assert_eq!(head.scaled(0.5).bias, [-0.5, -4.5]);
    }

    #[test]
    fn the_scale_makes_confidence_equal_accuracy() {
        // Three of four are right, with one logit of 1: p = e^s / (e^s + 9).
        let logits = [std::array::from_fn(|i| f32::from(u8::from(i == 0))); 4];
        let scale = best_scale(&logits, &[0, 0, 0, 1]);
        let confidence = scale.exp() / (scale.exp() + 9.0);
        assert!((confidence - 0.75).abs() < 1e-3, "{confidence}");
    }
}
