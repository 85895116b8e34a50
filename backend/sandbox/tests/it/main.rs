//! The sandbox from outside: raw requests, and `kubectl` as an independent client.
#![expect(clippy::unwrap_used, reason = "a test ends where its ground gives way")]

mod access;
mod apply;
mod client;
mod custom;
mod kubectl;
mod workloads;
mod writes;
