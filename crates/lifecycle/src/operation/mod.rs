//! What every operation shares: a request that changes something is sent at most once ([`Delivery`]), and the server
//! may be unavailable or require a token ([`Connectivity`]).

mod connectivity;
mod delivery;
mod waits;

pub use connectivity::{Connectivity, Outage, OutageReason, back_off};
pub(crate) use delivery::is_unauthenticated;
pub use delivery::{Coverage, Delivery, Doubt};
pub(crate) use waits::{has_passed, left};
