//! The stop form and the progress of a stop.

use super::common::{agree, count, countdown, some};
use quiesce_lifecycle::stop::Drift;

pub const TITLE: &str = "Stop runs";
pub const STOP: &str = "Stop";
pub const NOTHING_TO_STOP: &str = "Nothing to stop";
pub const NOTHING_SELECTED: &str = "Nothing selected";
pub const NOTHING_SELECTED_ADVICE: &str =
    "The address names no programs or runs. Select some in the program list.";
pub const UNREAD_PROGRAM: &str = " could not be read. No request is sent for it. ";
pub const UNREAD_RUNS: &str = "Not all run records could be read: ";
pub const UNREAD_RUNS_EFFECT: &str =
    ". Runs without a readable record are not listed below and may be active.";
pub const ENDED_RUNS: &str = "These runs have already ended: ";
pub const MORE_ACTIVE_EFFECT: &str = ": their run lists were not read in full. The stop reaches every active run \
    of the latest version, listed or not, and no run of a superseded version.";

pub const HOW: &str = "How to stop";
pub const CONFIRMATION: &str = "Stop options";
pub const NO_UNDO: &str = "A stop cannot be undone. ";
pub const SCHEDULES_UNKNOWN: &str = "Some schedules could not be read. They may restart these programs.";
pub const GRACE_DEFAULT: &str = "Server default";
pub const GRACE_DRAINED: &str = "Until drained";
pub const GRACE_CUSTOM: &str = "Custom";
pub const GRACE_NOW: &str = "Now";
pub const GRACE_DEFAULT_HINT: &str = "The server's default; after that the server may force-stop the run.";
pub const GRACE_DRAINED_HINT: &str = "Never forced: a run ends when it is done.";
pub const GRACE_CUSTOM_HINT: &str = "At most this long; after that the server may force-stop the run.";
pub const GRACE_NOW_HINT: &str = "No grace: the program-level stop, which gives 0 s on every server.";
pub const GRACE_PERIOD: &str = "Grace period";
pub const GRACE_DURATION: &str = "Grace duration";
pub const GRACE_FORMAT: &str = "Seconds, or 5m, 1h 30m";
pub const GRACE_INVALID: &str = "The grace duration is not valid.";
pub const PRESETS: &str = "Presets";
pub const SHOW_EVIDENCE: &str = "Show the evidence";
pub const NO_RUNS_LEFT: &str = "No runs to stop.";
pub const CONFIRM_LOSS: &str = "Confirm that you want to stop runs that may lose data.";
pub const SENDING: &str = "Sending…";
pub const NOTHING_SENT: &str = "Nothing was sent: ";
pub const JOURNAL_NEEDED: &str = "Without its journal Quiesce can't find these runs after a reload. Allow storage \
    for this page, or copy the requests as curl.";

pub const RUNS_TO_STOP: &str = "Runs to stop, worst verdict first";
pub const RUNNING_FOR: &str = "Running for";
pub const EFFECT: &str = "Effect of the stop";
pub const EXCLUDE: &str = "Exclude";
pub const INCLUDE_ALL: &str = "Include all";
pub const IF_SAME_VERSION: &str = "If you start this version again";
pub const IF_UPGRADED: &str = "If you upgrade it";
pub const IN_EITHER_CASE: &str = "In either case";
pub const GROUP_CONDITION: &str = ", if you start this version again";
pub const PAST_STOPS_UNKNOWN: &str = "Past stops unknown: only its latest run was read.";
pub const ALREADY_STOPPING: &str = "Already stopping. It is monitored; no new stop request is sent.";
pub const WHY_AND_HOW: &str = "Why, and how to avoid it";
pub const WHY: &str = "Why";
pub const MORE: &str = "More";
pub const HOW_TO_AVOID: &str = "How to avoid it";

