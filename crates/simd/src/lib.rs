//! What the CPU engine spends its time in: layers, their gradients and optimiser steps on slices of f32.
//!
//! Everything that costs time is one product of matrices, [`product`], whose tile stays in SIMD registers.
//! A convolution is the product of its weight and shifted views of the padded image, so that no image
//! is unfolded in memory; its gradients are such products too. Only where no channel knows of another there is no product:
//! [`depthwise`]. In wasm that is 128-bit SIMD, natively AVX2 or
//! AVX-512 where the CPU has it, and there images and rows are shared out among threads.
//!
//! It is a crate of its own so that in a browser it can be compiled for speed and all else for size. It must not
//! know Burn; `kernels::flex` of the main crate makes operations of it.

pub mod conv;
pub mod depthwise;
pub mod elementwise;
pub mod linear;
mod plane;
pub mod pool;
pub mod product;
mod threads;

pub use pool::Pool;

/// What a layer's sums go through on their way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    Identity,
    Relu,
}

/// What a step of Adam multiplies with, its bias corrections included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamFactors {
    pub beta_1: f32,
    pub beta_2: f32,
    /// The learning rate, corrected for both biases.
    pub step: f32,
    /// Added to the root of the second moment, corrected likewise.
    pub epsilon: f32,
    /// What weight decay leaves of the parameter (Loshchilov and Hutter 2017); 1 without.
    pub keep: f32,
}
