//! The results of an upgrade, counted for a list and for the sentence of its report.

use super::operation::UpgradeOperation;
use super::resources::{AppUpgrade, AppUpgradeState, RestartState, ScheduleTask, ScheduleTaskState};
use crate::operation::Delivery;

/// How many applications, schedules and runs of an upgrade have which result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UpgradeCounts {
    /// All applications.
    pub all: usize,
    /// On the new version.
    pub upgraded: usize,
    /// On the old version again.
    pub rolled_back: usize,
    /// Excluded by the operator.
    pub excluded: usize,
    /// Not upgraded.
    pub unchanged: usize,
    /// No reading tells which version they have.
    pub unknown: usize,
    /// Schedules that this upgrade paused and did not resume.
    pub paused_schedules: usize,
    /// Runs that could not be started again.
    pub failed_restarts: usize,
}

impl UpgradeCounts {
    /// Whether every application that was not excluded is upgraded, and all schedules and runs are restored.
    pub fn is_good(&self) -> bool {
        let missing = self.rolled_back + self.unchanged + self.unknown;
        missing + self.paused_schedules + self.failed_restarts == 0
    }
}

impl UpgradeOperation {
    /// The results of its parts.
    pub fn counts(&self) -> UpgradeCounts {
        let restarts = self.restarts().iter();
        let mut counts = UpgradeCounts {
            all: self.applications.len(),
            paused_schedules: self.schedules.iter().filter(|it| it.is_left_paused()).count(),
            failed_restarts: restarts.filter(|it| matches!(it.state, RestartState::Failed(_))).count(),
            ..UpgradeCounts::default()
        };
        let apps = self.upgrade_step().map(|step| step.apps.as_slice()).unwrap_or_default();
        for (place, scoped) in self.applications.iter().enumerate() {
            let count = match apps.get(place) {
                _ if scoped.excluded.is_some() => &mut counts.excluded,
                Some(app) if app.is_upgraded() => &mut counts.upgraded,
                Some(app) if app.rolling_back && app.is_done() => &mut counts.rolled_back,
                Some(app) if is_unknown(app) => &mut counts.unknown,
                _ => &mut counts.unchanged,
            };
            *count += 1;
        }
        counts
    }

    /// Whether an application, a schedule or a restart failed; once the upgrade has finished, also if one was left undone.
    pub fn has_problems(&self, finished: bool) -> bool {
        if finished {
            return !self.counts().is_good();
        }
        let apps = self.upgrade_step().map(|step| step.apps.as_slice()).unwrap_or_default();
        let failed = |(place, _, _): (usize, _, _)| apps.get(place).is_some_and(AppUpgrade::has_failed);
        self.in_scope().any(failed)
            || self.schedules.iter().any(|it| it.is_pause_refused() || it.is_resume_refused())
            || self.restarts().iter().any(|it| matches!(it.state, RestartState::Failed(_)))
    }
}

/// Whether no reading tells which version an application has.
fn is_unknown(app: &AppUpgrade) -> bool {
    let unread = matches!(app.state, AppUpgradeState::Request(Delivery::Disproved(_)));
    app.is_open() || unread && app.still_on.is_none()
}

impl ScheduleTask {
    /// Whether it is suspended because of this upgrade.
    pub(crate) fn is_left_paused(&self) -> bool {
        self.is_paused() || self.is_resume_refused() || self.state == ScheduleTaskState::LeftSuspended
    }
}

#[cfg(test)]
mod tests {
    use crate::upgrade::model::{Fate, ModelState, Server, five, good, last, plan};
    use crate::upgrade::{Call, Command, Effect, Event};

    #[test]
    fn an_upgrade_under_way_has_problems_only_if_a_part_failed() {
        let mut world = five();
        assert!(!world.op.has_problems(false), "nothing has failed yet");
        assert!(world.op.has_problems(true), "a finished upgrade that has upgraded nothing");
        world.run(last, good);
        assert!(world.op.has_problems(true), "the server refused one of the five");
        let server = Server::new(&[("orders", false)]);
        let plan = plan(&server, false);
        let mut world = ModelState::new(server, plan);
        world.run(last, good);
        assert!(!world.op.has_problems(true) && !world.op.has_problems(false));
        let mut aborted = five();
        aborted.feed(Event::command(aborted.now(), Command::Abort));
        assert!(aborted.op.has_problems(true));
    }
    #[test]
    fn a_refused_request_is_a_problem_of_an_upgrade_under_way() {
        for refused in [Call::Pause, Call::Upgrade] {
            let mut world = five();
            let fate = |effect: &Effect| match effect {
                Effect::Send { call, .. } if *call == refused => Fate::No,
                _ => Fate::Good,
            };
            for _ in 0..500 {
                if !world.op.has_problems(false) {
                    world.one(&last, &fate);
                }
            }
            assert!(world.op.has_problems(false), "{refused:?}\n{}", world.story());
        }
    }
}
