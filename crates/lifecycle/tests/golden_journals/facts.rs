//! The facts of a folded operation, in words that no refactoring changes.

use quiesce_api::{Error, Timestamp, TransportError};
use quiesce_lifecycle::journal::{self, Entry, Header, OperationKind};
use quiesce_lifecycle::report::Report;
use quiesce_lifecycle::stop::{Drift, Standing, StopOperation};
use quiesce_lifecycle::upgrade::{StartState, Step, SwitchState, UpgradeOperation, Way, Work, WorkState};
use serde_json::{Value, json};

pub fn of(header: &Header, entries: Vec<Entry>) -> Value {
    let last = entries.len();
    let of_kind = match header.kind {
        OperationKind::Stop => match journal::fold(entries) {
            Ok(folded) => json!({
                "kind": "stop",
                "stop": stop(&folded.stop),
                "next_entry": folded.next,
                "unknown_entries": folded.unknown.len(),
            }),
            Err(error) => json!({ "error": error.to_string() }),
        },
        OperationKind::Upgrade => match journal::fold_upgrade(entries.clone()) {
            Ok(folded) => json!({
                "kind": "upgrade",
                "upgrade": upgrade(&folded.upgrade),
                "requests": requests(&entries),
                "next_entry": folded.next,
                "unknown_entries": folded.unknown.len(),
            }),
            Err(error) => json!({ "error": error.to_string() }),
        },
        OperationKind::Other(_) => json!({ "error": "a kind of operation that is not known" }),
    };
    json!({ "id": header.id.0, "entries": last, "operation": of_kind, "error": of_kind.get("error") })
}

/// Every request that changes something, as the report has it.
fn requests(entries: &[Entry]) -> Value {
    let Ok(report) = Report::of(entries, "http://server") else { return Value::Null };
    let calls = report.calls.iter();
    calls
        .map(|call| format!("{} {} {}", call.at.as_millisecond(), call.request.method, call.request.target))
        .collect()
}

fn error(error: &Error) -> String {
    match error {
        Error::Transport(TransportError::Unreachable(_)) => "unreachable".into(),
        Error::Transport(TransportError::TimedOut(seconds)) => format!("timed out after {seconds} s"),
        Error::Transport(TransportError::Aborted) => "canceled".into(),
        Error::Refused(refusal) => format!("{}: {}", refusal.status, refusal.message),
        Error::Undecodable(_) => "unreadable".into(),
    }
}

fn time(at: Timestamp) -> i64 {
    at.as_millisecond()
}

fn stop(stop: &StopOperation) -> Value {
    let now = stop.last_change;
    let counts = stop.counts(now);
    let runs = stop.plan.targets.iter().zip(&stop.runs).enumerate().map(|(index, (target, run))| {
        let delivery = match &run.standing {
            Standing::Planned => "not sent".to_owned(),
            Standing::Requested(_) => "in flight".to_owned(),
            Standing::Accepted(..) => "acknowledged".to_owned(),
            Standing::Refused(_, reason) => format!("refused, {}", error(reason)),
            Standing::InDoubt { error: reason, read, .. } => {
                format!(
                    "in doubt, {}, {}",
                    error(reason),
                    if *read { "read since" } else { "not read since" }
                )
            }
        };
        let view = stop.view(index, now);
        json!({
            "run": target.run.to_string(),
            "delivery": delivery,
            "status": run.record.status.to_string(),
            "ending": view.map(|view| format!("{:?}", view.outcome.ending)),
            "read_error": run.read_error.as_ref().map(error),
            "log_final": run.log_final,
            "again": run.again,
        })
    });
    let drift = stop.drift.iter().map(|drift| match drift {
        Drift::NewRun(run) => format!("new run {run}"),
        Drift::AlsoStopped(run) => format!("also stopped {run}"),
    });
    let calls = stop.calls.values().map(|call| {
        let answer = call.answer.as_ref().map(|(at, answer)| {
            let answer = answer.as_ref().map_or_else(error, |()| "accepted".to_owned());
            format!("{} {answer}", time(*at))
        });
        json!({ "sent": time(call.sent), "targets": call.targets, "answer": answer })
    });
    json!({
        "confirmed": time(stop.confirmed),
        "last_change": time(now),
        "closed": stop.closed,
        "finished": stop.is_finished(now),
        "counts": [counts.all, counts.ended, counts.stopping, counts.open, counts.trouble],
        "runs": runs.collect::<Value>(),
        "drift": drift.collect::<Value>(),
        "calls": calls.collect::<Value>(),
    })
}

