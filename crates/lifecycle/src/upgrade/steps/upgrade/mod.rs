//! Upgrade: the applications are upgraded or redeployed, one request at a time, each after a reading of its own.

mod drain;
mod effects;
mod redeploy;
mod step;
mod verify;

#[cfg(test)]
mod doubt_tests;
#[cfg(test)]
mod tests;

pub use drain::DrainAndRetry;
pub use step::UpgradeStep;
