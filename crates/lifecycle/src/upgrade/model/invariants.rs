//! What must hold of every call and at the end, by what the server really has.

use super::server::*;
use super::state::{ModelState, scheduled};
use crate::operation::Delivery;
use crate::upgrade::*;

impl ModelState {
    /// What must hold of every call, by what the server really has, but for what another user did after the last
    /// reading before the call: that cannot be known.
    pub(crate) fn may_be_sent(&mut self, call: Call, places: &[usize]) {
        if matches!(call, Call::Upgrade | Call::Redeploy | Call::RollBack | Call::Recover) {
            let works = self.op.upgrade_step().map_or(&[][..], |upgrading| &upgrading.apps);
            let open = self.ghost.unanswered.iter().find(|place| works[**place].is_open());
            must(&mut self.wrong, open.is_none(), || {
                format!("{call:?} of {places:?} while {open:?} has no answer")
            });
            let verifying = works.iter().filter(|work| work.is_open()).count();
            must(&mut self.wrong, self.op.plan.list || verifying <= 4, || {
                format!("{call:?} while {verifying} are verified")
            });
        }
        if matches!(call, Call::Start | Call::Resume) && matches!(self.op.step, Step::Restore(_)) {
            let mut apps = self.op.upgrade_step().map_or(&[][..], |upgrading| &upgrading.apps).iter();
            let mut stops = self.op.stop_rounds.iter().flat_map(|round| round.stop.calls.values());
            let open = apps.any(AppUpgrade::is_open) || stops.any(|call| call.answer.is_none());
            must(&mut self.wrong, !open, || format!("{call:?} while a request before the restore is open"));
        }
        match call {
            Call::Upgrade | Call::Redeploy | Call::RollBack => {
                let server = &self.server;
                for run in server.runs.iter().filter(|run| !run.record.status.is_end()) {
                    let named = places.contains(&run.app);
                    let upgrades = matches!(self.op.step, Step::Upgrade(_));
                    if named || upgrades && self.op.is_in_scope(run.app) {
                        let unknown = run.born > self.ghost.looked[run.app] || !named;
                        must(&mut self.wrong, run.by == By::Another && unknown, || {
                            format!("{call:?} of {places:?} while {} runs", run.record.run)
                        });
                    }
                }
                let works = self.op.upgrade_step().map_or(&[][..], |upgrading| &upgrading.apps);
                for place in places {
                    let app = &server.apps[*place];
                    let ready =
                        works.get(*place).is_some_and(|work| matches!(work.state, AppUpgradeState::Ready(_)));
                    must(&mut self.wrong, ready, || format!("{call:?} of {place} not read before"));
                    let saved = self.ghost.backup.as_ref().and_then(|has| has[*place]);
                    let known = app.changed > self.ghost.looked[*place];
                    let same = saved == Some(app.version) || call == Call::RollBack && saved.is_some();
                    must(&mut self.wrong, same || known && saved.is_some(), || {
                        format!("{call:?} of {place} at version {} with a backup of {saved:?}", app.version)
                    });
                    let late = server.late.is_none_or(|(_, _, place)| is_unreadable(&works[place]));
                    must(&mut self.wrong, late, || format!("{call:?} while another is in doubt"));
                    if call == Call::Redeploy {
                        let work = &works[*place];
                        let last = server.runs.iter().rfind(|run| run.app == *place && run.told > 0);
                        let drained = last.is_none_or(|run| run.drains);
                        let anyway = work.risk_accepted.is_some();
                        must(&mut self.wrong, drained || anyway, || {
                            format!("redeploy of {place} with records left")
                        });
                    }
                }
            }
            Call::Start | Call::Recover => {
                let start = match call {
                    Call::Start => &self.op.restarts()[places[0]],
                    _ => &self.op.upgrade_step().unwrap().drain.as_ref().unwrap().restart,
                };
                let app = self.app(&start.run.program);
                let ours: Vec<_> = self.op.restarts().iter().filter_map(Restart::became).cloned().collect();
                for run in self.server.alive(app) {
                    let unknown = run.by == By::Another && run.born > self.ghost.runs_read[app];
                    let known = ours.contains(&run.record.run);
                    must(&mut self.wrong, unknown || known, || {
                        format!("a second copy beside {}", run.record.run)
                    });
                }
            }
            Call::Resume => {
                let at = scheduled(&self.op, places[0]);
                let others = self.server.schedules[at].paused_by == Some(By::Another);
                let told = self.op.schedules[places[0]].may_have_been_sent;
                must(&mut self.wrong, !others || told, || {
                    "a schedule that another user paused is resumed".into()
                });
                let settled = self.op.restarts().iter().all(Restart::is_settled);
                must(&mut self.wrong, settled, || {
                    "a schedule is resumed before every start is settled".into()
                });
            }
            Call::Pause => {}
        }
    }

