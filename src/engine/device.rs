//! The one place that opens a device. It uses `cfg` because each engine is built only with the backends of its
//! features.

use burn::tensor::Device;

use super::EngineError;
use crate::protocol::{Adapters, Backend};

/// A device that is ready for tensors.
#[derive(Clone, Debug)]
pub struct Opened {
    pub device: Device,
    /// The system's name for a graphics device; empty for the CPU and if the browser doesn't reveal it.
    pub name: String,
}

/// Opens a backend's device. Calls `on_lost` if a graphics device is lost later.
pub async fn open(
    backend: Backend,
    adapters: Adapters,
    on_lost: impl Fn(String) + Send + 'static,
) -> Result<Opened, EngineError> {
    match backend {
        Backend::WebGpu => wgpu(adapters, on_lost).await,
        Backend::Flex => flex(),
        Backend::NdArray => ndarray(),
    }
}

#[cfg(feature = "gpu")]
async fn wgpu(
    adapters: Adapters,
    on_lost: impl Fn(String) + Send + 'static,
) -> Result<Opened, EngineError> {
    use burn::tensor::wgpu::wgpu::DeviceType;

    let setup = Device::wgpu_options().init_with_setup_async().await;
    let (device, setup) = setup.map_err(|error| EngineError::NoDevice(error.to_string()))?;
    let info = setup.adapter.get_info();
    if info.device_type == DeviceType::Cpu && adapters == Adapters::Hardware {
        return Err(EngineError::SoftwareDevice(info.name));
    }
    setup
        .device
        .set_device_lost_callback(move |_reason, message| on_lost(message));
    Ok(Opened {
        device,
        name: info.name,
    })
}

#[cfg(not(feature = "gpu"))]
async fn wgpu(_: Adapters, _: impl Fn(String) + Send + 'static) -> Result<Opened, EngineError> {
    Err(EngineError::NotBuilt(Backend::WebGpu))
}

#[cfg(feature = "flex")]
fn flex() -> Result<Opened, EngineError> {
    Ok(Opened {
        device: Device::flex(),
        name: String::new(),
    })
}

#[cfg(feature = "ndarray")]
#[allow(
    deprecated,
    reason = "ndarray is the fallback that the product promises; see docs/decisions"
)]
fn ndarray() -> Result<Opened, EngineError> {
    Ok(Opened {
        device: Device::ndarray(),
        name: String::new(),
    })
}

#[cfg(not(feature = "flex"))]
fn flex() -> Result<Opened, EngineError> {
    Err(EngineError::NotBuilt(Backend::Flex))
}

#[cfg(not(feature = "ndarray"))]
fn ndarray() -> Result<Opened, EngineError> {
    Err(EngineError::NotBuilt(Backend::NdArray))
}

/// Opens the first NVIDIA card through CUDA.
#[cfg(feature = "cuda")]
pub fn open_cuda() -> Result<Opened, EngineError> {
    Ok(Opened {
        device: Device::cuda(0),
        name: "CUDA, card 0".into(),
    })
}

/// CUDA needs the `cuda` feature.
#[cfg(not(feature = "cuda"))]
pub fn open_cuda() -> Result<Opened, EngineError> {
    Err(EngineError::NoDevice(
        "this build lacks the cuda feature; use --features cuda".into(),
    ))
}
