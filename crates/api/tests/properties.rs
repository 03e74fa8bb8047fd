//! Properties that hold for any name, word, number or response.

#![allow(clippy::unwrap_used, reason = "all of this is a test; lints take helpers of tests for code")]

use proptest::prelude::*;
use quiesce_api::application::{ApplicationRecord, GetApplication};
use quiesce_api::run::{LatestRuns, ProgramStatus, RunStatus};
use quiesce_api::stop::{Graceful, StopBatch};
use quiesce_api::{BatchResult, Endpoint, Error, Millis, ProgramType, Request, Response, Rows, Seconds};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Decodes percent-encoding, independently of the code that encodes it.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// A word survives the wire unchanged.
fn round_trips<T: Serialize + DeserializeOwned>(word: &str) -> String {
    let value: T = serde_json::from_value(word.into()).unwrap();
    serde_json::to_value(&value).unwrap().as_str().unwrap().to_owned()
}

/// The recorded lists of applications, runs and results.
fn recorded_lists() -> Vec<String> {
    const FILES: [&str; 2] =
        [include_str!("recordings/cdap-6.11.0.jsonl"), include_str!("recordings/cdap-6.7.2.jsonl")];
    FILES
        .iter()
        .flat_map(|file| file.lines())
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter_map(|record| record["response"]["body"].as_str().map(str::to_owned))
        .filter(|body| body.starts_with("[{"))
        .filter(|body| {
            Rows::<serde_json::Value>::decode(&Response::new(200, body.as_str())).unwrap().is_whole()
        })
        .collect()
}

#[test]
fn a_recorded_list_truncated_anywhere_keeps_every_element_before_the_end() {
    let lists = recorded_lists();
    assert!(lists.len() > 100);
    // Longer lists only repeat the same.
    for body in lists.iter().filter(|body| body.len() < 2500) {
        let whole = Rows::<serde_json::Value>::decode(&Response::new(200, body.as_str())).unwrap().good;
        let ends: Vec<usize> = {
            let mut stream = serde_json::Deserializer::from_str(&body[1..]).into_iter::<serde_json::Value>();
            let mut ends = Vec::new();
            let mut from = 1;
            while ends.len() < whole.len() {
                stream.next().unwrap().unwrap();
                let end = from + stream.byte_offset();
                ends.push(end);
                from = end + 1;
                stream = serde_json::Deserializer::from_str(&body[from.min(body.len())..]).into_iter();
            }
            ends
        };
        for cut in 1..body.len() {
            let response =
                Response { cut: Some("reset".into()), ..Response::new(200, &body.as_bytes()[..cut]) };
            let rows = Rows::<serde_json::Value>::decode(&response).unwrap();
            let complete = ends.iter().filter(|end| **end <= cut).count();
            assert_eq!(rows.good, whole[..complete], "{cut} of {body}");
            let said = rows.cut.unwrap();
            assert_eq!((said.after, said.reason.as_str()), (complete, "reset"));
        }
    }
}

