//! The files in `deploy` agree with this server: its options, its paths, its version.
#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod support;

use serde::Deserialize as _;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use support::certificate;
use support::process::run;

fn deploy(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy").join(file)
}

fn read(file: &str) -> String {
    std::fs::read_to_string(deploy(file)).expect("a file of the repository")
}

/// Runs the server with these arguments; returns both outputs and whether it succeeded.
fn quiesce(arguments: &[&str]) -> (bool, String) {
    let output = run(arguments, &[]);
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).expect("text"))
}

/// Checks the arguments of `quiesce serve`, with this text as the configuration file that they name.
fn check(serve: &[&str], config: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("quiesce.toml");
    std::fs::write(&file, config).expect("written");
    let [command, arguments @ ..] = serve else { panic!("no command") };
    assert_eq!(*command, "serve");
    let known = "/etc/quiesce/quiesce.toml";
    assert!(arguments.contains(&known), "{serve:?} names {known}");
    let file = file.to_str().expect("text");
    let arguments: Vec<&str> = arguments.iter().map(|it| if *it == known { file } else { it }).collect();
    let (accepted, said) = quiesce(&[&["check"], &arguments[..]].concat());
    assert!(accepted, "{said}");
}

const SERVE: [&str; 3] = ["serve", "--config", "/etc/quiesce/quiesce.toml"];

#[test]
fn the_example_configuration_is_valid_as_it_is() {
    check(&SERVE, &read("quiesce.toml"));
}

#[test]
fn every_inactive_key_of_the_example_configuration_is_accepted() {
    let folder = tempfile::tempdir().expect("a folder");
    let [certificate, key, authority] =
        ["console.example.crt", "console.example.key", "authority.pem"].map(|file| folder.path().join(file));
    certificate::write(&["console.example"], &certificate, &key);
    std::fs::copy(&certificate, authority).expect("copied");
    let mut keys = 0;
    let mut config = String::new();
    for line in read("quiesce.toml").lines() {
        let key = line.strip_prefix('#').filter(|it| it.starts_with(|it: char| it.is_ascii_lowercase()));
        keys += usize::from(key.is_some());
        config += key.unwrap_or(line);
        config.push('\n');
    }
    assert!(keys > 20, "only {keys} keys are inactive");
    let folder = folder.path().to_str().expect("text");
    check(&SERVE, &config.replace("/etc/quiesce/", &format!("{folder}/")));
}

#[test]
fn the_example_configuration_names_every_option() {
    let (_, help) = quiesce(&["serve", "--help"]);
    let example = read("quiesce.toml");
    let flags: Vec<&str> = help
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("--"))
        .filter_map(|line| line.split([' ', '[', '=', '<']).next())
        .collect();
    assert!(flags.len() > 20, "{help}");
    for flag in flags {
        let key = match flag {
            // Those of the command line only.
            "config" | "help" => continue,
            "router" => "url",
            "router-ca" => "ca",
            flag => flag,
        };
        let named = example.lines().any(|line| {
            line.trim_start_matches('#').strip_prefix(key).is_some_and(|rest| rest.starts_with(" ="))
        });
        assert!(named, "deploy/quiesce.toml does not name {key}");
    }
}

#[test]
fn the_unit_starts_the_server_with_options_that_exist() {
    let unit = read("quiesce.service");
    let start = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).expect("a command");
    let words: Vec<&str> = start.split(' ').collect();
    assert_eq!(words[0], "/usr/bin/quiesce");
    check(&words[1..], &read("quiesce.toml"));
}

#[test]
fn the_unit_does_not_restart_a_server_whose_configuration_is_not_valid() {
    let unit = read("quiesce.service");
    let status = unit.lines().find_map(|line| line.strip_prefix("RestartPreventExitStatus="));
    let status: i32 = status.expect("a status").parse().expect("a number");
    let mut server = Command::new(env!("CARGO_BIN_EXE_quiesce"));
    let output = server.args(["serve", "--router", "nothing"]).env_clear().output().expect("it runs");
    assert_eq!(output.status.code(), Some(status));
}

