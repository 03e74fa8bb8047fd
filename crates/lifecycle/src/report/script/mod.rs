//! An upgrade as a shell script that can be run again: [`ScriptPlan`] holds its calls, `functions.sh` its rules.

use crate::kind::Kind;
use crate::operation::Delivery;
use crate::stop::{Drift, StopCall};
use crate::upgrade::{Call, ScheduleTaskState, UpgradeMethod, UpgradeOperation};
use quiesce_api::application::GetApplication;
use quiesce_api::artifact::Artifact;
use quiesce_api::deploy::Deploy;
use quiesce_api::export::ExportApplications;
use quiesce_api::run::{GetRun, ListRuns};
use quiesce_api::schedule::{ScheduleRef, SwitchSchedule};
use quiesce_api::stop::{Graceful, StopRun};
use quiesce_api::upgrade::{Candidates, Upgrade};
use quiesce_api::{
    ApplicationId, Endpoint, NamespaceId, ProgramRef, ProgramType, Request, RunRef, Timestamp,
};
use std::collections::BTreeSet;
use std::fmt::Write;

const FUNCTIONS: &str = include_str!("functions.sh");

/// The calls that a script repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptPlan {
    /// The namespaces of the applications, with commas between them; they name the script's folder.
    pub namespaces: String,
    /// When the operation began; names the script's folder.
    pub begun: Timestamp,
    /// The artifacts that an upgrade may take.
    pub candidates: Candidates,
    /// The applications that are upgraded.
    pub applications: Vec<ScriptedApplication>,
    /// The applications of the operation that the script leaves alone, each with the reason.
    pub excluded: Vec<(ApplicationId, &'static str)>,
}

/// An application that a script upgrades.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptedApplication {
    /// Its namespace.
    pub namespace: NamespaceId,
    /// The application.
    pub application: ApplicationId,
    /// Its target.
    pub to: Artifact,
    /// How it is upgraded.
    pub way: UpgradeMethod,
    /// The schedules that are paused.
    pub schedules: Vec<ScriptedSchedule>,
    /// The runs that are stopped, each with its grace.
    pub stops: Vec<StopRun>,
    /// The runs that are started again, each with the request.
    pub starts: Vec<(RunRef, Request)>,
}

/// A schedule that a script pauses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptedSchedule {
    /// Its name.
    pub name: String,
    /// Whether it is resumed.
    pub resume: bool,
    /// Whether another program triggers it. These are resumed first.
    pub triggered: bool,
}

/// The script of an upgrade. `base` is scheme, host and port; `with_token`: the server requires one.
pub fn script(op: &UpgradeOperation, base: &str, with_token: bool) -> String {
    ScriptPlan::of(op).text(base, with_token)
}

impl ScriptPlan {
    /// The calls of an upgrade for the applications whose upgrade was sent, without those that were rolled back.
    pub fn of(op: &UpgradeOperation) -> Self {
        let mut plan = Self {
            namespaces: crate::plural::list(op.plan.namespaces()),
            begun: op.begun,
            candidates: op.plan.candidates.clone(),
            applications: Vec::new(),
            excluded: Vec::new(),
        };
        let works = op.upgrade_step().map_or(&[][..], |upgrading| &upgrading.apps);
        for (place, chosen) in op.plan.applications.iter().enumerate() {
            let name = chosen.application.clone();
            match works.get(place) {
                Some(work) if work.rolling_back => {
                    plan.excluded.push((name, "rolled back in this operation"));
                }
                Some(work) if work.may_have_been_sent || work.new_version.is_some() => {
                    plan.applications.push(ScriptedApplication {
                        schedules: schedules(op, place),
                        stops: stops(op, place),
                        namespace: chosen.namespace.clone(),
                        starts: starts(op, place),
                        application: name,
                        to: chosen.to.clone(),
                        way: work.method,
                    });
                }
                _ => plan.excluded.push((name, "not upgraded in this operation")),
            }
        }
        plan
    }

