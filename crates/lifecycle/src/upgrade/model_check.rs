//! Every order of things: what the server does with each effect, what another user does at the same time, what the operator
//! decides, and a page that dies at any moment. States are told apart by everything but their times.

use super::model::*;
use super::*;
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};
use std::time::Instant;

/// A hasher that does not see times: all of them are 64-bit numbers with a sign, and nothing else is. It mixes whole
/// words, since most of a search is hashing.
#[derive(Default)]
struct Timeless(u64);

impl Timeless {
    fn mix(&mut self, word: u64) {
        let mixed =
            u128::from(self.0.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        #[expect(clippy::cast_possible_truncation, reason = "the two halves are folded")]
        let folded = (mixed >> 64) as u64 ^ mixed as u64;
        self.0 = folded;
    }
}

impl Hasher for Timeless {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(word));
        }
    }
    fn write_u8(&mut self, number: u8) {
        self.mix(u64::from(number) | 1 << 32);
    }
    fn write_u32(&mut self, number: u32) {
        self.mix(u64::from(number) | 1 << 33);
    }
    fn write_usize(&mut self, number: usize) {
        self.mix(number as u64 ^ 1 << 34);
    }
    fn write_isize(&mut self, number: isize) {
        self.mix(number.unsigned_abs() as u64 ^ 1 << 35);
    }
    fn write_i64(&mut self, _: i64) {}
}

#[derive(Clone)]
struct Node {
    world: ModelState,
    /// How many disturbances may still come.
    left: u8,
    depth: u32,
    /// What was last disturbed, for the story.
    told: Vec<String>,
}

impl Node {
    fn essence(&self) -> u64 {
        let mut hasher = Timeless::default();
        let world = &self.world;
        world.op.hash(&mut hasher);
        world.server.hash(&mut hasher);
        (&world.ghost.backup, world.ghost.retries, world.waited, self.left).hash(&mut hasher);
        // What is newer than what, for what the tests know of another user's doing.
        for run in world.server.runs.iter().filter(|run| run.by == By::Another) {
            (run.born > world.ghost.looked[run.app], run.born > world.ghost.runs_read[run.app])
                .hash(&mut hasher);
        }
        for (app, looked) in world.server.apps.iter().zip(&world.ghost.looked) {
            (app.changed > *looked).hash(&mut hasher);
        }
        hasher.finish()
    }
}

/// What a search found.
struct Found {
    states: usize,
    ends: usize,
    wrong: Option<String>,
}

fn search(world: ModelState, disturbances: u8) -> Found {
    let mut seen: HashSet<u64, BuildHasherDefault<DefaultHasher>> = HashSet::default();
    let mut stack = vec![Node { world, left: disturbances, depth: 0, told: Vec::new() }];
    let mut found = Found { states: 0, ends: 0, wrong: None };
    while let Some(node) = stack.pop() {
        found.states += 1;
        let successors = successors(&node);
        if successors.is_empty() {
            let mut world = node.world.clone();
            if matches!(world.op.step, Step::Report(_)) {
                found.ends += 1;
                world.at_the_end();
            } else {
                world.wrong = Some(format!("nothing goes on: {:?}", world.op.can_continue()));
            }
            if let Some(wrong) = world.wrong.take() {
                found.wrong = Some(format!("{wrong}\n{:?}\n{}", node.told, world.story()));
                return found;
            }
        }
        for next in successors {
            if let Some(wrong) = &next.world.wrong {
                found.wrong = Some(format!("{wrong}\n{:?}\n{}", next.told, next.world.story()));
                return found;
            }
            if next.depth > 3_000 {
                found.wrong = Some(format!("it does not end\n{:?}\n{}", next.told, next.world.story()));
                return found;
            }
            if seen.insert(next.essence()) {
                stack.push(next);
            }
        }
    }
    found
}

