//! From an answer to a finding. Each takes the endpoint that was asked, what came of it, and when.

use super::finding::{Evidence, Finding, GraceSupport, Observation, ServerFindings};
use quiesce_api::application::{ApplicationDetails, Applications, DetailResult, ListApplications};
use quiesce_api::stop::{ProbeGraceful, StopResult};
use quiesce_api::system::{
    ComponentVersion, GetStopSettings, GetVersion, ListComponentVersions, StopSettings, Version,
};
use quiesce_api::{Endpoint, Error, Rows, Timestamp};

/// How many characters of an answer that can't be read are kept as evidence; the message of a refusal is kept whole.
const SHORT: usize = 160;

impl ServerFindings {
    /// Keeps the version.
    pub fn take_version(&mut self, result: &Result<Version, Error>, at: Timestamp) {
        self.version = Some(Finding::of(&GetVersion, result, at, |version| {
            (Some(version.version.clone()), Observation::Value)
        }));
    }

    /// Keeps what the probe of `graceful` showed: a server that reads the parameter refuses -1 with 400, any other
    /// runs an empty batch stop (docs/cdap-api.md#the-graceful-parameter). Anything else tells nothing.
    pub fn take_grace(
        &mut self,
        asked: &ProbeGraceful,
        result: &Result<Rows<StopResult>, Error>,
        at: Timestamp,
    ) {
        let mut finding = Finding::of(asked, result, at, |rows| {
            // An answer about runs is not an answer to a stop of nothing.
            let empty = rows.good.is_empty() && rows.is_whole();
            let results = Observation::Results(rows.good.len() + rows.bad.len());
            (empty.then_some(GraceSupport::Ignored), results)
        });
        if let Err(error) = result
            && error.refusal().is_some_and(|refusal| refusal.status == 400)
        {
            finding.value = Some(GraceSupport::Honoured);
        }
        self.grace = Some(finding);
    }

    /// Keeps how the server stops programs.
    pub fn take_stop_settings(&mut self, result: &Result<StopSettings, Error>, at: Timestamp) {
        self.stop_settings = Some(Finding::of(&GetStopSettings, result, at, |settings| {
            (Some(settings.clone()), Observation::Value)
        }));
    }

    /// Keeps whether details need a version. Asked for an application that is there, without its version: 404
    /// means that they do (recording `appdetail-batch-without-version`).
    pub fn take_details(
        &mut self,
        asked: &ApplicationDetails,
        result: &Result<Rows<DetailResult>, Error>,
        at: Timestamp,
    ) {
        self.details_need_version =
            Some(Finding::of(asked, result, at, |rows| match rows.good.first().map(|row| row.status_code) {
                Some(status @ 200) => (Some(false), Observation::ResultStatus(status)),
                Some(status @ 404) => (Some(true), Observation::ResultStatus(status)),
                Some(status) => (None, Observation::ResultStatus(status)),
                None => (None, Observation::Results(0)),
            }));
    }

    /// Keeps whether lists come in pages. Asked for a page: more than fits, or fewer without a token, shows what
    /// the server does only if there are more applications than a page holds.
    pub fn take_paging(
        &mut self,
        asked: &ListApplications,
        result: &Result<Applications, Error>,
        at: Timestamp,
    ) {
        let size = asked.page.as_ref().map_or(u32::MAX, |page| page.size);
        self.paged_lists = Some(Finding::of(asked, result, at, |applications| {
            let count = applications.rows.good.len() + applications.rows.bad.len();
            if applications.next.is_some() {
                (Some(true), Observation::Page(count))
            } else if u32::try_from(count).is_ok_and(|count| count > size) {
                (Some(false), Observation::Applications(count))
            } else {
                (None, Observation::Applications(count))
            }
        }));
    }

    /// Keeps the versions of the server's parts.
    pub fn take_components(&mut self, result: &Result<Rows<ComponentVersion>, Error>, at: Timestamp) {
        self.components = Some(Finding::of(&ListComponentVersions, result, at, |rows| {
            (Some(rows.good.clone()), Observation::Value)
        }));
    }
}

impl<T> Finding<T> {
    fn of<E: Endpoint, O>(
        asked: &E,
        result: &Result<O, Error>,
        taken_at: Timestamp,
        read: impl FnOnce(&O) -> (Option<T>, Observation),
    ) -> Self {
        let (value, saw) = match result {
            Ok(output) => read(output),
            Err(error) => (None, Observation::Failed(shortened(error))),
        };
        Self { value, evidence: Evidence { asked: asked.request().to_string(), saw }, taken_at }
    }
}

