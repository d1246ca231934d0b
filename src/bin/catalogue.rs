//! The wasm of the pages about networks. On other targets it does nothing.

fn main() {
    #[cfg(target_arch = "wasm32")]
    inkling::keeper::start();
}
