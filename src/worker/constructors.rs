//! Runs the static constructors of this wasm, once.
//!
//! An executable's wasm that does not call them itself is linked as a "command": each of its exports
//! first runs them all. Those exports are what wasm-bindgen passes every string and object through, and
//! the GPU engine has thousands of constructors, with which CubeCL registers its operations. A dispatch
//! took 8 ms of the worker's time in them, ten times what it took on the device. To call them anywhere
//! is to be linked as other libraries are: without those wrappers.

unsafe extern "C" {
    /// Made by the linker.
    fn __wasm_call_ctors();
}

/// Comes before everything else, and only once.
pub fn run() {
    // SAFETY: the linker defines it for every wasm; it takes and returns nothing.
    unsafe { __wasm_call_ctors() };
}
