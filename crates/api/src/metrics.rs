//! Metrics of programs (docs/cdap-api.md#metrics).
//!
//! ```
//! use quiesce_api::metrics::QueryMetrics;
//! use quiesce_api::{Endpoint, ProgramRef, ProgramType, Response};
//!
//! let program = ProgramRef::new("default", "clicks", ProgramType::Spark, "DataStreamsSparkStreaming");
//! let query = QueryMetrics::of_run(&program.run("5c3e0e37"), ["user.Clicks.records.out"]);
//! assert!(query.request().target.starts_with("/v3/metrics/query?metric=user.Clicks.records.out&tag="));
//!
//! let response = Response::new(200, r#"{"series":[
//!     {"metricName":"user.Clicks.records.out","data":[{"time":0,"value":3500.0}]}]}"#);
//! let metrics = query.read(&response)?;
//! assert_eq!(metrics.total("user.Clicks.records.out"), Some(3500.0));
//! assert_eq!(metrics.total("user.Clicks.records.in"), None);
//! # Ok::<(), quiesce_api::Error>(())
//! ```

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::id::RunId;
use crate::list::decode_body;
use crate::program::{ProgramRef, RunRef};
use crate::request::Request;
use crate::response::Response;
use crate::time::Seconds;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Reads the totals of metrics. It uses only the query: with a query parameter the server ignores a body.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QueryMetrics {
    /// The metrics, for example `user.Clicks.records.out`.
    pub metrics: Vec<String>,
    /// The context, in order: `namespace`, `app`, a word for the program's type, `run`.
    pub tags: Vec<(String, String)>,
}

impl QueryMetrics {
    /// The totals of one run.
    pub fn of_run(run: &RunRef, metrics: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut tags = tags(&run.program);
        tags.push(("run".to_owned(), run.run.to_string()));
        Self { metrics: metrics.into_iter().map(Into::into).collect(), tags }
    }
}

