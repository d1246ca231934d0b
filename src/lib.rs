//! Inkling recognises handwriting in the browser and learns from the person who writes.
//!
//! One crate, five products. Cargo features choose which modules are built:
//!
//! | feature | product | modules beyond the pure ones |
//! |---|---|---|
//! | `app` | the page, without Burn | `app`, `fetch`, `host` |
//! | `catalogue` | the pages about networks, without Burn or Leptos | `fetch`, `keeper` |
//! | `reader` | the handwriting reader for any web page, without Burn or Leptos | `fetch`, `host`, `lectern` |
//! | `flex`, `ndarray` or `gpu`, with `worker` | an engine in a Web Worker | `engine`, `kernels`, `train`, `weights`, `worker`, `zoo` |
//! | `train` | the native trainer and its commands | `cli`, `engine`, `kernels`, `train`, `weights`, `zoo` |
//!
//! The pure modules (`album`, `digit`, `examiner`, `hand`, `layers`, `strokes`, `picture`, `data`, `json`, `listing`,
//! `manifest`, `number`, `protocol`, `reader`, `report`, `state`, `symbols`, `taught`, `supervisor`, and for the pages
//! about networks `catalogue`, `chart`, `figures`, `html`, `route`) use neither Burn nor the web nor files, and are
//! always built. docs/architecture.md describes each of them.

pub mod album;
pub mod catalogue;
pub mod chart;
pub mod data;
pub mod digit;
pub mod examiner;
pub mod figures;
pub mod hand;
pub mod html;
pub mod json;
pub mod layers;
pub mod listing;
pub mod manifest;
pub mod number;
pub mod picture;
pub mod protocol;
pub mod reader;
pub mod report;
pub mod route;
pub mod state;
pub mod strokes;
pub mod supervisor;
pub mod symbols;
pub mod taught;

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

#[cfg(all(
    any(feature = "app", feature = "catalogue", feature = "reader"),
    target_arch = "wasm32"
))]
pub mod fetch;

#[cfg(all(feature = "catalogue", target_arch = "wasm32"))]
pub mod keeper;

#[cfg(all(feature = "app", target_arch = "wasm32"))]
pub mod app;
#[cfg(all(any(feature = "app", feature = "reader"), target_arch = "wasm32"))]
pub mod host;

#[cfg(all(feature = "reader", target_arch = "wasm32"))]
pub mod lectern;
