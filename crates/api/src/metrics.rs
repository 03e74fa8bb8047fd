//! Metrics: what programs counted (docs/cdap-api.md#metrics).

use crate::list::decode_body;
use crate::{Endpoint, Error, Request, Response, RunRef, Seconds};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The totals of some metrics. Asks in the query: with one parameter there the server ignores a body.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QueryMetrics {
    /// The metrics, for example `user.Clicks.records.out`.
    pub metrics: Vec<String>,
    /// What they are counted for, in order: `namespace`, `app`, a word for the program's type, `run`.
    pub tags: Vec<(String, String)>,
}

impl QueryMetrics {
    /// The totals of one run. The tag of a program is the singular of its type's path.
    pub fn of_run(run: &RunRef, metrics: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let program = &run.program;
        let tags = [
            ("namespace", program.namespace.as_str()),
            ("app", program.application.as_str()),
            (&program.program_type.word().to_ascii_lowercase(), program.program.as_str()),
            ("run", run.run.as_str()),
        ];
        Self {
            metrics: metrics.into_iter().map(Into::into).collect(),
            tags: tags.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        }
    }
}

/// What was counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metrics {
    /// From when on; 0 for totals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Seconds>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_time: Option<Seconds>,
    /// One for each metric and grouping. A metric that was never counted is not there.
    #[serde(default)]
    pub series: Vec<Series>,
}

/// The values of one metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Series {
    /// The metric.
    pub metric_name: String,
    /// What the values are of, when they were asked for by group.
    #[serde(default)]
    pub grouping: BTreeMap<String, String>,
    /// The values.
    #[serde(default)]
    pub data: Vec<Point>,
}

/// A value of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// When; 0 for a total.
    pub time: Seconds,
    /// How much.
    pub value: f64,
}

impl Metrics {
    /// The total of a metric; `None` when it was never counted, which is not the same as 0.
    pub fn total(&self, metric: &str) -> Option<f64> {
        let mut points =
            self.series.iter().filter(|series| series.metric_name == metric).flat_map(|s| &s.data);
        let first = points.next()?.value;
        Some(points.fold(first, |sum, point| sum + point.value))
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
