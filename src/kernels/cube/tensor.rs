//! Tensors in the form that the kernels need: contiguous f32 buffers.

use burn::tensor::{DType, Shape};
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::ops::numeric::empty_device_contiguous_dtype;
use burn_cubecl::tensor::CubeTensor;
use cubecl::calculate_cube_count_elemwise;
use cubecl::prelude::*;

/// Threads in a workgroup: a multiple of every card's subgroup size, and few enough for every WebGPU device.
pub const UNITS: usize = 64;

/// A tensor's buffer in row-major order; copies only if the tensor is a view.
pub fn buffer(tensor: &CubeTensor) -> BufferArg {
    into_contiguous(tensor.clone()).into_buffer_arg()
}

/// An uninitialised tensor for a kernel to fill.
pub fn empty_like(tensor: &CubeTensor, shape: impl Into<Shape>) -> CubeTensor {
    let (client, device) = (tensor.client.clone(), tensor.device.clone());
    empty_device_contiguous_dtype(client, device, shape.into(), DType::F32)
}

/// Workgroups for `n` threads, and their size.
pub fn threads(client: &Client, n: usize) -> (CubeCount, CubeDim) {
    let dim = CubeDim::new_1d(UNITS as u32);
    (calculate_cube_count_elemwise(client, n, dim), dim)
}

/// `n` whole workgroups.
pub fn groups(client: &Client, n: usize) -> (CubeCount, CubeDim) {
    threads(client, n * UNITS)
}
