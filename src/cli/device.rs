//! The device that the native commands use.

use burn::tensor::Device;
use clap::ValueEnum;

use crate::engine::{self, EngineError, Opened};
use crate::protocol::{Adapters, Backend};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DeviceArg {
    /// The graphics card if there is one, otherwise the CPU.
    Auto,
    /// The graphics card, through wgpu: Vulkan, Metal or DX12.
    Wgpu,
    /// Burn's flex on the CPU.
    Flex,
    /// Burn's ndarray on the CPU.
    Ndarray,
    /// An NVIDIA card through CUDA. Needs `--features cuda`.
    Cuda,
}

/// Opens a device and names it on standard error.
pub fn open(arg: DeviceArg) -> anyhow::Result<Device> {
    let opened = match arg {
        DeviceArg::Wgpu => open_backend(Backend::WebGpu, Adapters::Any)?,
        DeviceArg::Flex => open_backend(Backend::Flex, Adapters::Any)?,
        DeviceArg::Ndarray => open_backend(Backend::NdArray, Adapters::Any)?,
        DeviceArg::Cuda => engine::open_cuda()?,
        DeviceArg::Auto => match open_backend(Backend::WebGpu, Adapters::Hardware) {
            Err(error @ (EngineError::NoDevice(_) | EngineError::SoftwareDevice(_))) => {
                eprintln!("No usable graphics card ({error}); using the CPU.");
                open_backend(Backend::Flex, Adapters::Any)?
            }
            opened => opened?,
        },
    };
    eprintln!("Device: {}", opened.name);
    Ok(opened.device)
}

fn open_backend(backend: Backend, adapters: Adapters) -> Result<Opened, EngineError> {
    let on_lost = |why| eprintln!("The graphics device was lost: {why}");
    let opened = pollster::block_on(engine::open(backend, adapters, on_lost))?;
    let name = match backend {
        Backend::WebGpu => format!("{}, through wgpu", opened.name),
        cpu => format!("CPU ({})", cpu.name()),
    };
    Ok(Opened { name, ..opened })
}
