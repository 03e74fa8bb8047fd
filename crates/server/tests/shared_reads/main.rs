//! One request to the router for identical reads of several browsers: what is shared, for how long, and what is not.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod browsers;
mod endings;
mod setup;
#[path = "../support/mod.rs"]
mod support;
mod writes;
