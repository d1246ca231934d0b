//! Weights as safetensors files, which the trainer exports, the app fetches and Python can open. Names and layouts are
//! PyTorch's, so that `load_state_dict` accepts the file: `weight` and `bias` for a batch normalisation's gamma and
//! beta, and a linear layer's weight as `[out, in]`. A file is accepted only if checksum, names and shapes all match;
//! see docs/weights.md. This module must not know how files are fetched.

mod count;
mod error;
mod load;
mod path;
mod save;

pub use count::n_trained;
pub use error::WeightsError;
pub use load::{check_sha256, is_taught, load, sha256_hex};
pub use save::{TAUGHT, in_half_precision, read_back, to_safetensors};
