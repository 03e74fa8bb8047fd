//! A server with two applications of an older artifact, and a shell that runs the script of their upgrade.

use quiesce_api::application::{ApplicationDetail, GetApplication, ListVersions};
use quiesce_api::artifact::Artifact;
use quiesce_api::deploy::{DeleteApplication, Deploy};
use quiesce_api::run::{ListRuns, RunRecord, RunStatus};
use quiesce_api::schedule::{AddSchedule, ListSchedules, ScheduleRef, ScheduledProgram, SwitchSchedule};
use quiesce_api::start::{Start, StartBatch};
use quiesce_api::stop::{Graceful, StopRun};
use quiesce_api::upgrade::{Candidates, UpgradeScope};
use quiesce_api::{
    Endpoint, Error, NamespaceId, ProgramRef, ProgramType, Response, RunId, RunRef, Timestamp,
};
use quiesce_lifecycle::report::{ScriptPlan, ScriptedApplication, ScriptedSchedule};
use quiesce_lifecycle::upgrade::UpgradeMethod;
use quiesce_sandbox::{Options, Sandbox};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A batch pipeline with a run and two schedules, of which the second is off. It is upgraded.
pub const BATCH: &str = "script_batch";
/// One with neither. It is redeployed.
pub const COPY: &str = "script_copy";

pub struct Server {
    base: String,
    client: reqwest::Client,
    is_sandbox: bool,
    /// The run to stop, and its arguments.
    pub run: RunRef,
    pub arguments: BTreeMap<String, String>,
    /// The application before.
    pub before: ApplicationDetail,
}

fn namespace() -> NamespaceId {
    "default".into()
}

fn program() -> ProgramRef {
    ProgramRef::new("default", BATCH, ProgramType::Workflow, "DataPipelineWorkflow")
}

fn schedule(name: &str) -> ScheduleRef {
    ScheduleRef { namespace: namespace(), application: BATCH.into(), name: name.into() }
}

impl Server {
    pub async fn sandbox() -> Self {
        let router = Sandbox::new(Options::default()).router();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self::prepared(base, true).await
    }

    pub async fn real(url: &str) -> Self {
        Self::prepared(url.trim_end_matches('/').to_owned(), false).await
    }

    async fn prepared(base: String, is_sandbox: bool) -> Self {
        let client = reqwest::Client::new();
        let arguments = [("wait", "600"), ("note", "it's \"odd\": $HOME `id` \\ é\n☃")];
        let arguments = arguments.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        // Replaced below, once it is there.
        let before: ApplicationDetail = {
            let application = "invoices_monthly".into();
            let seeded = GetApplication { namespace: namespace(), application, version: None };
            let answer = client.get(format!("{base}{}", seeded.request().target)).send().await;
            let body = answer.expect("an answer").bytes().await.expect("a body");
            seeded.read(&Response::new(200, body.to_vec())).expect("a record")
        };
        let run = program().run("");
        let mut server = Self { base, client, is_sandbox, run, arguments, before };
        server.clean().await;
        for application in [BATCH, COPY] {
            let deploy = Deploy {
                namespace: namespace(),
                application: application.into(),
                artifact: Artifact { version: "6.10.0".into(), ..server.before.artifact.clone() },
                config: serde_json::from_str(&server.before.configuration).ok(),
                update_schedules: None,
                change: None,
            };
            server.must(&deploy).await;
        }
        for name in ["nightly", "manual"] {
            let program = ScheduledProgram {
                program_name: "DataPipelineWorkflow".into(),
                program_type: ProgramType::Workflow,
            };
            let trigger = json!({ "type": "TIME", "cronExpression": "0 3 1 1 *" });
            server.must(&AddSchedule { schedule: schedule(name), program, trigger }).await;
        }
        server.switch("nightly", true).await;
        // A run that ended before the script's own is there.
        let ended = server.start(&[("wait", "1")]).await;
        server.until(|runs| runs.iter().any(|run| run.run == ended && run.status.is_end())).await;
        let arguments: Vec<_> =
            server.arguments.iter().map(|(name, it)| (name.as_str(), it.as_str())).collect();
        server.run = program().run(server.start(&arguments).await);
        server.before = server.detail(BATCH).await;
        server
    }

    async fn send(&self, method: &str, target: &str, body: Option<String>) -> Response {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self.client.request(method, format!("{}{target}", self.base));
        if let Some(body) = body {
            request = request.body(body);
        }
        let answer = request.send().await.expect("an answer");
        Response::new(answer.status().as_u16(), answer.bytes().await.expect("a body").to_vec())
    }

