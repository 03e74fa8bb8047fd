//! Runs. A run stores its plan and its stop; its status at a time is computed from them.

use super::drain::Drain;
use super::settings::Settings;
use super::text::Text;

/// How a run ends if it is not stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunPlan {
    /// It does not end.
    Endless,
    /// It ends after a number of milliseconds in RUNNING.
    Ends { after: i64, failed: bool },
    /// It was rejected immediately.
    Rejected,
    /// It stays in a status: PENDING or SUSPENDED.
    Held(RunState),
}

/// The status of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunState {
    Pending,
    Starting,
    Running,
    Suspended,
    Stopping,
    Completed,
    Failed,
    Killed,
    Rejected,
}

impl RunState {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Starting => "STARTING",
            Self::Running => "RUNNING",
            Self::Suspended => "SUSPENDED",
            Self::Stopping => "STOPPING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Killed => "KILLED",
            Self::Rejected => "REJECTED",
        }
    }

    pub(crate) fn is_end(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Killed | Self::Rejected)
    }

    /// Whether a run-level stop is accepted.
    pub(crate) fn stops_alone(self) -> bool {
        matches!(self, Self::Pending | Self::Starting | Self::Running | Self::Suspended)
    }
}

/// The stop of a run.
#[derive(Debug, Clone)]
pub(crate) struct Stop {
    /// When, in milliseconds.
    pub at: i64,
    /// The grace period, in seconds.
    pub grace: i64,
    /// When the program ends on its own, in milliseconds; `None` if it never does.
    pub ends: Option<i64>,
    /// The drain of a real-time run.
    pub drain: Option<Drain>,
}

impl Stop {
    /// When the terminator ends a run that does not end on its own, in milliseconds.
    pub(crate) fn forced_end(&self, settings: &Settings) -> Option<i64> {
        if !settings.forces {
            return None;
        }
        let interval = settings.terminator_interval.max(1).checked_mul(1_000)?;
        let grace = settings.terminate_buffer.checked_add(self.grace)?;
        let due = grace.checked_mul(1_000)?.checked_add(self.at)?;
        due.checked_add(interval - 1)?.checked_div(interval)?.checked_mul(interval)
    }

    /// The number of records that a real-time run leaves: those that its driver leaves, and, if the terminator ends it
    /// earlier, those that it had not drained by then.
    pub(crate) fn left(&self, settings: &Settings) -> i64 {
        let Some(drain) = self.drain else { return 0 };
        let Some(forced) = self.forced_end(settings) else { return drain.left };
        let takes = self.ends.map_or(i64::MAX, |ends| ends - self.at).max(1);
        let undone = takes.saturating_sub(forced - self.at).max(0);
        let rest = i128::from(drain.backlog) * i128::from(undone) / i128::from(takes);
        drain.left.max(i64::try_from(rest).unwrap_or(drain.backlog))
    }
}

/// A run. Times are in milliseconds since the epoch.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub id: Text,
    pub version: Text,
    /// When it was started. A run with a later start does not exist yet.
    pub starting: i64,
    /// The milliseconds until it was RUNNING.
    pub launch: i64,
    pub plan: RunPlan,
    /// The record's `runtimeArgs`: JSON.
    pub arguments: Text,
    pub stop: Option<Stop>,
    /// The run of a batch pipeline's Spark phase: its name and id.
    pub phase: Option<(Text, Text)>,
}

/// The status and times of a run at a point in time, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RunSnapshot {
    pub state: RunState,
    pub start: Option<i64>,
    pub end: Option<i64>,
    pub suspend: Option<i64>,
    pub stopping: Option<i64>,
    pub terminate: Option<i64>,
}

impl Run {
    /// Whether it exists at a time.
    pub(crate) fn exists(&self, now: i64) -> bool {
        self.starting <= now
    }

    pub(crate) fn state(&self, now: i64, settings: &Settings) -> RunState {
        self.snapshot(now, settings).state
    }

    /// Whether its record has its own arguments. A new one has the system's first.
    pub(crate) fn has_its_arguments(&self, now: i64) -> bool {
        self.stop.is_some() || now >= self.starting.saturating_add(100)
    }

    /// When it was or will be RUNNING.
    pub(crate) fn running(&self) -> i64 {
        self.starting + self.launch
    }

    /// When the Spark phase of a batch pipeline starts.
    pub(crate) fn phase_starts(&self) -> i64 {
        self.running() + 4_000
    }

    /// When it ends, and with which status.
    fn end(&self, settings: &Settings) -> Option<(i64, RunState)> {
        let natural = match self.plan {
            RunPlan::Endless | RunPlan::Held(_) => None,
            RunPlan::Rejected => Some((self.starting, RunState::Rejected)),
            RunPlan::Ends { after, failed } => {
                Some((self.running() + after, if failed { RunState::Failed } else { RunState::Completed }))
            }
        };
        let stopped = self.stop.as_ref().and_then(|stop| {
            [stop.ends, stop.forced_end(settings)]
                .into_iter()
                .flatten()
                .min()
                .map(|at| (at, RunState::Killed))
        });
        match (natural, stopped) {
            (Some(natural), Some(stopped)) => Some(if natural.0 < stopped.0 { natural } else { stopped }),
            (natural, stopped) => natural.or(stopped),
        }
    }

