//! Ctrl-C: the first stops a run between two steps, the second ends the program.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Starts to listen. A process can do this only once.
    pub fn listen() -> anyhow::Result<Self> {
        let flag = Arc::new(AtomicBool::new(false));
        let pressed = flag.clone();
        // A second Ctrl-C ends the program immediately; the last checkpoint is complete even then.
        ctrlc::set_handler(move || {
            if pressed.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
        })?;
        Ok(Self(flag))
    }

    pub fn is_pressed(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
