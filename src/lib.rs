//! Inkling recognises handwriting in the browser and learns the hand of the person who writes.
//!
//! One crate, three products. Cargo features choose which modules stand:
//!
//! | feature | product | modules beyond the pure ones |
//! |---|---|---|
//! | `app` | the page, without Burn | `app`, `host` |
//! | `flex`, `ndarray` or `gpu`, with `worker` | an engine in a Web Worker | `engine`, `kernels`, `train`, `weights`, `worker`, `zoo` |
//! | `train` | the native trainer and its commands | `cli`, `engine`, `kernels`, `train`, `weights`, `zoo` |
//!
//! The pure modules (`digit`, `examiner`, `layers`, `strokes`, `picture`, `data`, `json`, `manifest`, `number`, `protocol`, `report`, `state`,
//! `supervisor`, and for the pages about networks `catalogue`, `chart`, `figures`, `html`, `route`) know neither Burn nor the web nor files,
//! and are always built. docs/architecture.md says what each is.

pub mod catalogue;
pub mod chart;
pub mod data;
pub mod digit;
pub mod examiner;
pub mod figures;
pub mod html;
pub mod json;
pub mod layers;
pub mod manifest;
pub mod number;
pub mod picture;
pub mod protocol;
pub mod report;
pub mod route;
pub mod state;
pub mod strokes;
pub mod supervisor;

#[cfg(feature = "engine")]
pub mod engine;
#[cfg(feature = "engine")]
pub mod kernels;
#[cfg(feature = "engine")]
pub mod train;
#[cfg(feature = "engine")]
pub mod weights;
#[cfg(feature = "engine")]
pub mod zoo;

#[cfg(feature = "train")]
pub mod cli;

#[cfg(all(feature = "worker", target_arch = "wasm32"))]
pub mod worker;

#[cfg(all(feature = "app", target_arch = "wasm32"))]
pub mod app;
#[cfg(all(feature = "app", target_arch = "wasm32"))]
pub mod host;
