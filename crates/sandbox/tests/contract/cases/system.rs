//! The server itself.

use super::{Case, answered, case};
use crate::fixtures::namespace;
use quiesce_api::stop::ProbeGraceful;
use quiesce_api::system::{GetStopSettings, GetVersion, ListComponentVersions, ListNamespaces, ListServices};
use quiesce_api::{Endpoint, Request};

pub fn cases() -> Vec<Case> {
    vec![
        case!("the version is one object", "7.2 version", |it| {
            assert_eq!(it.must(&GetVersion).await.version, "6.11.0");
        }),
        case!("the versions of its parts are a list", "7.2 versions", |it| {
            let parts = it.must(&ListComponentVersions).await;
            assert!(parts.is_whole());
            assert!(parts.good.iter().any(|part| part.name == "cdap" && part.version == "6.11.0"));
        }),
        case!("services say how they are", "7.2 system/services", |it| {
            let services = it.must(&ListServices).await;
            assert!(services.is_whole());
            assert!(services.good.iter().any(|it| it.name == "appfabric" && it.status == "OK"));
        }),
        case!("the settings of a stop can be read", "7.2 config", |it| {
            let settings = it.must(&GetStopSettings).await;
            assert_eq!(settings.max_stop_seconds, Some(300));
            assert_eq!(settings.terminate_buffer_seconds, Some(60));
            assert!(settings.terminator_interval_seconds.is_some());
        }),
        case!("the default namespace is there", "7.1", |it| {
            let namespaces = it.must(&ListNamespaces).await;
            assert!(namespaces.good.iter().any(|it| it.name == namespace()));
        }),
        case!(
            "a server that ignores graceful answers its probe with an empty list",
            "1.2 probe, trap 1",
            |it| {
                let answer = it.send(&ProbeGraceful { namespace: namespace() }.request()).await;
                answered(&answer, 200, Some("application/json"), "[]");
                let word = it.raw("POST", "/v3/namespaces/default/stop?graceful=abc", Some("[]")).await;
                answered(&word, 200, Some("application/json"), "[]");
            }
        ),
        case!("ping answers text", "7.2 ping", |it| {
            answered(&it.send(&Request::get(["ping"])).await, 200, Some("text/plain; charset=utf-8"), "OK.");
        }),
        case!("no answer carries headers for other origins", "8.4, trap 60", |it| {
            let answer = it.send(&GetVersion.request()).await;
            assert!(answer.headers.iter().all(|(name, _)| !name.starts_with("access-control-")));
            let preflight = it.raw("OPTIONS", "/v3/namespaces/default/apps", None).await;
            answered(&preflight, 405, None, "/v3/namespaces/default/apps");
        }),
    ]
}
