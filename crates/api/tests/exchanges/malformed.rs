//! Requests that no endpoint makes: invalid ones, methods that the API does not have, and the upload of a jar. The
//! request is spelled out, and its response must still be classified correctly.

use crate::harness::{BOTH, Case, NEW, OLD, On, SECURED, case, refusal};
use quiesce_api::RefusalKind::{self, BadRequest, MethodNotAllowed, NotFound, ServerError, Unauthenticated};
use quiesce_api::application::ListApplications;
use quiesce_api::{Endpoint, Error, Response};

/// A request spelled out, and its refusal.
struct Raw {
    on: &'static [On],
    name: &'static str,
    request: &'static str,
    body: Option<&'static str>,
    status: u16,
    kind: RefusalKind,
    words: &'static str,
}

const fn raw(
    on: &'static [On],
    name: &'static str,
    request: &'static str,
    body: Option<&'static str>,
    (status, kind, words): (u16, RefusalKind, &'static str),
) -> Raw {
    Raw { on, name, request, body, status, kind, words }
}

const END_OF_INPUT: &str =
    "Request body is invalid json: java.io.EOFException: End of input at line 1 column 3";
const RUNS: &str = "GET /v3/namespaces/default/apps/Warehouse/workflows/StockReport/runs";

const REFUSED: &[Raw] = &[
    raw(
        BOTH,
        "unmatched-path",
        "GET /v3/nope",
        None,
        (404, NotFound, "Problem accessing: /v3/nope. Reason: Not Found"),
    ),
    raw(
        BOTH,
        "method-not-allowed",
        "DELETE /v3/namespaces/default/apps/Warehouse/workers/StockPoller/status",
        None,
        (405, MethodNotAllowed, "/v3/namespaces/default/apps/Warehouse/workers/StockPoller/status"),
    ),
    // A page of another origin cannot use the API: the server rejects the browser's preflight request.
    raw(
        BOTH,
        "preflight",
        "OPTIONS /v3/namespaces/default/apps",
        None,
        (405, MethodNotAllowed, "/v3/namespaces/default/apps"),
    ),
    raw(
        BOTH,
        "deploy-malformed",
        "PUT /v3/namespaces/default/apps/bad_app",
        Some(r#"{"artifact":"#),
        (400, BadRequest, "java.io.EOFException: End of input at line 1 column 13"),
    ),
    raw(
        BOTH,
        "apps-bad-orderby",
        "GET /v3/namespaces/default/apps?orderBy=asc",
        None,
        (500, ServerError, "Error in executing request: GET /v3/namespaces/default/apps?orderBy=asc"),
    ),
    raw(
        BOTH,
        "apps-empty-pagesize",
        "GET /v3/namespaces/default/apps?pageSize=",
        None,
        (500, ServerError, "Error in executing request: GET /v3/namespaces/default/apps?pageSize="),
    ),
    raw(
        BOTH,
        "appdetail-batch-bad-element",
        "POST /v3/namespaces/default/appdetail",
        Some(r#"[{"name": "orders_daily"}]"#),
        (400, BadRequest, "Missing 'appId' in the request element."),
    ),
    raw(
        BOTH,
        "stop-bad-body",
        "POST /v3/namespaces/default/apps/Warehouse/workers/StockPoller/stop",
        Some("[1]"),
        (500, ServerError, "Expected BEGIN_ARRAY but was NUMBER at line 1 column 3 path $[0]"),
    ),
    raw(
        BOTH,
        "stop-batch-no-body",
        "POST /v3/namespaces/default/stop",
        None,
        (400, BadRequest, "Request body is invalid json, please check that it is a json array."),
    ),
    raw(
        BOTH,
        "stop-batch-malformed",
        "POST /v3/namespaces/default/stop",
        Some("[{"),
        (400, BadRequest, END_OF_INPUT),
    ),
    raw(
        BOTH,
        "stop-batch-null-element",
        "POST /v3/namespaces/default/stop",
        Some("[null]"),
        (
            500,
            ServerError,
            "Cannot invoke \"io.cdap.cdap.proto.BatchProgram.validate()\" because \"program\" is null",
        ),
    ),
    raw(
        NEW,
        "stop-batch-plural-type",
        "POST /v3/namespaces/default/stop",
        Some(r#"[{"appId": "Warehouse", "programType": "workers", "programId": "StockPoller"}]"#),
        (
            400,
            BadRequest,
            "Must provide valid appId, programType, and programId for each object: 'programType' must be one of \
             [MapReduce, Workflow, Service, Spark, Worker, Custom]",
        ),
    ),
    raw(
        NEW,
        "runs-start-bad",
        "GET /v3/namespaces/default/apps/Warehouse/workflows/StockReport/runs?start=x",
        None,
        (400, BadRequest, "Invalid vaule x for start"),
    ),
    raw(
        OLD,
        "runs-start-bad",
        "GET /v3/namespaces/default/apps/Warehouse/workflows/StockReport/runs?start=x",
        None,
        (500, ServerError, "For input string: \"x\""),
    ),
    raw(
        BOTH,
        "upgrade-bad-scope",
        "POST /v3/namespaces/default/apps/orders_daily/upgrade?artifactScope=x",
        None,
        (400, BadRequest, "Invalid scope x"),
    ),
    raw(
        BOTH,
        "upgrade-scope-list",
        "POST /v3/namespaces/default/apps/orders_daily/upgrade?artifactScope=SYSTEM,USER",
        None,
        (400, BadRequest, "Invalid scope SYSTEM,USER"),
    ),
    raw(
        BOTH,
        "upgrade-list-wrong-field",
        "POST /v3/namespaces/default/upgrade",
        Some(r#"[{"appId": "x"}]"#),
        (400, BadRequest, "Path parameter app-id cannot be empty"),
    ),
    raw(
        BOTH,
        "upgrade-list-malformed",
        "POST /v3/namespaces/default/upgrade",
        Some("[{"),
        (400, BadRequest, END_OF_INPUT),
    ),
    raw(
        OLD,
        "schedules-filter-bad",
        "GET /v3/namespaces/default/apps/orders_daily/schedules?schedule-status=scheduled",
        None,
        (400, BadRequest, "Invalid schedule status 'scheduled'. Must be one of SCHEDULED,SUSPENDED."),
    ),
    raw(
        BOTH,
        "schedule-bad-action",
        "POST /v3/namespaces/default/apps/orders_daily/schedules/dataPipelineSchedule/pause",
        None,
        (
            400,
            BadRequest,
            "Action for schedules may only be 'enable', 'disable', 'suspend', or 'resume' but is'pause'",
        ),
    ),
    raw(
        SECURED,
        "preflight-without-token",
        "OPTIONS /v3/namespaces/default/apps",
        None,
        (401, Unauthenticated, ""),
    ),
    raw(SECURED, "unmatched-path-without-token", "GET /v3/nope", None, (401, Unauthenticated, "")),
];

/// A request spelled out with a successful response, and its text on the new server and on the old one.
type Good = (&'static [On], &'static str, &'static str, Option<&'static str>, &'static str, &'static str);

const GOOD: &[Good] = &[
    (OLD, "router-root", "GET /", None, "", ""),
    (BOTH, "grace-probe-word", "POST /v3/namespaces/default/stop?graceful=abc", Some("[]"), "[]", "[]"),
    (
        BOTH,
        "deploy-app-jar",
        "POST /v3/namespaces/default/apps",
        None,
        r#"{"type":"App","name":"Warehouse","version":"7a2612f1-e70e-11f1-a483-02fc00000001","description":"Stock keeping","artifact":{"name":"sample-app","version":"1.0.0","scope":"USER"},"change":{"author":"root","creationTimeMillis":1795418479014}}"#,
        "Successfully deployed app Warehouse",
    ),
    (
        BOTH,
        "deploy-plugin-jar",
        "POST /v3/namespaces/default/artifacts/sample-plugins",
        None,
        "Artifact added successfully",
        "Artifact added successfully",
    ),
];

pub fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = REFUSED
        .iter()
        .map(|raw| {
            case(raw.on, raw.name, |r| {
                assert_eq!(format!("{} {}", r.method, r.target), raw.request);
                assert_eq!(r.body.as_deref(), raw.body);
                let error = Error::refused(&r.response);
                refusal(&error, raw.status, raw.kind, raw.words);
                let uris = &error.refusal().unwrap().auth_uris;
                assert_eq!(uris.is_empty(), raw.status != 401);
            })
        })
        .collect();
    cases.extend(GOOD.iter().map(|(on, name, request, body, new, old)| {
        case(on, name, |r| {
            assert_eq!(format!("{} {}", r.method, r.target), *request);
            assert_eq!(r.body.as_deref(), *body);
            assert_eq!((r.response.status, r.response.text().as_str()), (200, r.pick(*new, *old)));
        })
    }));
    cases.extend([
        case(BOTH, "runs-limit-bad", |r| {
            assert_eq!(format!("{} {}", r.method, r.target), format!("{RUNS}?limit=x"));
            let words = format!("Error in executing request: {RUNS}?limit=x");
            refusal(&Error::refused(&r.response), 500, ServerError, &words);
        }),
        // The server ignores an unknown parameter: a misspelled filter lists everything.
        case(BOTH, "apps-unknown-parameter", |r| {
            let all = ListApplications::all(r.namespace());
            r.is(&all.request().query("nope", 1));
            let list = all.read(&Response::new(200, r.response.body.clone())).unwrap();
            assert!(list.rows.is_whole());
            assert_eq!(list.rows.good.len(), r.pick(8, 7));
        }),
    ]);
    cases
}
