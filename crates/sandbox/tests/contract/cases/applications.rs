//! Applications and their programs.

use super::{Case, answered, case, refused};
use crate::fixtures::{namespace, orders, poller};
use quiesce_api::application::{
    ApplicationDetails, ApplicationRecord, GetApplication, GetSpecification, ListApplications, ListPrograms,
    ListVersions, NameMatch, Order, Page,
};
use quiesce_api::artifact::{ArtifactScope, ListArtifactVersions, ListArtifacts};
use quiesce_api::{Endpoint, ProgramRef, ProgramType, VersionId};

const APPS: &str = "/v3/namespaces/default/apps";

pub fn cases() -> Vec<Case> {
    vec![
        case!("the whole list is a bare array, streamed as octets", "API 4.1, trap 22", |it| {
            let answer = it.send(&ListApplications::all(namespace()).request()).await;
            assert_eq!(answer.get("content-type"), Some("application/octet-stream"));
            let list = ListApplications::all(namespace()).read(&answer).expect("a list");
            assert!(list.rows.is_whole() && list.next.is_none());
            let names: Vec<_> = list.rows.good.iter().map(|app| app.name.as_str()).collect();
            for name in ["Warehouse", "clicks_live", "orders_daily", "clicks_no_wal", "customers_sync"] {
                assert!(names.contains(&name), "{name} is not in {names:?}");
            }
        }),
        case!("the list is ordered by the length of names, then by name", "API 4.1 orderBy", |it| {
            let list = it.must(&ListApplications::all(namespace())).await.rows.good;
            let names: Vec<_> = list.iter().map(|app| app.name.as_str().to_owned()).collect();
            let mut sorted = names.clone();
            sorted.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
            assert_eq!(names, sorted);
        }),
        case!("pages are objects and join into the whole list", "API 4.1 pageSize, trap 25", |it| {
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
        case!("a query that cannot be parsed is 500 without a content type", "API 0.5, trap 27", |it| {
            for query in ["orderBy=asc", "pageSize="] {
                let answer = it.raw("GET", &format!("{APPS}?{query}"), None).await;
                answered(&answer, 500, None, "Error in executing request: GET /v3/namespaces/default/apps");
            }
        }),
        case!("an unknown query parameter is ignored", "API 0.5", |it| {
            assert_eq!(it.raw("GET", &format!("{APPS}?nope=1"), None).await.status, 200);
        }),
        case!(
            "an application in detail calls its version appVersion and its configuration is a string",
            "API 4.2, traps 28 and 29",
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
        case!("versions are listed newest first", "API 4.2 versions", |it| {
            let list = ListVersions { namespace: namespace(), application: "customers_sync".into() };
            let before = it.must(&list).await.good;
            it.supersede().await;
            let after = it.must(&list).await.good;
            assert_eq!(after.len(), before.len() + 1);
            assert_eq!(after.get(1..), Some(before.as_slice()));
        }),
        case!("batch detail needs a version", "API 4.2 appdetail", |it| {
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
        case!("batch detail with a wrong field is 400 for all", "API 4.2 appdetail", |it| {
            let body = Some(r#"[{"name":"orders_daily"}]"#);
            let answer = it.raw("POST", "/v3/namespaces/default/appdetail", body).await;
            answered(&answer, 400, Some("text/plain; charset=utf-8"), "Missing 'appId'");
        }),
        case!("programs are listed by type", "API 2.7", |it| {
            let workers = ListPrograms { namespace: namespace(), program_type: ProgramType::Worker };
            let list = it.must(&workers).await;
            assert!(list.good.iter().any(|program| program.program(&namespace()) == poller()));
            assert!(list.good.iter().all(|program| program.program_type == ProgramType::Worker));
        }),
        case!(
            "artifacts of both scopes come together, one by name needs its scope",
            "API 7.3, trap 64",
            |it| {
                let all = it.must(&ListArtifacts { namespace: namespace(), scope: None }).await.good;
                assert!(all.iter().any(|it| it.scope == "SYSTEM") && all.iter().any(|it| it.scope == "USER"));
                let name = "cdap-data-pipeline".to_owned();
                let scope = Some(ArtifactScope::System);
                let versions = ListArtifactVersions { namespace: namespace(), name: name.clone(), scope };
                let versions: Vec<_> =
                    it.must(&versions).await.good.into_iter().map(|it| it.version).collect();
                assert_eq!(versions, ["6.10.0", "6.11.0"]);
                let unscoped = ListArtifactVersions { namespace: namespace(), name, scope: None };
                refused(it.call(&unscoped).await, 404, "was not found");
            }
        ),
        case!("the list is filtered by artifact and by name", "API 4.1 filters", |it| {
            let all = it.must(&ListApplications::all(namespace())).await.rows.good;
            let names = |list: &[ApplicationRecord]| -> Vec<String> {
                list.iter().map(|app| app.name.as_str().to_owned()).collect()
            };
            let listed = async |change: fn(&mut ListApplications)| {
                let mut list = ListApplications::all(namespace());
                change(&mut list);
                names(&it.must(&list).await.rows.good)
            };
            let of = |artifact: &str| {
                let of = all.iter().filter(|app| app.artifact.name == artifact).cloned();
                names(&of.collect::<Vec<_>>())
            };
            let streams = listed(|it| it.artifact_names = vec!["cdap-data-streams".to_owned()]).await;
            assert_eq!(streams, of("cdap-data-streams"));
            let both = listed(|it| it.artifact_names = vec!["cdap-data-streams".into(), "sample-app".into()]);
            assert_eq!(both.await.len(), streams.len() + of("sample-app").len());
            let older = listed(|it| it.artifact_version = Some("6.10.0".to_owned())).await;
            assert!(older.contains(&"clicks_live".to_owned()) && !older.contains(&"Warehouse".to_owned()));
            assert!(listed(|it| it.artifact_version = Some(String::new())).await.is_empty());
            let clicks = listed(|it| it.name = Some("CLICKS".to_owned())).await;
            assert!(clicks.len() == 4 && clicks.iter().all(|name| name.starts_with("clicks_")), "{clicks:?}");
            let exact = |it: &mut ListApplications| {
                it.name = Some("clicks_live".to_owned());
                it.name_match = Some(NameMatch::Equals);
            };
            assert_eq!(listed(exact).await, ["clicks_live"]);
            let any_case = |it: &mut ListApplications| {
                it.name = Some("CLICKS_live".to_owned());
                it.name_match = Some(NameMatch::EqualsIgnoreCase);
            };
            assert_eq!(listed(any_case).await, ["clicks_live"]);
            assert!(listed(|it| it.name = Some("no such name".to_owned())).await.is_empty());
        }),
        case!("the list can be turned round, and a page of none is all", "API 4.1 orderBy, pageSize", |it| {
            let mut all = it.must(&ListApplications::all(namespace())).await.rows.good;
            let none = it.json("GET", &format!("{APPS}?pageSize=0"), None).await;
            assert_eq!(none.as_array().map(Vec::len), Some(all.len()));
            let order = Some(Order::Descending);
            let turned = it.must(&ListApplications { order, ..ListApplications::all(namespace()) }).await;
            all.reverse();
            assert_eq!(turned.rows.good, all);
        }),
        case!("a word of a list in another letter case is 500", "API 4.1, 0.5, trap 27", |it| {
            for query in ["nameFilter=a&nameFilterType=equals", "pageSize=x", "orderBy="] {
                let answer = it.raw("GET", &format!("{APPS}?{query}"), None).await;
                answered(&answer, 500, None, "Error in executing request: GET /v3/namespaces/default/apps");
            }
        }),
        case!("a yes or no without a value is no", "API 0.5, 4.1 latestOnly, trap 26", |it| {
            let latest = it.json("GET", &format!("{APPS}?latestOnly=TRUE"), None).await;
            it.supersede().await;
            for query in ["latestOnly", "latestOnly=", "latestOnly=1", "latestOnly=false"] {
                let all = it.json("GET", &format!("{APPS}?{query}"), None).await;
                assert!(all.as_array().map(Vec::len) > latest.as_array().map(Vec::len), "{query}");
            }
        }),
        case!("versions that are not there are 404", "API 4.2", |it| {
            let words = "was not found.";
            let version = GetApplication {
                namespace: namespace(),
                application: "orders_daily".into(),
                version: Some("11111111-e705-11f1-8b0f-02fc00000001".into()),
            };
            refused(it.call(&version).await, 404, words);
            let list = ListVersions { namespace: namespace(), application: "nope".into() };
            refused(it.call(&list).await, 404, "'application:default.nope.-SNAPSHOT' was not found.");
        }),
        case!("artifacts of one scope, in any letter case, and of none", "API 7.3", |it| {
            for (scope, word) in [(ArtifactScope::System, "SYSTEM"), (ArtifactScope::User, "USER")] {
                let one = it.must(&ListArtifacts { namespace: namespace(), scope: Some(scope) }).await.good;
                assert!(!one.is_empty() && one.iter().all(|it| it.scope == word), "{word}");
            }
            let artifacts = "/v3/namespaces/default/artifacts";
            let system = it.json("GET", &format!("{artifacts}?scope=SyStEm"), None).await;
            assert!(system.as_array().is_some_and(|it| !it.is_empty()));
            assert_eq!(it.raw("GET", &format!("{artifacts}?scope=x"), None).await.status, 400);
            let one = format!("{artifacts}/cdap-data-pipeline?scope=system");
            assert_eq!(it.raw("GET", &format!("{one}&order=desc"), None).await.status, 500);
            assert_eq!(it.raw("GET", &format!("{one}&limit=x"), None).await.status, 500);
            let newest = it.json("GET", &format!("{one}&order=DESC"), None).await;
            assert_eq!(newest[0]["version"], "6.11.0");
        }),
        case!("a program's specification has what a launch is judged by", "API 2.5, 9", |it| {
            let program =
                ProgramRef::new("default", "clicks_no_wal", ProgramType::Spark, "DataStreamsSparkStreaming");
            let spec = it.must(&GetSpecification { program: program.clone(), version: None }).await;
            let pipeline: serde_json::Value =
                serde_json::from_str(spec.properties.get("pipeline").expect("a pipeline")).expect("JSON");
            assert_eq!(pipeline["properties"]["spark.streaming.receiver.writeAheadLog.enable"], "false");
            assert_eq!(pipeline["stateSpec"]["mode"], "SPARK_CHECKPOINTING");
            assert_eq!(
                (&pipeline["batchIntervalMillis"], &pipeline["stopGracefully"]),
                (&5000.into(), &true.into())
            );
            let nope = ProgramRef::new("default", "clicks_no_wal", ProgramType::Spark, "Nope");
            refused(it.call(&GetSpecification { program: nope, version: None }).await, 404, "was not found");
        }),
    ]
}