pub const REQUEST: &str = "Request";
pub const COPY_ALL: &str = "Copy all as curl";
pub const ONE_RUN: &str = "One run";
pub const PROGRAM_CALL: &str = "Program, 0 s";
pub const PROGRAM_CALL_SUPERSEDED: &str = "Program, superseded version, 0 s";

pub const COPY_SUMMARY: &str = "Copy summary";
pub const DONE: &str = "Done";
pub const LEAVE: &str = "Leave this page";
pub const NO_OPERATION: &str = "Operation not found in this browser";
pub const SIGN_IN_AGAIN: &str = "Sign in again to continue monitoring. ";
pub const UNAFFECTED: &str = "Runs that are stopping continue to stop. Nothing is sent twice. ";
pub const READ_ONLY: &str = "Paused: this console is read-only. ";
pub const READ_ONLY_EFFECT: &str =
    "No requests are sent until it accepts changes again. Then the operation continues automatically.";
pub const OTHER_TAB: &str = "Another tab is running this stop. ";
pub const OTHER_TAB_EFFECT: &str = "You can monitor it here. If you close that tab, this one continues.";
pub const CANNOT_CONTINUE: &str = "Quiesce can't continue this stop: ";
pub const CANNOT_CONTINUE_ADVICE: &str = "Requests already sent are not affected; the server completes the stop. Fix browser storage, then reload.";
pub const RUNS_BEING_STOPPED: &str = "Runs being stopped";
pub const REQUESTED_GRACE: &str = "Requested grace";
pub const APPLIED: &str = "Applied";
pub const DEADLINE_OUTCOME: &str = "Deadline, outcome";
pub const SUMMARY: &str = "Summary";
pub const RESULT: &str = "Result";
pub const VERIFIED: &str = "ended, verified in the run records";
/// When a stop was started, and by whom if that is known.
pub fn started(at: String, by: Option<String>) -> String {
    by.map_or_else(|| at.clone(), |by| format!("{at} {by}"))
}

pub const DURATION: &str = "Duration";
pub const ELAPSED: &str = "Elapsed";
pub const NEXT_DEADLINE: &str = "Next deadline";
pub const REQUESTED: &str = "Requested";
pub const NOT_YET_KNOWN: &str = "not yet known";
pub const LEAVING_IS_SAFE: &str =
    "The server stops the runs. You can close this page and return; monitoring then continues.";
pub const RECORDED_AS_KILLED: &str = "Every stopped run is recorded as killed. The outcome, and the log of a \
    real-time run, show how it ended.";

pub const STATE_REFUSED: &str = "Refused";
pub const STATE_NOT_STOPPED: &str = "Not stopped";
pub const STATE_GONE: &str = "Not found";
pub const STATE_OVERDUE: &str = "Past its deadline";
pub const STATE_REQUESTING: &str = "Requesting the stop";
pub const STATE_STOPPING: &str = "Stopping";
pub const STATE_OF_WORKFLOW: &str = "Ends with its workflow";
pub const STATE_ENDED_BEFORE: &str = "Ended before the stop";
pub const STATE_NOT_SENT: &str = "Not sent yet";
pub const STATE_ACCEPTED: &str = "Stop requested";
pub const ACCEPTED_EFFECT: &str = "The server accepted the request; the run record does not show it yet.";
pub const STATE_IN_DOUBT: &str = "Unclear response";
pub const OF_WORKFLOW_EFFECT: &str = "A workflow started this run; the server stops them together.";
pub const PAST_DEADLINE_ADVICE: &str = "The server may force-stop it at its next check, but this can fail. Keep \
    waiting, or end its process on its machine. The console continues to monitor it.";
pub const SEND_AGAIN: &str = "Send again";
pub const FROM_LOG: &str = "From its log, ";
pub const READING_LOG: &str = "Reading its log for the outcome of the stop. Lines can be a few seconds late.";
pub const IN_PROGRESS: &str = "in progress";
pub const TIME_TO_DEADLINE: &str = "Time to the deadline";

