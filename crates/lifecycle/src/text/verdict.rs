//! Sentences about what a stop may lose.

use super::{drain_log, findings, launch};
use crate::drain_log::{DrainEvidence, NoEvidence, Quote};
use crate::kind::Kind;
use crate::launch::Setting;
use crate::plural::plural;
use crate::verdict::{Consequence, NextStep, Reason, ReasonEvidence, ReasonKind, Remedy, TimeLimit, Verdict};
use std::fmt::Write;

/// The label of a verdict.
pub fn label(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NoLossExpected => "No loss expected",
        Verdict::InterruptsWork => "Interrupts work",
        Verdict::CannotTell => "Cannot tell",
        Verdict::MayLose => "May lose data",
    }
}

/// The fact of a reason.
pub fn reason(kind: ReasonKind) -> String {
    let sentence = match kind {
        ReasonKind::SettingsUnread => "The launch settings of this run could not be read.",
        ReasonKind::SourcesUnread => {
            "The sources of this run could not be read, so it is unknown what a restart recovers."
        }
        ReasonKind::Recovers => {
            "A restart of the same version recovers unprocessed data; some records may be processed twice. If the \
             process is killed, the last fraction of a second may be lost."
        }
        ReasonKind::DoesNotRecover => "A restart of the same version does not recover unprocessed data.",
        ReasonKind::RecoveryUnknown => {
            "A setting that decides whether a restart recovers unprocessed data could not be read."
        }
        ReasonKind::NoDrain => "A stop does not drain this run. An upgrade deletes its unprocessed data.",
        ReasonKind::ProgramLevelStop => {
            "A program-level stop gives no time to drain. Stop by run or in batch instead."
        }
        ReasonKind::TooShort { applied } => {
            return format!(
                "The driver reserves {} s of the {applied} s. Less than one batch interval remains, so it terminates \
                 immediately, and an upgrade deletes unprocessed data.",
                crate::verdict::DRIVER_KEEPS
            );
        }
        ReasonKind::DrainUnknown => {
            "The setting that decides whether a stop drains this run could not be read."
        }
        ReasonKind::GraceUnknown => "The time that the server allows for draining is unknown.",
        ReasonKind::LogDecides => {
            "Only 10 of 18 graceful stops drained completely on a stand-alone server. After the stop, the log shows \
             whether this run did."
        }
        ReasonKind::StateStore(NextStep::SameVersion) => {
            "The server stores the position of the source, so it continues there. The last batch may be processed \
             twice."
        }
        ReasonKind::StateStore(NextStep::Upgrade) => {
            "The server stores the position of the source, so it continues there, also after an upgrade. The last \
             batch may be processed twice."
        }
        ReasonKind::NoReceiver => {
            "At least one source has no receiver. Data loss was not measured for such sources."
        }
        ReasonKind::WriteAheadLog(Setting::On) => "The write-ahead log was on at launch.",
        ReasonKind::WriteAheadLog(Setting::Off) => {
            "The write-ahead log was off at launch, so unprocessed data is lost."
        }
        ReasonKind::WriteAheadLog(Setting::Unknown) => {
            "It is unknown whether the write-ahead log was on at launch."
        }
        ReasonKind::Checkpoints(Setting::On) => "This run stores checkpoints.",
        ReasonKind::Checkpoints(Setting::Off) => {
            "This run stores no checkpoints, so unprocessed data is lost."
        }
        ReasonKind::Checkpoints(Setting::Unknown) => "It is unknown whether this run stores checkpoints.",
        ReasonKind::ReceiverAssumed => "The source is assumed to have a receiver.",
        ReasonKind::ReceiverUnknown => "It is unknown whether the source has a receiver.",
        ReasonKind::Interrupts(kind) => interrupts(kind),
        ReasonKind::PastStops { count, shortest, longest, limit } => {
            return past_stops(count, shortest, longest, limit);
        }
        ReasonKind::Log(sign, consequence) => return [log(sign), follows(consequence)].concat(),
    };
    sentence.to_owned()
}

fn interrupts(kind: Kind) -> &'static str {
    match kind {
        Kind::BatchPipeline | Kind::PipelineStep => {
            "The stop interrupts this batch run. You can run it again, but its sink may contain partial output."
        }
        Kind::Workflow => "The stop interrupts this workflow. The output of finished steps remains.",
        Kind::MapReduce => {
            "The stop interrupts this MapReduce run. You can run it again, but its output may be partial."
        }
        Kind::Spark => "The stop interrupts this Spark run. Data that it has not written is lost.",
        Kind::Service => "The service stops answering. Requests in progress may fail.",
        Kind::Worker => "The stop interrupts this worker. The data that it holds in memory is unknown.",
        Kind::RealTimePipeline | Kind::Other => "The stop interrupts this program.",
    }
}