#[test]
fn the_unit_confines_the_server() {
    let unit = read("quiesce.service");
    for line in [
        "Type=notify",
        "User=quiesce",
        "CapabilityBoundingSet=",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateTmp=yes",
        "SystemCallFilter=@system-service",
    ] {
        assert!(unit.lines().any(|it| it == line), "{line}");
    }
    // Only with systemd: 0 is confined completely, 10 not at all.
    let file = deploy("quiesce.service");
    let analysis = Command::new("systemd-analyze")
        .args(["security", "--offline=true", "--threshold=15", "--no-pager"])
        .arg(file)
        .output();
    if let Ok(output) = analysis {
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// The objects of the manifest, by their kind.
fn manifest(kind: &str) -> Value {
    let text = read("kubernetes.yaml");
    let objects: Vec<Value> = serde_norway::Deserializer::from_str(&text)
        .map(|document| Value::deserialize(document).expect("YAML"))
        .collect();
    objects.into_iter().find(|object| object["kind"] == kind).expect("an object of this kind")
}

fn texts(list: &Value) -> Vec<&str> {
    let list = list.as_array().expect("a list");
    list.iter().map(|it| it.as_str().expect("text")).collect()
}

#[test]
fn the_manifest_starts_the_server_with_a_valid_configuration() {
    let deployment = manifest("Deployment");
    let container = &deployment["spec"]["template"]["spec"]["containers"][0];
    let config = manifest("ConfigMap")["data"]["quiesce.toml"].as_str().expect("text").to_owned();
    check(&texts(&container["args"]), &config);
    assert!(config.contains("listen = \"0.0.0.0:11020\""));
    assert_eq!(container["ports"], json!([{ "name": "http", "containerPort": 11020 }]));
    assert_eq!(container["volumeMounts"][0]["mountPath"], "/etc/quiesce");
    let image = container["image"].as_str().expect("text");
    assert!(image.ends_with(concat!(":", env!("CARGO_PKG_VERSION"))), "{image}");
}

#[test]
fn the_objects_of_the_manifest_belong_together() {
    let (deployment, service) = (manifest("Deployment"), manifest("Service"));
    let labels = &deployment["spec"]["template"]["metadata"]["labels"];
    assert_eq!(&deployment["spec"]["selector"]["matchLabels"], labels);
    assert_eq!(&service["spec"]["selector"], labels);
    assert_eq!(service["spec"]["ports"][0]["targetPort"], "http");
    let volume = &deployment["spec"]["template"]["spec"]["volumes"][0];
    assert_eq!(volume["configMap"]["name"], manifest("ConfigMap")["metadata"]["name"]);
}

#[test]
fn the_manifest_confines_the_server() {
    let deployment = manifest("Deployment");
    let pod = &deployment["spec"]["template"]["spec"];
    let container = &pod["containers"][0];
    assert_eq!(
        container["securityContext"],
        json!({
            "allowPrivilegeEscalation": false,
            "readOnlyRootFilesystem": true,
            "capabilities": { "drop": ["ALL"] },
        })
    );
    assert_eq!(pod["automountServiceAccountToken"], false);
    assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
    assert_eq!(pod["securityContext"]["seccompProfile"]["type"], "RuntimeDefault");
    assert!(container["resources"]["limits"]["memory"].is_string());
    assert_eq!(container["livenessProbe"]["httpGet"], json!({ "path": "/-/healthy", "port": "http" }));
    assert_eq!(container["readinessProbe"]["httpGet"], json!({ "path": "/-/ready", "port": "http" }));
}

#[test]
fn the_image_contains_only_the_server_and_starts_it_unprivileged() {
    let text = read("Containerfile");
    let instructions: Vec<(&str, &str)> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split_once(' ').expect("an instruction"))
        .collect();
    let of = |name: &str| instructions.iter().filter(|it| it.0 == name).map(|it| it.1).collect::<Vec<_>>();
    let list = |name: &str| -> Vec<String> { serde_json::from_str(of(name)[0]).expect("JSON") };
    assert_eq!(of("FROM"), ["scratch"]);
    assert_eq!(of("USER"), ["65532:65532"]);
    assert_eq!(list("ENTRYPOINT"), ["/quiesce"]);
    assert!(of("COPY").contains(&"quiesce /quiesce"));
    let command = list("CMD");
    check(&command.iter().map(String::as_str).collect::<Vec<_>>(), &read("quiesce.toml"));
}
