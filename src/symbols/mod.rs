//! A person's own symbols alongside the digits: named, drawn once or a few times, and recognised from then on.
//!
//! An embedding network gives each drawing a direction; drawings of one symbol point in nearly the same direction.
//! This module decides whether a drawing is one of the symbols, a digit, or unknown, and where symbols lie on a map.
//! It doesn't know networks, files or the web.

mod known;
mod matcher;
mod project;
mod space;
mod variations;

pub use known::Known;
pub use matcher::{Answer, Example, Match, Matcher};
pub use project::project;
pub use space::{Rule, Space};
pub use variations::{images, variations};

/// Scales a vector to length 1. A vector of length 0 stays as it is.
pub fn unit(values: &[f32]) -> Vec<f32> {
    let length = dot(values, values).sqrt();
    let factor = if length > 0.0 { 1.0 / length } else { 1.0 };
    values.iter().map(|value| factor * value).collect()
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The distance between two directions, 0 to 2: the chord of their angle.
fn distance(a: &[f32], b: &[f32]) -> f32 {
    (2.0 - 2.0 * dot(a, b)).max(0.0).sqrt()
}

/// The mean of some directions, at length 1.
fn mean<'a>(directions: impl Iterator<Item = &'a Vec<f32>>) -> Vec<f32> {
    let mut sum: Vec<f32> = Vec::new();
    for direction in directions {
        sum.resize(direction.len(), 0.0);
        for (sum, value) in sum.iter_mut().zip(direction) {
            *sum += value;
        }
    }
    unit(&sum)
}
