//! The wasm of the engine on ndarray. On other targets it does nothing.

fn main() {
    #[cfg(target_arch = "wasm32")]
    inkling::worker::start();
}
