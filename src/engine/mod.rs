//! Opens a device, keeps a network on it, and recognises images. Runs natively and in the worker.
//!
//! This module must not know Leptos, clap, workers or how files are fetched.

mod device;
mod error;
mod session;
mod teach;

pub use device::{Opened, open, open_cuda};
pub use error::EngineError;
pub use session::Session;
pub use teach::{TaughtFile, taught_metadata};
