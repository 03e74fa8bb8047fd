//! Answers that the comparison of two servers (`cargo xtask compare`) found to differ once.

use super::{Case, TEXT, answered, case};
use serde_json::{Value, json};

const DEFAULT: &str = "/v3/namespaces/default";
const JSON: Option<&str> = Some("application/json");

fn deployment(artifact: &str, config: &Value) -> String {
    let artifact = json!({"name": artifact, "version": "6.10.0", "scope": "SYSTEM"});
    json!({"artifact": artifact, "config": config}).to_string()
}

pub fn cases() -> Vec<Case> {
    vec![
        case!("rejects a page token without a version with 500", "API 4.1 pageToken", |it| {
            for query in
                ["pageToken=nope", "pageSize=2&pageToken=nope", "pageSize=2&pageToken=orders_daily:x"]
            {
                let answer = it.raw("GET", &format!("{DEFAULT}/apps?{query}"), None).await;
                answered(&answer, 500, TEXT, "Missing field: version");
            }
            let answer = it.raw("GET", &format!("{DEFAULT}/apps?pageSize=2&pageToken=a.b.c"), None).await;
            answered(&answer, 500, TEXT, "Expected end after field 'version' but got: c");
        }),
        case!("continues after the page token of a deleted application", "API 4.1 pageToken", |it| {
            let token = "clicks_zero.11111111-e705-11f1-8b0f-02fc00000001";
            let query = format!("nameFilter=clicks&pageSize=1&pageToken={token}");
            let page = it.json("GET", &format!("{DEFAULT}/apps?{query}"), None).await;
            // The list is ordered by the length of names first.
            assert_eq!(page["applications"][0]["name"], "clicks_no_wal");
        }),
        case!("gives a full page a token, even if nothing follows", "API 4.1 nextPageToken", |it| {
            let query = "nameFilter=clicks_live&nameFilterType=EQUALS&pageSize=1";
            let page = it.json("GET", &format!("{DEFAULT}/apps?{query}"), None).await;
            let token = page["nextPageToken"].as_str().expect("a token");
            let page = it.json("GET", &format!("{DEFAULT}/apps?{query}&pageToken={token}"), None).await;
            assert_eq!(page, json!({"applications": []}));
        }),
        case!("looks for the namespace before it reads the body", "API 4.3, 4.7, 4.8", |it| {
            for (method, path) in [
                ("POST", "apps/x/upgrade?artifactScope=x"),
                ("POST", "upgrade"),
                ("POST", "appdetail"),
                ("PUT", "apps/x"),
                ("DELETE", "apps/x"),
                ("GET", "apps/x"),
                ("GET", "apps/x/plugins"),
                ("GET", "apps/x/versions"),
            ] {
                let body = (method != "GET").then_some("[{");
                let answer = it.raw(method, &format!("/v3/namespaces/nope/{path}"), body).await;
                answered(&answer, 404, TEXT, "'namespace:nope' was not found.");
            }
        }),
        case!("finds no endpoint of a system service that does not exist", "API 7.2", |it| {
            let path = "/v3/system/services/nope/status";
            let text = format!("No endpoint strategy found for request GET {path} HTTP/1.1");
            answered(&it.raw("GET", path, None).await, 503, None, &text);
        }),
        case!("names the version of the path for a specification that does not exist", "API 2.5", |it| {
            for version in ["-SNAPSHOT", "nope"] {
                let path = format!("{DEFAULT}/apps/Warehouse/versions/{version}/workers/Nope");
                let text = format!("'program:default.Warehouse.{version}.worker.Nope' was not found.");
                answered(&it.raw("GET", &path, None).await, 404, TEXT, &text);
                let stop = it.raw("POST", &format!("{path}/stop"), None).await;
                answered(&stop, 404, TEXT, "'program:default.Warehouse.");
            }
        }),
        case!("rejects a deployment without a body or an artifact", "API 4.3", |it| {
            let null = |call: &str| format!("Cannot invoke \"{call}\" because ");
            let request = null("io.cdap.cdap.proto.artifact.AppRequest.getArtifact()");
            let summary = null("io.cdap.cdap.api.artifact.ArtifactSummary.getScope()");
            let expected = "java.lang.IllegalStateException: Expected BEGIN_OBJECT but was ";
            let path = format!("{DEFAULT}/apps/contract_scratch");
            for (body, text) in [
                (None, request.clone()),
                (Some("null"), request),
                (Some("{}"), summary),
                (Some(r#"{"artifact":{"name":"x"}}"#), null("String.startsWith(String)")),
                (Some("[]"), format!("{expected}BEGIN_ARRAY at line 1 column 2 path $")),
                (Some("nope"), format!("{expected}STRING at line 1 column 1 path $")),
                (Some("{"), "java.io.EOFException: End of input at line 1 column 2".to_owned()),
            ] {
                answered(&it.raw("PUT", &path, body).await, 400, TEXT, &text);
            }
        }),
        case!("rejects a pipeline without a configuration or stages", "API 4.3", |it| {
            let path = format!("{DEFAULT}/apps/contract_scratch");
            let (batch, live) = ("cdap-data-pipeline", "cdap-data-streams");
            let no_stage = "A pipeline must contain at least one stage.";
            for (artifact, config, text) in [
                (batch, json!({}), no_stage),
                (batch, json!({"stages": []}), no_stage),
                (batch, Value::Null, "io.cdap.cdap.etl.proto.v2.ETLBatchConfig"),
                (live, json!({"stages": [], "batchInterval": "5s"}), no_stage),
                (live, json!({"stages": []}), "Unable to parse batchInterval 'null'"),
                (live, Value::Null, "io.cdap.cdap.etl.proto.v2.DataStreamsConfig"),
            ] {
                let answer = it.raw("PUT", &path, Some(&deployment(artifact, &config))).await;
                answered(&answer, 400, TEXT, text);
            }
        }),
        case!("does not upgrade a pipeline without properties", "API 4.7", |it| {
            let plugin = json!({
                "name": "Wait", "type": "action", "properties": {"seconds": "1"},
                "artifact": {"name": "sample-plugins", "version": "1.0.0", "scope": "USER"},
            });
            let config =
                json!({"engine": "spark", "connections": [], "stages": [{"name": "W", "plugin": plugin}]});
            let path = format!("{DEFAULT}/apps/contract_scratch");
            let deployed = it.raw("PUT", &path, Some(&deployment("cdap-data-pipeline", &config))).await;
            assert_eq!(deployed.status, 200, "{}", deployed.text());
            // The text is of a Java exception, of which the JVM leaves it out when it was thrown often.
            assert_eq!(it.raw("POST", &format!("{path}/upgrade"), None).await.status, 500);
            assert_eq!(it.raw("DELETE", &path, None).await.status, 200);
        }),
        case!("describes an artifact with its classes and parents", "API 7.3", |it| {
            let artifacts = format!("{DEFAULT}/artifacts");
            let detail = it.json("GET", &format!("{artifacts}/sample-plugins/versions/1.0.0"), None).await;
            let plugins = detail["classes"]["plugins"].as_array().expect("plugins");
            assert!(plugins.iter().any(|it| it["type"] == "action" && it["name"] == "Wait"));
            assert_eq!(detail["parents"][0]["name"], "cdap-data-pipeline");
            assert_eq!(detail["parents"][0]["upper"]["version"], "7.0.0");
            let detail = it.json("GET", &format!("{artifacts}/sample-app/versions/1.0.0"), None).await;
            assert_eq!(detail["classes"]["apps"][0]["className"], "fixtures.Warehouse");
            let answer =
                it.raw("GET", &format!("{artifacts}/cdap-data-pipeline/versions/6.11.0"), None).await;
            answered(&answer, 404, TEXT, "'artifact:default.cdap-data-pipeline.6.11.0' was not found.");
            let answer = it.raw("GET", &format!("{artifacts}/sample-app/versions/x"), None).await;
            answered(&answer, 400, TEXT, "Invalid artifact version x");
        }),
        case!("lists the types and the plugins that extend an artifact", "API 7.3 extensions", |it| {
            let system = format!("{DEFAULT}/artifacts/cdap-data-pipeline/versions/6.11.0/extensions");
            let types = it.json("GET", &format!("{system}?scope=system"), None).await;
            let types = types.as_array().expect("types");
            assert!(types.contains(&json!("action")) && types.contains(&json!("batchsink")), "{types:?}");
            let actions = it.json("GET", &format!("{system}/action?scope=system"), None).await;
            let artifact = json!({"name": "sample-plugins", "version": "1.0.0", "scope": "USER"});
            let is_wait = |it: &Value| it["name"] == "Wait" && it["artifact"] == artifact;
            assert!(actions.as_array().is_some_and(|it| it.iter().any(is_wait)), "{actions}");
            answered(&it.raw("GET", &format!("{system}/nope?scope=system"), None).await, 200, JSON, "[]");
            let text = "'artifact:default.cdap-data-pipeline.6.11.0' was not found.";
            answered(&it.raw("GET", &system, None).await, 404, TEXT, text);
        }),
        case!("lists the plugins of an application with their artifacts", "API 4.2 plugins", |it| {
            let plugins = it.json("GET", &format!("{DEFAULT}/apps/invoices_monthly/plugins"), None).await;
            assert_eq!((&plugins[0]["id"], &plugins[0]["type"]), (&json!("WaitForExport"), &json!("action")));
            let spec = &plugins[0]["spec"];
            assert_eq!(spec["artifactId"]["name"], "sample-plugins");
            assert_eq!(
                spec["artifactId"]["version"],
                json!({"version": "1.0.0", "major": 1, "minor": 0, "fix": 0})
            );
            assert_eq!(spec["properties"]["macros"]["lookupProperties"], json!(["wait"]));
        }),
        case!("lists no previous times of schedules that never fired", "API 5 previousruntime", |it| {
            let path = format!("{DEFAULT}/apps/Warehouse");
            let answer = it.raw("GET", &format!("{path}/workflows/StockReport/previousruntime"), None).await;
            answered(&answer, 200, JSON, "[]");
            let answer = it.raw("GET", &format!("{path}/workers/StockPoller/previousruntime"), None).await;
            answered(&answer, 500, TEXT, "Worker is not a SchedulableProgramType");
            let body = r#"[{"appId":"nope","programType":"workflow","programId":"x"}]"#;
            let answer = it.json("POST", &format!("{DEFAULT}/previousruntime"), Some(body)).await;
            assert_eq!(answer[0]["statusCode"], 404);
        }),
        case!("has one compute profile, and no secure store", "API 7", |it| {
            let profiles = it.json("GET", "/v3/profiles", None).await;
            assert_eq!((&profiles[0]["name"], &profiles[0]["scope"]), (&json!("native"), &json!("SYSTEM")));
            answered(&it.raw("GET", &format!("{DEFAULT}/profiles"), None).await, 200, JSON, "[]");
            let answer = it.raw("GET", "/v3/profiles/nope", None).await;
            answered(&answer, 404, TEXT, "'profile:system.nope' was not found.");
            let answer = it.raw("GET", &format!("{DEFAULT}/securekeys"), None).await;
            answered(&answer, 501, TEXT, "Secure store is not configured.");
        }),
        case!("has no operations and no service providers", "API 7", |it| {
            let octets = Some("application/octet-stream");
            let answer = it.raw("GET", &format!("{DEFAULT}/operations"), None).await;
            answered(&answer, 200, octets, r#"{"operations":[]}"#);
            let answer = it.raw("GET", &format!("{DEFAULT}/operations/x"), None).await;
            answered(&answer, 404, TEXT, "Operation run x does not exist in namespace default");
            answered(&it.raw("GET", "/v3/system/serviceproviders", None).await, 200, JSON, "{}");
        }),
    ]
}
