//! Starts a server with its configuration.

use anyhow::{Context, Result};
use clap::ArgMatches;
use quiesce_sandbox::{Options, Profile, Sandbox};
use quiesce_server::app::App;
use quiesce_server::backend::{Backend, RouterSettings};
use quiesce_server::config::{self, Config, LogFormat, RouterConfig, ServerConfig, TlsFiles};
use quiesce_server::connections::{Server, shutdown_signal};
use quiesce_server::origin_guard::OriginGuard;
use quiesce_server::page::Page;
use quiesce_server::policy::Policy;
use quiesce_server::proxy::Timeouts;
use quiesce_server::routers::{Routers, ServedRouter};
use quiesce_server::service_manager::ServiceManager;
use quiesce_server::shared_reads::SharedReads;
use quiesce_server::sign_in::{Attempts, AuthServerSettings};
use quiesce_server::tls::{TlsServer, read_authorities};
use quiesce_server::token_command::TokenCommand;
use quiesce_server::user_header::UserHeader;
use std::io::Write as _;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// How long requests in progress may take to finish after a shutdown signal.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// Serves the console with a sandbox.
pub async fn demo(matches: &ArgMatches) -> Result<()> {
    let server = ServerConfig::load(matches)?;
    // In front of a person, each request would be noise.
    start_logging(server.log_format, "info,access=warn")?;
    let profile = matches.get_one::<Profile>("profile").copied().unwrap_or_default();
    let fleet = matches.get_one("fleet").copied().unwrap_or_default();
    let seed = matches.get_one("seed").copied().unwrap_or_default();
    let sandbox = Sandbox::new(Options { profile, fleet, seed, ..Options::default() });
    let backend = Backend::Sandbox { routes: sandbox.router(), profile: profile.to_string() };
    run(&server, Routers::single(backend)).await
}

/// Serves the console, connected to routers.
pub async fn serve(matches: &ArgMatches) -> Result<()> {
    let Config { server, routers } = Config::load(matches)?;
    start_logging(server.log_format, "info")?;
    for name in unknown_variables() {
        tracing::warn!("{}", ignored(&name));
    }
    let reads = server.share_reads.then(SharedReads::default);
    let routers = routers.iter().map(|router| served_router(router, server.timeouts, reads.clone()));
    let routers = Routers::new(routers.collect::<Result<_>>()?)?;
    run(&server, routers).await
}

/// Checks the configuration of `serve` and reports it on standard output, without secrets.
pub fn check(matches: &ArgMatches) -> Result<()> {
    let Config { server, routers } = Config::load(matches)?;
    let mut report = vec!["the configuration is valid".to_owned(), format!("  listen = {}", server.listen)];
    report.extend(routers.iter().map(|RouterConfig { name, url, .. }| match name {
        Some(name) => format!("  router = {name}={url}"),
        None => format!("  router = {url}"),
    }));
    report.extend(unknown_variables().iter().map(|name| format!("warning: {}", ignored(name))));
    // The reader may have closed standard output; the result is in the exit status as well.
    let _ = writeln!(std::io::stdout(), "{}", report.join("\n"));
    Ok(())
}

fn served_router(
    config: &RouterConfig,
    timeouts: Timeouts,
    shared_reads: Option<SharedReads>,
) -> Result<ServedRouter> {
    let authorities = match &config.ca {
        Some(path) => read_authorities(path).map_err(anyhow::Error::msg).context("--router-ca")?,
        None => Vec::new(),
    };
    let auth_server = AuthServerSettings {
        authorities: authorities.clone(),
        url: config.auth_server.clone(),
        allowed_hosts: config.allowed_auth_hosts.clone(),
        connect_timeout: timeouts.connect,
        ..AuthServerSettings::default()
    };
    let backend = Backend::connected_to(RouterSettings {
        url: config.url.clone(),
        timeouts,
        authorities,
        auth_server,
        headers: config.headers.clone(),
        token_command: config
            .token_command
            .clone()
            .map(|command| TokenCommand::new(command, TokenCommand::LIMIT)),
        shared_reads,
    })?;
    Ok(match &config.name {
        Some(name) => ServedRouter::named(name.clone(), backend),
        None => ServedRouter::unnamed(backend),
    })
}

fn ignored(variable: &str) -> String {
    format!("the variable {variable} has no effect: this program does not know it")
}

fn unknown_variables() -> Vec<String> {
    let names: Vec<String> = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).collect();
    config::unknown_variables(names.iter().map(String::as_str)).into_iter().map(str::to_owned).collect()
}

async fn run(config: &ServerConfig, routers: Routers) -> Result<()> {
    // Before the address is printed: its reader may send the signal at once.
    let shutdown = shutdown_signal()?;
    let tls = match config.tls.clone() {
        Some(TlsFiles { certificate, key }) => Some(TlsServer::new(certificate, key)?),
        None => None,
    };
    if let Some(tls) = tls.clone() {
        reload_on_hangup(tls)?;
    }
    let listen = config.listen.to_string();
    let listener = TcpListener::bind(&listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let address = listener.local_addr()?;
    let guard = OriginGuard::new(address, config.allowed_hosts.iter().cloned());
    let user_header =
        config.user_header.clone().map(|name| UserHeader { name, trusted: config.trusted_proxies.clone() });
    let policy = Policy {
        base: config.base.clone(),
        read_only: config.read_only,
        user_header,
        sign_ins: Attempts::new(config.limits.failed_sign_ins),
    };
    let names: Vec<&str> = routers.all().iter().map(ServedRouter::name).collect();
    let page = Page::embedded(&config.base)?.with_routers(&names)?;
    let app = App::new(page, guard, routers, policy);
    let manager = ServiceManager::from_environment().context("cannot connect to NOTIFY_SOCKET")?;
    // The reader may have closed standard output; the server still runs.
    let scheme = if tls.is_some() { "https" } else { "http" };
    let _ = writeln!(std::io::stdout(), "listening on {scheme}://{address}");
    let server = Server::new(app, config.limits, &config.trusted_proxies).with_tls(tls);
    manager.ready();
    let shutdown = async {
        tokio::select! {
            () = shutdown => manager.stopping(),
            () = manager.keep_alive() => {}
        }
    };
    server.serve(listener, shutdown, SHUTDOWN_TIMEOUT).await;
    Ok(())
}

/// Reads the certificate again on each SIGHUP.
fn reload_on_hangup(tls: TlsServer) -> Result<()> {
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            match tls.reload() {
                Ok(()) => tracing::info!("new connections get the certificate as it is now"),
                Err(error) => tracing::error!(%error, "the certificate stays as it was"),
            }
        }
    });
    Ok(())
}

/// Logs to standard error: standard output carries the address and nothing else.
fn start_logging(format: LogFormat, default: &str) -> Result<()> {
    let filter = std::env::var(EnvFilter::DEFAULT_ENV).unwrap_or_default();
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .parse(if filter.is_empty() { default } else { &filter })
        .context("RUST_LOG is not a valid filter, for example RUST_LOG=debug")?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Human => log.with_target(false).init(),
        LogFormat::Json => {
            log.json().flatten_event(true).with_current_span(false).with_span_list(false).init();
        }
    }
    Ok(())
}
