//! The facts of a folded operation, in words that no refactoring changes.

use quiesce_api::{Error, Timestamp, TransportError};
use quiesce_lifecycle::journal::{self, Entry, Header, OperationKind};
use quiesce_lifecycle::operation::Delivery;
use quiesce_lifecycle::report::Report;
use quiesce_lifecycle::stop::{Drift, StopOperation};
use quiesce_lifecycle::upgrade::{
    AppUpgrade, AppUpgradeState, RestartState, ScheduleTaskState, Step, UpgradeMethod, UpgradeOperation,
};
use serde_json::{Value, json};

pub fn of(header: &Header, entries: Vec<Entry>) -> Value {
    let last = entries.len();
    let of_kind = match header.kind {
        OperationKind::Stop => match journal::fold::<StopOperation>(entries) {
            Ok(folded) => json!({
                "kind": "stop",
                "stop": stop(&folded.operation),
                "next_entry": folded.next,
                "unknown_entries": folded.unknown.len(),
            }),
            Err(error) => json!({ "error": error.to_string() }),
        },
        OperationKind::Upgrade => match journal::fold::<UpgradeOperation>(entries.clone()) {
            Ok(folded) => json!({
                "kind": "upgrade",
                "upgrade": upgrade(&folded.operation),
                "requests": requests(header, &entries),
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
fn requests(header: &Header, entries: &[Entry]) -> Value {
    let Ok(report) = Report::of(header, entries) else { return Value::Null };
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
        let delivery = match &run.delivery {
            Delivery::NotSent => "not sent".to_owned(),
            Delivery::InFlight => "in flight".to_owned(),
            Delivery::Acknowledged(_) => "acknowledged".to_owned(),
            Delivery::Refused(reason) => format!("refused, {}", error(reason)),
            Delivery::InDoubt(doubt) => {
                let since = if run.is_read_since { "read since" } else { "not read since" };
                format!("in doubt, {}, {since}", error(&doubt.error))
            }
            Delivery::Confirmed | Delivery::Disproved(_) => "settled".to_owned(),
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
        Step::Review(_) => "review",
        Step::PauseSchedules(_) => "pause schedules",
        Step::StopRuns(_) => "stop runs",
        Step::BackUp(_) => "back up",
        Step::Upgrade(_) => "upgrade",
        Step::Restore(_) => "restore",
        Step::Report(_) => "report",
    };
    let applications = operation.plan.applications.iter().zip(&operation.applications).enumerate();
    let applications = applications.map(|(index, (chosen, scoped))| {
        let work = operation.upgrade_step().and_then(|it| it.apps.get(index));
        json!({
            "application": chosen.application.as_str(),
            "from": chosen.from.to_string(),
            "to": chosen.to.to_string(),
            "excluded": scoped.excluded.map(time),
            "read": scoped.snapshot.is_some(),
            "problem": scoped.read_error.as_ref().map(error),
            "upgrade": work.map(app_upgrade),
        })
    });
    let schedules = operation.schedules.iter().map(|schedule| {
        let state = match &schedule.state {
            ScheduleTaskState::Pause(Delivery::NotSent) => "enabled".to_owned(),
            ScheduleTaskState::Pause(Delivery::InFlight) => "pausing".to_owned(),
            ScheduleTaskState::Pause(Delivery::Confirmed) => "paused".to_owned(),
            ScheduleTaskState::Pause(Delivery::Refused(reason)) => format!("not paused, {}", error(reason)),
            ScheduleTaskState::Pause(_) => "pause in doubt".to_owned(),
            ScheduleTaskState::Resume(Delivery::InFlight) => "resuming".to_owned(),
            ScheduleTaskState::Resume(Delivery::Confirmed) => "resumed".to_owned(),
            ScheduleTaskState::Resume(Delivery::Refused(reason)) => format!("not resumed, {}", error(reason)),
            ScheduleTaskState::Resume(_) => "resume in doubt".to_owned(),
            ScheduleTaskState::AlreadySuspended => "was suspended".to_owned(),
            ScheduleTaskState::Deleted => "gone".to_owned(),
            ScheduleTaskState::LeftSuspended => "left suspended".to_owned(),
        };
        json!({
            "application": schedule.application,
            "name": schedule.name,
            "triggered_by": schedule.triggered_by.iter().map(quiesce_api::ApplicationId::as_str).collect::<Vec<_>>(),
            "state": state,
        })
    });
    let restarts = operation.restarts().iter().map(|start| {
        let state = match &start.state {
            RestartState::WaitingForEnd(_) => "waits for the end".to_owned(),
            RestartState::Ended => "ended".to_owned(),
            RestartState::MayStart(..) => "may start".to_owned(),
            RestartState::Request(Delivery::InFlight, _) => "in flight".to_owned(),
            RestartState::Request(..) => "in doubt".to_owned(),
            RestartState::Started(run, _) => format!("started {run}"),
            RestartState::Running(run) => format!("running {run}"),
            RestartState::Completed(run) => format!("completed {run}"),
            RestartState::AlreadyActive(run) => format!("already active {run}"),
            RestartState::StillActive => "still active".to_owned(),
            RestartState::CompletedWithoutStop => "completed without a stop".to_owned(),
            RestartState::Failed(_) => "failed".to_owned(),
            RestartState::Skipped => "skipped".to_owned(),
        };
        json!({
            "run": start.run.to_string(),
            "superseded_version": start.superseded,
            "arguments": start.arguments,
            "state": state,
        })
    });
    let rounds = operation
        .stop_rounds
        .iter()
        .map(|round| json!({ "drained": round.drained, "stop": stop(&round.stop) }));
    json!({
        "begun": time(operation.begun),
        "step": step,
        "aborted": operation.aborted.map(time),
        "open": operation.has_open_requests(),
        "active_runs": operation.active_runs().iter().map(|target| target.run.to_string()).collect::<Vec<_>>(),
        "may_continue": operation.can_continue().is_ok(),
        "backup": operation.upgrade_step().map(|it| it.backup().summary().sha256.clone()),
        "applications": applications.collect::<Value>(),
        "schedules": schedules.collect::<Value>(),
        "restarts": restarts.collect::<Value>(),
        "stops": rounds.collect::<Value>(),
    })
}

fn app_upgrade(work: &AppUpgrade) -> Value {
    let state = match &work.state {
        AppUpgradeState::Pending => "not sent".to_owned(),
        AppUpgradeState::Ready(_) => "ready".to_owned(),
        AppUpgradeState::Changed(_) => "changed since the check".to_owned(),
        AppUpgradeState::NotSent(..) => "no request".to_owned(),
        AppUpgradeState::Request(delivery) => match delivery {
            Delivery::NotSent => "not sent".to_owned(),
            Delivery::InFlight => "in flight".to_owned(),
            Delivery::Acknowledged(_) | Delivery::InDoubt(_) => "in doubt".to_owned(),
            Delivery::Confirmed => "done".to_owned(),
            Delivery::Refused(reason) => format!("refused, {}", error(reason)),
            Delivery::Disproved(reason) => format!(
                "failed, {}, still on {}",
                reason.as_ref().map_or_else(|| "accepted".to_owned(), error),
                work.still_on.as_ref().map_or_else(|| "unknown".to_owned(), ToString::to_string)
            ),
        },
    };
    json!({
        "method": match work.method { UpgradeMethod::Upgrade => "upgrade", UpgradeMethod::Redeploy => "redeploy" },
        "rolling_back": work.rolling_back,
        "state": state,
        "may_have_been_sent": work.may_have_been_sent,
        "new_version": work.new_version.as_ref().map(quiesce_api::VersionId::as_str),
        "risk_accepted": work.risk_accepted.is_some(),
        "drain_failed": work.drain_failure.is_some(),
    })
}
