//! The server itself.

use crate::harness::{BOTH, Case, OLD, On, SHORT, case};
use quiesce_api::RefusalKind::{BadRequest, NotFound};
use quiesce_api::system::{
    CreateNamespace, GetNamespace, GetRouterStatus, GetServiceStates, GetStopSettings, GetVersion,
    ListComponentVersions, ListNamespaces, ListServices, Ping, StopSettings,
};

pub fn cases() -> Vec<Case> {
    vec![
        case(BOTH, "ping", |r| assert_eq!(r.good(&Ping), "OK.")),
        case(BOTH, "router-status", |r| assert_eq!(r.good(&GetRouterStatus), "OK")),
        case(BOTH, "version", |r| assert_eq!(r.good(&GetVersion).version, r.pick("6.11.0", "6.7.2"))),
        // The same call from a page of another origin: no header of the response would let the page read it.
        case(BOTH, "cors", |r| {
            assert_eq!(r.good(&GetVersion).version, r.pick("6.11.0", "6.7.2"));
            assert_eq!(r.response.get("access-control-allow-origin"), None);
        }),
        case(BOTH, "versions", |r| {
            let rows = r.rows(&ListComponentVersions);
            let got: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.version.as_str())).collect();
            assert_eq!(
                got[..3],
                [
                    ("cdap", r.pick("6.11.0", "6.7.2")),
                    ("sparkcompat", "spark3_2.12"),
                    ("zookeeper", "3.4.5.1405704")
                ]
            );
            assert_eq!(got.len(), 4);
        }),
        case(BOTH, "services", |r| {
            let rows = r.rows(&ListServices);
            assert_eq!(rows.len(), 9);
            assert_eq!(rows[0].name, "appfabric");
            assert!(rows.iter().all(|row| row.status == "OK" && row.provisioned == 1));
        }),
        case(OLD, "services-status", |r| {
            let states = r.good(&GetServiceStates);
            assert_eq!(states.len(), 9);
            assert!(states.values().all(|state| state == "OK") && states.contains_key("appfabric"));
        }),
        case(&[On::New, On::Old], "config", |r| {
            assert_eq!(r.good(&GetStopSettings), settings(300, 60, 300));
        }),
        case(SHORT, "config", |r| assert_eq!(r.good(&GetStopSettings), settings(5, 0, 5))),
        case(BOTH, "namespaces", |r| {
            let rows = r.rows(&ListNamespaces);
            assert_eq!(rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["default"]);
        }),
        case(BOTH, "namespace", |r| {
            let namespace = r.good(&GetNamespace { namespace: r.namespace() });
            assert_eq!(namespace.name.as_str(), "default");
            assert!(namespace.description.starts_with("This is the default namespace"));
        }),
        case(BOTH, "namespace-missing", |r| {
            let asked = GetNamespace { namespace: r.namespace() };
            r.refused(&asked, 404, NotFound, "'namespace:nope' was not found.");
        }),
        case(BOTH, "namespace-create", |r| {
            let words = r.good(&CreateNamespace { namespace: r.namespace() });
            assert_eq!(words, "Namespace 'shop' created successfully.");
        }),
        case(BOTH, "namespace-create-again", |r| {
            let words = r.good(&CreateNamespace { namespace: r.namespace() });
            assert_eq!(words, "Namespace 'shop' already exists.");
        }),
        case(BOTH, "namespace-create-bad-name", |r| {
            let words = "Namespace id can contain only alphanumeric characters or '_'.";
            r.refused(&CreateNamespace { namespace: r.namespace() }, 400, BadRequest, words);
        }),
    ]
}

fn settings(most: i64, buffer: i64, interval: i64) -> StopSettings {
    StopSettings {
        max_stop_seconds: Some(most),
        terminate_buffer_seconds: Some(buffer),
        terminator_interval_seconds: Some(interval),
    }
}
