//! The sandbox from outside: raw requests, and `kubectl` as an independent client.

mod access;
mod apply;
mod client;
mod custom;
mod kubectl;
mod workloads;
mod writes;
