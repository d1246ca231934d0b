//! The native commands: `cargo run --release --features train -- --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    inkling::cli::main()
}