fn past_stops(count: usize, shortest: i64, longest: i64, limit: Option<TimeLimit>) -> String {
    let mut text = match count {
        1 => format!("The last stop took {longest} s"),
        _ if shortest == longest => format!("The last {} took {longest} s each", plural(count, "stop")),
        _ => format!("The last {} took {shortest} to {longest} s", plural(count, "stop")),
    };
    if let Some(limit) = limit {
        let (seconds, purpose) = match limit {
            TimeLimit::Draining(seconds) => (seconds, "available for draining"),
            TimeLimit::Grace(seconds) => (seconds, "of the grace period"),
        };
        let compared = if longest > seconds { "longer than" } else { "within" };
        let _ = write!(text, ", {compared} the {seconds} s {purpose}");
    }
    text.push('.');
    text
}

fn log(sign: DrainEvidence) -> &'static str {
    match sign {
        DrainEvidence::JobFailed => "A batch failed after the stop, so its records were not processed.",
        DrainEvidence::EndedAtOnce => "The driver terminated immediately, without draining.",
        DrainEvidence::AlreadyStopped => "The server stopped the run before its driver could drain it.",
        DrainEvidence::Drained { .. } => "The log shows that all received blocks were processed.",
        DrainEvidence::DataLeft => "The log shows unprocessed records.",
        DrainEvidence::CannotLook => {
            "The driver could not check for unprocessed records. There were none in 10 of 10 measured stops without \
             another sign, but a missing log line proves nothing."
        }
        DrainEvidence::Silent(NoEvidence::NoLine) => "The log has no line from the driver about the stop.",
        DrainEvidence::Silent(NoEvidence::Cut) => "The log could not be read completely.",
        DrainEvidence::Silent(NoEvidence::Unreadable) => "The log could not be read.",
    }
}

/// With a space before it, to follow the sentence about the log.
fn follows(consequence: Consequence) -> &'static str {
    match consequence {
        Consequence::Nothing => "",
        Consequence::PositionUnknown => {
            " The source is unknown, and so is the position from which it restarts."
        }
        Consequence::MayRepeat => {
            " Draining took longer than Spark allows, so a restart may process some records again."
        }
        Consequence::RecoversNearlyAll => {
            " A restart of the same version recovers all but possibly the last fraction of a second."
        }
        Consequence::Recovers => {
            " A restart of the same version recovers unprocessed data; some records may be processed twice."
        }
        Consequence::DoesNotRecover => " A restart of the same version does not recover unprocessed data.",
        Consequence::RecoveryUnknown => {
            " It is unknown whether a restart of the same version recovers unprocessed data."
        }
        Consequence::Deleted => " The first start of a new version deletes unprocessed data.",
    }
}

/// The evidence for a reason: where a setting was read, or quoted lines of the log. Empty when there is none.
pub fn evidence(evidence: &ReasonEvidence) -> String {
    match evidence {
        ReasonEvidence::None => String::new(),
        ReasonEvidence::Setting(setting) => launch::evidence(setting),
        ReasonEvidence::Grace(prediction) => findings::prediction(prediction),
        ReasonEvidence::Log { quotes, problem } => {
            let mut text = String::new();
            for Quote { line, at } in quotes {
                let _ = writeln!(text, "{} “{line}”", at.timestamp());
            }
            if let Some(problem) = problem {
                text.push_str(&drain_log::problem(problem));
            }
            text.truncate(text.trim_end().len());
            text
        }
    }
}

/// A reason with its evidence.
pub fn reason_with_evidence(reason: &Reason) -> String {
    let mut text = self::reason(reason.kind);
    let evidence = evidence(&reason.evidence);
    if !evidence.is_empty() {
        text.push(' ');
        text.push_str(&evidence);
    }
    text
}

/// The steps that avoid a loss before an upgrade.
pub const WAY_OUT: [&str; 4] = [
    "Start the same version again.",
    "Wait until it has caught up.",
    "Stop it again, by run or in batch.",
    "Check its log. Upgrade only if it shows that the run drained.",
];