    /// The script.
    pub fn text(&self, base: &str, with_token: bool) -> String {
        let mut text = FUNCTIONS.to_owned();
        let _ = write!(
            text,
            "\nserver=${{CDAP_URL:-{}}}\nserver=${{server%/}}\npoll=${{POLL:-5}}\n\
             work=$(dirname -- \"$0\")/quiesce-upgrade-{}-{}\nanswer=$work/answer\nrecord=$work/record\n\
             if [ -z \"$dry\" ]; then\n",
            quoted(base),
            self.namespaces.replace(|c: char| !c.is_ascii_alphanumeric() && c != '_', "-"),
            self.begun.to_string().replace(':', "-")
        );
        if with_token {
            text.push_str("  : \"${CDAP_TOKEN:?is not set, and the server requires a token}\"\n");
        }
        text.push_str("  mkdir -p \"$work\"\n  : >> \"$record\"\nfi\n");
        let mut steps = Steps { text };
        for (name, reason) in &self.excluded {
            steps.line("say", &[&format!("{}: {reason}, left as it is", name.as_str())]);
        }
        let numbered =
            || self.applications.iter().zip(1_usize..).map(|(it, number)| (it, number.to_string()));
        steps.head("Read the applications");
        for (it, number) in numbered() {
            let name = it.application.as_str();
            steps.line("app", &[&number, name, &Self::detail(it), &target(&it.to)]);
        }
        steps.head("Pause the schedules");
        for line in self.schedule_lines(|_| true) {
            steps.line("pause", &line.each_ref().map(String::as_str));
        }
        steps.head("Stop the runs, then wait for their ends");
        for (it, number) in numbered() {
            for stop in &it.stops {
                let (name, path) = (run_name(&stop.run), run_path(&stop.run));
                steps.line("stop", &[&number, &name, &path, &stop.request().target]);
            }
        }
        for (it, number) in numbered() {
            for stop in &it.stops {
                steps.line("wait_for", &[&number, &run_name(&stop.run), &run_path(&stop.run)]);
            }
        }
        if !self.applications.is_empty() {
            steps.head("Back up");
            steps.line("back_up", &[&ExportApplications.request().target]);
        }
        steps.head("Upgrade");
        for (it, number) in numbered() {
            let name = it.application.as_str();
            for program in Self::programs(it) {
                let runs = ListRuns::of(program.clone()).request();
                let label = format!("{name}, {}", program.program.as_str());
                steps.line("idle", &[&number, &label, &runs.target]);
            }
            let request = self.request(it);
            let (path, to) = (Self::detail(it), target(&it.to));
            let artifact = serde_json::to_string(&it.to).unwrap_or_default();
            let all = [&number, name, &path, &to, request.method.as_str(), &request.target, &artifact];
            let most = if it.way == UpgradeMethod::Redeploy { 7 } else { 6 };
            steps.line("upgrade", all.get(..most).unwrap_or_default());
        }
        steps.head("Start the runs again");
        let mut place = 0_usize;
        for (it, number) in numbered() {
            for (run, request) in &it.starts {
                place += 1;
                let runs = ListRuns::of(run.program.clone()).request();
                let body = request.body.as_deref().unwrap_or("[]");
                let (place, name, path) = (place.to_string(), run_name(run), run_path(run));
                steps.line("start", &[&place, &number, &name, &path, &runs.target, &request.target, body]);
            }
        }
        steps.head("Resume the schedules");
        for triggered in [true, false] {
            for line in self.schedule_lines(|it| it.resume && it.triggered == triggered) {
                steps.line("resume", &line.each_ref().map(String::as_str));
            }
        }
        steps.text.push_str("\nsay 'Done.'\n");
        steps.text
    }
}

impl ScriptPlan {
    /// The path of an application.
    fn detail(it: &ScriptedApplication) -> String {
        let (namespace, application) = (it.namespace.clone(), it.application.clone());
        GetApplication { namespace, application, version: None }.request().target
    }

    /// The request that upgrades an application; a redeployment without its configuration.
    fn request(&self, it: &ScriptedApplication) -> Request {
        let (namespace, application) = (it.namespace.clone(), it.application.clone());
        match it.way {
            UpgradeMethod::Upgrade => {
                let candidates = self.candidates.clone();
                Upgrade { namespace, application, candidates }.request()
            }
            UpgradeMethod::Redeploy => {
                let artifact = it.to.clone();
                Deploy {
                    namespace,
                    application,
                    artifact,
                    config: None,
                    update_schedules: Some(false),
                    change: None,
                }
                .request()
            }
        }
    }

    /// The programs of an application that have no active run when it is upgraded.
    fn programs(it: &ScriptedApplication) -> BTreeSet<ProgramRef> {
        let (kind, name) = if it.to.is_realtime_pipeline() {
            (ProgramType::Spark, Kind::REAL_TIME_PROGRAM)
        } else {
            (ProgramType::Workflow, Kind::BATCH_PROGRAM)
        };
        let mut programs = BTreeSet::new();
        programs.insert(ProgramRef::new(it.namespace.as_str(), it.application.as_str(), kind, name));
        programs.extend(it.stops.iter().map(|stop| stop.run.program.clone()));
        programs
    }