fn successors(node: &Node) -> Vec<Node> {
    let mut out = Vec::new();
    let mut go = |cost: u8, what: &dyn Fn() -> String, act: &dyn Fn(&mut ModelState)| {
        if node.left >= cost {
            let mut next = node.clone();
            next.left -= cost;
            next.depth += 1;
            if cost > 0 {
                next.told.push(what());
            }
            act(&mut next.world);
            out.push(next);
        }
    };
    let op = &node.world.op;
    let effects = node.world.effects();
    let waits = matches!(effects.as_slice(), [Effect::Wait(_)]);
    if effects == [Effect::Done] && decisions(&node.world).is_empty() {
        if let Some(upgrading) = op.upgrade_step() {
            for (place, work) in upgrading.apps.iter().enumerate().filter(|(_, work)| work.is_upgraded()) {
                let roll_back = Event::command(node.world.now(), Command::RollBack(AppIndex(place)));
                let _ = work;
                go(1, &|| format!("roll back {place} at the end"), &|world| world.feed(roll_back.clone()));
            }
        }
        if out.is_empty() {
            return Vec::new();
        }
        // The end itself is a state too: it is looked at here, since the roll back continues from it.
        let mut end = node.world.clone();
        end.at_the_end();
        if end.wrong.is_some() {
            out.push(Node { world: end, ..node.clone() });
        }
        return out;
    }
    if node.left > 0 && node.world.waited == 0 {
        disturb(node, &mut go);
    }
    if effects.is_empty() || waits {
        let decisions = decisions(&node.world);
        for event in &decisions {
            go(0, &String::new, &|world| world.feed(event.clone()));
        }
        if waits && (decisions.is_empty() || node.world.waited <= 40) {
            go(0, &String::new, &|world| world.carry_out(&effects[0], Fate::Good));
        }
        return out;
    }
    let first_and_last = [effects.first(), effects.last().filter(|_| effects.len() > 1)];
    for effect in first_and_last.into_iter().flatten() {
        go(0, &String::new, &|world| world.carry_out(effect, Fate::Good));
        for fate in fates(effect) {
            go(1, &|| format!("{fate:?} of {effect:?}"), &|world| world.carry_out(effect, *fate));
        }
    }
    out
}

type Go<'a> = dyn FnMut(u8, &dyn Fn() -> String, &dyn Fn(&mut ModelState)) + 'a;

/// What others, the operator and the browser may do at any moment.
fn disturb(node: &Node, go: &mut Go<'_>) {
    let (op, now) = (&node.world.op, node.world.now());
    let through_text = node.depth.is_multiple_of(16);
    go(1, &|| "crash".into(), &|world| world.crash(through_text));
    if op.aborted.is_none() && !matches!(op.step, Step::Restore(_) | Step::Report(_)) {
        go(1, &|| "abort".into(), &|world| world.feed(Event::command(now, Command::Abort)));
    }
    for (place, app) in node.world.server.apps.iter().enumerate() {
        if node.world.server.alive(place).count() < 2 {
            go(1, &|| format!("another starts {}", app.name), &|world| {
                world.ghost.step += 1;
                let born = world.ghost.step;
                world.server.start(place, By::Another, born);
            });
        }
        go(1, &|| format!("another deploys {}", app.name), &|world| {
            world.ghost.step += 1;
            world.server.apps[place].changed = world.ghost.step;
            world.server.apps[place].version += 1;
        });
        if op.in_scope().any(|(it, ..)| it == place) && !matches!(op.step, Step::Restore(_) | Step::Report(_))
        {
            let leave = Event::command(now, Command::Exclude(AppIndex(place)));
            go(1, &|| format!("leave {} out", app.name), &|world| world.feed(leave.clone()));
        }
    }
    for (place, schedule) in node.world.server.schedules.iter().enumerate() {
        if schedule.on {
            go(1, &|| format!("another pauses s{place}"), &|world| {
                world.server.schedules[place].on = false;
                world.server.schedules[place].paused_by = Some(By::Another);
            });
        }
    }
    if let Step::Upgrade(step) = &op.step {
        for (place, work) in step.apps.iter().enumerate() {
            let again = work.has_failed();
            if work.is_upgraded() {
                let roll_back = Event::command(now, Command::RollBack(AppIndex(place)));
                go(1, &|| format!("roll back {place}"), &|world| world.feed(roll_back.clone()));
            } else if again {
                let retry = Event::command(now, Command::Retry(Part::Application(AppIndex(place))));
                go(1, &|| format!("retry {place}"), &|world| {
                    world.ghost.retries += 1;
                    world.feed(retry.clone());
                });
            }
        }
    }
}

