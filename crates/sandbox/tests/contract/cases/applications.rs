//! Applications and their programs.

use super::{Case, answered, case, refused};
use crate::fixtures::{namespace, orders, poller};
use quiesce_api::application::{
    ApplicationDetails, GetApplication, ListApplications, ListPrograms, ListVersions, Page,
};
use quiesce_api::artifact::{ArtifactScope, ListArtifactVersions, ListArtifacts};
use quiesce_api::schedule::ListSchedules;
use quiesce_api::{Endpoint, ProgramType, VersionId};

const APPS: &str = "/v3/namespaces/default/apps";

pub fn cases() -> Vec<Case> {
    vec![
        case!("the whole list is a bare array, streamed as octets", "4.1, trap 22", |it| {
            let answer = it.send(&ListApplications::all(namespace()).request()).await;
            assert_eq!(answer.get("content-type"), Some("application/octet-stream"));
            let list = ListApplications::all(namespace()).read(&answer).expect("a list");
            assert!(list.rows.is_whole() && list.next.is_none());
            let names: Vec<_> = list.rows.good.iter().map(|app| app.name.as_str()).collect();
            for name in ["Warehouse", "clicks_live", "orders_daily", "clicks_no_wal", "customers_sync"] {
                assert!(names.contains(&name), "{name} is not in {names:?}");
            }
        }),
        case!("the list is ordered by the length of names, then by name", "4.1 orderBy", |it| {
            let list = it.must(&ListApplications::all(namespace())).await.rows.good;
            let names: Vec<_> = list.iter().map(|app| app.name.as_str().to_owned()).collect();
            let mut sorted = names.clone();
            sorted.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
            assert_eq!(names, sorted);
        }),
        case!("pages are objects and join into the whole list", "4.1 pageSize, trap 25", |it| {
            let whole = it.must(&ListApplications::all(namespace())).await.rows.good;
            let mut paged = Vec::new();
            let mut after = None;
            loop {
                let page = Some(Page { size: 3, after: after.clone() });
                let page = it.must(&ListApplications { page, ..ListApplications::all(namespace()) }).await;
                assert!(page.rows.good.len() <= 3);
                paged.extend(page.rows.good);
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(paged, whole);
        }),
        case!("a query that cannot be parsed is 500 without a content type", "0.5, trap 27", |it| {
            for query in ["orderBy=asc", "pageSize="] {
                let answer = it.raw("GET", &format!("{APPS}?{query}"), None).await;
                answered(&answer, 500, None, "Error in executing request: GET /v3/namespaces/default/apps");
            }
        }),
        case!("an unknown query parameter is ignored", "0.5", |it| {
            assert_eq!(it.raw("GET", &format!("{APPS}?nope=1"), None).await.status, 200);
        }),
        case!(
            "an application in detail calls its version appVersion and its configuration is a string",
            "4.2, traps 28 and 29",
            |it| {
                let detail = it
                    .must(&GetApplication {
                        namespace: namespace(),
                        application: "orders_daily".into(),
                        version: None,
                    })
                    .await;
                assert!(serde_json::from_str::<serde_json::Value>(&detail.configuration).is_ok());
                assert!(detail.programs.iter().any(|program| program.program(&namespace()) == orders()));
                let snapshot = GetApplication {
                    namespace: namespace(),
                    application: "orders_daily".into(),
                    version: Some(VersionId::snapshot()),
                };
                assert_eq!(it.must(&snapshot).await.version, detail.version);
            }
        ),
        case!("versions are listed newest first", "4.2 versions", |it| {
            let list = ListVersions { namespace: namespace(), application: "customers_sync".into() };
            let before = it.must(&list).await.good;
            it.supersede().await;
            let after = it.must(&list).await.good;
            assert_eq!(after.len(), before.len() + 1);
            assert_eq!(after.get(1..), Some(before.as_slice()));
        }),
        case!("batch detail needs a version", "4.2 appdetail", |it| {
            let version = it
                .must(&GetApplication {
                    namespace: namespace(),
                    application: "orders_daily".into(),
                    version: None,
                })
                .await
                .version;
            let details = ApplicationDetails {
                namespace: namespace(),
                applications: vec![
                    ("orders_daily".into(), Some(version)),
                    ("orders_daily".into(), None),
                    ("orders_daily".into(), Some(VersionId::snapshot())),
                    ("nope".into(), Some(VersionId::snapshot())),
                ],
            };
            let statuses: Vec<_> = it.must(&details).await.good.iter().map(|it| it.status_code).collect();
            assert_eq!(statuses, [200, 404, 404, 404]);
        }),
        case!("batch detail with a wrong field is 400 for all", "4.2 appdetail", |it| {
            let body = Some(r#"[{"name":"orders_daily"}]"#);
            let answer = it.raw("POST", "/v3/namespaces/default/appdetail", body).await;
            answered(&answer, 400, Some("text/plain; charset=utf-8"), "Missing 'appId'");
        }),
        case!("programs are listed by type", "2.7", |it| {
            let workers = ListPrograms { namespace: namespace(), program_type: ProgramType::Worker };
            let list = it.must(&workers).await;
            assert!(list.good.iter().any(|program| program.program(&namespace()) == poller()));
            assert!(list.good.iter().all(|program| program.program_type == ProgramType::Worker));
        }),
        case!("artifacts of both scopes come together, one by name needs its scope", "7.3, trap 64", |it| {
            let all = it.must(&ListArtifacts { namespace: namespace(), scope: None }).await.good;
            assert!(all.iter().any(|it| it.scope == "SYSTEM") && all.iter().any(|it| it.scope == "USER"));
            let name = "cdap-data-pipeline".to_owned();
            let scope = Some(ArtifactScope::System);
            let versions = ListArtifactVersions { namespace: namespace(), name: name.clone(), scope };
            let versions: Vec<_> = it.must(&versions).await.good.into_iter().map(|it| it.version).collect();
            assert_eq!(versions, ["6.10.0", "6.11.0"]);
            let unscoped = ListArtifactVersions { namespace: namespace(), name, scope: None };
            refused(it.call(&unscoped).await, 404, "was not found");
        }),
        case!("schedules have their state and their program", "5.1", |it| {
            let list = ListSchedules { namespace: namespace(), application: "orders_daily".into() };
            let schedules = it.must(&list).await.good;
            assert_eq!(schedules.len(), 1);
            assert_eq!(schedules.first().map(|it| it.name.as_str()), Some("dataPipelineSchedule"));
            assert_eq!(schedules.first().map(|it| &it.program.program_name), Some(&orders().program));
        }),
    ]
}
