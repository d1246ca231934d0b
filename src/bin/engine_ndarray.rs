//! The wasm of the engine on ndarray. On any other target there is nothing to run.

fn main() {
    #[cfg(target_arch = "wasm32")]
    inkling::worker::start();
}
