//! The upgrade wizard: it shows the state machine of `lifecycle::upgrade`, and decides nothing. Its steps are plain
//! functions from the operation to a view, so that a change is drawn into the existing elements and the focus stays.

mod example;
mod select;
mod wizard;

pub use example::example;
pub use select::SelectApplications;
pub use wizard::Wizard;
