//! Runs this wasm's static constructors, once.
//!
//! If an executable's wasm doesn't call them itself, it is linked as a "command": each of its exports first runs them
//! all. wasm-bindgen uses these exports for every string and object. The GPU engine has thousands of constructors,
//! with which CubeCL registers its operations, so a dispatch spent 8 ms of the worker's time in them, ten times as
//! long as on the device. A wasm that calls them anywhere is linked like other libraries, without these wrappers.

unsafe extern "C" {
    /// Made by the linker.
    fn __wasm_call_ctors();
}

/// Runs the constructors. Must be called before everything else, and only once.
pub fn run() {
    // SAFETY: the linker defines this function for every wasm; it has no arguments and no result.
    unsafe { __wasm_call_ctors() };
}