/// Why a stop can't be sent that includes this application.
pub fn forbidden(application: &str, reason: &str) -> String {
    format!("{application}: {reason} Exclude it, or refresh to try again.")
}

pub fn stop_runs(runs: usize) -> String {
    format!("Stop {}", some(runs, "run"))
}

pub fn stop_runs_of(runs: usize, application: &str) -> String {
    format!("Stop {} of {application}", some(runs, "run"))
}

pub fn stop_runs_of_programs(runs: usize, programs: usize) -> String {
    format!("Stop {} of {}", some(runs, "run"), some(programs, "program"))
}

/// Some of the selected programs are not running.
pub fn not_running(programs: usize) -> String {
    let are = agree(programs, "is", "are");
    format!("{} of the selected programs {are} not running", count(programs))
}

/// What follows the names of the selected programs that are not running.
pub fn no_requests(programs: usize) -> String {
    format!(". No requests are sent for {}.", agree(programs, "it", "them"))
}

pub fn checking(done: usize, all: usize) -> String {
    format!("Checking {} of {}…", count(done), some(all, "program"))
}

pub fn more_active(programs: usize) -> String {
    format!("{} may have more active runs", some(programs, "program"))
}

pub fn check(programs: usize) -> String {
    format!("Check {}", some(programs, "program"))
}

/// The schedules of any trigger that may restart the programs, by number of applications.
pub fn schedules(applications: usize) -> String {
    match applications {
        0 => "No active schedule will restart these programs.".to_owned(),
        n => format!("Active schedules may restart {} of these applications.", count(n)),
    }
}

/// The time schedules that may restart the programs, where only these were read.
pub fn time_schedules(programs: usize) -> String {
    match programs {
        0 => "No time schedule will restart these programs. Other triggers were not checked.".to_owned(),
        n => format!(
            "Time schedules may restart {} of these programs. Other triggers were not checked.",
            count(n)
        ),
    }
}

pub fn grace_key(choice: &str) -> String {
    format!("{GRACE_PERIOD}: {choice}")
}

pub fn late_checks(seconds: i64) -> String {
    format!("The server checks for overdue runs up to {seconds} s after the deadline.")
}

pub fn checked_at(time: &str) -> String {
    format!("Checked at {time}. ")
}

pub fn accept_loss(runs: usize) -> String {
    format!("Stop the {} that may lose data", some(runs, "run"))
}

/// The alternative to a stop that may lose data: the other runs can still be stopped.
pub fn decline_loss(runs: usize, other_runs: usize) -> String {
    let them = agree(runs, "it", "them");
    match other_runs {
        0 => format!("Or leave {them} running."),
        rest => format!("Or leave {them} running and stop the other {}.", some(rest, "run")),
    }
}

pub fn shown(shown: usize, all: usize) -> String {
    format!("{} of {} shown. ", count(shown), some(all, "run"))
}

pub fn show_more(runs: usize) -> String {
    format!("Show {} more", count(runs))
}

pub fn excluded(runs: usize) -> String {
    format!("{} excluded. ", some(runs, "run"))
}

pub fn exclude_runs(runs: usize) -> String {
    format!("{EXCLUDE} {}", some(runs, "run"))
}

pub fn exclude_run(application: &str, run: &str) -> String {
    format!("{EXCLUDE} {application} {run}")
}

pub fn of_workflow_run(run: &str) -> String {
    format!("Belongs to workflow run {run} and ends with it.")
}

pub fn requests_to_send(requests: usize) -> String {
    match requests {
        1 => "Request to send".to_owned(),
        n => format!("Requests to send, {}", count(n)),
    }
}

pub fn requests_sent(sent: usize, all: usize) -> String {
    format!("Requests sent, {} of {}", count(sent), count(all))
}

pub fn show_all_requests(requests: usize) -> String {
    format!("Show all {}", some(requests, "request"))
}

pub fn batch_call(programs: usize) -> String {
    format!("Batch, {}", some(programs, "program"))
}

