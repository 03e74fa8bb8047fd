//! The runner over fake ports.

mod fakes;
mod outages;
mod sending;
mod setup;
mod tabs;
mod users;
