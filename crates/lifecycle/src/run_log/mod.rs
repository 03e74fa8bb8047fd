//! The log of a run as a screen shows it: a window of its lines ([`LogWindow`]), of a level ([`LevelFilter`]), with the
//! matches of a search ([`Shown`]); and its name as a file ([`file_name`]).

mod search;
mod shown;
mod window;

pub use search::matches;
pub use shown::{Level, LevelFilter, MatchPlace, Shown, ShownLine};
pub use window::{LogEntry, LogWindow};

use quiesce_api::RunRef;

/// The name of the file with the whole log of a run: application, program and run, without what a file name can't have.
pub fn file_name(run: &RunRef) -> String {
    let parts = [run.program.application.as_str(), run.program.program.as_str(), run.run.as_str()];
    let is_plain = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '.');
    let mut name = String::new();
    for part in parts {
        name.extend(part.chars().map(|it| if is_plain(it) { it } else { '_' }));
        name.push('-');
    }
    name.pop();
    name.push_str(".log");
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use quiesce_api::{ProgramRef, ProgramType};

    #[test]
    fn a_file_is_named_by_application_program_and_run() {
        let name = |application: &str| {
            file_name(
                &ProgramRef::new("default", application, ProgramType::Workflow, "Report").run("5c3e-0e37"),
            )
        };
        assert_eq!(name("orders_daily"), "orders_daily-Report-5c3e-0e37.log");
        assert_eq!(name("../a b/c:d"), ".._a_b_c_d-Report-5c3e-0e37.log");
    }
}