/// The context of a program. Its tag is the singular form of its type's path.
fn tags(program: &ProgramRef) -> Vec<(String, String)> {
    let tags = [
        ("namespace", program.namespace.as_str()),
        ("app", program.application.as_str()),
        (&program.program_type.word().to_ascii_lowercase(), program.program.as_str()),
    ];
    tags.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// Reads the totals of more metrics than an address can hold: everything is in the body, and there is no query, with
/// which the server would ignore the body.
///
/// ```
/// use quiesce_api::metrics::{QueryManyMetrics, QueryMetrics};
/// use quiesce_api::{Endpoint, ProgramRef, ProgramType, Response};
///
/// let run = ProgramRef::new("default", "clicks", ProgramType::Spark, "Streaming").run("5c3e0e37");
/// let query = QueryManyMetrics(QueryMetrics::of_run(&run, ["user.Clicks.records.out"]));
/// assert_eq!(
///     query.request().body.unwrap(),
///     r#"{"totals":{"tags":{"app":"clicks","namespace":"default","run":"5c3e0e37","spark":"Streaming"},"metrics":["user.Clicks.records.out"],"timeRange":{"aggregate":"true"}}}"#
/// );
/// let series = r#"[{"metricName":"user.Clicks.records.out","data":[{"time":0,"value":35}]}]"#;
/// let response = Response::new(200, format!(r#"{{"totals":{{"series":{series}}}}}"#));
/// assert_eq!(query.read(&response)?.total("user.Clicks.records.out"), Some(35.0));
/// # Ok::<(), quiesce_api::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QueryManyMetrics(pub QueryMetrics);

/// The name of the query in a body and in its response.
const NAME: &str = "totals";

/// A query with everything in the body, with one series for each value of the tag `group`.
fn body(query: &QueryMetrics, group: Option<&'static str>) -> Request {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Query<'a> {
        tags: BTreeMap<&'a str, &'a str>,
        metrics: &'a [String],
        #[serde(skip_serializing_if = "Option::is_none")]
        group_by: Option<[&'static str; 1]>,
        time_range: BTreeMap<&'static str, &'static str>,
    }
    let tags = query.tags.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    // All values of a time range are strings.
    let time_range = BTreeMap::from([("aggregate", "true")]);
    let query = Query { tags, metrics: &query.metrics, group_by: group.map(|group| [group]), time_range };
    Request::post(["v3", "metrics", "query"]).json(&BTreeMap::from([(NAME, query)]))
}

fn read_body(response: &Response) -> Result<Metrics, Error> {
    #[derive(Deserialize)]
    struct Answer {
        totals: Metrics,
    }
    decode_body::<Answer>(response).map(|answer| answer.totals)
}

impl Endpoint for QueryManyMetrics {
    type Output = Metrics;

    fn request(&self) -> Request {
        body(&self.0, None)
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        read_body(response)
    }
}

/// Reads the totals of metrics for each run of a program, with one request (docs/cdap-api.md#metrics).
///
/// ```
/// use quiesce_api::metrics::QueryMetricsByRun;
/// use quiesce_api::{Endpoint, ProgramRef, ProgramType, Response};
///
/// let program = ProgramRef::new("default", "clicks", ProgramType::Spark, "Streaming");
/// let query = QueryMetricsByRun { program, metrics: vec!["user.Clicks.records.out".to_owned()] };
/// assert_eq!(
///     query.request().body.unwrap(),
///     r#"{"totals":{"tags":{"app":"clicks","namespace":"default","spark":"Streaming"},"metrics":["user.Clicks.records.out"],"groupBy":["run"],"timeRange":{"aggregate":"true"}}}"#
/// );
/// let series = r#"[{"metricName":"user.Clicks.records.out","grouping":{"run":"5c3e0e37"},"data":[{"time":0,"value":35}]}]"#;
/// let response = Response::new(200, format!(r#"{{"totals":{{"series":{series}}}}}"#));
/// assert_eq!(query.read(&response)?.totals_by_run().get(&"5c3e0e37".into()), Some(&35.0));
/// # Ok::<(), quiesce_api::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QueryMetricsByRun {
    /// The program.
    pub program: ProgramRef,
    /// The metrics, for example `user.Clicks.records.out`.
    pub metrics: Vec<String>,
}

impl Endpoint for QueryMetricsByRun {
    type Output = Metrics;

    fn request(&self) -> Request {
        body(&QueryMetrics { metrics: self.metrics.clone(), tags: tags(&self.program) }, Some("run"))
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        read_body(response)
    }
}

/// The values of metrics.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metrics {
    /// Start of the interval; 0 for totals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Seconds>,
    /// End of the interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_time: Option<Seconds>,
    /// One element per metric and group. A metric that was never emitted is absent.
    #[serde(default)]
    pub series: Vec<Series>,
}

/// The values of one metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Series {
    /// Name of the metric.
    pub metric_name: String,
    /// The group, if grouping was requested.
    #[serde(default)]
    pub grouping: BTreeMap<String, String>,
    /// Values over time.
    #[serde(default)]
    pub data: Vec<Point>,
}

/// A value of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Time of the value; 0 for a total.
    pub time: Seconds,
    /// Value of the metric.
    pub value: f64,
}

impl Metrics {
    /// The total of a metric; `None` if it was never emitted, which differs from 0.
    pub fn total(&self, metric: &str) -> Option<f64> {
        let mut points =
            self.series.iter().filter(|series| series.metric_name == metric).flat_map(|s| &s.data);
        let first = points.next()?.value;
        Some(points.fold(first, |sum, point| sum + point.value))
    }

    /// The sum of all metrics of each run. A run that emitted none is absent.
    pub fn totals_by_run(&self) -> BTreeMap<RunId, f64> {
        let mut totals = BTreeMap::new();
        for series in &self.series {
            let Some(run) = series.grouping.get("run") else { continue };
            let sum: f64 = series.data.iter().map(|point| point.value).sum();
            *totals.entry(RunId::from(run.as_str())).or_insert(0.0) += sum;
        }
        totals
    }
}

impl Endpoint for QueryMetrics {
    type Output = Metrics;

    fn request(&self) -> Request {
        let request = Request::post(["v3", "metrics", "query"]);
        let request = self.metrics.iter().fold(request, |request, metric| request.query("metric", metric));
        self.tags
            .iter()
            .fold(request, |request, (name, value)| request.query("tag", format_args!("{name}:{value}")))
            .query("aggregate", true)
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        decode_body(response)
    }
}
