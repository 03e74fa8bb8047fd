//! Scripts as text, and what a shell reads of them.

use super::*;
use crate::report::tests::{lost, told};
use crate::upgrade::Step;
use crate::upgrade::model::ModelState;
use quiesce_api::routes::{ROUTES, find};
use std::path::PathBuf;
use std::process::{Command, Output};

const BASE: &str = "http://localhost:11015";

/// A script in a folder of its own, which is removed at the end.
struct Saved(PathBuf);

impl Saved {
    fn new(name: &str, text: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("quiesce-script-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("script.sh"), text).unwrap();
        Self(folder)
    }

    fn run(&self, options: &[&str]) -> Output {
        Command::new("sh").args(options).current_dir(&self.0).env_remove("CDAP_TOKEN").output().unwrap()
    }

    fn dry_run(&self) -> String {
        let output = self.run(&["script.sh", "--dry-run"]);
        assert!(output.status.success(), "{output:?}");
        assert_eq!(std::fs::read_dir(&self.0).unwrap().count(), 1, "a dry run writes nothing");
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Saved {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The script of a finished operation, after its functions.
fn steps(world: &ModelState) -> String {
    let text = script(&world.op, BASE, true);
    text.strip_prefix(FUNCTIONS).unwrap().to_owned()
}

fn holds_in_order(text: &str, expected: &[&str]) {
    let mut rest = text;
    for part in expected {
        let at = rest.find(part).unwrap_or_else(|| panic!("{part} is not in order in\n{text}"));
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn the_script_repeats_the_calls_of_the_operation_in_their_order() {
    let (world, _) = told(lost);
    let apps = "/v3/namespaces/default/apps";
    holds_in_order(
        &steps(&world),
        &[
            "server=${CDAP_URL:-'http://localhost:11015'}\n",
            &format!("app '1' 'clicks' '{apps}/clicks' '6.11.0 SYSTEM'\n"),
            &format!("app '2' 'orders' '{apps}/orders' '6.11.0 SYSTEM'\n"),
            &format!("pause '1' '2' 'orders/s0' '{apps}/orders/schedules/s0'\n"),
            "stop '1' 'r1 of clicks' ",
            &format!("stop '2' 'r2 of orders' '{apps}/orders/workflows/DataPipelineWorkflow/runs/r2' "),
            "wait_for '1' 'r1 of clicks'",
            "back_up '/v3/export/apps'\n",
            &format!(
                "upgrade '1' 'clicks' '{apps}/clicks' '6.11.0 SYSTEM' 'PUT' '{apps}/clicks' '{{\"name\":"
            ),
            &format!("upgrade '2' 'orders' '{apps}/orders' '6.11.0 SYSTEM' 'POST' '{apps}/orders/upgrade'\n"),
            "start '1' '1' 'r1 of clicks' ",
            "\"runtimeargs\":{\"id\":\"1\"}",
            &format!("resume '1' '2' 'orders/s0' '{apps}/orders/schedules/s0'\n"),
        ],
    );
}

#[test]
fn the_script_uses_only_paths_that_the_consoles_server_forwards() {
    let (world, _) = told(lost);
    let steps = steps(&world);
    let targets: Vec<&str> = steps.split('\'').filter(|word| word.starts_with("/v3/")).collect();
    assert!(targets.len() > 8, "{steps}");
    for target in targets {
        let path = target.split('?').next().unwrap();
        assert!(ROUTES.iter().any(|route| route.matches(path)), "{path}");
        // The functions add these to the path of a schedule.
        if path.contains("/schedules/") {
            for (method, action) in [("GET", "status"), ("POST", "disable"), ("POST", "enable")] {
                assert!(find(method, &format!("{path}/{action}")).is_ok(), "{method} {path}/{action}");
            }
        }
    }
}

#[test]
fn runs_are_stopped_one_by_one_and_never_by_program() {
    let (world, _) = told(lost);
    let steps = steps(&world);
    assert!(!steps.contains("/v3/namespaces/default/stop"), "{steps}");
    for line in steps.lines().filter(|line| line.starts_with("stop ")) {
        assert!(line.contains("/runs/r") && line.contains("/stop"), "{line}");
    }
}

#[test]
fn applications_that_were_not_upgraded_or_were_rolled_back_are_left_alone() {
    let (mut world, _) = told(lost);
    let Step::Report(step) = &mut world.op.step else { panic!("it is over") };
    let works = &mut step.upgrade.as_mut().unwrap().apps;
    works[0].rolling_back = true;
    (works[1].may_have_been_sent, works[1].new_version) = (false, None);
    let steps = steps(&world);
    assert!(steps.contains("say 'clicks: rolled back in this operation, left as it is'\n"), "{steps}");
    assert!(steps.contains("say 'orders: not upgraded in this operation, left as it is'\n"), "{steps}");
    for function in ["app ", "pause ", "stop ", "back_up ", "upgrade ", "start ", "resume "] {
        assert!(!steps.lines().any(|line| line.starts_with(function)), "{function}: {steps}");
    }
}

#[test]
fn a_schedule_that_stays_off_is_paused_and_not_resumed() {
    let (mut world, _) = told(lost);
    world.op.schedules[0].state = ScheduleTaskState::LeftSuspended;
    let left_off = steps(&world);
    assert!(left_off.contains("\npause ") && !left_off.contains("\nresume "), "{left_off}");
    world.op.schedules[0].state = ScheduleTaskState::AlreadySuspended;
    let was_off = steps(&world);
    assert!(!was_off.contains("\npause ") && !was_off.contains("\nresume "), "{was_off}");
}

/// A plan in which every name is this one.
fn named(name: &str) -> ScriptPlan {
    let program = ProgramRef::new("default", name, ProgramType::Workflow, name);
    let run = program.run(name);
    let request = Request::post(["v3", "namespaces", "default", "start"]).json(&[name]);
    ScriptPlan {
        namespaces: "default".into(),
        begun: Timestamp::from_second(0).unwrap(),
        candidates: Candidates::default(),
        applications: vec![ScriptedApplication {
            namespace: "default".into(),
            application: name.into(),
            to: Artifact { name: name.into(), version: "1".into(), scope: "USER".into() },
            way: UpgradeMethod::Redeploy,
            schedules: vec![ScriptedSchedule { name: name.into(), resume: true, triggered: false }],
            stops: vec![StopRun { run: run.clone(), graceful: Graceful::Seconds(60) }],
            starts: vec![(run, request)],
        }],
        excluded: vec![(name.into(), "not upgraded in this operation")],
    }
}

#[test]
fn a_shell_reads_names_with_quotes_spaces_dollars_and_newlines_as_they_are() {
    for (number, name) in
        ["it's", "a b", "$HOME `id` $(id)", "\"x\" \\ ! * ?", "naïve ☃", "-n", "%s", "#", "&;|<>"]
            .iter()
            .enumerate()
    {
        let saved = Saved::new(&format!("name-{number}"), &named(name).text(BASE, false));
        let output = saved.dry_run();
        let body = Request::post(["x"]).json(&[name]).body.unwrap();
        holds_in_order(
            &output,
            &[
                &format!("{name}: not upgraded in this operation"),
                &format!("{name}: skip it if it is on 1 USER already\n"),
                &format!("Schedule {name}/{name}: pause\n"),
                &format!("Run {name} of {name}: stop\n"),
                &format!("{name}: upgrade to 1 USER\n"),
                &format!("Run {name} of {name}: start again\n  POST /v3/namespaces/default/start {body}\n"),
                "Done.\n",
            ],
        );
    }
    let saved = Saved::new("newline", &named("a\nexit 3\n\u{1b}[2J").text(BASE, false));
    assert!(saved.dry_run().contains("\nSchedule a exit 3  [2J/a exit 3  [2J: pause\n"));
}

#[test]
fn an_address_with_quotes_stays_one_word() {
    let text = named("a").text("http://h'; exit 3; '", false);
    assert!(text.contains(r"${CDAP_URL:-'http://h'\''; exit 3; '\'''}"));
    Saved::new("address", &text).dry_run();
}

#[test]
fn a_script_for_a_server_with_tokens_takes_its_token_from_the_environment_only() {
    let saved = Saved::new("token", &named("a").text(BASE, true));
    let output = saved.run(&["script.sh"]);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && words.contains("CDAP_TOKEN"), "{output:?}");
    saved.dry_run();
}

#[test]
fn an_option_that_is_not_known_is_refused() {
    let saved = Saved::new("option", &named("a").text(BASE, false));
    let output = saved.run(&["script.sh", "--dryrun"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

#[test]
fn the_script_is_one_for_a_posix_shell() {
    let (world, _) = told(lost);
    let saved = Saved::new("checked", &script(&world.op, BASE, true));
    let parsed = saved.run(&["-n", "script.sh"]);
    assert!(parsed.status.success(), "{parsed:?}");
    // Where it is installed.
    if let Ok(checked) = Command::new("shellcheck").arg("script.sh").current_dir(&saved.0).output() {
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    }
}
