//! cdap-site.xml: the differences from CDAP's defaults.

use super::server::Start;
use std::fmt::Write as _;
use std::path::Path;

/// The users of a server with security and their passwords, as Jetty's `HashLoginService` reads them.
pub const REALM: &str = "alice: secret\nbob: hunter2\n";
/// The `Authorization` of alice at the authentication server.
pub const ALICE: &str = "Basic YWxpY2U6c2VjcmV0";

/// The security of a server.
#[derive(Clone, Copy)]
pub struct Security {
    /// Port of the authentication server.
    pub port: u16,
    /// Lifetime of a token; an extended token lives for a week.
    pub token_seconds: u32,
}

/// The configuration of a server with its data in `start.dir`.
pub fn site_config(artifacts: &Path, start: &Start<'_>) -> String {
    let in_dir = |name: &str| start.dir.join(name).display().to_string();
    // Extension folders that do not exist: everything comes from the class path.
    let none = in_dir("none");
    let mut keys: Vec<(&str, String)> = vec![
        ("standalone.disable.ui", "true".to_owned()),
        ("local.data.dir", in_dir("data")),
        ("router.bind.port", start.port.to_string()),
        ("app.artifact.dir", artifacts.display().to_string()),
        ("app.program.spark.compat", "spark3_2.12".to_owned()),
        ("log.base.dir", "logs/avro".to_owned()),
        // Not supported by the local file system.
        ("log.pipeline.cdap.file.permissions", " ".to_owned()),
        ("log.pipeline.cdap.dir.permissions", " ".to_owned()),
        ("log.process.pipeline.event.delay.ms", "100".to_owned()),
        ("data.local.storage.blocksize", "1024".to_owned()),
        ("data.local.storage.cachesize", "104857600".to_owned()),
        ("security.store.provider", "none".to_owned()),
        // Run statuses are processed every 200 ms instead of every 2 s.
        ("app.program.status.event.poll.delay.millis", "200".to_owned()),
        ("scheduler.event.poll.delay.millis", "200".to_owned()),
        ("enable.unrecoverable.reset", "true".to_owned()),
        // Off by default; affects only clicks_tracked.
        ("feature.streaming.pipeline.native.state.tracking.enabled", "true".to_owned()),
    ];
    // By default a stand-alone server binds these on all interfaces.
    let addresses = [
        "router.bind.address",
        "router.server.address",
        "security.auth.server.bind.address",
        "app.program.runtime.monitor.server.bind.address",
    ];
    keys.extend(addresses.map(|key| (key, "127.0.0.1".to_owned())));
    let folders = [
        "app.program.runtime.extensions.dir",
        "runtime.extensions.dir",
        "operational.stats.extensions.dir",
        "security.store.extensions.dir",
        "app.program.log.appender.extensions.dir",
        "log.process.pipeline.config.dir",
        "log.process.pipeline.lib.dir",
    ];
    keys.extend(folders.map(|key| (key, none.clone())));
    let unused = ["data.tx.prune.enable", "audit.enabled", "explore.enabled", "kerberos.auth.enabled"];
    keys.extend(unused.map(|key| (key, "false".to_owned())));
    if let Some(seconds) = start.max_stop_seconds {
        keys.extend([
            ("app.program.max.stop.seconds", seconds.to_string()),
            ("app.program.terminator.interval.secs", "5".to_owned()),
            ("app.program.terminate.time.buffer.secs", "0".to_owned()),
        ]);
    }
    if let Some(Security { port, token_seconds }) = start.security {
        keys.extend([
            ("security.enabled", "true".to_owned()),
            (
                "security.authentication.handlerClassName",
                "io.cdap.cdap.security.server.BasicAuthenticationHandler".to_owned(),
            ),
            ("security.authentication.basic.realmfile", in_dir("conf/realm")),
            ("security.auth.server.bind.port", port.to_string()),
            ("security.server.token.expiration.ms", format!("{token_seconds}000")),
            ("router.audit.log.enabled", "false".to_owned()),
        ]);
    }
    let mut xml = String::from("<configuration>\n");
    for (key, value) in keys {
        let _ = writeln!(xml, "  <property><name>{key}</name><value>{}</value></property>", escaped(&value));
    }
    xml + "</configuration>\n"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(max_stop_seconds: Option<u32>) -> String {
        secured(max_stop_seconds, None)
    }

    fn secured(max_stop_seconds: Option<u32>, security: Option<Security>) -> String {
        let dir = Path::new("/srv/a&b");
        site_config(
            Path::new("/artifacts"),
            &Start { dir, port: 4711, max_stop_seconds, fresh: false, security, dies_with_us: false },
        )
    }

    #[test]
    fn enables_security_only_with_a_port_of_the_authentication_server() {
        assert!(!start(None).contains("security.enabled"));
        let site = secured(None, Some(Security { port: 4712, token_seconds: 20 }));
        assert!(site.contains("<name>security.enabled</name><value>true</value>"));
        assert!(site.contains("<name>security.auth.server.bind.port</name><value>4712</value>"));
        assert!(site.contains("<name>security.server.token.expiration.ms</name><value>20000</value>"));
    }

    #[test]
    fn keeps_the_default_stop_deadline_unless_one_is_given() {
        assert!(!start(None).contains("max.stop.seconds"));
        assert!(start(Some(5)).contains("<name>app.program.max.stop.seconds</name><value>5</value>"));
    }

    #[test]
    fn escapes_an_ampersand_in_the_name_of_a_folder() {
        assert!(start(None).contains("<name>local.data.dir</name><value>/srv/a&amp;b/data</value>"));
    }
}