pub fn stopping(runs: usize) -> String {
    format!("Stopping {}", some(runs, "run"))
}

pub fn have_ended(ended: usize, all: usize) -> String {
    let have = agree(all, "has", "have");
    format!("{} of {} {have} ended", count(ended), some(all, "run"))
}

/// The figure of the summary, such as `3 of 5`.
pub fn ended_of(ended: usize, all: usize) -> String {
    format!("{} of {}", count(ended), count(all))
}

pub fn ended(ended: usize, all: usize) -> String {
    format!("{ended} of {} ended", some(all, "run"))
}

pub fn no_operation(error: &str) -> String {
    format!("Operations are stored only in the browser that started them ({error}).")
}

pub fn token_required_since(time: &str) -> String {
    format!("The server has required a token since {time}.")
}

/// When an unavailable server is asked again.
pub fn retry(seconds: Option<i64>) -> String {
    seconds.map_or_else(|| "Retrying now".to_owned(), |seconds| format!("Retrying in {seconds} s"))
}

pub fn attempt(attempts: u32) -> String {
    format!(" (attempt {attempts}).")
}

/// A change since the confirmation: a run that started later, or one that a batch call stopped although it was not
/// selected.
pub fn drift(drift: &Drift) -> String {
    match drift {
        Drift::NewRun(run) => {
            let (application, run) = (&run.program.application, run.run.short());
            format!("{application} {run} started after you confirmed. It was not stopped.")
        }
        Drift::AlsoStopped(run) => {
            let (application, run) = (&run.program.application, run.run.short());
            format!(
                "{application} {run} was not selected. It started just before the batch stop, which stopped it too."
            )
        }
    }
}

pub fn may_outlive_deadline(seconds: i64) -> String {
    format!(
        "A run can stay active after its deadline: the server checks for overdue runs up to {seconds} s later, \
         and a forced stop can fail."
    )
}

/// The summary of a refusal that ended a request for several runs: what became of each is unknown.
pub const BATCH_REFUSED: &str = "403: The server refused the request for several programs.";

pub fn in_doubt(error: &str) -> String {
    format!("{error} Checking the run. Nothing else is sent for it until then.")
}

pub fn not_stopped(reason: &str) -> String {
    format!(
        "{reason}. The run record says that the run is active. A busy server writes records minutes late: this one is read until 15 minutes after the request. "
    )
}

/// A response after `took` milliseconds, with the server's message if there is one.
pub fn answered(status: u16, took: i64, message: &str) -> String {
    match message {
        "" => format!("{status} in {took} ms"),
        message => format!("{status} in {took} ms: {message}"),
    }
}

pub fn ended_before(ending: &str) -> String {
    format!("{ending}. It ended before a stop request reached it.")
}

/// The grace periods that the server applied, in seconds.
pub fn applied(seconds: &[i64]) -> String {
    let all: Vec<_> = seconds.iter().map(|seconds| format!("{seconds} s")).collect();
    format!("{}, from the run records", all.join(", "))
}

/// When the next deadline is, or how long ago it was, in seconds.
pub fn next_deadline(left: i64) -> String {
    if left >= 0 { format!("in {}", countdown(left)) } else { format!("{} ago", countdown(-left)) }
}

/// A good status with a body that can't be read, after `took` milliseconds.
pub fn unreadable(took: i64, error: &str) -> String {
    format!("200 in {took} ms, but {error}")
}

pub fn no_response(error: &str) -> String {
    format!("no response: {error}")
}

/// The time to the deadline, or since then.
pub fn time_left(left: i64, applied: i64) -> String {
    match left {
        // A grace of "never" is a deadline decades ahead.
        _ if applied > 1_000_000_000 => "No deadline: it ends when it is done".to_owned(),
        0.. => format!("{} left of {}", countdown(left), countdown(applied)),
        _ => format!("Past its deadline by {}", countdown(-left)),
    }
}
