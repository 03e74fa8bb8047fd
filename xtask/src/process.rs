//! Child processes that are terminated with xtask.
//!
//! Each has its own process group, so that its children are terminated with it. On Ctrl-C, SIGTERM and SIGHUP all groups
//! get SIGTERM, then SIGKILL, before xtask exits.

use anyhow::{Context as _, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a process may take to exit after SIGTERM. A stand-alone CDAP took up to 28 s.
const TERM_TIMEOUT: Duration = Duration::from_secs(45);

/// The active process groups.
static GROUPS: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());
/// Set on a signal: no more processes may be started.
static ENDING: AtomicBool = AtomicBool::new(false);

fn groups() -> MutexGuard<'static, BTreeSet<i32>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Installs the signal handler that terminates all children before xtask.
pub fn end_children_with_us() -> Result<()> {
    ctrlc::set_handler(|| {
        let again = ENDING.swap(true, Ordering::SeqCst);
        if again {
            end_groups(Signal::SIGKILL);
            std::process::exit(130);
        }
        eprintln!("\nstopping child processes (repeat to kill them)");
        thread::spawn(|| {
            end_groups(Signal::SIGTERM);
            let began = Instant::now();
            while !groups().is_empty() && began.elapsed() < TERM_TIMEOUT {
                thread::sleep(Duration::from_millis(50));
            }
            end_groups(Signal::SIGKILL);
            std::process::exit(130);
        });
    })
    .context("cannot install the signal handler")
}

/// Call this last: while a signal is being handled, only the handler may exit.
pub fn wait_while_ending() {
    while ENDING.load(Ordering::SeqCst) {
        thread::park();
    }
}

fn end_groups(signal: Signal) {
    for group in groups().iter() {
        // It may just have exited.
        let _ = killpg(Pid::from_raw(*group), signal);
    }
}

/// A command to run, with a hint for its failure.
pub struct Tool {
    command: Command,
    hint: Option<String>,
    own_group: bool,
}