/// An error with only the beginning of an answer that can't be read.
fn shortened(error: &Error) -> Error {
    let mut error = error.clone();
    if let Error::Undecodable(answer) = &mut error {
        answer.raw = answer.raw.chars().take(SHORT).collect();
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::{Applied, CallForm, predict_applied};
    use crate::grace::Grace;
    use quiesce_api::application::Page;
    use quiesce_api::{Response, Seconds, TransportError};

    fn at() -> Timestamp {
        Timestamp::from_second(1_795_418_580).unwrap()
    }

    fn probe() -> ProbeGraceful {
        ProbeGraceful { namespace: "default".into() }
    }

    fn probed(answer: &Result<Rows<StopResult>, Error>) -> Finding<GraceSupport> {
        let mut findings = ServerFindings::default();
        findings.take_grace(&probe(), answer, at());
        findings.grace.unwrap()
    }

    fn server(support: Option<GraceSupport>, max_stop_seconds: Option<i64>) -> ServerFindings {
        let mut findings = ServerFindings::default();
        match support {
            Some(GraceSupport::Ignored) => {
                findings.take_grace(&probe(), &probe().read(&Response::new(200, "[]")), at());
            }
            Some(GraceSupport::Honoured) => {
                findings.take_grace(&probe(), &probe().read(&Response::new(400, "bad")), at());
            }
            None => {}
        }
        if max_stop_seconds.is_some() {
            let settings = StopSettings {
                max_stop_seconds,
                terminate_buffer_seconds: Some(60),
                terminator_interval_seconds: Some(300),
            };
            findings.take_stop_settings(&Ok(settings), at());
        }
        findings
    }

    #[test]
    fn the_message_of_a_refusal_is_kept_whole_as_evidence() {
        let message = "no ".repeat(200);
        let mut findings = ServerFindings::default();
        findings.take_components(&ListComponentVersions.read(&Response::new(500, message.as_str())), at());
        let saw = findings.components.unwrap().evidence.saw;
        let Observation::Failed(Error::Refused(refusal)) = saw else { panic!("{saw:?}") };
        assert_eq!((refusal.status, refusal.message.as_str()), (500, message.trim()));
    }

    #[test]
    fn a_server_that_runs_the_probe_ignores_grace() {
        // Recording `grace-probe-negative`, 6.7.2 and 6.11.0.
        let finding = probed(&probe().read(&Response::new(200, "[]")));
        assert_eq!(finding.value, Some(GraceSupport::Ignored));
        assert_eq!(finding.evidence.asked, "POST /v3/namespaces/default/stop?graceful=-1");
        assert_eq!(finding.evidence.saw, Observation::Results(0));
        assert_eq!(finding.taken_at, at());
    }

    #[test]
    fn a_server_that_refuses_the_probe_honours_grace() {
        let finding = probed(&probe().read(&Response::new(400, "Invalid graceful value -1")));
        assert_eq!(finding.value, Some(GraceSupport::Honoured));
        let refused = Error::refused(&Response::new(400, "Invalid graceful value -1"));
        assert_eq!(finding.evidence.saw, Observation::Failed(refused));
    }

    #[test]
    fn any_other_answer_leaves_the_value_unknown_and_is_kept() {
        for answer in [
            probe().read(&Response::new(403, "not authorized")),
            probe().read(&Response::new(503, "No endpoint strategy found")),
            probe().read(&Response::new(200, "<html>")),
            Err(TransportError::TimedOut(10).into()),
        ] {
            let finding = probed(&answer);
            assert_eq!(finding.value, None, "{answer:?}");
            assert_eq!(finding.evidence.saw, Observation::Failed(answer.unwrap_err()));
        }
    }

    #[test]
    fn an_answer_that_cannot_be_read_is_cut() {
        let finding = probed(&probe().read(&Response::new(200, "é".repeat(400))));
        let Observation::Failed(Error::Undecodable(answer)) = finding.evidence.saw else { panic!() };
        assert_eq!(answer.raw.chars().count(), SHORT);
    }

    #[test]
    fn details_that_need_a_version_are_404_without_one() {
        let asked = ApplicationDetails {
            namespace: "default".into(),
            applications: vec![("orders_daily".into(), None)],
        };
        let mut findings = ServerFindings::default();
        let answer = Response::new(200, r#"[{"statusCode":404,"error":"was not found."}]"#);
        findings.take_details(&asked, &asked.read(&answer), at());
        assert_eq!(findings.details_need_version.as_ref().unwrap().value, Some(true));
        findings.take_details(&asked, &asked.read(&Response::new(200, "[]")), at());
        assert_eq!(findings.details_need_version.unwrap().value, None);
    }

    #[test]
    fn paging_shows_only_when_there_is_more_than_a_page() {
        const APP: &str =
            r#"{"name":"a","version":"1","artifact":{"name":"x","version":"1","scope":"USER"}}"#;
        let asked = ListApplications {
            page: Some(Page { size: 1, after: None }),
            ..ListApplications::all("default".into())
        };
        let paging = |body: String| {
            let mut findings = ServerFindings::default();
            findings.take_paging(&asked, &asked.read(&Response::new(200, body)), at());
            findings.paged_lists.unwrap().value
        };
        assert_eq!(paging(format!(r#"{{"applications":[{APP}],"nextPageToken":"a.1"}}"#)), Some(true));
        assert_eq!(paging(format!("[{APP},{APP}]")), Some(false));
        assert_eq!(paging(format!("[{APP}]")), None);
    }

    #[test]
    fn what_a_run_gets_depends_on_the_call_and_on_the_server() {
        use GraceSupport::{Honoured, Ignored};
        let hour: Grace = Grace::Seconds("1h".parse().unwrap());
        let (run, batch, program) = (CallForm::Run, CallForm::Batch, CallForm::Program);
        // call, asked, does the server obey, its maximum, what a run gets
        for (call, asked, support, default, applied) in [
            (run, Grace::UntilDrained, Some(Ignored), Some(300), Applied::Known(300)), // run-stopping
            (batch, Grace::UntilDrained, Some(Ignored), Some(300), Applied::Known(300)), // stop-batch-graceful-empty
            (program, Grace::UntilDrained, Some(Ignored), Some(300), Applied::Known(0)), // program-stop-stopping
            (run, hour, Some(Ignored), Some(5), Applied::Known(5)),                      // short-deadline
            (run, hour, Some(Ignored), None, Applied::Unknown),
            (run, hour, Some(Honoured), Some(300), Applied::Known(3_600)), // API 1.2
            (batch, Grace::UntilDrained, Some(Honoured), None, Applied::Unlimited), // API 1.2
            (run, Grace::Now, Some(Honoured), Some(300), Applied::Known(0)),
            (run, Grace::Now, Some(Ignored), Some(300), Applied::Known(300)),
            (program, Grace::Now, Some(Honoured), Some(300), Applied::Known(0)), // docs/cdap-api.md#applied-grace
            (program, Grace::Now, None, None, Applied::Known(0)),
            (run, Grace::ServerDefault, None, Some(300), Applied::Known(300)),
            (run, Grace::ServerDefault, Some(Honoured), None, Applied::Unknown),
            (run, hour, None, Some(300), Applied::Unknown),
        ] {
            let prediction = predict_applied(asked, call, &server(support, default));
            assert_eq!(prediction.applied, applied, "{call:?} {asked:?} {support:?} {default:?}");
        }
    }

    #[test]
    fn the_server_looks_at_the_latest_a_buffer_and_an_interval_after_the_deadline() {
        let findings = server(Some(GraceSupport::Ignored), Some(300));
        let prediction = predict_applied(Grace::UntilDrained, CallForm::Run, &findings);
        assert_eq!(prediction.last_look(Seconds(1_000)), Some(Seconds(1_360)));
        assert_eq!(prediction.last_look_after(), Some(660));
        let never = server(Some(GraceSupport::Honoured), Some(300));
        assert_eq!(predict_applied(Grace::UntilDrained, CallForm::Run, &never).slack, None);
        let unknown = predict_applied(Grace::UntilDrained, CallForm::Run, &ServerFindings::default());
        assert_eq!(unknown.last_look_after(), None);
    }

    #[test]
    fn findings_survive_a_journal_and_a_description_that_was_written_as_text_is_kept_so() {
        let mut findings = server(Some(GraceSupport::Honoured), Some(300));
        let text = Observation::Text("2xx: 6.11.0".to_owned());
        assert_eq!(serde_json::to_value(&text).unwrap(), "2xx: 6.11.0");
        findings.take_version(&Ok(Version { version: "6.11.0".to_owned() }), at());
        findings.version.as_mut().unwrap().evidence.saw = text;
        let json = serde_json::to_value(&findings).unwrap();
        assert_eq!(quiesce_api::json::from_value::<ServerFindings>(&json).unwrap(), findings);
    }
}
