//! Images with their labels, and the split into training and validation.

use std::ops::Range;

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use super::{Character, PenDigit};
use crate::digit::DigitImage;
use crate::strokes::Stroke;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatasetError {
    #[error("{n_images} images but {n_labels} labels: the two files do not belong together")]
    Unequal { n_images: usize, n_labels: usize },
}

/// The same number of images and labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dataset {
    images: Vec<DigitImage>,
    labels: Vec<u8>,
}

impl Dataset {
    pub fn new(images: Vec<DigitImage>, labels: Vec<u8>) -> Result<Self, DatasetError> {
        let (n_images, n_labels) = (images.len(), labels.len());
        if n_images != n_labels {
            return Err(DatasetError::Unequal { n_images, n_labels });
        }
        Ok(Self { images, labels })
    }

    pub fn len(&self) -> usize {
        self.labels.len()
    }

    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    pub fn image(&self, index: usize) -> &DigitImage {
        &self.images[index]
    }

    pub fn images(&self) -> &[DigitImage] {
        &self.images
    }

    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// All items of both datasets.
    pub fn with(&self, other: &Self) -> Self {
        Self {
            images: [&self.images[..], &other.images].concat(),
            labels: [&self.labels[..], &other.labels].concat(),
        }
    }

    /// The first `n` items, or all if there are fewer.
    pub fn head(&self, n: usize) -> Self {
        self.select(0..n.min(self.len()))
    }

    /// Draws `n_each` items of each given class, or all if there are fewer, class by class. `seed` decides which. A
    /// larger `n_each` draws the same items first.
    pub fn sample(&self, classes: Range<u8>, n_each: usize, seed: u64) -> Self {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.shuffle(&mut StdRng::seed_from_u64(seed));
        let of_class = |class: u8| {
            let order = order.iter().copied();
            order.filter(move |&i| self.labels[i] == class).take(n_each)
        };
        self.select(classes.flat_map(of_class).collect::<Vec<_>>())
    }

    fn select(&self, indices: impl IntoIterator<Item = usize> + Clone) -> Self {
        Self {
            images: indices
                .clone()
                .into_iter()
                .map(|i| self.images[i].clone())
                .collect(),
            labels: indices.into_iter().map(|i| self.labels[i]).collect(),
        }
    }
}

/// Two disjoint parts of a dataset.
pub struct Split {
    pub train: Dataset,
    pub validation: Dataset,
    /// Drawings to render again for each epoch, in addition to the images.
    pub drawings: Drawings,
}

/// Drawings to train on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawings {
    pub digits: Vec<PenDigit>,
    /// Letters, which aren't digits.
    pub letters: Vec<Vec<Stroke>>,
    /// Characters to separate, alphabet by alphabet, for a network that learns embeddings.
    pub characters: Vec<Character>,
    /// Characters of other alphabets, which decide the best epoch.
    pub unseen_characters: Vec<Character>,
}

/// Draws `n_validation` items at random for validation and leaves the others for training, both in
/// their original order. The same seed gives the same split.
pub fn split(dataset: &Dataset, n_validation: usize, seed: u64) -> Split {
    let mut order: Vec<usize> = (0..dataset.len()).collect();
    order.shuffle(&mut StdRng::seed_from_u64(seed));
    let (validation, train) = order.split_at_mut(n_validation.min(dataset.len()));
    validation.sort_unstable();
    train.sort_unstable();
    Split {
        train: dataset.select(train.iter().copied()),
        validation: dataset.select(validation.iter().copied()),
        drawings: Drawings::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digit::N_PIXELS;

    /// Twenty images, each filled with its own index.
    fn numbered() -> Dataset {
        let images = (0..20).map(|i| DigitImage::new([i; N_PIXELS])).collect();
        Dataset::new(images, (0..20).map(|i| i % 10).collect()).unwrap()
    }

    fn numbers(dataset: &Dataset) -> Vec<u8> {
        dataset
            .images()
            .iter()
            .map(|image| image.pixels()[0])
            .collect()
    }

    #[test]
    fn the_parts_are_disjoint_complete_and_seeded() {
        let parts = split(&numbered(), 4, 42);
        assert_eq!((parts.train.len(), parts.validation.len()), (16, 4));
        let mut all = [numbers(&parts.train), numbers(&parts.validation)].concat();
        all.sort_unstable();
        assert_eq!(all, (0..20).collect::<Vec<_>>());
        assert_eq!(split(&numbered(), 4, 42).validation, parts.validation);
        assert_ne!(split(&numbered(), 4, 43).validation, parts.validation);
    }

    #[test]
    fn labels_stay_with_their_images() {
        let parts = split(&numbered(), 7, 1);
        for part in [parts.train, parts.validation] {
            let expected: Vec<u8> = numbers(&part).iter().map(|n| n % 10).collect();
            assert_eq!(part.labels(), expected);
        }
    }

    #[test]
    fn a_sample_holds_as_many_of_each_class_and_grows_at_its_end() {
        let sample = numbered().sample(3..6, 2, 7);
        assert_eq!(sample.labels(), [3, 3, 4, 4, 5, 5]);
        assert_eq!(numbers(&sample).len(), 6);
        let one = numbered().sample(3..6, 1, 7);
        assert_eq!(numbers(&one)[1], numbers(&sample)[2]);
        assert_eq!(numbered().sample(0..1, 9, 7).len(), 2);
    }

    #[test]
    fn files_of_unequal_length_are_refused() {
        let error = Dataset::new(vec![DigitImage::blank()], vec![]).unwrap_err();
        assert_eq!(
            error,
            DatasetError::Unequal {
                n_images: 1,
                n_labels: 0
            }
        );
    }
}
