//! A world for the tests: a small server, an operation before it, and an operator.

mod invariants;
mod operator;
mod server;
mod state;
mod worlds;

pub(crate) use operator::decisions;
pub(crate) use server::*;
pub(crate) use state::*;
pub(crate) use worlds::*;
