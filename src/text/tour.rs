//! The guided tour of the demo.

pub const TOUR: &str = "Guided tour";
pub const TAKE: &str = "Take the tour";
pub const OFFER: &str = "New here? A guided tour takes about two minutes.";
pub const KEY: &str = "Start the guided tour, or go to it";
pub const HINT: &str = "Guided tour of the demo";
pub const BACK: &str = "Back";
pub const DONE: &str = "Done";
pub const LEAVE: &str = "Leave tour";
pub const IS_FIRST: &str = "This is the first step.";
pub const IS_LAST: &str = "This is the last step.";

/// The title of a step and its text.
pub type StepText = (&'static str, &'static str);

pub const READ: StepText = (
    "See what a stop would do",
    "Open payments_kafka_live, a real-time pipeline. Its page says what happens “If stopped now”.",
);
pub const STOP: StepText = (
    "Stop it with a grace period",
    "Choose “Custom”, enter 1m, and press “Stop 1 run”. Nothing is sent before that.",
);
pub const COMPARE: StepText = (
    "Compare requested and applied",
    "Released servers answer 200 and ignore the period. Compare “Requested grace” with “Applied” until the run ends.",
);
pub const PREPARE: StepText = (
    "Upgrade five pipelines",
    "Select five and press “Continue”. Review them, pause schedules, stop runs, and back up.",
);
pub const BREAK: StepText =
    ("Break something", "Choose a failure. Then press “Upgrade 5 applications” and watch the wizard.");
pub const RECOVER: StepText = (
    "Watch the wizard recover",
    "It checks what happened, continues automatically, and sends nothing twice. Wait until all applications are upgraded.",
);
pub const END: StepText = (
    "That was the tour",
    "The guide describes each job step by step. To start again, reset the sandbox on the page “Server”.",
);

pub const OPEN_PROGRAM: &str = "Open the pipeline";
pub const OPEN_FORM: &str = "Open the stop form";
pub const OPEN_STOP: &str = "Open the stop";
pub const OPEN_LIST: &str = "Open the list";
pub const OPEN_UPGRADE: &str = "Open the upgrade";
pub const GUIDE: &str = "Operator's guide";
pub const LOSS: &str = "What a stop may lose";
pub const UPGRADING: &str = "Upgrading applications";

pub const LOSE_RESPONSE: &str = "Lose the next response";
pub const LOSE_SERVER: &str = "Make the server unavailable for 20 s";
pub const RESPONSE_LOST: &str = "The server will perform the next upgrade request without a response.";
pub const SERVER_LOST: &str = "The server is unavailable for 20 s.";
pub const NOT_BROKEN: &str = "The sandbox did not accept the failure. Try again.";
pub const NOTHING_TO_BREAK: &str =
    "First start the upgrade of the previous step: it must have something left to do.";

/// The position in the tour: `Step 2 of 7`.
pub fn position(number: usize, all: usize) -> String {
    format!("Step {number} of {all}")
}

/// What a screen reader says when the step changes.
pub fn at_step(number: usize, all: usize, (title, text): StepText) -> String {
    format!("{}: {title}. {text}", position(number, all))
}

/// What a screen reader says when the step is done.
pub fn done(title: &str) -> String {
    format!("{DONE}: {title}")
}
