//! A world for the tests: a small server, an operation before it, and an operator.

mod operator;
mod rules;
mod server;
mod world;

pub(super) use operator::decisions;
pub(super) use server::*;
pub(super) use world::*;
