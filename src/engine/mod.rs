//! Opens a device, holds a network on it, and reads images. Runs natively and in the worker.
//!
//! This module must not know Leptos, clap, workers or who fetches.

mod device;
mod error;
mod session;
mod teach;

pub use device::{Opened, open, open_cuda};
pub use error::EngineError;
pub use session::Session;
pub use teach::{TaughtFile, taught_metadata};
