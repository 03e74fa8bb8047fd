//! A world for the tests: a small server, an operation before it, and an operator.

mod operator;
mod rules;
mod server;
mod world;

pub(crate) use operator::decisions;
pub(crate) use server::*;
pub(crate) use world::*;
