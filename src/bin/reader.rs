//! The wasm that reads handwriting for any web page. On any other target there is nothing to run.

fn main() {
    #[cfg(target_arch = "wasm32")]
    inkling::lectern::start();
}
