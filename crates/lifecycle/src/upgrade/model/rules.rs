//! What must hold of every call and at the end, by what the server really has.

use super::server::*;
use super::world::{World, scheduled};
use crate::upgrade::guard::{Guard, without};
use crate::upgrade::*;

impl World {
    /// What must hold of every call, by what the server really has, but for what somebody else did after the last
    /// reading before the call: that cannot be known.
    pub(crate) fn may_be_sent(&mut self, call: Call, places: &[usize]) {
        if matches!(call, Call::Upgrade | Call::Redeploy | Call::RollBack | Call::Recover) {
            let works = self.op.upgrading().map_or(&[][..], |upgrading| &upgrading.works);
            let open = self.ghost.unanswered.iter().find(|place| works[**place].is_open());
            must(&mut self.wrong, open.is_none(), || {
                format!("{call:?} of {places:?} while {open:?} has no answer")
            });
            let verifying = works.iter().filter(|work| work.is_open()).count();
            must(&mut self.wrong, self.op.plan.list || verifying <= 4, || {
                format!("{call:?} while {verifying} are verified")
            });
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
                let works = self.op.upgrading().map_or(&[][..], |upgrading| &upgrading.works);
                for place in places {
                    let app = &server.apps[*place];
                    let ready =
                        works.get(*place).is_some_and(|work| matches!(work.state, WorkState::Ready(_)));
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
                        let anyway = work.anyway.is_some();
                        must(&mut self.wrong, drained || anyway, || {
                            format!("redeploy of {place} with records left")
                        });
                    }
                }
            }
            Call::Start | Call::Recover => {
                let start = match call {
                    Call::Start => &self.op.starts()[places[0]],
                    _ => &self.op.upgrading().unwrap().recovery.as_ref().unwrap().start,
                };
                let app = self.app(&start.run.program);
                let ours: Vec<_> = self.op.starts().iter().filter_map(Start::became).cloned().collect();
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
                let told = self.op.schedules[places[0]].told;
                must(&mut self.wrong, !others || told, || {
                    "a schedule that somebody else paused is resumed".into()
                });
                let settled = self.op.starts().iter().all(Start::is_settled);
                must(&mut self.wrong, settled, || "a schedule goes on before every start is settled".into());
            }
            Call::Pause => {}
        }
    }

    /// What must hold when it is over.
    pub(crate) fn at_the_end(&mut self) {
        let (server, op) = (&self.server, &self.op);
        must(&mut self.wrong, !op.is_anything_open(), || "something is open at the end".into());
        for (place, switch) in op.schedules.iter().enumerate() {
            let schedule = &server.schedules[scheduled(op, place)];
            let said =
                matches!(switch.state, SwitchState::LeftOff | SwitchState::NotResumed(_) | SwitchState::Gone);
            let told = switch.told && schedule.paused_by == Some(By::Us);
            let ours = schedule.paused_by == Some(By::Us);
            let aborted_mutant = without(Guard::AbortPutsBack);
            must(&mut self.wrong, !ours || said && !aborted_mutant, || {
                format!("schedule {place} stays off: {told}")
            });
        }
        for run in server.runs.iter().filter(|run| run.by != By::Us && run.told > 0) {
            let start = op.starts().iter().find(|start| start.run.run == run.record.run);
            // What began between the reading and a batch call is named by the answer alone.
            let mut calls = op.rounds.iter().flat_map(|round| round.stop.calls.values());
            let unnamed = calls.any(|call| !matches!(call.answer, Some((_, Ok(())))));
            // What began while the answer to our start is lost cannot be told from our start.
            let mut recovered = op.rounds.iter().filter(|round| round.recovery.is_some());
            let taken = recovered.any(|round| round.stop.plan.targets[0].run.run == run.record.run);
            if start.is_none() && run.by == By::Another && (unnamed || taken) {
                continue;
            }
            must(&mut self.wrong, start.is_some_and(Start::is_settled), || {
                format!("{} is forgotten", run.record.run)
            });
            if start.is_some_and(|start| start.state == StartState::StillRuns) {
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
            let recovered = op.rounds.iter().filter(|round| round.recovery == Some(app)).count();
            let started = server.runs.iter().filter(|run| run.app == app && run.by == By::Us).count();
            let most = stopped.count() + recovered.max(usize::from(server.apps[app].streams));
            must(&mut self.wrong, started <= most + self.ghost.retries as usize, || {
                format!("{started} starts of {app} for {most}")
            });
        }
        let Some(upgrading) = op.upgrading() else { return };
        for (place, work) in upgrading.works.iter().enumerate() {
            let app = &server.apps[place];
            let backs = u32::from(work.back);
            must(&mut self.wrong, app.made <= 1 + backs + self.ghost.retries, || {
                format!("{} versions were made of {place}", app.made)
            });
            let ours = app.made > 0 && app.changed == 0 && !work.back && self.ghost.retries == 0;
            let drifted = matches!(work.state, WorkState::Drifted(_));
            must(&mut self.wrong, !(ours && drifted), || {
                format!("the upgrade of {place} was ours and counts as another's")
            });
            let failed = matches!(&work.state, WorkState::Failed(why) if why.still_on.is_some());
            let late = server.late.is_some_and(|(_, _, late)| late == place) && !is_unreadable(work);
            must(&mut self.wrong, !(ours && failed || late), || {
                format!("the upgrade of {place} is done and counts as failed")
            });
            if work.is_upgraded() {
                must(&mut self.wrong, app.artifact == NEW, || format!("{place} is said to be upgraded"));
            } else if work.state == WorkState::Done {
                must(&mut self.wrong, app.artifact == OLD, || format!("{place} is said to be rolled back"));
            }
        }
    }
}

/// Whether the server refuses to let an application be read: nothing more can be found out about it.
fn is_unreadable(work: &Work) -> bool {
    matches!(&work.state, WorkState::Failed(Failure { still_on: None, .. }))
}

fn must(wrong: &mut Option<String>, holds: bool, what: impl FnOnce() -> String) {
    if !holds && wrong.is_none() {
        *wrong = Some(what());
    }
}
