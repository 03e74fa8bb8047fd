//! The texts of the page, one module per screen: constants, and functions from facts to sentences.

pub mod common;
pub mod program;
pub mod programs;
