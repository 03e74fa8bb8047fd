//! Backups, one sentence each.

use super::*;

fn detail(name: &str, version: &str, configuration: &str) -> Vec<u8> {
    let artifact = serde_json::json!({"name": "cdap-data-pipeline", "version": "6.10.0", "scope": "SYSTEM"});
    let detail = serde_json::json!({
        "name": name, "appVersion": version, "configuration": configuration, "artifact": artifact,
    });
    serde_json::to_vec(&detail).unwrap()
}

fn export() -> Vec<u8> {
    zip::pack(&[
        ("default/".to_owned(), Vec::new()),
        ("default/orders.json".to_owned(), detail("orders", "v1", "{\"a\":1}")),
        ("default/clicks.json".to_owned(), detail("clicks", "v7", "{}")),
        ("retail/orders.json".to_owned(), detail("orders", "v9", "{\"a\":2}")),
    ])
    .unwrap()
}

fn verified(export: &[u8], server: Option<&str>) -> Result<Summary, Problem> {
    let wanted = vec![("default".into(), "orders".into()), ("default".into(), "gone".into())];
    let mut verification = Verification::begin(export, server, wanted)?;
    while verification.go_on(export, 2)? {}
    Ok(verification.summary("x.zip".into(), 1))
}

#[test]
fn a_digest_is_the_one_that_servers_write() {
    assert_eq!(digest(b""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    assert_eq!(digest(b"abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
}

#[test]
fn an_export_is_read_to_its_end_and_only_the_namespace_that_was_asked_for_counts() {
    let export = export();
    let summary = verified(&export, Some(&digest(&export))).unwrap();
    assert_eq!((summary.records, summary.confirmed), (3, true));
    let found = Found {
        namespace: Some("default".into()),
        application: "orders".into(),
        version: "v1".into(),
        configuration: digest(b"{\"a\":1}"),
    };
    assert_eq!(summary.found, [found]);
    let record = application(&export, &"retail".into(), &"orders".into()).unwrap();
    assert_eq!(record.version, "v9".into());
    assert!(matches!(application(&export, &"retail".into(), &"clicks".into()), Err(Problem::Missing(_))));
}

#[test]
fn an_export_that_is_not_what_the_server_reckoned_is_no_backup() {
    let mut export = export();
    let digest = digest(&export);
    export[100] ^= 1;
    assert!(matches!(verified(&export, Some(&digest)), Err(Problem::Digest { .. })));
    // A server that sends no digest: the checksums of the archive find it.
    assert!(matches!(verified(&export, None), Err(Problem::File(_))));
}

#[test]
fn an_export_with_a_file_that_is_no_record_is_no_backup() {
    for (name, bytes) in [
        ("default/orders.json", b"{}".to_vec()),
        ("default/orders.json", detail("clicks", "v1", "")),
        ("orders.json", detail("orders", "v1", "")),
    ] {
        let export = zip::pack(&[(name.to_owned(), bytes)]).unwrap();
        assert!(matches!(verified(&export, None), Err(Problem::Record { .. })), "{name}");
    }
}

fn backup() -> Vec<u8> {
    let export = export();
    let manifest = Manifest {
        quiesce: 1,
        namespace: "default".into(),
        server: "here".into(),
        made: Timestamp::from_second(1_795_418_580).unwrap(),
        applications: verified(&export, None).unwrap().found,
        files: Vec::new(),
    };
    make(manifest, export, vec![("schedules.json".into(), b"[]".to_vec())]).unwrap()
}

#[test]
fn a_backup_is_opened_again_with_the_export_to_the_letter() {
    let backup = open(&backup()).unwrap();
    assert_eq!(backup.export, export());
    let names: Vec<_> = backup.manifest.files.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["export.zip", "extras/schedules.json"]);
    let mut verification = backup.verification().unwrap();
    while verification.go_on(&backup.export, 100).unwrap() {}
    let mut summary = verification.summary(String::new(), 0);
    assert!(backup.lacks(&summary).is_empty());
    summary.found[0].version = "v2".into();
    assert_eq!(backup.lacks(&summary), ["orders".into()]);
}

#[test]
fn applications_of_the_same_name_in_two_namespaces_are_told_apart() {
    let export = export();
    let of = |namespace: &str| (namespace.into(), ApplicationId::from("orders"));
    let mut verification = Verification::begin(&export, None, vec![of("retail"), of("default")]).unwrap();
    while verification.go_on(&export, 2).unwrap() {}
    let found = verification.summary(String::new(), 0).found;
    let mut versions: Vec<_> =
        found.iter().map(|it| (it.namespace.as_ref().unwrap().as_str(), it.version.as_str())).collect();
    versions.sort_unstable();
    assert_eq!(versions, [("default", "v1"), ("retail", "v9")]);
}

#[test]
fn a_backup_from_when_it_had_one_namespace_still_passes_its_check() {
    let mut backup = open(&backup()).unwrap();
    for found in &mut backup.manifest.applications {
        found.namespace = None;
    }
    let mut verification = backup.verification().unwrap();
    while verification.go_on(&backup.export, 100).unwrap() {}
    assert!(backup.lacks(&verification.summary(String::new(), 0)).is_empty());
}

#[test]
fn a_backup_in_which_a_file_was_exchanged_added_or_removed_says_which() {
    let archive = backup();
    let mut parts: Vec<_> = files(&archive)
        .unwrap()
        .iter()
        .map(|file| (file.name.clone(), file.read(&archive).unwrap()))
        .collect();
    let again = |parts: &[(String, Vec<u8>)]| open(&zip::pack(parts).unwrap()).unwrap_err();
    parts[1].1 = b"{}".to_vec();
    assert_eq!(again(&parts), Problem::Changed("extras/schedules.json".into()));
    let extra = parts.remove(1);
    assert_eq!(again(&parts), Problem::Missing("extras/schedules.json".into()));
    parts.push(("extras/schedules.json".into(), b"[]".to_vec()));
    parts.push(("other".into(), extra.1));
    assert_eq!(again(&parts), Problem::Missing("other".into()));
}

#[test]
fn a_backup_is_named_after_its_namespace_and_its_second() {
    let made = Timestamp::from_millisecond(1_795_418_580_120).unwrap();
    assert_eq!(file_name("retail", made), "quiesce-backup-retail-20261123T072300Z.zip");
}

#[test]
fn what_the_export_lacks_is_read_for_the_namespace_and_for_each_application() {
    let detail = serde_json::json!({
        "name": "orders", "appVersion": "v1",
        "artifact": {"name": "cdap-data-pipeline", "version": "6.10.0", "scope": "SYSTEM"},
        "programs": [
            {"type": "Workflow", "app": "orders", "name": "DataPipelineWorkflow"},
            {"type": "Spark", "app": "orders", "name": "phase-1"},
        ],
    });
    let detail = serde_json::from_value(detail).unwrap();
    let mut extras = extras_of_namespace(&"default".into());
    extras.extend(extras_of_application(&"default".into(), &detail));
    let lines: Vec<_> = extras.iter().map(|(name, request)| format!("{name} {}", request.target)).collect();
    assert_eq!(
        lines,
        [
            "default/artifacts.json /v3/namespaces/default/artifacts",
            "default/preferences.json /v3/namespaces/default/preferences",
            "default/orders/schedules.json /v3/namespaces/default/apps/orders/schedules",
            "default/orders/versions.json /v3/namespaces/default/apps/orders/versions",
            "default/orders/preferences.json /v3/namespaces/default/apps/orders/preferences",
            "default/orders/workflows/DataPipelineWorkflow.arguments.json \
             /v3/namespaces/default/apps/orders/workflows/DataPipelineWorkflow/runtimeargs",
        ]
    );
}
