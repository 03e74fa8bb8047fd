//! The configuration of the process: precedence, errors, and what is never printed.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod support;

use std::path::{Path, PathBuf};
use std::process::Output;
use support::certificate;
use support::process::run;

/// A folder for the files of one test.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path: PathBuf = self.0.path().join(name);
        std::fs::write(&path, text).expect("written");
        shown(&path)
    }
}

fn shown(path: &Path) -> String {
    path.to_str().expect("text").to_owned()
}

fn check(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    run(&[&["check"], arguments].concat(), variables)
}

/// The report of a valid configuration.
fn valid(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let output = check(arguments, variables);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// The errors of an invalid configuration, one per line.
fn errors(arguments: &[&str], variables: &[(&str, &str)]) -> Vec<String> {
    let output = check(arguments, variables);
    let error = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(output.stdout.is_empty());
    let mut lines = error.lines();
    assert_eq!(lines.next(), Some("error: the configuration is not valid"), "{error}");
    lines.map(|line| line.trim_start().to_owned()).collect()
}

const ROUTER: &[&str] = &["--router", "http://127.0.0.1:11015"];

#[test]
fn a_flag_takes_precedence_over_a_variable_and_a_variable_over_the_file() {
    let folder = Folder::new();
    let file = folder.write(
        "quiesce.toml",
        "listen = \"127.0.0.1:1\"\n[[router]]\nurl = \"http://file:1\"\n[limits]\nanswer-limit = 3\n",
    );
    let variables = [("QUIESCE_CONFIG", file.as_str())];
    assert_eq!(
        valid(&[], &variables),
        "the configuration is valid\n  listen = 127.0.0.1:1\n  router = http://file:1\n"
    );
    let variables = [
        ("QUIESCE_CONFIG", file.as_str()),
        ("QUIESCE_LISTEN", "127.0.0.1:2"),
        ("QUIESCE_ROUTER", "a=http://variable:2, b=http://variable:3"),
    ];
    assert_eq!(
        valid(&[], &variables),
        "the configuration is valid\n  listen = 127.0.0.1:2\n  router = a=http://variable:2\n  router = \
         b=http://variable:3\n"
    );
    assert_eq!(
        valid(&["--listen", "127.0.0.1:3", "--router", "http://flag:3"], &variables),
        "the configuration is valid\n  listen = 127.0.0.1:3\n  router = http://flag:3\n"
    );
    assert!(
        valid(ROUTER, &[("QUIESCE_LISTEN", "")]).contains("127.0.0.1:11020"),
        "an empty variable is not set"
    );
}

#[test]
fn every_key_is_accepted_by_flag_by_variable_and_in_the_file() {
    let folder = Folder::new();
    let file = folder.write(
        "quiesce.toml",
        r#"
            listen = "127.0.0.1:11020"
            allow-host = ["console.example", "other.example"]
            base = "/console/"
            log-format = "json"
            read-only = true
            share-reads = false
            user-header = "X-Forwarded-User"
            trusted-proxy = ["127.0.0.1", "10.0.0.0/8"]
            allow-shared-token = false
            [limits]
            connect-limit = 1
            answer-limit = 1
            long-answer-limit = 1
            idle-limit = 1
            handshake-limit = 1
            header-limit = 1
            keep-alive-limit = 1
            body-idle-limit = 1
            max-connections = 1
            max-connections-per-address = 1
            max-body = "1k"
            max-upload = 1024
            [[router]]
            name = "prod"
            url = "https://127.0.0.1:11015/api"
            auth-server = "http://127.0.0.1:10009"
            allow-auth-host = "auth.example"
            token-command = "print-token"
            header = ["X-Api-Key: 1", "X-Other: 2"]
        "#,
    );
    assert!(valid(&["--config", &file], &[]).contains("router = prod=https://127.0.0.1:11015/api"));
    let given = [
        ("allow-host", "console.example,other.example"),
        ("base", "/console/"),
        ("log-format", "json"),
        ("read-only", "true"),
        ("share-reads", "false"),
        ("user-header", "X-Forwarded-User"),
        ("trusted-proxy", "127.0.0.1,10.0.0.0/8"),
        ("allow-shared-token", "true"),
        ("header-limit", "1"),
        ("max-body", "1k"),
        ("auth-server", "http://127.0.0.1:10009"),
        ("allow-auth-host", "auth.example:10009"),
        ("token-command", "print-token, or not"),
        ("header", "X-Api-Key: 1, 2\nX-Other: 2"),
    ];
    let variables: Vec<(String, &str)> = given
        .iter()
        .map(|(name, value)| (format!("QUIESCE_{}", name.to_uppercase().replace('-', "_")), *value))
        .collect();
    let variables: Vec<(&str, &str)> =
        variables.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    valid(ROUTER, &variables);
    for (name, value) in given.iter().filter(|(_, value)| !value.contains([',', '\n'])) {
        let flag = format!("--{name}={value}");
        valid(&[ROUTER, &[&flag, "--trusted-proxy", "127.0.0.1"]].concat(), &[]);
    }
    valid(&[ROUTER, &["--read-only", "--allow-shared-token"]].concat(), &[]);
}

#[test]
fn an_error_names_the_key_the_value_its_origin_and_what_would_be_right() {
    let folder = Folder::new();
    let file = folder.write(
        "quiesce.toml",
        "allow-host = [\"http://a\"]\n[limits]\nheader-limit = \"10s\"\n[[router]]\nname = \"Prod\"\nurl = \"cdap:11015\"\n",
    );
    let found = errors(
        &["--config", &file, "--listen", "11020", "--read-only=yes"],
        &[("QUIESCE_TRUSTED_PROXY", "10.0.0.0/33")],
    );
    for expected in [
        format!("allow-host = \"http://a\" ({file}, line 1): use a host name without scheme"),
        format!("header-limit = \"10s\" ({file}, line 3): use a whole number of seconds from 1"),
        format!("name = \"Prod\" ({file}, line 5): a router's name has 1 to 63 lower-case letters"),
        format!("url = \"cdap:11015\" ({file}, line 6): use the form http://HOST:PORT"),
        "listen = \"11020\" (--listen): use ADDRESS:PORT, for example 127.0.0.1:11020".to_owned(),
        "read-only = \"yes\" (--read-only): use true or false".to_owned(),
        "trusted-proxy = \"10.0.0.0/33\" (QUIESCE_TRUSTED_PROXY): use an address or a network".to_owned(),
    ] {
        assert!(found.iter().any(|line| line.starts_with(&expected)), "{expected}\n{}", found.join("\n"));
    }
    assert_eq!(found.len(), 7, "{found:#?}");
}

#[test]
fn unknown_keys_and_values_of_another_type_are_errors_with_the_known_ones() {
    let folder = Folder::new();
    for (text, expected) in [
        ("lisen = \"a\"\n", "lisen ({file}, line 1): unknown key; known are listen, allow-host"),
        ("\n[limits]\nheader = 1\n", "header ({file}, line 3): this key belongs to [[router]]"),
        ("header-limit = 1\n", "header-limit ({file}, line 1): this key belongs to [limits]"),
        (
            "[[router]]\nurl = \"http://a\"\nrouter-ca = \"x\"\n",
            "router-ca ({file}, line 3): unknown key; known are name, url, ca",
        ),
        ("[server]\n", "server ({file}, line 1): unknown key"),
        ("config = \"x\"\n", "config ({file}, line 1): unknown key"),
        ("listen = [\"a\", \"b\"]\n", "listen ({file}, line 1): use one string or number, not an array"),
        (
            "allow-host = [1.5]\n",
            "allow-host ({file}, line 1): use a string or a list of strings, not a float",
        ),
        ("limits = 1\n", "limits ({file}, line 1): use a table: [limits]"),
        ("[router]\nurl = \"http://a\"\n", "router ({file}, line 1): use tables: [[router]]"),
        ("listen = \n", "config ({file}, line 1): not valid TOML: "),
        ("listen = \"a\"\nlisten = \"b\"\n", "config ({file}, line 2): not valid TOML: duplicate key"),
        ("[[router]]\nname = \"a\"\n", "url ({file}, line 1): each router needs its address"),
    ] {
        let file = folder.write("quiesce.toml", text);
        let found = errors(&["--config", &file], &[]);
        let expected = expected.replace("{file}", &file);
        assert!(found.iter().any(|line| line.starts_with(&expected)), "{expected}\n{}", found.join("\n"));
    }
    let found = errors(&["--config", "/nowhere/quiesce.toml"], &[]);
    assert!(
        found[0].contains("/nowhere/quiesce.toml") && found[0].contains("cannot read the file"),
        "{found:?}"
    );
    let unknown = check(&["--lisen", "a"], &[]);
    assert_eq!(unknown.status.code(), Some(2));
    let report = valid(
        ROUTER,
        &[("QUIESCE_LISEN", "a"), ("QUIESCE_SERVICE_HOST", "10.0.0.1"), ("QUIESCE_PORT", "tcp://x")],
    );
    let warnings: Vec<_> = report.lines().filter(|line| line.starts_with("warning")).collect();
    assert!(warnings.len() == 1 && warnings[0].contains("QUIESCE_LISEN"), "{report}");
}

#[test]
fn secrets_are_never_printed() {
    let folder = Folder::new();
    let secret = "c2VjcmV0";
    let mut outputs = vec![
        check(&[ROUTER, &["--header", &format!("{secret} {secret}")]].concat(), &[]),
        check(&[ROUTER, &["--header", &format!("X-Api-Key: {secret}"), "--header", "Host: a"]].concat(), &[]),
        check(
            &[ROUTER, &["--listen", "0.0.0.0:1", "--token-command", &format!("echo {secret}")]].concat(),
            &[],
        ),
        check(&["--router", &format!("http://alice:{secret}@cdap:11015")], &[]),
        check(&[ROUTER, &["--auth-server", &format!("http://alice:{secret}@cdap:10009")]].concat(), &[]),
        check(ROUTER, &[("QUIESCE_HEADER", secret)]),
        check(&["--help"], &[("QUIESCE_HEADER", secret), ("QUIESCE_TOKEN_COMMAND", secret)]),
        check(&[ROUTER, &["--header", &format!("X-Api-Key: {secret}")]].concat(), &[]),
    ];
    for text in [
        format!("header = \"Authorization: {secret}\nlisten = 1\n"),
        format!("[[router]]\nurl = \"http://a\"\nheader = [\"{secret}\"]\n"),
        format!("[[router]]\nurl = \"http://a\"\nheader = {{ a = \"{secret}\" }}\n"),
        format!("[[router]]\nurl = \"http://a\"\ntoken-command = [\"{secret}\"]\n"),
    ] {
        let file = folder.write("quiesce.toml", &text);
        outputs.push(check(&["--config", &file], &[]));
    }
    for output in outputs {
        let printed = [output.stdout, output.stderr].concat();
        let printed = String::from_utf8(printed).expect("text");
        assert!(!printed.is_empty() && !printed.contains(secret), "{printed}");
    }
}

#[test]
fn credentials_of_this_server_are_refused_where_other_machines_can_use_them() {
    for (credentials, key) in [
        (&["--token-command", "x"][..], "token-command"),
        (&["--header", "Authorization: Basic eDp5"], "header"),
    ] {
        for listen in ["0.0.0.0:11020", "[::]:11020", "10.0.0.7:11020", "console.example:11020"] {
            let arguments = [ROUTER, credentials, &["--listen", listen]].concat();
            let found = errors(&arguments, &[]);
            assert!(
                found.len() == 1
                    && found[0].starts_with(key)
                    && found[0].contains(listen)
                    && found[0].contains("allow-shared-token"),
                "{found:?}"
            );
            valid(&[&arguments[..], &["--allow-shared-token"]].concat(), &[]);
        }
        for listen in ["127.0.0.1:11020", "[::1]:11020", "localhost:11020"] {
            valid(&[ROUTER, credentials, &["--listen", listen]].concat(), &[]);
        }
    }
    valid(&[ROUTER, &["--header", "X-Api-Key: a", "--listen", "0.0.0.0:1"]].concat(), &[]);
    let both = [ROUTER, &["--token-command", "x", "--header", "Authorization: y"]].concat();
    assert!(errors(&both, &[])[0].contains("use one of them"));
}

#[test]
fn options_that_depend_on_each_other_are_checked_together() {
    let folder = Folder::new();
    let file = folder.write(
        "quiesce.toml",
        "[[router]]\nurl = \"http://a:1\"\n[[router]]\nname = \"b\"\nurl = \"http://b:1\"\n",
    );
    for (arguments, expected) in [
        (&[][..], "router (not given): at least one router is required"),
        (
            &["--router", "http://a:1", "--user-header", "X-User"],
            "user-header = \"x-user\" (--user-header): requires trusted-proxy",
        ),
        (&["--config", &file], "with several routers, each needs a name"),
        (&["--router", "a=http://a:1", "--router", "a=http://b:1"], "another router has the name a too"),
        (
            &["--config", &file, "--router-ca", "x"],
            "router-ca = \"x\" (--router-ca): applies to routers given by --router",
        ),
        (&["--router", "http://a:1", "--tls-cert", "x"], "tls-cert = \"x\" (--tls-cert): requires tls-key"),
        (&["--router", "http://a:1", "--tls-key", "x"], "tls-key = \"x\" (--tls-key): requires tls-cert"),
    ] {
        let found = errors(arguments, &[]);
        assert!(found.iter().any(|line| line.contains(expected)), "{expected}\n{}", found.join("\n"));
    }
}

#[test]
fn certificates_and_keys_are_read_and_compared() {
    let folder = Folder::new();
    let [(certificate, key), (_, other_key)] = ["a.example", "b.example"].map(|host| {
        let [certificate, key] = ["pem", "key"].map(|kind| folder.0.path().join(format!("{host}.{kind}")));
        certificate::write(&[host], &certificate, &key);
        (shown(&certificate), shown(&key))
    });
    let tls = |certificate: &str, key: &str| {
        [ROUTER, &["--tls-cert", certificate, "--tls-key", key]]
            .concat()
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let run = |arguments: Vec<String>| errors(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
    let right = tls(&certificate, &key);
    valid(&right.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
    let no_certificate = folder.write("text.pem", "hello");
    for (arguments, expected) in [
        (tls(&certificate, &other_key), "it does not belong to the certificate"),
        (tls(&certificate, &certificate), "does not contain a private key"),
        (tls(&key, &key), "does not contain a certificate"),
        (tls("/nowhere.pem", &key), "tls-cert = \"/nowhere.pem\" (--tls-cert): cannot read the file"),
        (tls(&certificate, "/nowhere.key"), "tls-key = \"/nowhere.key\" (--tls-key): cannot read the file"),
    ] {
        let found = run(arguments);
        assert!(found.len() == 1 && found[0].contains(expected), "{expected}\n{found:?}");
    }
    valid(&[ROUTER, &["--router-ca", &certificate]].concat(), &[]);
    let found = errors(&[ROUTER, &["--router-ca", &no_certificate]].concat(), &[]);
    assert!(found[0].starts_with(&format!("router-ca = \"{no_certificate}\" (--router-ca): ")), "{found:?}");
}

#[test]
fn the_defaults_are_those_of_the_types() {
    let command = clap::Command::new("quiesce")
        .args(quiesce_server::config::demo_arguments().into_iter().map(|it| it.env(None::<&str>)));
    let matches = command.try_get_matches_from(["quiesce"]).expect("no argument is required");
    let config = quiesce_server::config::ServerConfig::load(&matches).expect("valid");
    assert_eq!(config.limits, quiesce_server::limits::Limits::default());
    assert_eq!(config.timeouts, quiesce_server::proxy::Timeouts::default());
}
