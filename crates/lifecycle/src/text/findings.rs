//! Sentences about the server: the evidence for its capabilities, and the grace period that a stop gets.

use super::error::answer;
use crate::findings::{Applied, CallForm, GraceSupport, Observation, Prediction};
use crate::grace::Grace;
use crate::plural::plural;

/// What the answer to a request about the server showed.
pub fn observation(observation: &Observation) -> String {
    match observation {
        Observation::Value => "The server returned this value.".to_owned(),
        Observation::Results(0) => "The server returned an empty list.".to_owned(),
        Observation::Results(count) => format!("The server returned {}.", plural(*count, "result")),
        Observation::Applications(count) => {
            format!("The server returned {} without a token for a next page.", plural(*count, "application"))
        }
        Observation::Page(count) => {
            format!("The server returned {} and a token for the next page.", plural(*count, "application"))
        }
        Observation::ResultStatus(status) => {
            format!("The server answered {status} for an application without its version.")
        }
        Observation::Failed(error) => answer(error),
        Observation::Text(text) => text.clone(),
    }
}

/// The grace period that each run gets, in one or two sentences.
pub fn prediction(prediction: &Prediction) -> String {
    if prediction.call == CallForm::Program {
        return "A program-level stop gives 0 s on every server. The server may force-stop the runs immediately."
            .to_owned();
    }
    let server = match (prediction.asked, prediction.support) {
        (Grace::ServerDefault, _) => "This server's default applies",
        (_, Some(GraceSupport::Ignored)) => "This server ignores the grace period",
        (_, Some(GraceSupport::Honoured)) => "This server obeys the grace period",
        (_, None) => "It is unknown whether this server obeys the grace period",
    };
    let run = match (prediction.asked, prediction.applied) {
        (_, Applied::Known(0)) => ": each run gets 0 s. Then the server may force-stop it immediately.",
        (Grace::Seconds(asked), Applied::Known(applied)) if i64::from(asked.get()) == applied => {
            return format!("{server}: each run gets {asked}. After that the server may force-stop it.");
        }
        (_, Applied::Known(applied)) => {
            return format!("{server}: each run gets {applied} s. After that the server may force-stop it.");
        }
        (_, Applied::Unlimited) => ": each run ends when it is done, and is never force-stopped.",
        (_, Applied::Unknown) if prediction.support == Some(GraceSupport::Ignored) => {
            ": each run gets the default, which is unknown. The run record shows it after the stop."
        }
        (_, Applied::Unknown) if prediction.asked == Grace::ServerDefault => {
            ", which is unknown. The run record shows it after the stop."
        }
        (_, Applied::Unknown) => ". The run record shows the applied grace period after the stop.",
    };
    [server, run].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::guide::follows_the_guide;

    #[test]
    fn predictions_follow_the_writing_guide() {
        let hour = Grace::Seconds("1h".parse().unwrap());
        for asked in [Grace::ServerDefault, Grace::UntilDrained, Grace::Now, hour] {
            for call in [CallForm::Run, CallForm::Batch, CallForm::Program] {
                for applied in [Applied::Known(0), Applied::Known(300), Applied::Unlimited, Applied::Unknown]
                {
                    for support in [None, Some(GraceSupport::Ignored), Some(GraceSupport::Honoured)] {
                        follows_the_guide(&prediction(&Prediction {
                            asked,
                            call,
                            applied,
                            slack: None,
                            support,
                        }));
                    }
                }
            }
        }
    }

    #[test]
    fn observations_follow_the_writing_guide() {
        for one in [
            Observation::Value,
            Observation::Results(0),
            Observation::Results(1),
            Observation::Applications(12),
            Observation::Page(1),
            Observation::ResultStatus(404),
            Observation::Failed(quiesce_api::TransportError::TimedOut(10).into()),
        ] {
            follows_the_guide(&observation(&one));
        }
    }

    #[test]
    fn a_prediction_says_what_the_server_does_and_what_a_run_gets() {
        let hour = Grace::Seconds("1h".parse().unwrap());
        let said = |asked, call, support, applied| {
            prediction(&Prediction { asked, call, applied, slack: None, support })
        };
        for (asked, call, support, applied, expected) in [
            (
                hour,
                CallForm::Run,
                Some(GraceSupport::Ignored),
                Applied::Known(300),
                "This server ignores the grace period: each run gets 300 s. After that the server may force-stop it.",
            ),
            (
                hour,
                CallForm::Batch,
                Some(GraceSupport::Honoured),
                Applied::Known(3_600),
                "This server obeys the grace period: each run gets 1h. After that the server may force-stop it.",
            ),
            (
                Grace::Now,
                CallForm::Run,
                Some(GraceSupport::Honoured),
                Applied::Known(0),
                "This server obeys the grace period: each run gets 0 s. Then the server may force-stop it immediately.",
            ),
            (
                Grace::ServerDefault,
                CallForm::Run,
                None,
                Applied::Unknown,
                "This server's default applies, which is unknown. The run record shows it after the stop.",
            ),
            (
                hour,
                CallForm::Run,
                None,
                Applied::Unknown,
                "It is unknown whether this server obeys the grace period. The run record shows the applied grace \
                 period after the stop.",
            ),
        ] {
            assert_eq!(said(asked, call, support, applied), expected);
        }
    }
}
