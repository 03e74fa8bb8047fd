//! The gallery of widgets and states. What its examples say is made up.

pub const TITLE: &str = "Gallery";
pub const LEDE: &str =
    "Every widget and every state of a page, from fixed data. Nothing here reaches the server.";
pub const SECTIONS: &str = "Sections";

pub const BUTTONS: &str = "Buttons";
pub const CHIPS: &str = "Filter chips and radio buttons";
pub const NOTICES: &str = "Notices";
pub const DIALOGS: &str = "Dialogs";
pub const DISCLOSURES: &str = "Disclosures";
pub const EMPTY_STATES: &str = "Empty states";
pub const PROGRESS: &str = "Progress";
pub const MARKS: &str = "Marks and freshness";
pub const TOASTS: &str = "Toasts";
pub const SKELETONS: &str = "Rows that load";
pub const ICONS: &str = "Icons and glyphs";
pub const REQUESTS: &str = "Requests";
pub const RUN_STATES: &str = "States of a run";
pub const VERDICTS: &str = "Verdicts";
pub const ENDINGS: &str = "Outcomes of a stop";
pub const REFUSALS: &str = "Reasons for unavailable actions";
pub const FAILURES: &str = "Failures of a page";
pub const FAILED_CHANGES: &str = "Failures of a change";
pub const PROGRAM_ROWS: &str = "Programs";
pub const STOPPED_RUNS: &str = "Runs of a stop";
pub const STOP_REQUESTED: &str = "Stop: requests sent";
pub const STOP_STOPPING: &str = "Stop: runs are stopping";
pub const STOP_ENDED: &str = "Stop: all runs ended";
pub const STOP_IN_DOUBT: &str = "Stop: no response";
pub const STOP_REFUSED: &str = "Stop: refused";
pub const STOP_REAL_TIME: &str = "Stop: real-time run ended";
pub const UPGRADE_REVIEW: &str = "Upgrade: review";
pub const UPGRADE_PAUSE: &str = "Upgrade: pause schedules";
pub const UPGRADE_STOP: &str = "Upgrade: stop runs";
pub const UPGRADE_STOPPING: &str = "Upgrade: runs are stopping";
pub const UPGRADE_BACKUP: &str = "Upgrade: back up";
pub const UPGRADE_BACKED_UP: &str = "Upgrade: backup verified";
pub const UPGRADE_APPLICATIONS: &str = "Upgrade: applications";
pub const UPGRADE_DRAIN: &str = "Upgrade: drain and retry";
pub const UPGRADE_RESTORE: &str = "Upgrade: restore";
pub const UPGRADE_REPORT: &str = "Upgrade: report";

pub const DEFAULT: &str = "Default";
pub const PRIMARY: &str = "Primary";
pub const DANGER: &str = "Danger";
pub const PLAIN: &str = "Plain";
pub const UNAVAILABLE: &str = "Unavailable";
pub const WITH_ICON: &str = "With icon";
pub const LINK: &str = "Link";
pub const COPY: &str = "Copy";
pub const WIDE: &str = "As wide as its place";
pub const WHY_UNAVAILABLE: &str = "This run has already ended.";
pub const FIRST: &str = "First";
pub const SECOND: &str = "Second";
pub const THIRD: &str = "Third";
pub const FILTER: &str = "Filter";
pub const CHOICE: &str = "Choice";

pub const OK: &str = "OK";
pub const BUSY: &str = "Busy";
pub const WARN: &str = "Warning";
pub const BAD: &str = "Error";
pub const SUPERSEDED: &str = "Superseded";
pub const IDLE: &str = "Idle";
pub const NO_TONE: &str = "Without tone";
pub const NOTICE: &str = "A notice says what happened, and what to do.";

pub const OPEN_DIALOG: &str = "Open dialog";
pub const DIALOG_TITLE: &str = "Abort this upgrade?";
pub const DIALOG_TEXT: &str = "3 applications stay upgraded; paused schedules are resumed.";
pub const ABORT: &str = "Abort upgrade";
pub const SHOW_TOAST: &str = "Show toast";
pub const TOAST: &str = "6 runs have ended.";
pub const CLOSED: &str = "Closed";
pub const OPEN: &str = "Open";
pub const BEHIND: &str = "This is shown on demand.";
pub const NOTHING_HERE: &str = "No programs";
pub const NOTHING_FOUND: &str = "No program matches";
pub const WHY_EMPTY: &str = "This namespace has no applications yet.";

pub const TIME_LEFT: &str = "3:41 left of 5:00";
pub const TIME_OVER: &str = "0:12 past its deadline";
pub const TIME_TO_DEADLINE: &str = "Time to deadline";
pub const SHARES: &str = "4 ended, 1 failed, 2 stopping, 3 not sent";
pub const LIVE: &str = "Live, 2 s ago";
pub const STALE: &str = "Paused, 5 min ago";
pub const NO_ANSWER: &str = "No response for 40 s";

pub const REQUEST: &str = "One run stop";
pub const ANSWERED: &str = "200, 28 ms";
pub const REFUSED: &str = "403, 12 ms";

pub const SELECTED: &str = "Selected";
pub const LABEL: &str = "Label";
pub const MEANING: &str = "Meaning";
pub const NUMBERS: &str = "With its numbers";
pub const OTHER_STATUS: &str = "RESTARTING";
pub const SERVER_MESSAGE: &str = "Principal 'alice' is not authorized to perform action [update].";
pub const FIRST_LINE: &str = "java.lang.IllegalStateException: The run is not active.";
pub const STACK: &str = "\n\tat io.cdap.cdap.internal.app.runtime.ProgramLifecycle.stop(ProgramLifecycle.java:112)\n\tat io.cdap.http.internal.HttpMethodInfo.invoke(HttpMethodInfo.java:87)";
pub const UNREADABLE: &str = "expected a string";
pub const CONNECTION: &str = "connection refused";