fn upgrade(operation: &UpgradeOperation) -> Value {
    let step = match &operation.step {
        Step::Check(_) => "review",
        Step::Pause(_) => "pause schedules",
        Step::Stop(_) => "stop runs",
        Step::BackUp(_) => "back up",
        Step::Upgrade(_) => "upgrade",
        Step::PutBack(_) => "restore",
        Step::Report(_) => "report",
    };
    let applications = operation.plan.applications.iter().zip(&operation.applications).enumerate();
    let applications = applications.map(|(index, (chosen, scoped))| {
        let work = operation.upgrading().and_then(|it| it.works.get(index));
        json!({
            "application": chosen.application.as_str(),
            "from": chosen.from.to_string(),
            "to": chosen.to.to_string(),
            "excluded": scoped.left_out.map(time),
            "read": scoped.look.is_some(),
            "problem": scoped.problem.as_ref().map(error),
            "upgrade": work.map(app_upgrade),
        })
    });
    let schedules = operation.schedules.iter().map(|schedule| {
        let state = match &schedule.state {
            SwitchState::On => "enabled".to_owned(),
            SwitchState::Pausing => "pausing".to_owned(),
            SwitchState::PauseInDoubt(_) => "pause in doubt".to_owned(),
            SwitchState::Paused => "paused".to_owned(),
            SwitchState::WasOff => "was suspended".to_owned(),
            SwitchState::Gone => "gone".to_owned(),
            SwitchState::NotPaused(reason) => format!("not paused, {}", error(reason)),
            SwitchState::Resuming => "resuming".to_owned(),
            SwitchState::ResumeInDoubt(_) => "resume in doubt".to_owned(),
            SwitchState::Resumed => "resumed".to_owned(),
            SwitchState::NotResumed(reason) => format!("not resumed, {}", error(reason)),
            SwitchState::LeftOff => "left suspended".to_owned(),
        };
        json!({
            "application": schedule.application,
            "name": schedule.name,
            "triggered_by": schedule.after.iter().map(quiesce_api::ApplicationId::as_str).collect::<Vec<_>>(),
            "state": state,
        })
    });
    let restarts = operation.starts().iter().map(|start| {
        let state = match &start.state {
            StartState::Waiting(_) => "waits for the end".to_owned(),
            StartState::Ended => "ended".to_owned(),
            StartState::Free(..) => "may start".to_owned(),
            StartState::Underway(_) => "in flight".to_owned(),
            StartState::InDoubt(..) => "in doubt".to_owned(),
            StartState::Started(run, _) => format!("started {run}"),
            StartState::Running(run) => format!("running {run}"),
            StartState::Completed(run) => format!("completed {run}"),
            StartState::RunsAlready(run) => format!("already active {run}"),
            StartState::StillRuns => "still active".to_owned(),
            StartState::ByItself => "completed without a stop".to_owned(),
            StartState::Failed(_) => "failed".to_owned(),
            StartState::LeftOff => "skipped".to_owned(),
        };
        json!({
            "run": start.run.to_string(),
            "superseded_version": start.older,
            "arguments": start.arguments,
            "state": state,
        })
    });
    let rounds =
        operation.rounds.iter().map(|round| json!({ "drained": round.recovery, "stop": stop(&round.stop) }));
    json!({
        "begun": time(operation.begun),
        "step": step,
        "aborted": operation.aborted.map(time),
        "open": operation.is_anything_open(),
        "active_runs": operation.alive().iter().map(|target| target.run.to_string()).collect::<Vec<_>>(),
        "may_continue": operation.can_continue().is_ok(),
        "backup": operation.upgrading().map(|it| it.backup().summary().sha256.clone()),
        "applications": applications.collect::<Value>(),
        "schedules": schedules.collect::<Value>(),
        "restarts": restarts.collect::<Value>(),
        "stops": rounds.collect::<Value>(),
    })
}

fn app_upgrade(work: &Work) -> Value {
    let state = match &work.state {
        WorkState::Open => "not sent".to_owned(),
        WorkState::Ready(_) => "ready".to_owned(),
        WorkState::Underway => "in flight".to_owned(),
        WorkState::InDoubt(_) => "in doubt".to_owned(),
        WorkState::Done => "done".to_owned(),
        WorkState::Drifted(_) => "changed since the check".to_owned(),
        WorkState::NotSent(..) => "no request".to_owned(),
        WorkState::Refused(reason) => format!("refused, {}", error(reason)),
        WorkState::Failed(failure) => format!(
            "failed, {}, still on {}",
            failure.error.as_ref().map_or_else(|| "accepted".to_owned(), error),
            failure.still_on.as_ref().map_or_else(|| "unknown".to_owned(), ToString::to_string)
        ),
    };
    json!({
        "method": match work.way { Way::Upgrade => "upgrade", Way::Redeploy => "redeploy" },
        "rolling_back": work.back,
        "state": state,
        "may_have_been_sent": work.told,
        "new_version": work.made.as_ref().map(quiesce_api::VersionId::as_str),
        "risk_accepted": work.anyway.is_some(),
        "drain_failed": work.not_recovered.is_some(),
    })
}
