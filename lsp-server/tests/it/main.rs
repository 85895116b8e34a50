//! The server through its protocol: conversations over every transport, and in process what a
//! transport would make a matter of luck.

mod case;
mod editors;
mod encodings;
mod in_process;
mod large;
mod lifecycle;
mod promises;
mod stdio;
mod turns;
