//! Stopping: the form, and what became of it.

mod address;
mod batches;
mod confirm;
mod example;
mod form;
mod load_targets;
mod progress;
mod requests;
mod run_cells;
mod run_row;
pub mod selection;
mod target_table;
mod time_axis;
mod timeline;

pub use address::form_href;
pub(crate) use confirm::{GraceForm, picker, truth};
pub use example::{example, run_example};
pub use form::StopForm;
pub use progress::{StopProgress, every_second};
pub(crate) use requests::{Requests, block};
pub(crate) use run_row::{answer_words, body};
pub(crate) use target_table::Assessments;
pub(crate) use time_axis::TimeAxis;
pub(crate) use timeline::timeline;
