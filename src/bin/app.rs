//! The page's wasm. On any other target there is nothing to run.

fn main() {
    #[cfg(target_arch = "wasm32")]
    inkling::app::start();
}