fn fates(effect: &Effect) -> &'static [Fate] {
    use Fate as F;
    match effect {
        Effect::Send { call: Call::Upgrade | Call::Redeploy | Call::RollBack, .. } => &[
            F::LostBefore,
            F::LostAfter,
            F::Late,
            F::SignIn,
            F::Away,
            F::No,
            F::Fails,
            F::FailsAfter,
            F::Hollow,
            F::CrashBefore,
            F::CrashAfter,
        ],
        Effect::Send { .. } => {
            &[F::LostBefore, F::LostAfter, F::SignIn, F::Away, F::No, F::CrashBefore, F::CrashAfter]
        }
        Effect::Stop(crate::stop::Effect::Send { .. }) => {
            &[F::LostBefore, F::LostAfter, F::SignIn, F::CrashBefore, F::CrashAfter]
        }
        Effect::MakeBackup => &[F::LostBefore, F::Hollow],
        Effect::ReadApplication { .. }
        | Effect::ReadRun(..)
        | Effect::ReadRuns(..)
        | Effect::ReadSchedule(_) => &[F::LostBefore, F::SignIn, F::No],
        Effect::SaveBackup => &[F::LostBefore],
        _ => &[],
    }
}

/// One batch pipeline that runs and is scheduled.
fn batch() -> ModelState {
    let mut server = Server::new(&[("a", false)]);
    server.start(0, By::Before, 0);
    server.schedules.push(Schedule { app: 0, on: true, paused_by: None, after: false });
    let plan = plan(&server, false);
    ModelState::new(server, plan)
}

/// A real-time pipeline that is redeployed, and that does not drain the first time.
fn real_time() -> ModelState {
    let mut server = Server::new(&[("a", true)]);
    server.start(0, By::Before, 0);
    server.runs[0].drains = false;
    let plan = plan(&server, false);
    ModelState::new(server, plan)
}

/// Two batch pipelines in one call: one whose run never ends, and one with a run of an older version and a schedule
/// that the other triggers.
fn two(list: bool) -> ModelState {
    let mut server = Server::new(&[("a", false), ("b", false)]);
    server.start(0, By::Before, 0);
    server.runs[0].takes = i64::MAX / 2;
    server.start(1, By::Before, 0);
    let plan = plan(&server, list);
    server.schedules.push(Schedule { app: 0, on: true, paused_by: None, after: false });
    server.schedules.push(Schedule { app: 1, on: true, paused_by: None, after: true });
    ModelState::new(server, plan)
}

fn with_older() -> ModelState {
    let mut server = Server::new(&[("a", false), ("b", false)]);
    server.start(0, By::Before, 0);
    server.apps[0].version = 2;
    server.start(0, By::Before, 0);
    let plan = plan(&server, true);
    ModelState::new(server, plan)
}

/// Pipelines that nothing holds back, so that each is called while those before it are verified.
fn independent() -> ModelState {
    let server = Server::new(&[("a", false), ("b", false)]);
    let plan = plan(&server, false);
    ModelState::new(server, plan)
}

/// `at_least` is a floor: a search that sees much less than it did has lost something to look at.
fn nothing_goes_wrong(name: &str, world: ModelState, disturbances: u8, at_least: usize) {
    let began = Instant::now();
    let found = search(world, disturbances);
    println!(
        "{name}, {disturbances} disturbances: {} states, {} ends, {:.1} s",
        found.states,
        found.ends,
        began.elapsed().as_secs_f64()
    );
    assert!(found.wrong.is_none(), "{name}: {}", found.wrong.unwrap_or_default());
    assert!(found.ends > 10, "{name}");
    assert!(found.states >= at_least, "{name}: only {} states", found.states);
}

#[test]
fn a_batch_pipeline_that_runs_and_is_scheduled_survives_any_two_disturbances() {
    nothing_goes_wrong("a batch pipeline", batch(), 2, 35_000);
}

#[test]
fn a_real_time_pipeline_that_is_recovered_and_redeployed_survives_any_two_disturbances() {
    nothing_goes_wrong("a real-time pipeline", real_time(), 2, 65_000);
}

#[test]
fn two_pipelines_with_a_run_that_never_ends_survive_any_two_disturbances() {
    nothing_goes_wrong("a run that never ends", two(false), 2, 45_000);
}

#[test]
fn two_pipelines_in_one_call_with_a_run_of_an_older_version_survive_any_disturbance() {
    nothing_goes_wrong("two in one call", with_older(), 1, 10_000);
}

#[test]
fn two_pipelines_that_are_verified_side_by_side_survive_any_two_disturbances() {
    nothing_goes_wrong("two side by side", independent(), 2, 40_000);
}
