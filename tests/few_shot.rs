//! The network of embeddings: its last layer is made of examples, and its training moves the others.

#![cfg(feature = "train")]

use burn::tensor::Device;
use inkling::data::{Dataset, Drawings, Split};
use inkling::digit::{DigitImage, SIDE};
use inkling::train::{EmbeddingTask, Recipe, TrainConfig, TrainState};
use inkling::zoo::ModelId;

/// A bar in another place for each digit, `n_each` times, a little darker each time.
fn bars(n_each: u8) -> Dataset {
    let bar = |i: u8| {
        let left = 2 + 2 * usize::from(i % 10);
        DigitImage::new(std::array::from_fn(|p| {
            (255 - i / 10) * u8::from((left..left + 4).contains(&(p % SIDE)))
        }))
    };
    let n = 10 * n_each;
    Dataset::new((0..n).map(bar).collect(), (0..n).map(|i| i % 10).collect()).unwrap()
}

fn data(n_each: u8) -> Split {
    Split {
        train: bars(n_each),
        validation: bars(1),
        drawings: Drawings::default(),
    }
}

#[test]
fn a_single_example_is_read_as_itself() {
    let device = Device::flex();
    for recipe in [Recipe::Best, Recipe::Source] {
        let config = TrainConfig::new(ModelId::Siamese, recipe);
        let task = EmbeddingTask::new(&config, &data(1)).unwrap();
        let network = ModelId::Siamese.init(&device);
        let network = pollster::block_on(task.with_prototypes(network, &device)).unwrap();
        let logits = pollster::block_on(network.infer(bars(1).images(), &device)).unwrap();
        for (digit, logits) in logits.iter().enumerate() {
            let read = (0..10).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
            assert_eq!(read, Some(digit), "by the {} recipe", recipe.name());
        }
    }
}

#[test]
fn steps_on_one_batch_lower_its_loss() {
    let device = Device::flex();
    for recipe in [Recipe::Best, Recipe::Source] {
        let config = TrainConfig {
            n_train: 6,
            ..TrainConfig::new(ModelId::Siamese, recipe)
        };
        let task = EmbeddingTask::new(&config, &data(2)).unwrap();
        let batch = task.batch(&[0, 1, 2, 3], 0, &device.clone().autodiff());
        let mut learner = TrainState::new(ModelId::Siamese, &config, &device).learner;
        let mut losses = Vec::new();
        for _ in 0..8 {
            let (next, metrics) = learner.embedding_step(batch.clone(), &task, 1e-4);
            learner = next;
            losses.push(metrics.loss.into_scalar::<f32>());
        }
        assert!(
            losses[7] < losses[0],
            "{losses:?} by the {} recipe",
            recipe.name()
        );
    }
}
