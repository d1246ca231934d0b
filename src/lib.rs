//! Inkling recognises handwriting in the browser and learns the hand of the person who writes.
//!
//! One crate, three products. Cargo features choose which modules stand:
//!
//! | feature | product | modules beyond the pure ones |
//! |---|---|---|
//! | `app` | the page, without Burn | `app`, `host` |
//! | `cpu` or `gpu`, with `worker` | the engine in a Web Worker | `engine`, `weights`, `zoo`, `worker` |
//! | `train` | the native trainer and its commands | `cli`, `engine`, `train`, `weights`, `zoo` |
//!
//! The pure modules (`digit`, `strokes`, `picture`, `data`, `manifest`, `protocol`, `state`, `supervisor`)
//! know neither Burn nor the web nor files, and are always built. docs/architecture.md says what each is.

pub mod data;
pub mod digit;
pub mod manifest;
pub mod picture;
pub mod protocol;
pub mod state;
pub mod strokes;
pub mod supervisor;

#[cfg(any(feature = "cpu", feature = "gpu"))]
pub mod engine;
#[cfg(any(feature = "cpu", feature = "gpu"))]
pub mod weights;
#[cfg(any(feature = "cpu", feature = "gpu"))]
pub mod zoo;

#[cfg(feature = "train")]
pub mod cli;
#[cfg(feature = "train")]
pub mod train;

#[cfg(all(feature = "worker", target_arch = "wasm32"))]
pub mod worker;

#[cfg(all(feature = "app", target_arch = "wasm32"))]
pub mod app;
#[cfg(all(feature = "app", target_arch = "wasm32"))]
pub mod host;