impl Tool {
    /// `program` is looked up on `PATH`.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        // `cargo run` sets variables about xtask. A cargo that inherits them rebuilds crates that a manually started
        // cargo has built, and vice versa.
        for (name, _) in std::env::vars_os() {
            let bytes = name.as_encoded_bytes();
            if bytes.starts_with(b"CARGO_MANIFEST_") || bytes.starts_with(b"CARGO_PKG_") {
                command.env_remove(name);
            }
        }
        Self { command, hint: None, own_group: true }
    }

    /// A program that is terminated even if xtask is killed without cleanup, on systems that support it (Linux).
    /// Spawn it on the main thread: the exit of the spawning thread triggers it.
    pub fn that_dies_with_us(program: impl AsRef<OsStr>) -> Self {
        if which("setpriv").is_none() {
            return Self::new(program);
        }
        Self::new("setpriv").args(["--pdeathsig", "TERM", "--"]).arg(program)
    }

    /// A program that uses the processors only while others leave them idle.
    pub fn with_low_priority(program: impl AsRef<OsStr>) -> Self {
        Self::new("nice").args(["-n", "19"]).arg(program)
    }

    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    pub fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.command.args(args);
        self
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn current_dir(mut self, dir: impl AsRef<Path>) -> Self {
        self.command.current_dir(dir);
        self
    }

    /// Prepends folders to the program's `PATH`.
    pub fn path_first(self, folders: &[&Path]) -> Self {
        let old = std::env::var_os("PATH").unwrap_or_default();
        let all = folders.iter().map(|folder| folder.to_path_buf()).chain(std::env::split_paths(&old));
        match std::env::join_paths(all) {
            Ok(path) => self.env("PATH", path),
            // A folder with a colon in its name cannot be on PATH.
            Err(_) => self,
        }
    }

    /// A hint for a failure: a command or a sentence.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Keeps our process group and standard input: for programs that prompt for a password.
    pub fn asks_operator(mut self) -> Self {
        self.own_group = false;
        self
    }

    /// The command as it can be typed in a shell.
    fn line(&self) -> String {
        std::iter::once(self.command.get_program())
            .chain(self.command.get_args())
            .map(|word| quoted(&word.to_string_lossy()))
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn failed(&self, how: &str) -> anyhow::Error {
        let hint = self.hint.as_ref().map(|hint| format!("\n  fix: {hint}")).unwrap_or_default();
        anyhow::anyhow!("`{}` {how}{hint}", self.line())
    }

    /// Spawns the process. It is terminated when the value is dropped.
    pub fn spawn(mut self) -> Result<Running> {
        if self.own_group {
            self.command.process_group(0).stdin(Stdio::null());
        }
        // Locked until the group is registered, so that a signal handler never misses it.
        let mut groups = groups();
        if ENDING.load(Ordering::SeqCst) {
            bail!("`{}` was not started: xtask is stopping", self.line());
        }
        let child =
            self.command.spawn().map_err(|error| self.failed(&format!("failed to start: {error}")))?;
        let group = i32::try_from(child.id()).context("invalid process ID")?;
        if self.own_group {
            groups.insert(group);
        }
        drop(groups);
        Ok(Running { child, group, tool: self, over: None })
    }

    /// Runs it with our standard output; fails unless it succeeds.
    pub fn run(self) -> Result<()> {
        let mut running = self.spawn()?;
        let status = running.wait()?;
        running.tool.judge(status)
    }

    /// Runs it, prints its standard output and passes each line to `line`.
    pub fn run_lines(mut self, mut line: impl FnMut(&str)) -> Result<ExitStatus> {
        self.command.stdout(Stdio::piped());
        let mut running = self.spawn()?;
        for each in running.lines()? {
            println!("{each}");
            line(&each);
        }
        running.wait()
    }

    /// Runs it without showing its output and prints `progress` every 10 s.
    pub fn run_quietly(mut self, progress: impl Fn() -> String) -> Result<()> {
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = self.spawn()?;
        let out = running.child.stdout.take().map(|out| thread::spawn(move || std::io::read_to_string(out)));
        let err = running.child.stderr.take().map(|err| thread::spawn(move || std::io::read_to_string(err)));
        let began = Instant::now();
        let mut next = Duration::from_secs(10);
        let status = loop {
            if let Some(status) = running.ended()? {
                break status;
            }
            if began.elapsed() > next {
                println!("    … {} s: {}", began.elapsed().as_secs(), progress());
                next += Duration::from_secs(10);
            }
            thread::sleep(Duration::from_millis(100));
        };
        if !status.success() {
            for text in [out, err].into_iter().flatten() {
                if let Ok(Ok(text)) = text.join() {
                    eprint!("{text}");
                }
            }
        }
        running.tool.judge(status)
    }

    /// Runs it and returns its standard output without showing it.
    pub fn output(mut self) -> Result<String> {
        let output = self.command.stdin(Stdio::null()).output();
        let output = output.map_err(|error| self.failed(&format!("failed to start: {error}")))?;
        if !output.status.success() {
            return Err(self.failed(&format!(
                "exited with {}\n{}",
                output.status,
                String::from_utf8_lossy(&output.stderr)
            )));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Pipes its standard output: see [`Running::lines`].
    pub fn piped(mut self) -> Self {
        self.command.stdout(Stdio::piped());
        self
    }

    /// Redirects standard output and standard error to a file.
    pub fn log_to(mut self, file: &std::fs::File) -> Result<Self> {
        self.command.stdout(file.try_clone()?).stderr(file.try_clone()?);
        Ok(self)
    }

    fn judge(&self, status: ExitStatus) -> Result<()> {
        if status.success() { Ok(()) } else { Err(self.failed(&format!("exited with {status}"))) }
    }
}

/// A running process. It is terminated when this is dropped.
pub struct Running {
    child: Child,
    group: i32,
    tool: Tool,
    over: Option<ExitStatus>,
}

impl Running {
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Lines of its standard output; the tool must be [`Tool::piped`].
    pub fn lines(&mut self) -> Result<impl Iterator<Item = String> + use<>> {
        let out = self.child.stdout.take().context("its output is not piped")?;
        Ok(BufReader::new(out).lines().map_while(Result::ok))
    }

    /// Its exit status if it has ended.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        if self.over.is_none() {
            self.over = self.child.try_wait()?;
            if self.over.is_some() {
                groups().remove(&self.group);
            }
        }
        Ok(self.over)
    }

    /// Waits for its exit.
    pub fn wait(&mut self) -> Result<ExitStatus> {
        if let Some(status) = self.over {
            return Ok(status);
        }
        let status = self.child.wait()?;
        self.over = Some(status);
        groups().remove(&self.group);
        Ok(status)
    }

    /// Leaves it running after xtask exits.
    pub fn leave_alone(mut self) {
        groups().remove(&self.group);
        // Prevents `drop` from terminating it.
        self.over = Some(ExitStatus::default());
    }

    /// Terminates it: SIGTERM, then SIGKILL after a timeout. Returns whether SIGKILL was needed.
    pub fn end(&mut self) -> Result<bool> {
        if self.ended()?.is_some() {
            return Ok(false);
        }
        let _ = killpg(Pid::from_raw(self.group), Signal::SIGTERM);
        let began = Instant::now();
        while began.elapsed() < TERM_TIMEOUT {
            if self.ended()?.is_some() {
                return Ok(false);
            }
            thread::sleep(Duration::from_millis(50));
        }
        self.kill()?;
        Ok(true)
    }

    /// Kills it.
    pub fn kill(&mut self) -> Result<()> {
        if self.ended()?.is_none() {
            let _ = killpg(Pid::from_raw(self.group), Signal::SIGKILL);
            self.wait()?;
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.over.is_none()
            && let Err(error) = self.end()
        {
            eprintln!("`{}` may still be running: {error}", self.tool.line());
        }
    }
}

/// The path of a program on `PATH`.
pub fn which(program: &str) -> Option<std::path::PathBuf> {
    let path: OsString = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_contains_the_command_and_its_hint() {
        let error = Tool::new("false").args(["a b", "it's"]).hint("try this").run().unwrap_err().to_string();
        assert_eq!(error, "`false 'a b' 'it'\\''s'` exited with exit status: 1\n  fix: try this");
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = Tool::new("no-such-program").run().unwrap_err().to_string();
        assert!(error.starts_with("`no-such-program` failed to start:"), "{error}");
    }

    #[test]
    fn children_of_a_process_are_terminated_with_it() {
        let mut parent = Tool::new("sh").args(["-c", "sleep 1000 & echo $!; wait"]).piped().spawn().unwrap();
        let child = parent.lines().unwrap().next().unwrap();
        assert!(!parent.end().unwrap(), "it exits on SIGTERM");
        // The shell has exited; its child follows.
        let gone = (0..200).any(|_| {
            thread::sleep(Duration::from_millis(10));
            !Command::new("ps").args(["-o", "stat=", "-p", &child]).output().is_ok_and(|ps| {
                let stat = String::from_utf8_lossy(&ps.stdout).trim().to_owned();
                !stat.is_empty() && !stat.starts_with('Z')
            })
        });
        assert!(gone, "process {child} is still running");
    }
}
