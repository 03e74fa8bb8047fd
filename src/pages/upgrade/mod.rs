//! The upgrade wizard: it shows the machine of `lifecycle::upgrade`, and decides nothing. Its steps are plain
//! functions from the operation to a view, so that a change is drawn into what stands there already: the focus stays
//! where it is.

mod back_up;
mod candidates;
mod check;
mod choices;
mod choose;
mod frame;
mod moves;
mod offers;
mod parts;
mod pause;
mod plugin_notices;
mod put_back;
mod rail;
mod report;
mod selection;
mod stop;
mod work;

pub use choose::SelectApplications;
pub use frame::Wizard;
