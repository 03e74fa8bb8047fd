//! Upgrades to begin a test with, and what happens in them.

use super::*;
use crate::upgrade::*;

pub(crate) fn good(_: &Effect) -> Fate {
    Fate::Good
}

/// The decision that comes last: what the operator would rather do, such as to recover first.
pub(crate) fn last(decisions: &[Event]) -> usize {
    decisions.len().wrapping_sub(1)
}

/// A batch pipeline with two runs, one that is scheduled, one with a run of an older version, a real-time one that
/// is redeployed, and one that the server refuses.
pub(crate) fn five() -> ModelState {
    let names = ["a_two_runs", "b_scheduled", "c_older", "d_clicks", "e_refused"];
    let mut server = Server::new(&names.map(|name| (name, matches!(&name[..1], "d" | "e"))));
    for app in [0, 0, 2, 3] {
        server.start(app, By::Before, 0);
    }
    server.runs[3].drains = false;
    server.apps[2].version = 2;
    server.schedules.push(Schedule { app: 1, on: true, paused_by: None, after: false });
    let mut plan = plan(&server, false);
    plan.applications[4].way = UpgradeMethod::Upgrade;
    ModelState::new(server, plan)
}

/// Many batch pipelines: a run of each fifth is active, and each second has a schedule.
pub(crate) fn fleet(applications: usize) -> ModelState {
    let name = |place| (&*format!("application_with_a_name_{place:04}").leak(), false);
    let mut server = Server::new(&(0..applications).map(name).collect::<Vec<(&'static str, bool)>>());
    for app in 0..applications {
        if app % 5 == 0 {
            server.start(app, By::Before, 0);
        }
        if app % 2 == 0 {
            server.schedules.push(Schedule { app, on: true, paused_by: None, after: false });
        }
    }
    let plan = plan(&server, false);
    ModelState::new(server, plan)
}

/// A real-time pipeline whose stop left something, that the server refused to upgrade, and that is to be redeployed.
pub(crate) fn refused() -> ModelState {
    let mut server = Server::new(&[("a", true)]);
    server.start(0, By::Before, 0);
    server.runs[0].drains = false;
    let mut plan = plan(&server, false);
    plan.applications[0].way = UpgradeMethod::Upgrade;
    let mut world = ModelState::new(server, plan);
    while !matches!(&world.op.step, Step::Upgrade(step) if step.apps[0].is_settled()) {
        world.step();
    }
    world.feed(Event::command(world.now(), Command::Redeploy(AppIndex(0))));
    world
}
