//! Ways for messages to come in and go out.

#[cfg(not(target_arch = "wasm32"))]
pub mod finder;
#[cfg(not(target_arch = "wasm32"))]
mod own;
#[cfg(not(target_arch = "wasm32"))]
mod saved;
#[cfg(not(target_arch = "wasm32"))]
pub mod stream;
#[cfg(target_arch = "wasm32")]
mod worker;
