//! The backup.

use super::{Case, case};
use crate::fixtures::namespace;
use base64::Engine;
use quiesce_api::Endpoint;
use quiesce_api::application::{ApplicationDetail, GetApplication, ListApplications};
use quiesce_api::artifact::Artifact;
use quiesce_api::export::ExportApplications;
use sha2::{Digest, Sha256};
use std::io::Cursor;
use zip::ZipArchive;

pub fn cases() -> Vec<Case> {
    vec![
        case!("the backup says its type, its name, its length and its digest", "API 4.5", |it| {
            let answer = it.send(&ExportApplications.request()).await;
            assert_eq!((answer.status, answer.get("content-type")), (200, Some("application/zip")));
            assert_eq!(answer.get("content-length"), Some(answer.body.len().to_string().as_str()));
            let export = ExportApplications.read(&answer).expect("a backup");
            let name = export.filename.expect("a name");
            let millis = name.strip_prefix("export-").and_then(|it| it.strip_suffix(".zip"));
            assert!(millis.is_some_and(|it| it.parse::<u64>().is_ok()), "{name}");
            let digest = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(&export.bytes));
            assert_eq!(export.sha256, Some(digest));
        }),
        case!("the backup has each application's latest version in detail", "API 4.5, 4.2", |it| {
            let export = it.must(&ExportApplications).await;
            let mut zip = ZipArchive::new(Cursor::new(export.bytes)).expect("a zip");
            assert!(zip.by_name("default/").expect("a folder").is_dir());
            let all = it.must(&ListApplications::all(namespace())).await.rows.good;
            let files = zip
                .file_names()
                .filter_map(Result::ok)
                .filter(|name| name.starts_with("default/") && !name.ends_with('/'));
            assert_eq!(files.count(), all.len());
            for app in all {
                let file = zip.by_name(&format!("default/{}.json", app.name)).expect("a file");
                let packed: ApplicationDetail = serde_json::from_reader(file).expect("a detail");
                let detail = GetApplication { namespace: namespace(), application: app.name, version: None };
                let detail = it.must(&detail).await;
                assert_eq!(packed.version, app.version);
                assert_eq!(packed.configuration, detail.configuration);
                // Unlike everywhere else it is in small letters.
                let artifact = Artifact { scope: detail.artifact.scope.to_lowercase(), ..detail.artifact };
                assert_eq!(packed.artifact, artifact);
                assert_eq!(packed.programs.len(), detail.programs.len());
            }
        }),
    ]
}
