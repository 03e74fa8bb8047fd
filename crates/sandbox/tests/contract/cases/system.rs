//! The server itself.

use super::{Case, answered, case, refused};
use crate::fixtures::namespace;
use quiesce_api::application::ListApplications;
use quiesce_api::stop::ProbeGraceful;
use quiesce_api::system::{
    GetNamespace, GetRouterStatus, GetStopSettings, GetVersion, ListComponentVersions, ListNamespaces,
    ListServices,
};
use quiesce_api::{Endpoint, Request};

pub fn cases() -> Vec<Case> {
    vec![
        case!("the version is one object", "API 7.2 version", |it| {
            assert_eq!(it.must(&GetVersion).await.version, "6.11.0");
        }),
        case!("the versions of its parts are a list", "API 7.2 versions", |it| {
            let parts = it.must(&ListComponentVersions).await;
            assert!(parts.is_whole());
            assert!(parts.good.iter().any(|part| part.name == "cdap" && part.version == "6.11.0"));
        }),
        case!("services say how they are", "API 7.2 system/services", |it| {
            let services = it.must(&ListServices).await;
            assert!(services.is_whole());
            assert!(services.good.iter().any(|it| it.name == "appfabric" && it.status == "OK"));
        }),
        case!("the settings of a stop can be read", "API 7.2 config", |it| {
            let settings = it.must(&GetStopSettings).await;
            assert_eq!(settings.max_stop_seconds, Some(300));
            assert_eq!(settings.terminate_buffer_seconds, Some(60));
            assert!(settings.terminator_interval_seconds.is_some());
        }),
        case!("the default namespace is there", "API 7.1", |it| {
            let namespaces = it.must(&ListNamespaces).await;
            assert!(namespaces.good.iter().any(|it| it.name == namespace()));
        }),
        case!(
            "a server that ignores graceful answers its probe with an empty list",
            "API 1.2 probe, trap 1",
            |it| {
                let answer = it.send(&ProbeGraceful { namespace: namespace() }.request()).await;
                answered(&answer, 200, Some("application/json"), "[]");
                let word = it.raw("POST", "/v3/namespaces/default/stop?graceful=abc", Some("[]")).await;
                answered(&word, 200, Some("application/json"), "[]");
            }
        ),
        case!("ping answers text", "API 7.2 ping", |it| {
            answered(&it.send(&Request::get(["ping"])).await, 200, Some("text/plain; charset=utf-8"), "OK.");
        }),
        case!("no answer carries headers for other origins", "API 8.4, trap 60", |it| {
            let answer = it.send(&GetVersion.request()).await;
            assert!(answer.headers.iter().all(|(name, _)| !name.starts_with("access-control-")));
            let preflight = it.raw("OPTIONS", "/v3/namespaces/default/apps", None).await;
            answered(&preflight, 405, None, "/v3/namespaces/default/apps");
        }),
        case!("the router answers for itself", "API 7.2", |it| {
            let text = Some("text/plain; charset=utf-8");
            answered(&it.send(&GetRouterStatus.request()).await, 200, text, "OK");
            let root = it.raw("GET", "/", None).await;
            assert_eq!((root.status, root.body.len()), (200, 0));
        }),
        case!("the states of the services are one object, and one service is asked alone", "API 7.2", |it| {
            let states = it.json("GET", "/v3/system/services/status", None).await;
            assert_eq!(states["appfabric"], "OK");
            let one = it.json("GET", "/v3/system/services/appfabric/status", None).await;
            assert_eq!(one["status"], "OK");
        }),
        case!(
            "a namespace is described, made once, and has a name without a hyphen",
            "API 7.1, trap 65",
            |it| {
                let one = it.must(&GetNamespace { namespace: namespace() }).await;
                assert_eq!(one.name, namespace());
                refused(
                    it.call(&GetNamespace { namespace: "nope".into() }).await,
                    404,
                    "'namespace:nope' was not found.",
                );
                let text = Some("text/plain; charset=utf-8");
                it.raw("PUT", "/v3/namespaces/contract", None).await;
                answered(&it.raw("PUT", "/v3/namespaces/contract", None).await, 200, text, "already exists");
                let words = "Namespace id can contain only alphanumeric characters or '_'.";
                answered(&it.raw("PUT", "/v3/namespaces/a-b", None).await, 400, text, words);
                let empty = it.must(&ListApplications::all("contract".into())).await;
                assert!(empty.rows.good.is_empty() && empty.rows.is_whole());
                let words = "Cannot create the namespace 'default'. 'default' is a reserved namespace.";
                answered(&it.raw("PUT", "/v3/namespaces/default", None).await, 400, text, words);
                let unrecoverable = "/v3/unrecoverable/namespaces/contract";
                assert_eq!(it.raw("DELETE", unrecoverable, None).await.status, 200);
                let again = it.raw("DELETE", unrecoverable, None).await;
                answered(&again, 404, text, "'namespace:contract' was not found.");
            }
        ),
    ]
}