/// What the steps depend on, if that is unknown.
pub fn caveat(way_out: Remedy) -> Option<&'static str> {
    (!way_out.recovery_is_known)
        .then_some("This recovers unprocessed data only if the write-ahead log and checkpoints were on.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drain_log::LogProblem;
    use crate::text::guide::{follows_the_guide, is_a_label};
    use quiesce_api::Millis;

    const SWITCHES: [Setting; 3] = [Setting::On, Setting::Off, Setting::Unknown];
    const SIGNS: [DrainEvidence; 9] = [
        DrainEvidence::JobFailed,
        DrainEvidence::EndedAtOnce,
        DrainEvidence::AlreadyStopped,
        DrainEvidence::Drained { late: true },
        DrainEvidence::DataLeft,
        DrainEvidence::CannotLook,
        DrainEvidence::Silent(NoEvidence::NoLine),
        DrainEvidence::Silent(NoEvidence::Cut),
        DrainEvidence::Silent(NoEvidence::Unreadable),
    ];
    const CONSEQUENCES: [Consequence; 8] = [
        Consequence::Nothing,
        Consequence::PositionUnknown,
        Consequence::MayRepeat,
        Consequence::RecoversNearlyAll,
        Consequence::Recovers,
        Consequence::DoesNotRecover,
        Consequence::RecoveryUnknown,
        Consequence::Deleted,
    ];

    fn kinds() -> Vec<ReasonKind> {
        let mut kinds = vec![
            ReasonKind::SettingsUnread,
            ReasonKind::SourcesUnread,
            ReasonKind::Recovers,
            ReasonKind::DoesNotRecover,
            ReasonKind::RecoveryUnknown,
            ReasonKind::NoDrain,
            ReasonKind::ProgramLevelStop,
            ReasonKind::TooShort { applied: 184 },
            ReasonKind::DrainUnknown,
            ReasonKind::GraceUnknown,
            ReasonKind::LogDecides,
            ReasonKind::StateStore(NextStep::SameVersion),
            ReasonKind::StateStore(NextStep::Upgrade),
            ReasonKind::NoReceiver,
            ReasonKind::ReceiverAssumed,
            ReasonKind::ReceiverUnknown,
            PAST,
            ReasonKind::PastStops { count: 1, shortest: 16, longest: 16, limit: None },
        ];
        kinds.extend(SWITCHES.map(ReasonKind::WriteAheadLog));
        kinds.extend(SWITCHES.map(ReasonKind::Checkpoints));
        kinds.extend(Kind::ALL.map(ReasonKind::Interrupts));
        for sign in SIGNS {
            kinds.extend(CONSEQUENCES.map(|consequence| ReasonKind::Log(sign, consequence)));
        }
        kinds
    }

    const PAST: ReasonKind =
        ReasonKind::PastStops { count: 3, shortest: 12, longest: 121, limit: Some(TimeLimit::Draining(120)) };

    #[test]
    fn verdicts_follow_the_writing_guide() {
        for verdict in
            [Verdict::NoLossExpected, Verdict::InterruptsWork, Verdict::CannotTell, Verdict::MayLose]
        {
            is_a_label(label(verdict));
        }
        kinds().into_iter().map(reason).for_each(|sentence| follows_the_guide(&sentence));
        WAY_OUT.into_iter().for_each(follows_the_guide);
        follows_the_guide(caveat(Remedy { recovery_is_known: false }).unwrap());
        assert_eq!(caveat(Remedy { recovery_is_known: true }), None);
    }

    #[test]
    fn every_rule_has_a_section_in_the_served_documents() {
        let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
        let site = quiesce_docs::Site::read(&docs).unwrap();
        for kind in kinds() {
            let section = kind.rule().section();
            assert!(site.has_section(&section), "{section} of {kind:?}");
        }
    }

    #[test]
    fn past_stops_are_compared_with_the_time_that_is_available() {
        assert_eq!(
            reason(PAST),
            "The last 3 stops took 12 to 121 s, longer than the 120 s available for draining."
        );
        let limit = Some(TimeLimit::Grace(120));
        let one = ReasonKind::PastStops { count: 1, shortest: 16, longest: 16, limit };
        assert_eq!(reason(one), "The last stop took 16 s, within the 120 s of the grace period.");
        let same = ReasonKind::PastStops { count: 2, shortest: 4, longest: 4, limit: None };
        assert_eq!(reason(same), "The last 2 stops took 4 s each.");
    }

    #[test]
    fn evidence_quotes_the_log_with_its_times() {
        let quote = Quote { line: "the line".to_owned(), at: Millis(1_795_418_580_000) };
        let log =
            ReasonEvidence::Log { quotes: vec![quote], problem: Some(LogProblem::Cut("reset".to_owned())) };
        assert_eq!(evidence(&log), "2026-11-23T07:23:00Z “the line”\nThe log ended early: reset.");
        assert_eq!(evidence(&ReasonEvidence::None), "");
    }
}
