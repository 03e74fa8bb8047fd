//! An operator who decides everything that can be decided.

use super::state::ModelState;
use crate::grace::Grace;
use crate::stop;
use crate::upgrade::*;

/// What an operator decides when nothing happens without a decision, all that could be decided in this state.
pub(crate) fn decisions(world: &ModelState) -> Vec<Event> {
    let (op, now) = (&world.op, world.now());
    let command = |command| Event::command(now, command);
    if op.connectivity.requires_sign_in()
        || op.current_stop().is_some_and(|stop| stop.connectivity.requires_sign_in())
    {
        return vec![Event::new(now, EventKind::SignedIn)];
    }
    let patience = world.waited > 40;
    match &op.step {
        Step::Review(_) => {
            if let Some((place, ..)) = op.in_scope().find(|(_, _, scoped)| scoped.read_error.is_some()) {
                return vec![
                    command(Command::Exclude(AppIndex(place))),
                    command(Command::Refresh(AppIndex(place))),
                ];
            }
            if op.can_continue().is_err()
                && let Some(risk) = op.risks().first()
                && let Step::Review(step) = &op.step
            {
                let open = op
                    .risks()
                    .into_iter()
                    .find(|risk| !step.acknowledged.contains(&(risk.class, risk.count)));
                let risk = open.as_ref().unwrap_or(risk);
                return vec![Event::command(now, Command::Acknowledge(risk.class, risk.count))];
            }
        }
        Step::PauseSchedules(step) if !step.begun && !op.schedules.is_empty() => {
            return vec![command(Command::Begin(None))];
        }
        Step::PauseSchedules(_) => {
            let refused = op.schedules.iter().enumerate().find_map(|(place, switch)| {
                let stands = switch.is_pause_refused();
                (stands && op.is_in_scope(switch.application)).then_some((place, switch))
            });
            if let Some((place, switch)) = refused {
                return vec![
                    command(Command::Exclude(AppIndex(switch.application))),
                    Event::command(now, Command::Retry(Part::Pause(ScheduleIndex(place)))),
                ];
            }
        }
        Step::StopRuns(step) => {
            if let Some(StopRound { stop, .. }) = op.stop_rounds.last() {
                let stuck = stop.views(now).into_iter().find(|view| {
                    let in_scope = op.index_of_target(&stop.plan.targets[view.place]);
                    let in_scope = in_scope.is_some_and(|place| op.is_in_scope(place));
                    let trouble = matches!(
                        view.state,
                        stop::StopState::NotStopped(_)
                            | stop::StopState::Refused(_)
                            | stop::StopState::Gone(_)
                    );
                    in_scope && (trouble || patience && !view.outcome.ending.is_end())
                });
                if let Some(view) = stuck {
                    let place = op.index_of_target(&stop.plan.targets[view.place]).unwrap();
                    let mut all = vec![command(Command::Exclude(AppIndex(place))), command(Command::Abort)];
                    if !patience {
                        let again = stop::Event::SendAgain { at: now, target: view.place };
                        all.push(Event::stop(again));
                    }
                    return all;
                }
            }
            if op.stop_round_is_over() && !op.active_runs().is_empty() {
                return vec![Event::command(now, Command::Begin(Some(Grace::default())))];
            }
            let failed = op
                .in_scope()
                .find(|(place, _, scoped)| scoped.read_error.is_some() && step.proofs[*place].is_none());
            if let (Some((place, ..)), true) = (failed, patience) {
                return vec![command(Command::Exclude(AppIndex(place)))];
            }
        }
        Step::BackUp(step) if !step.begun => return vec![command(Command::Begin(None))],
        Step::BackUp(step) => {
            if let (Some(made), Err(_)) = (&step.made, op.can_continue()) {
                let missing = op.missing_from(made);
                if let Some(place) = missing.first() {
                    return vec![command(Command::Begin(None)), command(Command::Exclude(AppIndex(*place)))];
                }
            }
        }
        Step::Upgrade(step) if !step.begun => return vec![command(Command::Begin(None))],
        Step::Upgrade(step) => {
            for (place, work) in step.apps.iter().enumerate() {
                let in_scope = step.drain.is_none() && op.is_in_scope(place);
                if in_scope
                    && work.state == AppUpgradeState::Pending
                    && !op.may_redeploy(place, work)
                    && op.aborted.is_none()
                {
                    let mut all = vec![
                        Event::command(now, Command::AcceptRisk(AppIndex(place), "so be it".into())),
                        command(Command::Exclude(AppIndex(place))),
                    ];
                    let recovered = op.stop_rounds.iter().any(|round| round.drained == Some(place));
                    if !recovered && work.drain_failure.is_none() {
                        all.push(command(Command::Drain(AppIndex(place))));
                    }
                    return all;
                }
            }
        }
        Step::Restore(step) if !step.begun => return vec![command(Command::Begin(None))],
        Step::Restore(step) | Step::Report(step) => {
            let waiting = step.restarts.iter().position(|start| !start.is_settled() && !start.is_open());
            if let (Some(place), true) = (waiting, patience) {
                return vec![Event::command(now, Command::Skip(Part::Start(RestartIndex(place))))];
            }
        }
    }
    if op.can_continue().is_ok() {
        return vec![command(Command::Continue)];
    }
    if op.in_scope().next().is_none() { vec![command(Command::Abort)] } else { Vec::new() }
}