    async fn call<E: Endpoint>(&self, endpoint: &E) -> Result<E::Output, Error> {
        let request = endpoint.request();
        endpoint.read(&self.send(request.method.as_str(), &request.target, request.body).await)
    }

    async fn must<E: Endpoint>(&self, endpoint: &E) -> E::Output {
        self.call(endpoint).await.unwrap_or_else(|error| panic!("{}: {error:?}", endpoint.request()))
    }

    pub async fn detail(&self, application: &str) -> ApplicationDetail {
        let application = application.into();
        self.must(&GetApplication { namespace: namespace(), application, version: None }).await
    }

    pub async fn versions(&self, application: &str) -> usize {
        let application = application.into();
        self.must(&ListVersions { namespace: namespace(), application }).await.good.len()
    }

    pub async fn runs(&self) -> Vec<RunRecord> {
        self.must(&ListRuns::of(program())).await.good
    }

    /// Whether `nightly` and `manual` are on.
    pub async fn schedules(&self) -> [bool; 2] {
        let all = self.must(&ListSchedules { namespace: namespace(), application: BATCH.into() }).await.good;
        ["nightly", "manual"].map(|name| all.iter().any(|it| it.name == name && it.is_on()))
    }

    pub async fn switch(&self, name: &str, on: bool) {
        self.must(&SwitchSchedule { schedule: schedule(name), on }).await;
    }

    /// Starts a run and waits until it is RUNNING.
    pub async fn start(&self, arguments: &[(&str, &str)]) -> RunId {
        let before = self.call(&ListRuns::of(program())).await.map(|runs| runs.good).unwrap_or_default();
        let arguments = arguments.iter().map(|(name, it)| ((*name).to_owned(), (*it).to_owned())).collect();
        self.must(&Start { program: program(), version: None, arguments: Some(arguments) }).await;
        let is_new = |run: &&RunRecord| {
            before.iter().all(|known| known.run != run.run)
                && !matches!(run.status, RunStatus::Pending | RunStatus::Starting)
        };
        let runs = self.until(|runs| runs.iter().any(|run| is_new(&run))).await;
        runs.iter().find(is_new).expect("the new run").run.clone()
    }

    /// The arguments of a run, once its record has them.
    pub async fn arguments_of(&self, run: &RunId) -> BTreeMap<String, String> {
        let arguments = |runs: &[RunRecord]| runs.iter().find(|it| it.run == *run)?.runtime_arguments();
        let runs = self.until(|runs| arguments(runs).is_some()).await;
        arguments(&runs).expect("arguments")
    }

    async fn until(&self, so: impl Fn(&[RunRecord]) -> bool) -> Vec<RunRecord> {
        let began = Instant::now();
        loop {
            let runs = self.runs().await;
            if so(&runs) {
                return runs;
            }
            assert!(began.elapsed() < Duration::from_secs(50), "{runs:?}");
            self.pass().await;
        }
    }

