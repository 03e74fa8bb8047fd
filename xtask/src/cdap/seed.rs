//! The content of the server. Existing applications and running programs are not changed, so that seeding again
//! restores only what is missing.

use super::distribution::Distribution;
use super::http::{Api, Body};
use super::pipelines;
use super::server::Server;
use anyhow::{Context as _, Result, bail};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};
use ureq::http::Method;

const NAMESPACE: &str = "/v3/namespaces/default";
const APPS: &str = "/v3/namespaces/default/apps";
const BATCH: &str = "workflows/DataPipelineWorkflow";
const STREAM: &str = "spark/DataStreamsSparkStreaming";
/// The final statuses of a run.
const ENDED: [&str; 4] = ["COMPLETED", "FAILED", "KILLED", "REJECTED"];

/// Deploys and starts the fixtures that are missing.
pub fn plant(distribution: &Distribution, server: &Server, fleet: u32) -> Result<()> {
    let api = server.api()?;
    deploy(distribution, server, &api, fleet)?;
    println!("    starting programs one after another");

    // One after the other: a server whose first starts are concurrent can lose a program type until a restart
    // ("Unsupported program type: Spark"), because it loads the runtimes on first use.
    running(&api, &format!("clicks_live/{STREAM}"), &[json!({})])?;
    running(&api, &format!("clicks_no_wal/{STREAM}"), &[json!({})])?;
    running(&api, "Warehouse/workers/StockPoller", &[json!({ "drain": "10" })])?;
    running(&api, "Warehouse/services/Stock", &[json!({})])?;
    // Two runs of one program at the same time.
    let reports = [json!({ "wait": "3600" }), json!({ "wait": "7200" })];
    running(&api, "Warehouse/workflows/StockReport", &reports)?;
    superseded(&api, "customers_sync")
}

/// Deploys the applications that are missing and starts nothing.
pub fn deploy_only(distribution: &Distribution, server: &Server) -> Result<()> {
    deploy(distribution, server, &server.api()?, 0)
}

fn deploy(distribution: &Distribution, server: &Server, api: &Api, fleet: u32) -> Result<()> {
    let plugins = fs::read(distribution.plugins_jar()).context("cannot read the jar of the plugins")?;
    let extends = "system:cdap-data-streams[6.0.0,7.0.0)/system:cdap-data-pipeline[6.0.0,7.0.0)";
    let headers = [("Artifact-Version", "1.0.0"), ("Artifact-Extends", extends)];
    let path = format!("{NAMESPACE}/artifacts/sample-plugins");
    api.must(&Method::POST, &path, &headers, Body::Bytes(&plugins), &[409])?;

    let there: BTreeSet<String> = names(&api.get(APPS)?);
    if !there.contains("Warehouse") {
        let application =
            fs::read(distribution.application_jar()).context("cannot read the jar of the application")?;
        let headers = [("X-Archive-Name", "sample-app-1.0.0.jar")];
        api.must(&Method::POST, APPS, &headers, Body::Bytes(&application), &[])?;
    }
    for pipeline in pipelines::all(&file_url(server.dir())) {
        if !there.contains(pipeline.name) {
            api.put(&format!("{APPS}/{}", pipeline.name), pipeline.body)?;
            if pipeline.batch {
                // Runs started by a schedule use it.
                api.put(&format!("{APPS}/{}/preferences", pipeline.name), json!({ "wait": "20" }))?;
            }
        }
    }
    let enable = format!("{APPS}/orders_daily/schedules/dataPipelineSchedule/enable");
    api.must(&Method::POST, &enable, &[], Body::Nothing, &[409])?;
    deploy_fleet(server, &there, fleet)?;
    println!("    {} applications are deployed", names(&api.get(APPS)?).len());
    Ok(())
}

