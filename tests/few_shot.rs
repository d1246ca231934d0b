//! The embedding networks: their last layer comes from examples, and training changes the other layers.

#![cfg(feature = "train")]

use burn::tensor::Device;
use inkling::data::{Character, Dataset, Drawings, Split};
use inkling::digit::{DigitImage, SIDE};
use inkling::strokes::{Point, Stroke};
use inkling::train::{EmbeddingTask, Objective, Recipe, TrainConfig, TrainState};
use inkling::zoo::ModelId;

/// A bar in a different place for each digit, `n_each` times, a little darker each time.
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
        drawings: Drawings {
            characters: characters("script"),
            unseen_characters: characters("unseen"),
            ..Drawings::default()
        },
    }
}

/// Twelve corners with different angles, drawn three times.
fn characters(alphabet: &str) -> Vec<Character> {
    let corner = |i: usize, size: f32| {
        let (sin, cos) = (0.25 * (i + 1) as f32).sin_cos();
        let at = |x, y| Point::new(x, y, 0.0);
        vec![Stroke::new(vec![
            at(size, 0.0),
            at(0.0, 0.0),
            at(size * cos, size * sin),
        ])]
    };
    let character = |i| Character {
        alphabet: alphabet.into(),
        name: format!("character{i:02}"),
        drawings: [1.0, 2.0, 3.0].map(|size| corner(i, size)).into(),
    };
    (0..12).map(character).collect()
}

/// Every embedding network, with both recipes.
fn runs() -> Vec<(ModelId, TrainConfig, &'static str)> {
    let mut runs = Vec::new();
    for model in [ModelId::Siamese, ModelId::Embedding] {
        for recipe in [Recipe::Best, Recipe::Source] {
            let mut config = TrainConfig::new(model, recipe);
            config.n_train = 6;
            // Even before training, bars lie further apart than the recipe's margin.
            if let (ModelId::Embedding, Objective::Triplet { margin }) =
                (model, &mut config.objective)
            {
                *margin = 10.0;
            }
            runs.push((model, config, recipe.name()));
        }
    }
    runs
}

#[test]
fn a_single_example_is_read_as_itself() {
    let device = Device::flex();
    for (model, config, recipe) in runs() {
        let task = EmbeddingTask::new(&config, &data(1)).unwrap();
        // As it infers: batch normalisation uses its running statistics.
        let network = TrainState::new(model, &config, &device).learner.valid();
        let network = pollster::block_on(task.with_prototypes(network, &device)).unwrap();
        let logits = pollster::block_on(network.infer(bars(1).images(), &device)).unwrap();
        for (digit, logits) in logits.iter().enumerate() {
            let read = (0..10).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
            assert_eq!(read, Some(digit), "{model} by the {recipe} recipe");
        }
    }
}

#[test]
fn steps_on_one_batch_lower_its_loss() {
    let device = Device::flex();
    for (model, config, recipe) in runs() {
        let task = EmbeddingTask::new(&config, &data(2)).unwrap();
        let batch = task.batch(&[0, 1, 2, 3], 0, &device.clone().autodiff());
        let mut learner = TrainState::new(model, &config, &device).learner;
        let mut losses = Vec::new();
        for _ in 0..8 {
            let (next, metrics) = learner.embedding_step(batch.clone(), &task, 1e-4);
            learner = next;
            losses.push(metrics.loss.into_scalar::<f32>());
        }
        assert!(
            losses[7] < losses[0],
            "{losses:?}: {model} by the {recipe} recipe"
        );
    }
}

#[test]
fn unseen_characters_choose_the_best_epoch() {
    let device = Device::flex();
    let config = TrainConfig::new(ModelId::Embedding, Recipe::Best);
    let task = EmbeddingTask::new(&config, &data(2)).unwrap();
    assert!(task.has_characters());
    let network = TrainState::new(ModelId::Embedding, &config, &device)
        .learner
        .valid();
    let report = pollster::block_on(task.validate(&network, &device)).unwrap();
    // 600 tasks of ten characters, with one query of each. Drawings of a character differ only in size, which
    // rendering makes equal.
    let n_read: usize = report.confusion.iter().flatten().sum();
    assert_eq!(n_read, 6000);
    assert!(report.accuracy() > 0.99, "{}", report.accuracy());

    let mut few = data(2);
    few.drawings.unseen_characters.truncate(9);
    let task = EmbeddingTask::new(&config, &few).unwrap();
    assert!(!task.has_characters());
}
