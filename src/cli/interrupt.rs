//! Ctrl-C: the first ends a run between two steps, the second ends the program.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens from now on. A process can do that once.
    pub fn listen() -> anyhow::Result<Self> {
        let flag = Arc::new(AtomicBool::new(false));
        let pressed = flag.clone();
        // A second Ctrl-C ends the program at once; the last checkpoint is whole all the same.
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