#[test]
fn an_invalid_element_of_a_batch_response_is_one_bad_row_with_its_path() {
    const GOOD: &str = r#"{"statusCode":200,"runId":"r","appId":"a","programType":"Worker","programId":"p"}"#;
    // The fields of the value come through `flatten`; an invalid one there must still be located.
    let broken = [
        (r#"{"statusCode":"x","appId":"a","programType":"Worker","programId":"p"}"#, "[1].statusCode"),
        (r#"{"statusCode":200,"runId":7,"appId":"a","programType":"Worker","programId":"p"}"#, "[1].runId"),
        (r#"{"statusCode":200,"appId":"a","programType":3,"programId":"p"}"#, "[1].programType"),
        (r#"{"statusCode":200,"programType":"Worker","programId":"p"}"#, "[1]"),
        ("null", "[1]"),
    ];
    for (element, path) in broken {
        let body = format!("[{GOOD},{element},{GOOD}]");
        let stop = StopBatch { namespace: "n".into(), programs: Vec::new(), graceful: Graceful::Absent };
        let rows = stop.read(&Response::new(200, body)).unwrap();
        assert_eq!((rows.good.len(), rows.bad.len(), &rows.cut), (2, 1, &None), "{element}");
        assert_eq!(rows.bad[0].index, 1);
        assert_eq!(rows.bad[0].error.path, path, "{:?}", rows.bad[0].error);
        assert_eq!(rows.bad[0].error.raw, element);
    }
}

#[test]
fn an_invalid_run_deep_in_a_batch_response_is_located_by_its_path() {
    let body = r#"[{"statusCode":200,"appId":"a","programType":"Worker","programId":"p",
        "runs":[{"runid":"r","starting":"soon","status":"RUNNING"}]}]"#;
    let asked = LatestRuns { namespace: "n".into(), programs: Vec::new() };
    let rows = asked.read(&Response::new(200, body)).unwrap();
    assert_eq!(rows.bad[0].error.path, "[0].runs[0].starting");
}

proptest! {
    #[test]
    fn any_name_is_one_segment(name in any::<String>(), other in any::<String>()) {
        let request = Request::get(["v3", &name, &other, "end"]);
        prop_assert!(request.target.is_ascii());
        prop_assert!(!request.target.contains(['?', '#', ' ', '"', '\\']));
        let segments: Vec<_> = request.target.split('/').skip(1).map(decoded).collect();
        prop_assert_eq!(segments, ["v3", name.as_str(), other.as_str(), "end"]);
    }

    #[test]
    fn any_value_is_one_parameter(value in any::<String>()) {
        let request = Request::get(["v3"]).query("first", &value).flag("second").query("third", 3);
        let (path, query) = request.target.split_once('?').unwrap();
        let parts: Vec<_> = query.split('&').map(decoded).collect();
        prop_assert_eq!(path, "/v3");
        prop_assert_eq!(parts, [format!("first={value}"), "second".to_owned(), "third=3".to_owned()]);
    }

    #[test]
    fn an_application_with_any_name_has_a_path_of_five_segments(name in any::<String>()) {
        let one = GetApplication { namespace: "n".into(), application: name.into(), version: None };
        prop_assert_eq!(one.request().target.matches('/').count(), 5);
    }

    #[test]
    fn bytes_that_are_not_a_list_are_an_error_and_never_a_panic(
        body in proptest::collection::vec(any::<u8>(), 0..200),
        cut in any::<bool>(),
    ) {
        let response = Response { cut: cut.then(|| "reset".into()), ..Response::new(200, body) };
        let read = Rows::<BatchResult<serde_json::Value>>::decode(&response);
        prop_assert!(matches!(read, Ok(_) | Err(Error::Undecodable(_))));
    }

    #[test]
    fn any_list_is_read_element_by_element(elements in proptest::collection::vec(0_u8..4, 0..20)) {
        const APP: &str = r#"{"name":"a","version":"1","artifact":{"name":"x","version":"1","scope":"USER"}}"#;
        let texts: Vec<_> =
            elements.iter().map(|kind| [APP, "null", r#"{"name":"a"}"#, "[[]]"][usize::from(*kind)]).collect();
        let body = format!("[{}]", texts.join(" ,\n"));
        let rows = Rows::<ApplicationRecord>::decode(&Response::new(200, body)).unwrap();
        let bad: Vec<_> = rows.bad.iter().map(|row| row.index).collect();
        let expected: Vec<_> = (0..elements.len()).filter(|at| elements[*at] != 0).collect();
        prop_assert_eq!(bad, expected);
        prop_assert_eq!(rows.good.len(), elements.len() - rows.bad.len());
        prop_assert!(rows.cut.is_none());
    }

    #[test]
    fn an_unknown_word_is_kept_verbatim(word in any::<String>()) {
        // A known word in another case is normalized to the server's spelling.
        prop_assert!(round_trips::<RunStatus>(&word).eq_ignore_ascii_case(&word));
        prop_assert_eq!(round_trips::<ProgramStatus>(&word), word.clone());
        let known = word.eq_ignore_ascii_case("CUSTOM_ACTION");
        prop_assert!(known || round_trips::<ProgramType>(&word).eq_ignore_ascii_case(&word));
        let program_type = ProgramType::from_path(&word);
        prop_assert_eq!(program_type.path(), word.as_str());
    }

    #[test]
    fn an_unknown_word_is_not_a_final_run_status(word in "[A-Z_]{1,12}") {
        let status = RunStatus::from(word.as_str());
        let ends = ["COMPLETED", "FAILED", "KILLED", "REJECTED"];
        prop_assert_eq!(status.is_end(), ends.contains(&word.as_str()));
    }

    #[test]
    fn every_number_is_a_time_and_the_order_is_preserved(a in any::<i64>(), b in any::<i64>()) {
        let (early, late) = (a.min(b), a.max(b));
        prop_assert!(Seconds(early).timestamp() <= Seconds(late).timestamp());
        prop_assert!(Millis(early).timestamp() <= Millis(late).timestamp());
    }

    #[test]
    fn a_time_survives_the_conversion_to_a_number(seconds in 0_i64..253_402_300_799) {
        prop_assert_eq!(Seconds::from(Seconds(seconds).timestamp()), Seconds(seconds));
        prop_assert_eq!(Millis::from(Millis(seconds).timestamp()), Millis(seconds));
    }

    #[test]
    fn any_status_and_body_is_read_without_a_panic(
        status in any::<u16>(),
        body in proptest::collection::vec(any::<u8>(), 0..100),
    ) {
        #[derive(Deserialize)]
        struct Nothing {}
        struct Ask;
        impl Endpoint for Ask {
            type Output = ();
            fn request(&self) -> Request {
                Request::get(["v3"])
            }
            fn decode(&self, response: &Response) -> Result<(), Error> {
                Rows::<Nothing>::decode(response).map(drop)
            }
        }
        let read = Ask.read(&Response::new(status, body));
        let good = (200..300).contains(&status);
        prop_assert_eq!(matches!(read, Err(Error::Refused(_))), !good);
    }
}