    /// Its status and times at a point in time.
    pub(crate) fn snapshot(&self, now: i64, settings: &Settings) -> RunSnapshot {
        let end = self.end(settings).filter(|(at, _)| *at <= now);
        let stop = self.stop.as_ref().filter(|stop| stop.at <= now);
        let last = end.map_or(now, |(at, _)| at);
        let held = match self.plan {
            RunPlan::Held(state) => Some(state),
            _ => None,
        };
        let runs = self.running() <= last
            && held != Some(RunState::Pending)
            && self.plan != RunPlan::Rejected
            && stop.is_none_or(|stop| self.running() <= stop.at);
        let state = match (end, stop) {
            (Some((_, state)), _) => state,
            (None, Some(_)) => RunState::Stopping,
            (None, None) => match held {
                Some(state) => state,
                None if runs => RunState::Running,
                None if now - self.starting < self.launch / 8 => RunState::Pending,
                None => RunState::Starting,
            },
        };
        let suspended = held == Some(RunState::Suspended);
        RunSnapshot {
            state,
            start: runs.then(|| self.running()),
            end: end.map(|(at, _)| at),
            suspend: suspended.then(|| self.running() + 60_000),
            stopping: stop.map(|stop| stop.at),
            terminate: stop.map(|stop| stop.at.saturating_add(stop.grace.saturating_mul(1_000))),
        }
    }

    /// Shifts all its times, as a server whose clock was changed does.
    pub(crate) fn shift(&mut self, millis: i64) {
        self.starting += millis;
        if let Some(stop) = &mut self.stop {
            stop.at += millis;
            stop.ends = stop.ends.map(|ends| ends + millis);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::drain::Ending;

    fn run(plan: RunPlan) -> Run {
        Run {
            id: "r".into(),
            version: "v".into(),
            starting: 10_000,
            launch: 800,
            plan,
            arguments: "{}".into(),
            stop: None,
            phase: None,
        }
    }

    fn stopped(grace: i64, ends: Option<i64>) -> Run {
        Run { stop: Some(Stop { at: 20_000, grace, ends, drain: None }), ..run(RunPlan::Endless) }
    }

    #[test]
    fn a_run_is_pending_then_starting_then_running() {
        let run = run(RunPlan::Endless);
        let states = [10_000, 10_200, 10_800].map(|now| run.state(now, &Settings::default()));
        assert_eq!(states, [RunState::Pending, RunState::Starting, RunState::Running]);
        assert!(!run.exists(9_999));
    }

    #[test]
    fn a_stopped_run_is_stopping_until_it_is_done_and_then_killed() {
        let run = stopped(300, Some(25_000));
        assert_eq!(run.state(24_999, &Settings::default()), RunState::Stopping);
        let snapshot = run.snapshot(25_000, &Settings::default());
        assert_eq!((snapshot.state, snapshot.end), (RunState::Killed, Some(25_000)));
        assert_eq!((snapshot.stopping, snapshot.terminate), (Some(20_000), Some(320_000)));
    }

    #[test]
    fn a_run_past_its_deadline_can_be_stopping() {
        // 6.11.0 short-deadline, run-stop-late-drain-later: STOPPING 15 s after a stop with a deadline of 5 s.
        let settings = Settings { terminator_interval: 5, terminate_buffer: 0, ..Settings::default() };
        assert_eq!(stopped(5, Some(80_700)).state(35_000, &settings), RunState::Stopping);
        assert_eq!(stopped(5, None).state(i64::MAX / 2, &settings), RunState::Stopping);
    }

    #[test]
    fn where_force_works_the_first_scan_after_deadline_and_buffer_ends_it() {
        let settings = Settings { forces: true, ..Settings::default() };
        // The deadline is 320 s, the buffer 60 s, scans are every 300 s.
        let run = stopped(300, None);
        assert_eq!(run.state(599_999, &settings), RunState::Stopping);
        assert_eq!(run.snapshot(600_000, &settings).end, Some(600_000));
    }

    #[test]
    fn a_drain_that_is_ended_by_force_leaves_what_it_had_not_done() {
        let drain =
            Drain { ending: Ending::Drained, millis: 400_000, backlog: 800, left: 0, recoverable: true };
        let stop = Stop { at: 0, grace: 200, ends: Some(400_000), drain: Some(drain) };
        assert_eq!(stop.left(&Settings::default()), 0);
        // The scan at 300 s ends it, three quarters through.
        let forces = Settings { forces: true, ..Settings::default() };
        assert_eq!(stop.left(&forces), 200);
        let never = Stop { ends: None, ..stop };
        assert_eq!(never.left(&forces), 799);
    }

    #[test]
    fn a_run_that_ends_before_its_stop_has_completed() {
        let run = Run {
            stop: stopped(300, Some(30_000)).stop,
            ..run(RunPlan::Ends { after: 12_000, failed: false })
        };
        assert_eq!(run.state(22_800, &Settings::default()), RunState::Completed);
    }

    #[test]
    fn a_run_stopped_before_it_ran_has_no_start() {
        let mut run = stopped(300, Some(21_000));
        run.launch = 60_000;
        assert_eq!(run.snapshot(30_000, &Settings::default()).start, None);
    }
}
