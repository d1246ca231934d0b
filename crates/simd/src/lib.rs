//! The hot loops of the CPU engine: layers, their gradients and optimiser steps on slices of f32. Nearly all the time
//! goes into one matrix product, [`product`], whose tile stays in SIMD registers. A convolution is the product of its
//! weight and shifted views of the padded image, so no image is unfolded in memory; its gradients are such products
//! too. Only [`depthwise`] convolutions, which keep channels separate, work without it. Wasm uses 128-bit SIMD. Native
//! builds use AVX2, or AVX-512 if the CPU has it, and spread images and rows over threads. This is a separate crate so
//! that the browser build can compile it for speed and everything else for size. It must not know Burn;
//! `kernels::flex` in the main crate turns it into operations.

pub mod conv;
pub mod depthwise;
pub mod elementwise;
pub mod linear;
mod plane;
pub mod pool;
pub mod product;
mod threads;

pub use pool::Pool;

/// The activation that a layer applies to its sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    Identity,
    Relu,
}

/// The factors of an Adam step, including its bias corrections.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamFactors {
    pub beta_1: f32,
    pub beta_2: f32,
    /// The learning rate, corrected for both biases.
    pub step: f32,
    /// Added to the root of the second moment, with the same correction.
    pub epsilon: f32,
    /// The fraction of the parameter that weight decay keeps (Loshchilov and Hutter 2017); 1 without decay.
    pub keep: f32,
}