    /// Lets a second pass; on a real server, a moment.
    async fn pass(&self) {
        if self.is_sandbox {
            let body = json!({ "advance_seconds": 1 }).to_string();
            assert_eq!(self.send("POST", "/sandbox/clock", Some(body)).await.status, 200);
        } else {
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }

    /// The requests that the sandbox has received, but those of other tests of its state.
    pub async fn requests(&self) -> Vec<String> {
        let answer = self.send("GET", "/sandbox/requests", None).await;
        let all: Vec<Value> = serde_json::from_slice(&answer.body).expect("a list");
        all.iter().map(|it| format!("{} {}", it["method"], it["target"]).replace('"', "")).collect()
    }

    /// Those that may change something.
    pub async fn changes(&self) -> Vec<String> {
        self.requests().await.into_iter().filter(|it| !it.starts_with("GET ")).collect()
    }

    pub async fn forget_requests(&self) {
        self.send("DELETE", "/sandbox/requests", None).await;
    }

    pub async fn fault(&self, name: &str, method: &str, path: &str) {
        let body = json!({ "name": name, "method": method, "path": path, "times": 1 }).to_string();
        assert_eq!(self.send("POST", "/sandbox/faults", Some(body)).await.status, 200);
    }

    pub async fn delete(&self, application: &str) {
        self.must(&DeleteApplication { namespace: namespace(), application: application.into() }).await;
    }

    /// Deletes the two applications if they are there.
    pub async fn clean(&self) {
        let runs = self.call(&ListRuns::of(program())).await.map(|runs| runs.good).unwrap_or_default();
        for run in runs.into_iter().filter(|run| !run.status.is_end()) {
            let _ = self.call(&StopRun { run: program().run(run.run), graceful: Graceful::Absent }).await;
        }
        if self.call(&ListRuns::of(program())).await.is_ok() {
            self.until(|runs| runs.iter().all(|run| run.status.is_end())).await;
        }
        for application in [BATCH, COPY] {
            let _ = self
                .call(&DeleteApplication { namespace: namespace(), application: application.into() })
                .await;
        }
    }

    fn plan(&self) -> ScriptPlan {
        let to = Artifact { version: "6.11.0".into(), ..self.before.artifact.clone() };
        let start =
            StartBatch { namespace: namespace(), programs: vec![(program(), Some(self.arguments.clone()))] };
        let schedule =
            |name: &str| ScriptedSchedule { name: name.to_owned(), resume: true, triggered: false };
        ScriptPlan {
            namespaces: namespace().to_string(),
            begun: Timestamp::from_second(0).expect("a moment"),
            candidates: Candidates { scopes: vec![UpgradeScope::System], allow_snapshot: false },
            applications: vec![
                ScriptedApplication {
                    namespace: namespace(),
                    application: BATCH.into(),
                    to: to.clone(),
                    way: UpgradeMethod::Upgrade,
                    schedules: vec![schedule("nightly"), schedule("manual")],
                    stops: vec![StopRun { run: self.run.clone(), graceful: Graceful::Absent }],
                    starts: vec![(self.run.clone(), start.request())],
                },
                ScriptedApplication {
                    namespace: namespace(),
                    application: COPY.into(),
                    to,
                    way: UpgradeMethod::Redeploy,
                    schedules: Vec::new(),
                    stops: Vec::new(),
                    starts: Vec::new(),
                },
            ],
            excluded: Vec::new(),
        }
    }
}

/// A folder with the script.
pub struct Shell {
    folder: PathBuf,
}

/// How an execution of the script ended.
#[derive(Debug)]
pub struct Execution {
    pub out: String,
    pub err: String,
    status: Option<i32>,
}

impl Execution {
    /// Whether the script ended well, with its last line.
    pub fn is_done(&self) -> bool {
        assert_eq!(self.status == Some(0), self.out.ends_with("Done.\n"), "{self:?}");
        self.status == Some(0)
    }
}

impl Shell {
    pub fn new(server: &Server) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        // A space and a quote, as folders of people have them.
        let name = format!("quiesce's script {}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("upgrade.sh"), server.plan().text(&server.base, false)).expect("a file");
        Self { folder }
    }

    fn command(&self, server: &Server) -> Command {
        let mut command = Command::new("sh");
        command.arg(self.folder.join("upgrade.sh"));
        command.env("POLL", if server.is_sandbox { "0.05" } else { "1" });
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the script; meanwhile the sandbox's clock goes fast.
    pub async fn run(&self, server: &Server) -> Execution {
        Self::execute(self.command(server), server).await
    }

    pub async fn dry_run(&self, server: &Server) -> Execution {
        let mut command = self.command(server);
        command.arg("--dry-run");
        Self::execute(command, server).await
    }

    async fn execute(mut command: Command, server: &Server) -> Execution {
        let mut running = tokio::task::spawn_blocking(move || command.output().expect("a shell"));
        let output = loop {
            tokio::select! {
                output = &mut running => break output.expect("an end"),
                () = tokio::time::sleep(Duration::from_millis(30)) => server.pass().await,
            }
        };
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Execution { out: text(output.stdout), err: text(output.stderr), status: output.status.code() }
    }

    /// Runs the script, without time passing, until it prints a line with this part, and kills it.
    pub async fn kill_at(&self, server: &Server, part: &'static str) {
        let mut command = self.command(server);
        let killed = tokio::task::spawn_blocking(move || {
            let mut child = command.spawn().expect("a shell");
            let out = BufReader::new(child.stdout.take().expect("its output"));
            let found = out.lines().map_while(Result::ok).any(|line| line.contains(part));
            child.kill().expect("killed");
            child.wait().expect("an end");
            let mut words = String::new();
            child.stderr.take().expect("its errors").read_to_string(&mut words).expect("its errors");
            assert!(found, "{words}");
        });
        killed.await.expect("killed");
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
