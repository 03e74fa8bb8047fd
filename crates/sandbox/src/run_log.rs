//! The log of a run: the lines that the recorded servers wrote, computed from the run. A line can be read a few
//! seconds after it was written.

use crate::model::application::Application;
use crate::model::drain::{Drain, Ending};
use crate::model::pipeline::CHECKPOINTS;
use crate::model::program::ProgramRef;
use crate::model::program::{Behavior, Kind, Program};
use crate::model::run::{Run, RunState};
use crate::model::server_state::ServerState;
use crate::profile::Profile;
use crate::random::SeededRng;
use serde_json::{Map, Value, json};

const DRIVER: &str = "io.cdap.cdap.datastreams.SparkStreamingPipelineDriver";
const LAUNCHER: &str = "io.cdap.cdap.datastreams.DataStreamsSparkLauncher";
const WRAPPER: &str = "io.cdap.cdap.app.runtime.spark.SparkMainWrapper$";
const LOGGING: &str = "org.apache.spark.internal.Logging";
const SMART: &str = "io.cdap.cdap.datapipeline.SmartWorkflow";
const WORKFLOW: &str = "io.cdap.cdap.internal.app.runtime.workflow.WorkflowDriver";
const ACTION: &str = "io.cdap.cdap.internal.app.runtime.workflow.WorkflowDriver$1";
const OLD_KEY: &str = "The configuration key 'spark.maxRemoteBlockSizeFetchToMem' has been deprecated as of Spark 3.0 and \
    may be removed in the future. Please use the new key 'spark.network.maxRemoteBlockSizeFetchToMem' instead.";
const HTTP: &str = "io.cdap.http.NettyHttpService";
const NOT_STARTED: &str = "java.lang.IllegalStateException: Spark program is already stopped\n\tat \
    io.cdap.cdap.app.runtime.spark.SparkRuntimeEnv$.setContext(SparkRuntimeEnv.scala:138)\n\tat \
    io.cdap.cdap.datastreams.SparkStreamingPipelineDriver.checkReceivers(SparkStreamingPipelineDriver.java:350)\n";

/// A line of a log.
#[derive(Debug, Clone)]
pub(crate) struct LogLine {
    /// When it was written, in milliseconds.
    pub at: i64,
    pub level: &'static str,
    thread: String,
    class: &'static str,
    logger: &'static str,
    number: u32,
    pub message: String,
    stack: &'static str,
    /// Written by the program, not by the system.
    own: bool,
    /// Written by the Spark phase of a workflow.
    phase: bool,
}

impl LogLine {
    fn short(name: &str) -> &str {
        name.rsplit('.').next().unwrap_or(name)
    }

    /// The line as text: the packages of the class by their first letters.
    pub(crate) fn text(&self) -> String {
        let mut class: Vec<String> = self.logger.split('.').map(str::to_owned).collect();
        let last = class.len().saturating_sub(1);
        for part in class.iter_mut().take(last) {
            part.truncate(1);
        }
        let at = jiff::Timestamp::from_millisecond(self.at).unwrap_or_default();
        format!(
            "{},{:03} - {:5} [{}:{}@{}] - {}\n{}",
            at.strftime("%Y-%m-%d %H:%M:%S"),
            self.at.rem_euclid(1_000),
            self.level,
            self.thread,
            class.join("."),
            self.number,
            self.message,
            self.stack,
        )
    }

    /// The line as JSON, of a run of a program.
    pub(crate) fn json(&self, program_ref: ProgramRef, run: &Run) -> Value {
        let mut tags = Map::new();
        if self.own && self.message.starts_with("Pipeline '") {
            tags.insert("MDC:eventType".into(), json!("lifecycle"));
        }
        if let (true, Some((name, id))) = (self.phase, &run.phase) {
            tags.insert(".workflowSparkId".into(), json!(**name));
            tags.insert(".workflowProgramRunId".into(), json!(**id));
        }
        tags.insert(".runId".into(), json!(*run.id));
        tags.insert(".origin".into(), json!(if self.own { "program" } else { "system" }));
        tags.insert(program_ref.kind.log_tag().into(), json!(program_ref.name));
        tags.insert(".namespaceId".into(), json!(program_ref.namespace));
        tags.insert(".applicationId".into(), json!(program_ref.application));
        json!({
            "timestamp": self.at,
            "logLevel": self.level,
            "threadName": self.thread,
            "className": self.class,
            "simpleClassName": Self::short(self.class),
            "lineNumber": self.number,
            "message": self.message,
            "stackTrace": self.stack,
            "loggerName": self.logger,
            "mdc": tags,
            "isNativeMethod": false,
        })
    }

    /// Its offset.
    pub(crate) fn offset(&self) -> String {
        format!("-10000.{}", self.at)
    }
}

struct Writer {
    lines: Vec<LogLine>,
}