    /// What must hold when it is over.
    pub(crate) fn at_the_end(&mut self) {
        let (server, op) = (&self.server, &self.op);
        must(&mut self.wrong, !op.has_open_requests(), || "something is open at the end".into());
        for (place, switch) in op.schedules.iter().enumerate() {
            let schedule = &server.schedules[scheduled(op, place)];
            let said = matches!(
                switch.state,
                ScheduleTaskState::LeftSuspended
                    | ScheduleTaskState::Resume(Delivery::Refused(_))
                    | ScheduleTaskState::Deleted
            );
            let told = switch.may_have_been_sent && schedule.paused_by == Some(By::Us);
            let ours = schedule.paused_by == Some(By::Us);
            must(&mut self.wrong, !ours || said, || format!("schedule {place} stays off: {told}"));
        }
        for run in server.runs.iter().filter(|run| run.by != By::Us && run.told > 0) {
            let start = op.restarts().iter().find(|start| start.run.run == run.record.run);
            // What began between the reading and a batch call is named by the answer alone.
            let mut calls = op.stop_rounds.iter().flat_map(|round| round.stop.calls.values());
            let unnamed = calls.any(|call| !matches!(call.answer, Some((_, Ok(())))));
            // What began while the answer to our start is lost cannot be told from our start.
            let mut recovered = op.stop_rounds.iter().filter(|round| round.drained.is_some());
            let taken = recovered.any(|round| round.stop.plan.targets[0].run.run == run.record.run);
            if start.is_none() && run.by == By::Another && (unnamed || taken) {
                continue;
            }
            must(&mut self.wrong, start.is_some_and(Restart::is_settled), || {
                format!("{} is forgotten", run.record.run)
            });
            if start.is_some_and(|start| start.state == RestartState::StillActive) {
                must(&mut self.wrong, !run.record.status.is_end(), || {
                    format!("{} does not run", run.record.run)
                });
            }
        }
        for run in &server.runs {
            must(&mut self.wrong, run.told <= 1, || format!("{} was told to stop twice", run.record.run));
        }
        for app in 0..server.apps.len() {
            let stopped = server.runs.iter().filter(|run| run.app == app && run.by != By::Us && run.told > 0);
            let recovered = op.stop_rounds.iter().filter(|round| round.drained == Some(app)).count();
            let started = server.runs.iter().filter(|run| run.app == app && run.by == By::Us).count();
            let most = stopped.count() + recovered.max(usize::from(server.apps[app].streams));
            must(&mut self.wrong, started <= most + self.ghost.retries as usize, || {
                format!("{started} starts of {app} for {most}")
            });
        }
        let Some(upgrading) = op.upgrade_step() else { return };
        for (place, work) in upgrading.apps.iter().enumerate() {
            let app = &server.apps[place];
            let backs = u32::from(work.rolling_back);
            must(&mut self.wrong, app.made <= 1 + backs + self.ghost.retries, || {
                format!("{} versions were made of {place}", app.made)
            });
            let ours = app.made > 0 && app.changed == 0 && !work.rolling_back && self.ghost.retries == 0;
            let drifted = matches!(work.state, AppUpgradeState::Changed(_));
            must(&mut self.wrong, !(ours && drifted), || {
                format!("the upgrade of {place} was ours and counts as another's")
            });
            let disproved = matches!(work.delivery(), Some(Delivery::Disproved(_)));
            let failed = disproved && work.still_on.is_some();
            let late = server.late.is_some_and(|(_, _, late)| late == place) && !is_unreadable(work);
            must(&mut self.wrong, !(ours && failed || late), || {
                format!("the upgrade of {place} is done and counts as failed")
            });
            if work.is_upgraded() {
                must(&mut self.wrong, app.artifact == NEW, || format!("{place} is said to be upgraded"));
            } else if work.is_done() {
                must(&mut self.wrong, app.artifact == OLD, || format!("{place} is said to be rolled back"));
            }
        }
    }
}

/// Whether the server refuses to let an application be read: nothing more can be known about it.
fn is_unreadable(work: &AppUpgrade) -> bool {
    matches!(work.delivery(), Some(Delivery::Disproved(_))) && work.still_on.is_none()
}

fn must(wrong: &mut Option<String>, holds: bool, what: impl FnOnce() -> String) {
    if !holds && wrong.is_none() {
        *wrong = Some(what());
    }
}
