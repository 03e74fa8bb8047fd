//! Attempts to leave a read-only server's reads, to reach another router, or to be another user.

use crate::row::{Mode, Row};

pub fn rows() -> Vec<Row> {
    let stop = "/v3/namespaces/default/stop";
    let write = |name, target: &str, body: &str| {
        Row::post(name, target, body).on(Mode::ReadOnly).error(403, "read_only")
    };
    let unknown = |name, path| Row::get(name, path).on(Mode::Named).error(404, "unknown_router");
    let programs = r#"[{"appId":"a","programType":"Workflow","programId":"w"}]"#;
    vec![
        write("a stop on a read-only server", stop, "[]"),
        write("a stop with the query of the probe", &format!("{stop}?graceful=-1"), programs),
        write(
            "a stop with more than the query of the probe",
            &format!("{stop}?graceful=-1&graceful=0"),
            "[]",
        ),
        write("a stop with an encoded query of the probe", &format!("{stop}?graceful=%2d1"), "[]"),
        write("a probe with spaces in its body", &format!("{stop}?graceful=-1"), "[ ]"),
        write("a probe with a second list", &format!("{stop}?graceful=-1"), "[][1]"),
        write("a start on a read-only server", "/v3/namespaces/default/start", programs),
        write("an upgrade on a read-only server", "/v3/namespaces/default/apps/a/upgrade", ""),
        Row::line("a deployment on a read-only server", "PUT /v3/namespaces/default/apps/a")
            .on(Mode::ReadOnly)
            .error(403, "read_only"),
        write("a read with the path of a write in its query", &format!("{stop}?/status"), "[]"),
        Row::post("the probe on a read-only server", &format!("{stop}?graceful=-1"), "[]")
            .on(Mode::ReadOnly)
            .only("POST /v3/namespaces/default/stop?graceful=-1", &[]),
        unknown("an unknown router", "/r/staging/v3/version"),
        unknown("a router in capitals", "/r/PROD/v3/version"),
        unknown("an encoded router", "/r/%70rod/v3/version"),
        unknown("a router without a name", "/r//v3/version"),
        unknown("a router with dots", "/r/../v3/version"),
        Row::get("the API without a router", "/v3/version").on(Mode::Named).error(404, "not_forwarded"),
        Row::get("a way from one router to the other", "/r/prod/../test/v3/version")
            .on(Mode::Named)
            .error(404, "not_found"),
        Row::get("a router within a router", "/r/prod/r/test/v3/version")
            .on(Mode::Named)
            .error(404, "not_found"),
        Row::get("a router of a header", "/r/prod/v3/version")
            .on(Mode::Named)
            .header("x-router: test")
            .header("cookie: router=test")
            .only("GET /v3/version", &["x-router", "cookie"]),
        Row::get("a user of a client that is not a proxy", "/v3/version")
            .on(Mode::UserHeader)
            .header("x-forwarded-user: root")
            .only("GET /v3/version", &["x-forwarded-user"]),
    ]
}