impl Writer {
    fn line(
        &mut self,
        at: i64,
        level: &'static str,
        thread: &str,
        source: (&'static str, u32),
        own: bool,
        message: String,
    ) {
        let (class, number) = source;
        self.lines.push(LogLine {
            at,
            level,
            thread: thread.to_owned(),
            class,
            logger: class,
            number,
            message,
            stack: "",
            own,
            phase: false,
        });
    }

    /// A line of Spark, whose class is the trait that all its loggers share.
    fn spark(
        &mut self,
        at: i64,
        level: &'static str,
        thread: &str,
        logger: &'static str,
        own: bool,
        message: &str,
    ) {
        let number = if level == "ERROR" { 77 } else { 73 };
        self.line(at, level, thread, (LOGGING, number), own, message.to_owned());
        if let Some(line) = self.lines.last_mut() {
            line.logger = logger;
        }
    }
}

/// The readable lines of a run, oldest first.
pub(crate) fn lines(
    server: &ServerState,
    application: &Application,
    program: &Program,
    run: &Run,
) -> Vec<LogLine> {
    let now = server.now();
    let snapshot = run.snapshot(now, &server.settings);
    let name = &application.name;
    let mut writer = Writer { lines: Vec::new() };
    if let Some(start) = snapshot.start {
        match (program.kind, program.behavior) {
            (_, Behavior::Stream { .. }) => stream_start(&mut writer, name, run, start),
            (Kind::Workflow, _) => {
                workflow_start(&mut writer, server.options.profile, program, run, (name, start));
            }
            (Kind::Service, _) => {
                let text = format!("Starting HTTP Service {}-http at address /127.0.0.1:0", program.name);
                writer.line(start + 80, "INFO", "ServiceHttpServer STARTING", (HTTP, 181), false, text);
            }
            _ => {}
        }
    }
    let stop = run.stop.as_ref().filter(|stop| stop.at <= now);
    if let (Some(drain), Some(stop)) = (stop.and_then(|it| it.drain), stop) {
        let version = application.version(&run.version);
        let pipeline_id = version.map(|it| it.pipeline_id(name)).unwrap_or_default();
        let forced = stop.forced_end(&server.settings).is_some_and(|at| stop.ends.is_none_or(|end| at < end));
        stream_stop(&mut writer, name, &pipeline_id, run, stop.at, drain, !forced);
    }
    if let (Some(end), Kind::Workflow, true) = (snapshot.end, program.kind, snapshot.start.is_some()) {
        let (level, word) = match snapshot.state {
            RunState::Completed => ("INFO", "succeeded"),
            RunState::Failed => ("ERROR", "failed"),
            _ => ("INFO", "killed"),
        };
        if matches!(program.behavior, Behavior::Batch { .. }) {
            let text = format!("Pipeline '{name}' {word}");
            writer.line(end - 20, level, "WorkflowDriver", (SMART, 512), true, text);
        }
    }
    let lag =
        SeededRng::new(server.options.seed, &[name, &run.starting.to_string(), "lag"]).between(2_000, 4_000);
    writer.lines.retain(|line| line.at + lag <= now);
    writer.lines.sort_by_key(|line| line.at);
    writer.lines
}

/// The arguments of a run, as a pipeline logs them.
fn arguments(run: &Run) -> String {
    let arguments: Value = serde_json::from_str(&run.arguments).unwrap_or_default();
    let arguments: Vec<String> = arguments
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
        .collect();
    arguments.join(", ")
}

fn stream_start(writer: &mut Writer, name: &str, run: &Run, start: i64) {
    let runner = "SparkRunner-DataStreamsSparkStreaming";
    let started = format!("Pipeline '{name}' is started by user 'root' with arguments {}", arguments(run));
    writer.line(start + 10, "INFO", runner, (LAUNCHER, 83), true, started);
    writer.line(start + 130, "INFO", runner, (LAUNCHER, 183), true, format!("Pipeline '{name}' running"));
    let http =
        "Starting HTTP Service DataStreamsSparkStreaming-http-service at address localhost/127.0.0.1:0";
    writer.line(start + 320, "INFO", "SparkDriverHttpService STARTING", (HTTP, 181), false, http.to_owned());
    let launching = format!("Launching user spark class class {DRIVER}");
    writer.line(start + 340, "INFO", &submitter(run), (WRAPPER, 78), false, launching);
}

fn submitter(run: &Run) -> String {
    format!("spark-submitter-DataStreamsSparkStreaming-{}", run.id)
}

fn workflow_start(
    writer: &mut Writer,
    profile: Profile,
    program: &Program,
    run: &Run,
    (name, start): (&str, i64),
) {
    let thread = "WorkflowDriver";
    // The line numbers differ between the versions.
    let number = |new, old| if profile.keeps_versions() { new } else { old };
    if matches!(program.behavior, Behavior::Batch { .. }) {
        let arguments = arguments(run);
        let text = format!("Pipeline '{name}' is started by user 'root' with arguments {{{arguments}}}");
        writer.line(start + 5, "INFO", thread, (SMART, number(448, 477)), true, text);
        let text = format!("Pipeline '{name}' running");
        writer.line(start + 30, "INFO", thread, (SMART, number(486, 512)), true, text);
    }
    let text = format!("Starting workflow execution for '{}' with Run id '{}'", program.name, run.id);
    writer.line(start + 33, "INFO", thread, (WORKFLOW, number(649, 623)), false, text);
    let Some((phase, _)) = &run.phase else { return };
    let text = format!("Starting Spark Program '{phase}' in workflow");
    writer.line(start + 1_124, "INFO", &format!("action-{phase}-0"), (ACTION, number(349, 337)), false, text);
    if let Some(line) = writer.lines.last_mut() {
        line.logger = WORKFLOW;
    }
    if profile.keeps_versions() {
        let text = format!("Starting HTTP Service {phase}-http-service at address localhost/127.0.0.1:0");
        writer.line(start + 2_766, "INFO", "SparkDriverHttpService STARTING", (HTTP, 181), false, text);
    } else {
        let thread = format!("SparkRunner{phase}");
        writer.line(start + 1_950, "WARN", &thread, (LOGGING, 69), false, OLD_KEY.to_owned());
        if let Some(line) = writer.lines.last_mut() {
            line.logger = "org.apache.spark.SparkConf";
        }
    }
    if let Some(line) = writer.lines.last_mut() {
        line.phase = true;
    }
}

/// The lines of a real-time run that is stopped, as measured on 6.11.0 (docs/loss.md).
fn stream_stop(
    writer: &mut Writer,
    name: &str,
    pipeline_id: &str,
    run: &Run,
    at: i64,
    drain: Drain,
    ends: bool,
) {
    let end = at + drain.millis;
    let main = submitter(run);
    let directory = format!("{CHECKPOINTS}/{name}/{pipeline_id}");
    let context = "org.apache.spark.streaming.StreamingContext";
    let tracker = "org.apache.spark.streaming.scheduler.ReceiverTracker";
    let deregistered = "Deregistered receiver for stream 0: Stopped by driver";
    let immediately = |why: &str| format!("Terminate the streaming job immediately due to {why}.");
    let drains = matches!(drain.ending, Ending::Drained | Ending::DrainedUnseen);
    match drain.ending {
        Ending::AtOnceConfigured => {
            writer.line(at + 310, "INFO", &main, (DRIVER, 214), true, immediately("configuration"));
        }
        Ending::AtOnceNoTime => {
            let why = "not enough time till termination";
            writer.line(at + 310, "INFO", &main, (DRIVER, 214), true, immediately(why));
        }
        _ => {}
    }
    if drain.ending != Ending::Tracked {
        let told = at + if drains { 940 } else { 330 };
        writer.spark(told, "ERROR", "dispatcher-event-loop-2", tracker, true, deregistered);
    }
    if !ends {
        return;
    }
    if matches!(drain.ending, Ending::Undrained) {
        writer.spark(at + 630, "WARN", &main, context, false, "StreamingContext has already been stopped");
    }
    match drain.ending {
        Ending::Drained => {
            let all = format!("All receiver blocks are processed in the checkpoint directory {directory}");
            writer.line(end - 13, "INFO", &main, (DRIVER, 235), true, all);
            let deleting = format!("Deleting checkpoint directory {directory}");
            writer.line(end - 12, "INFO", &main, (DRIVER, 237), true, deleting);
        }
        Ending::Undrained | Ending::DrainedUnseen => {
            writer.spark(
                end - 17,
                "WARN",
                &main,
                context,
                false,
                "StreamingContext has not been started yet",
            );
            let unread = "Failed to read receiver metadata. Assuming there is unprocessed data.";
            writer.line(end - 16, "WARN", &main, (DRIVER, 350), true, unread.to_owned());
            if let Some(line) = writer.lines.last_mut() {
                line.stack = NOT_STARTED;
            }
            // Misspelled by the driver.
            let left =
                format!("There are unprocessed recevier records in the checkpoint directory {directory}");
            writer.line(end - 14, "INFO", &main, (DRIVER, 242), true, left);
        }
        Ending::AtOnceConfigured | Ending::AtOnceNoTime | Ending::Tracked | Ending::Silent => {}
    }
    writer.line(end - 10, "INFO", &main, (WRAPPER, 95), false, format!("Spark main returned class {DRIVER}"));
    let killed = format!("Pipeline '{name}' killed");
    writer.line(end - 5, "INFO", "SparkRunner-DataStreamsSparkStreaming", (LAUNCHER, 191), true, killed);
}