    /// Number, application, name and path of each schedule that is wanted. The number is its place in the script.
    fn schedule_lines(&self, wanted: impl Fn(&ScriptedSchedule) -> bool) -> Vec<[String; 4]> {
        let mut lines = Vec::new();
        let mut number = 0_usize;
        for (it, application) in self.applications.iter().zip(1_usize..) {
            for schedule in &it.schedules {
                number += 1;
                if wanted(schedule) {
                    let name = format!("{}/{}", it.application.as_str(), schedule.name);
                    let path = Self::schedule_path(it, schedule);
                    lines.push([number.to_string(), application.to_string(), name, path]);
                }
            }
        }
        lines
    }

    fn schedule_path(it: &ScriptedApplication, schedule: &ScriptedSchedule) -> String {
        let (namespace, application) = (it.namespace.clone(), it.application.clone());
        let schedule = ScheduleRef { namespace, application, name: schedule.name.clone() };
        let mut path = SwitchSchedule { schedule, on: true }.request().target;
        path.truncate(path.len() - "/enable".len());
        path
    }
}

/// The schedules of an application that the operation paused.
fn schedules(op: &UpgradeOperation, place: usize) -> Vec<ScriptedSchedule> {
    let mut schedules = Vec::new();
    for switch in op.schedules.iter().filter(|switch| switch.application == place) {
        let resume = match &switch.state {
            ScheduleTaskState::Pause(Delivery::NotSent | Delivery::Refused(_))
            | ScheduleTaskState::AlreadySuspended
            | ScheduleTaskState::Deleted => continue,
            ScheduleTaskState::LeftSuspended => false,
            _ => true,
        };
        let triggered = !switch.triggered_by.is_empty();
        schedules.push(ScriptedSchedule { name: switch.name.clone(), resume, triggered });
    }
    schedules
}

/// The runs of an application that the operation stopped, also those that a batch call reached unasked.
fn stops(op: &UpgradeOperation, place: usize) -> Vec<StopRun> {
    let mut stops: Vec<StopRun> = Vec::new();
    for round in op.stop_rounds.iter().filter(|round| round.drained.is_none()) {
        let mut sent = Vec::new();
        for call in round.stop.calls.values() {
            let graceful = match &call.stop {
                StopCall::Run(stop) => stop.graceful,
                StopCall::Batch(stop) => stop.graceful,
                StopCall::Program(_) => Graceful::Absent,
            };
            for target in call.targets.iter().filter_map(|target| round.stop.plan.targets.get(*target)) {
                sent.push(StopRun { run: target.run.clone(), graceful });
            }
        }
        for drift in &round.stop.drift {
            if let Drift::AlsoStopped(run) = drift {
                let graceful = round.stop.plan.grace.graceful();
                sent.push(StopRun { run: run.clone(), graceful });
            }
        }
        for stop in sent {
            let known = stops.iter().any(|known| known.run == stop.run);
            if op.index_of_program(&stop.run.program) == Some(place) && !known {
                stops.push(stop);
            }
        }
    }
    stops
}

/// The runs of an application that the operation started again.
fn starts(op: &UpgradeOperation, place: usize) -> Vec<(RunRef, Request)> {
    let mut starts = Vec::new();
    for (index, start) in op.restarts().iter().enumerate() {
        if op.index_of_program(&start.run.program) == Some(place)
            && start.became().is_some()
            && let Some(request) = op.request(Call::Start, &[index], None)
        {
            starts.push((start.run.clone(), request));
        }
    }
    starts
}

/// An artifact as the functions compare it.
fn target(artifact: &Artifact) -> String {
    format!("{} {}", artifact.version, artifact.scope.to_ascii_uppercase())
}

fn run_name(run: &RunRef) -> String {
    format!("{} of {}", run.run.as_str(), run.program.application.as_str())
}

fn run_path(run: &RunRef) -> String {
    GetRun { run: run.clone() }.request().target
}

struct Steps {
    text: String,
}

impl Steps {
    fn head(&mut self, title: &str) {
        let _ = write!(self.text, "\nsay '== {title}'\n");
    }

    /// A call of a function.
    fn line(&mut self, function: &str, arguments: &[&str]) {
        self.text.push_str(function);
        for argument in arguments {
            self.text.push(' ');
            self.text.push_str(&quoted(argument));
        }
        self.text.push('\n');
    }
}

/// Quotes for a POSIX shell. Control characters, which could move the cursor of a terminal, become spaces.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("'");
    for c in text.chars() {
        match c {
            '\'' => quoted.push_str(r"'\''"),
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}

#[cfg(test)]
mod tests;
