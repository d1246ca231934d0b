//! The wasm of the pages about networks. On any other target there is nothing to run.

fn main() {
    #[cfg(target_arch = "wasm32")]
    inkling::keeper::start();
}
