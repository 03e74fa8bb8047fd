//! Stops and upgrades at moments of recorded journals, drawn by their own parts.

use crate::pages::load_part::load_part;
use crate::pages::parts;
use crate::pages::recorded::Recorded;
use leptos::prelude::*;

macro_rules! journal {
    ($name:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/crates/lifecycle/tests/journals/sandbox-",
            $name,
            ".json"
        ))
    };
}

pub const STOP_MANY: &str = journal!("stop-many");
pub const STOP_ANSWER_LOST: &str = journal!("stop-answer-lost");
pub const STOP_FORBIDDEN: &str = journal!("stop-forbidden");
pub const STOP_REALTIME: &str = journal!("stop-realtime");
pub const UPGRADE: &str = journal!("six-applications");
/// More entries than any journal here has.
const ALL: usize = usize::MAX;

fn of_stop(file: &'static str, entries: usize) -> AnyView {
    load_part(move || parts::stop_example(Recorded { file, entries }))
}

fn of_upgrade(entries: usize) -> AnyView {
    load_part(move || parts::upgrade_example(Recorded { file: UPGRADE, entries }))
}

pub fn stop_requested() -> AnyView {
    of_stop(STOP_MANY, 7)
}

pub fn stop_stopping() -> AnyView {
    of_stop(STOP_MANY, 14)
}

pub fn stop_ended() -> AnyView {
    of_stop(STOP_MANY, ALL)
}

pub fn stop_in_doubt() -> AnyView {
    of_stop(STOP_ANSWER_LOST, 4)
}

pub fn stop_refused() -> AnyView {
    of_stop(STOP_FORBIDDEN, 4)
}

pub fn stop_real_time() -> AnyView {
    of_stop(STOP_REALTIME, ALL)
}

pub fn review() -> AnyView {
    of_upgrade(6)
}

pub fn pause() -> AnyView {
    of_upgrade(10)
}

pub fn stop() -> AnyView {
    of_upgrade(14)
}

pub fn stopping() -> AnyView {
    of_upgrade(28)
}

pub fn backup() -> AnyView {
    of_upgrade(43)
}

pub fn backed_up() -> AnyView {
    of_upgrade(46)
}

pub fn applications() -> AnyView {
    of_upgrade(54)
}

pub fn drain() -> AnyView {
    of_upgrade(69)
}

pub fn restore() -> AnyView {
    of_upgrade(105)
}

pub fn report() -> AnyView {
    of_upgrade(113)
}

#[cfg(test)]
mod tests {
    use super::*;
    use quiesce_lifecycle::journal::fold;
    use quiesce_lifecycle::stop::StopOperation;
    use quiesce_lifecycle::upgrade::{StepName, UpgradeOperation};

    #[test]
    fn every_recorded_stop_folds() {
        for file in [STOP_MANY, STOP_ANSWER_LOST, STOP_FORBIDDEN, STOP_REALTIME] {
            for entries in [4, ALL] {
                let (_, entries) = Recorded { file, entries }.read().unwrap();
                assert!(fold::<StopOperation>(entries).is_ok());
            }
        }
    }

    #[test]
    fn the_recorded_upgrade_reaches_every_step_where_the_gallery_says() {
        for (entries, step) in [
            (6, StepName::Review),
            (10, StepName::PauseSchedules),
            (14, StepName::StopRuns),
            (28, StepName::StopRuns),
            (43, StepName::BackUp),
            (46, StepName::BackUp),
            (54, StepName::Upgrade),
            (69, StepName::Upgrade),
            (105, StepName::Restore),
            (113, StepName::Report),
        ] {
            let (_, entries) = Recorded { file: UPGRADE, entries }.read().unwrap();
            assert_eq!(fold::<UpgradeOperation>(entries).unwrap().operation.step.name(), step);
        }
    }
}
