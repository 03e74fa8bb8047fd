//! The same by hand: a shell script of curl calls.

use crate::backup::EXPORT;
use crate::upgrade::{Call, SwitchState, UpgradeOperation, Way};
use quiesce_api::artifact::Artifact;
use quiesce_api::export::ExportApplications;
use quiesce_api::run::ListRuns;
use quiesce_api::{Endpoint, Request};
use std::fmt::Write;

const HEAD: &str = "#!/bin/sh
# What was done here, as calls by hand. It needs curl, jq, openssl and unzip, and asks nothing: read it first.
set -eu

# Waits until every run of a program has ended, by the runs of all its versions.
wait_for_end() {
  while \"$@\" | jq -e 'any(.[]; .status | IN(\"COMPLETED\", \"FAILED\", \"KILLED\", \"REJECTED\") | not)' > /dev/null
  do sleep 5; done
}
";

/// The script of an upgrade. `base` is scheme, host and port; `with_token` takes the token from `$CDAP_TOKEN`.
pub fn script(op: &UpgradeOperation, base: &str, with_token: bool) -> String {
    let mut script = Script { text: HEAD.to_owned(), base, with_token };
    let namespace = &op.plan.namespace;

    script.head("Pause schedules");
    let paused =
        |state: &SwitchState| !matches!(state, SwitchState::On | SwitchState::WasOff | SwitchState::Gone);
    for (place, switch) in op.schedules.iter().enumerate() {
        if paused(&switch.state) {
            script.call(op.request(Call::Pause, &[place], None));
        }
    }

    script.head("Stop, and wait for every end");
    for round in op.rounds.iter().filter(|round| round.recovery.is_none()) {
        for call in round.stop.calls.values() {
            script.call(Some(call.stop.request()));
        }
        for program in round.stop.programs() {
            let runs = ListRuns::of(program.clone()).request().curl(base, with_token);
            script.line(&format!("wait_for_end {runs}"));
        }
    }

    let works = op.upgrading().map_or(&[][..], |upgrading| &upgrading.works);
    if op.upgrading().is_some() {
        script.head("Back up, and hold the archive against the server's digest");
        let export = ExportApplications.request().curl(base, with_token);
        script.line(&format!("{export} --dump-header headers.txt --output {EXPORT}"));
        script.line(&format!("openssl dgst -sha256 -binary {EXPORT} | base64 | grep -Ff - headers.txt"));
        for chosen in &op.plan.applications {
            script.line(&format!(
                "unzip -tqq {EXPORT} {}",
                quoted(&format!("{namespace}/{}.json", chosen.application))
            ));
        }
        script.head("Upgrade, and read back");
    }
    for (place, work) in works.iter().enumerate().filter(|(_, work)| work.told || work.made.is_some()) {
        let Some((chosen, scoped)) = op.plan.applications.get(place).zip(op.applications.get(place)) else {
            continue;
        };
        let name = format!("{namespace}/{}.json", chosen.application);
        match work.way {
            Way::Upgrade => script.call(op.request(Call::Upgrade, &[place], None)),
            Way::Redeploy => script.deploy(op.request(Call::Redeploy, &[place], None), &name, &chosen.to),
        }
        if let (true, Some(look)) = (work.back, &scoped.look) {
            script.line("# Roll back.");
            script.deploy(op.request(Call::RollBack, &[place], None), &name, &look.artifact);
        }
        let (namespace, application) = (namespace.clone(), chosen.application.clone());
        let read = quiesce_api::application::GetApplication { namespace, application, version: None };
        let read = read.request().curl(base, with_token);
        script.line(&format!("{read} | jq -r '\"\\(.name) \\(.appVersion) \\(.artifact.version)\"'"));
    }

    script.head("Start what ran, each run with its own arguments");
    for (place, start) in op.starts().iter().enumerate() {
        if start.became().is_some() {
            script.call(op.request(Call::Start, &[place], None));
        }
    }

    script.head("Resume schedules");
    for (place, switch) in op.schedules.iter().enumerate() {
        if switch.state == SwitchState::Resumed {
            script.call(op.request(Call::Resume, &[place], None));
        }
    }
    script.text
}

struct Script<'a> {
    text: String,
    base: &'a str,
    with_token: bool,
}

impl Script<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn head(&mut self, words: &str) {
        let _ = writeln!(self.text, "\n# {words}.");
    }

    fn call(&mut self, request: Option<Request>) {
        if let Some(request) = request {
            let line = request.curl(self.base, self.with_token);
            self.line(&line);
        }
    }

    /// A deployment takes its configuration from the archive.
    fn deploy(&mut self, request: Option<Request>, name: &str, artifact: &Artifact) {
        let Some(mut request) = request else { return };
        request.body = None;
        let artifact = serde_json::to_string(artifact).unwrap_or_default();
        let (name, artifact) = (quoted(name), quoted(&artifact));
        let _ = write!(self.text, "unzip -p {EXPORT} {name} | jq -c --argjson artifact {artifact} ");
        self.text.push_str(
            "'{artifact: $artifact, config: (.configuration | fromjson), \"app.deploy.update.schedules\": false}' | ",
        );
        let curl = request.curl(self.base, self.with_token);
        self.line(&format!("{curl} -H 'Content-Type: application/json' -d @-"));
    }
}

/// Quotes for a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
