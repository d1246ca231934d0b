//! The wasm that recognises handwriting for any web page. On other targets it does nothing.

fn main() {
    #[cfg(target_arch = "wasm32")]
    inkling::lectern::start();
}
