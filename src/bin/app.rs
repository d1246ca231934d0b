//! The page's wasm. On other targets it does nothing.

fn main() {
    #[cfg(target_arch = "wasm32")]
    inkling::app::start();
}