/// Deploys additional batch pipelines, four at a time: about three per second.
fn deploy_fleet(server: &Server, there: &BTreeSet<String>, fleet: u32) -> Result<()> {
    let missing: Vec<String> =
        (1..=fleet).map(|number| format!("store_{number:04}")).filter(|name| !there.contains(name)).collect();
    let share = missing.len().div_ceil(4).max(1);
    thread::scope(|scope| {
        let workers: Vec<_> = missing
            .chunks(share)
            .map(|names| {
                scope.spawn(move || -> Result<()> {
                    let api = server.api()?;
                    for (count, name) in names.iter().enumerate() {
                        api.put(&format!("{APPS}/{name}"), pipelines::wait_only())?;
                        if count % 25 == 24 {
                            println!("    … {name} deployed");
                        }
                    }
                    Ok(())
                })
            })
            .collect();
        workers.into_iter().try_for_each(|worker| match worker.join() {
            Ok(done) => done,
            Err(_) => bail!("deploying the fleet failed"),
        })
    })
}

/// Starts runs until there is one active run per set of arguments, and waits for each.
fn running(api: &Api, program: &str, arguments: &[Value]) -> Result<()> {
    let mut alive = alive(api, program)?.len();
    for arguments in arguments.iter().skip(alive) {
        alive += 1;
        start(api, program, arguments, alive)?;
    }
    println!("    {program}: {alive} running");
    Ok(())
}

fn start(api: &Api, program: &str, arguments: &Value, alive_then: usize) -> Result<()> {
    let began = Instant::now();
    api.post(&format!("{APPS}/{program}/start"), Some(arguments.clone()))?;
    loop {
        let runs = runs(api, program)?;
        if runs.iter().filter(|run| text(run, "status") == "RUNNING").count() >= alive_then {
            return Ok(());
        }
        if runs.first().is_some_and(|newest| text(newest, "status") == "FAILED") {
            bail!(
                "{program} failed; the reason is in cdap.log. After \"Unsupported program type\", restart the \
                 server\n  fix: cargo xtask cdap down, then up --fresh, then seed"
            );
        }
        if began.elapsed() > Duration::from_mins(2) {
            bail!("{program} is not running 120 s after its start");
        }
        thread::sleep(Duration::from_millis(200));
    }
}

/// Creates a run of a superseded version.
fn superseded(api: &Api, app: &str) -> Result<()> {
    let program = format!("{app}/{BATCH}");
    let latest = api.get(&format!("{APPS}/{app}"))?;
    let outlived = |run: &&Value| text(run, "version") != text(&latest, "appVersion");
    if !alive(api, &program)?.iter().any(|run| outlived(&run)) {
        running(api, &program, &[json!({ "wait": "3600" })])?;
        api.post(&format!("{APPS}/{app}/upgrade?artifactScope=SYSTEM"), None)?;
    }
    println!("    {program}: one run of a superseded version");
    Ok(())
}

fn runs(api: &Api, program: &str) -> Result<Vec<Value>> {
    match api.get(&format!("{APPS}/{program}/runs?limit=50"))? {
        Value::Array(runs) => Ok(runs),
        other => bail!("runs of {program}: {other}"),
    }
}

/// The active runs that are not stopping.
fn alive(api: &Api, program: &str) -> Result<Vec<Value>> {
    let gone = |run: &Value| ENDED.contains(&text(run, "status")) || text(run, "status") == "STOPPING";
    Ok(runs(api, program)?.into_iter().filter(|run| !gone(run)).collect())
}

fn names(apps: &Value) -> BTreeSet<String> {
    apps.as_array().into_iter().flatten().map(|app| text(app, "name").to_owned()).collect()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Percent-encoded in the path of a URL.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The `file://` URL of a folder.
fn file_url(folder: &Path) -> String {
    format!("file://{}", utf8_percent_encode(&folder.display().to_string(), PATH))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_a_space_in_the_name_of_a_folder() {
        assert_eq!(file_url(Path::new("/srv/my cdap")), "file:///srv/my%20cdap");
    }
}
