//! The tables of docs/loss.md, one line a case, each with its source.

use super::*;
use crate::drain_log::{DrainEvidence, DrainLog, NoEvidence, Quote};
use crate::findings::{Applied, CallForm, Prediction};
use crate::grace::Grace;
use crate::kind::Kind;
use crate::launch::{Fact, LaunchFacts, Receiver, Setting, StateMode};
use crate::outcome::{Ending, Outcome};
use NextStep::{SameVersion as Same, Upgrade};
use Verdict::{CannotTell, InterruptsWork, MayLose, NoLossExpected as NoLoss};
use quiesce_api::run::RunRecord;
use quiesce_api::{Millis, Seconds};

/// What a line of a table starts from; all is well unless a line says otherwise.
#[derive(Clone, Copy, Debug)]
struct Run {
    log: Setting,
    checkpoints: Setting,
    graceful: Setting,
    interval: Option<i64>,
    receiver: Receiver,
    mode: StateMode,
}

const WELL: Run = Run {
    log: Setting::On,
    checkpoints: Setting::On,
    graceful: Setting::On,
    interval: Some(5_000),
    receiver: Receiver::Yes,
    mode: StateMode::SparkCheckpointing,
};
const LOG_OFF: Run = Run { log: Setting::Off, ..WELL };
const NO_CHECKPOINTS: Run =
    Run { log: Setting::Off, checkpoints: Setting::Off, mode: StateMode::None, ..WELL };
const LOG_MACRO: Run = Run { log: Setting::Unknown, ..WELL };
const UNREADABLE: Run = Run {
    log: Setting::Unknown,
    checkpoints: Setting::Unknown,
    graceful: Setting::Unknown,
    interval: None,
    receiver: Receiver::Unknown,
    mode: StateMode::Unknown,
};
const NOT_GRACEFUL: Run = Run { graceful: Setting::Off, ..WELL };
const GRACEFUL_MACRO: Run = Run { graceful: Setting::Unknown, ..WELL };
const SLOW: Run = Run { interval: Some(121_000), ..WELL };
const NO_INTERVAL: Run = Run { interval: None, ..WELL };
const NO_RECEIVER: Run = Run { receiver: Receiver::No, ..WELL };
const ASSUMED: Run = Run { receiver: Receiver::Assumed, ..WELL };
const SOURCE_UNREAD: Run = Run { receiver: Receiver::Unknown, ..WELL };
const STORE: Run = Run { log: Setting::Off, receiver: Receiver::No, mode: StateMode::StateStore, ..WELL };

impl Run {
    fn facts(self) -> LaunchFacts {
        fn fact<T>(value: T, evidence: &str) -> Fact<T> {
            Fact { value, evidence: evidence.to_owned().into() }
        }
        LaunchFacts {
            write_ahead_log: fact(self.log, "log"),
            at_least_once: fact(self.checkpoints, "checkpoints"),
            state_mode: fact(self.mode, "mode"),
            stops_gracefully: fact(self.graceful, "graceful"),
            batch_interval: fact(self.interval, "interval"),
            receiver: fact(self.receiver, "receiver"),
        }
    }
}

fn prediction(call: CallForm, applied: Applied) -> Prediction {
    Prediction { asked: Grace::UntilDrained, call, applied, slack: Some(360), support: None }
}

const STOCK: Applied = Applied::Known(300);

fn judge(run: Run, call: CallForm, applied: Applied, next: NextStep) -> Assessment {
    let facts = run.facts();
    before(Kind::RealTimePipeline, Some(&facts), &prediction(call, applied), &PastStops::default(), next)
}

#[test]
fn before_a_stop() {
    use CallForm::{Batch, Program, Run};
    for (run, call, applied, next, verdict, rule) in [
        (WELL, Run, STOCK, Same, NoLoss, Rule::Before(1)), // measured 2, 4
        (WELL, Program, Applied::Known(0), Same, NoLoss, Rule::Before(1)), // measured 4 (1 run)
        (WELL, Batch, Applied::Known(5), Same, NoLoss, Rule::Before(1)), // measured 7
        (NOT_GRACEFUL, Run, STOCK, Same, NoLoss, Rule::Before(1)), // measured 4
        (WELL, Run, Applied::Unknown, Same, NoLoss, Rule::Before(1)), // no grace was seen to matter here
        (LOG_OFF, Run, STOCK, Same, MayLose, Rule::Before(2)), // measured 3, 5, 8
        (NO_CHECKPOINTS, Run, STOCK, Same, MayLose, Rule::Before(2)), // measured 6
        (LOG_MACRO, Run, STOCK, Same, CannotTell, Rule::Before(6)), // API 9.4
        (UNREADABLE, Run, STOCK, Same, CannotTell, Rule::Before(6)), // API 9.4
        (SOURCE_UNREAD, Run, STOCK, Same, CannotTell, Rule::Before(6)),
        (ASSUMED, Run, STOCK, Same, NoLoss, Rule::Before(1)), // which sources
        (NO_RECEIVER, Run, STOCK, Same, CannotTell, Rule::Before(6)), // not measured
        (STORE, Run, STOCK, Same, NoLoss, Rule::StateStore),  // clicks_tracked
        (NOT_GRACEFUL, Run, STOCK, Upgrade, MayLose, Rule::Before(3)), // measured 4
        (WELL, Run, Applied::Known(5), Upgrade, MayLose, Rule::Before(3)), // measured 7
        (WELL, Run, Applied::Known(184), Upgrade, MayLose, Rule::Before(3)), // 4 s left, batches of 5 s
        (WELL, Run, Applied::Known(185), Upgrade, CannotTell, Rule::Before(5)), // 5 s left: a batch
        (SLOW, Batch, STOCK, Upgrade, MayLose, Rule::Before(3)), // 120 s left, batches of 121 s
        (NO_INTERVAL, Run, Applied::Known(180), Upgrade, MayLose, Rule::Before(3)),
        (NO_INTERVAL, Run, Applied::Known(181), Upgrade, CannotTell, Rule::Before(5)),
        (WELL, Program, Applied::Known(0), Upgrade, MayLose, Rule::Before(4)), // measured 3 (1 run)
        (WELL, Run, STOCK, Upgrade, CannotTell, Rule::Before(5)), // measured 1 to 3: 10 of 18 drained
        (WELL, Batch, Applied::Unlimited, Upgrade, CannotTell, Rule::Before(5)), // measured 10
        (LOG_OFF, Run, STOCK, Upgrade, CannotTell, Rule::Before(5)), // measured 1: it may drain
        (GRACEFUL_MACRO, Run, STOCK, Upgrade, CannotTell, Rule::Before(6)),
        (WELL, Run, Applied::Unknown, Upgrade, CannotTell, Rule::Before(6)),
        (UNREADABLE, Run, STOCK, Upgrade, CannotTell, Rule::Before(6)),
        (NO_RECEIVER, Run, STOCK, Upgrade, CannotTell, Rule::Before(6)),
        (STORE, Run, STOCK, Upgrade, NoLoss, Rule::StateStore), // upgrade-while-running-clicks_tracked: 200
    ] {
        let assessment = judge(run, call, applied, next);
        let case = format!("{run:?} {call:?} {applied:?} {next:?}");
        assert_eq!(assessment.verdict, verdict, "{case}");
        assert_eq!(assessment.reasons[0].kind.rule(), rule, "{case}");
    }
}

fn stopped(run: Option<Run>, sign: DrainEvidence, next: NextStep) -> Assessment {
    let log = DrainLog {
        sign,
        quotes: vec![Quote { line: "the line".to_owned(), at: Millis(1_795_418_580_000) }],
        problem: None,
    };
    let facts = run.map(Run::facts);
    after(Kind::RealTimePipeline, facts.as_ref(), Some(&log), &ended(Ending::NotKnown), next).unwrap()
}

fn ended(ending: Ending) -> Outcome {
    Outcome { ending, applied_grace: Some(300), deadline: Some(Seconds(400)), took: Some(16), overdue: None }
}

#[test]
fn after_a_stop() {
    use DrainEvidence::{AlreadyStopped, CannotLook, DataLeft, Drained, EndedAtOnce, JobFailed, Silent};
    const DRAINED: DrainEvidence = Drained { late: false };
    // run, what its log says, verdict for the same version, verdict for an upgrade
    for (run, sign, same, upgrade) in [
        (WELL, JobFailed, NoLoss, MayLose),                      // measured 10
        (LOG_OFF, JobFailed, MayLose, MayLose),                  // row 1
        (LOG_MACRO, JobFailed, CannotTell, MayLose),             // row 1, log not known
        (WELL, EndedAtOnce, NoLoss, MayLose),                    // measured 4, 7
        (LOG_OFF, EndedAtOnce, MayLose, MayLose),                // measured 5, 8
        (NO_CHECKPOINTS, EndedAtOnce, MayLose, MayLose),         // measured 6
        (WELL, AlreadyStopped, NoLoss, MayLose),                 // measured 2
        (LOG_OFF, AlreadyStopped, MayLose, MayLose),             // measured 3
        (WELL, DRAINED, NoLoss, NoLoss),                         // measured 9
        (LOG_OFF, DRAINED, NoLoss, NoLoss),                      // measured 9, log off in 3
        (WELL, Drained { late: true }, NoLoss, NoLoss),          // measured 9, 200 s
        (ASSUMED, DRAINED, NoLoss, CannotTell),                  // which sources
        (SOURCE_UNREAD, DRAINED, CannotTell, CannotTell),        // which sources
        (WELL, DataLeft, NoLoss, MayLose),                       // row 5, never seen
        (LOG_OFF, DataLeft, MayLose, MayLose),                   // row 5
        (WELL, CannotLook, NoLoss, CannotTell),                  // measured 1
        (LOG_OFF, CannotLook, CannotTell, CannotTell),           // row 6
        (WELL, Silent(NoEvidence::NoLine), MayLose, MayLose),    // measured 11: 7 or 9 records
        (LOG_OFF, Silent(NoEvidence::NoLine), MayLose, MayLose), // measured 13
        (WELL, Silent(NoEvidence::Cut), MayLose, MayLose),       // row 7
        (UNREADABLE, Silent(NoEvidence::Unreadable), MayLose, MayLose), // row 7
        (UNREADABLE, EndedAtOnce, CannotTell, MayLose),          // row 2, settings not known
        (NO_RECEIVER, DRAINED, CannotTell, CannotTell),          // not measured
        (NO_RECEIVER, EndedAtOnce, CannotTell, CannotTell),      // not measured
        (STORE, Silent(NoEvidence::NoLine), NoLoss, NoLoss),     // clicks_tracked
    ] {
        for (next, verdict) in [(Same, same), (Upgrade, upgrade)] {
            assert_eq!(stopped(Some(run), sign, next).verdict, verdict, "{run:?} {sign:?} {next:?}");
        }
    }
}

#[test]
fn each_reading_names_its_row_and_quotes_its_line() {
    let assessment = stopped(Some(WELL), DrainEvidence::AlreadyStopped, Upgrade);
    let reason = &assessment.reasons[0];
    assert_eq!(reason.kind, ReasonKind::Log(DrainEvidence::AlreadyStopped, Consequence::Deleted));
    assert_eq!(reason.kind.rule(), Rule::After(3));
    let ReasonEvidence::Log { quotes, problem: None } = &reason.evidence else { panic!("{reason:?}") };
    assert_eq!(quotes[0].line, "the line");
}

#[test]
fn without_any_settings_bad_news_stands_and_good_news_does_not() {
    let drained = DrainEvidence::Drained { late: false };
    assert_eq!(stopped(None, drained, Same).verdict, CannotTell);
    assert_eq!(stopped(None, drained, Upgrade).verdict, CannotTell);
    assert_eq!(stopped(None, DrainEvidence::EndedAtOnce, Upgrade).verdict, MayLose);
    let prediction = prediction(CallForm::Run, STOCK);
    for next in [Same, Upgrade] {
        let assessment = before(Kind::RealTimePipeline, None, &prediction, &PastStops::default(), next);
        assert_eq!(assessment.verdict, CannotTell);
    }
}

#[test]
fn what_is_no_stream_is_interrupted_and_never_without_loss() {
    let prediction = prediction(CallForm::Batch, STOCK);
    let store = STORE.facts();
    for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::RealTimePipeline) {
        for next in [Same, Upgrade] {
            let first = before(kind, Some(&store), &prediction, &PastStops::default(), next);
            assert_eq!(first.verdict, InterruptsWork, "{kind}");
            let second = after(kind, None, None, &ended(Ending::EndedInTime), next);
            assert_eq!(second.map(|second| second.verdict), Some(InterruptsWork), "{kind}");
            assert_eq!(after(kind, None, None, &ended(Ending::Completed), next), None, "{kind}");
        }
    }
}

#[test]
fn nothing_is_judged_after_a_stop_that_is_not_over() {
    for ending in [Ending::Alive, Ending::Stopping, Ending::PastDeadline, Ending::Rejected] {
        let facts = WELL.facts();
        let assessment = after(Kind::RealTimePipeline, Some(&facts), None, &ended(ending), Same);
        assert_eq!(assessment, None, "{ending:?}");
    }
}

#[test]
fn the_way_out_is_offered_before_an_upgrade_where_a_start_can_recover() {
    let way_out = |run, next| judge(run, CallForm::Run, STOCK, next).remedy;
    assert_eq!(way_out(WELL, Upgrade), Some(Remedy { recovery_is_known: true }));
    assert_eq!(way_out(LOG_MACRO, Upgrade), Some(Remedy { recovery_is_known: false }));
    assert_eq!(way_out(LOG_OFF, Upgrade), None); // measured 3, 5, 13: a start recovers nothing
    assert_eq!(way_out(WELL, Same), None);
    assert_eq!(way_out(STORE, Upgrade), None);
    for sign in [
        DrainEvidence::JobFailed,
        DrainEvidence::EndedAtOnce,
        DrainEvidence::AlreadyStopped,
        DrainEvidence::DataLeft,
        DrainEvidence::CannotLook,
    ] {
        assert!(stopped(Some(WELL), sign, Upgrade).remedy.is_some(), "{sign:?}");
    }
    assert_eq!(stopped(Some(WELL), DrainEvidence::Drained { late: false }, Upgrade).remedy, None);
}

#[test]
fn a_program_level_stop_before_an_upgrade_points_to_the_other_forms() {
    let assessment = judge(WELL, CallForm::Program, Applied::Known(0), Upgrade);
    assert_eq!(assessment.reasons[0].kind, ReasonKind::ProgramLevelStop);
}

#[test]
fn an_assumed_receiver_is_named_among_the_reasons() {
    let assessment = judge(ASSUMED, CallForm::Run, STOCK, Same);
    assert!(assessment.reasons.iter().any(|reason| reason.kind == ReasonKind::ReceiverAssumed));
}

#[test]
fn past_stops_are_compared_with_the_time_that_is_left_to_drain() {
    let last = |kind, took: &[i64], applied| {
        let facts = WELL.facts();
        let past = PastStops { took: took.to_vec() };
        let prediction = prediction(CallForm::Run, applied);
        before(kind, Some(&facts), &prediction, &past, Same).reasons.last().unwrap().kind
    };
    let past = |count, shortest, longest, limit| ReasonKind::PastStops { count, shortest, longest, limit };
    let streams = Kind::RealTimePipeline;
    assert_eq!(last(streams, &[12, 121, 40], STOCK), past(3, 12, 121, Some(TimeLimit::Draining(120))));
    assert_eq!(last(streams, &[4, 4], Applied::Unlimited), past(2, 4, 4, None));
    let applied = Applied::Known(5);
    assert_eq!(last(streams, &[16], applied), past(1, 16, 16, Some(TimeLimit::Draining(0))));
    assert_eq!(last(Kind::Worker, &[60], applied), past(1, 60, 60, Some(TimeLimit::Grace(5))));
}

#[test]
fn the_worst_verdict_sorts_last() {
    let mut verdicts = [MayLose, NoLoss, CannotTell, InterruptsWork];
    verdicts.sort();
    assert_eq!(verdicts, [NoLoss, InterruptsWork, CannotTell, MayLose]);
}

#[test]
fn past_stops_are_the_last_ones_that_ended() {
    let record = |stopping: Option<i64>, end: Option<i64>, status: &str| -> RunRecord {
        let json = serde_json::json!({
            "runid": "r", "starting": 1, "stopping": stopping, "end": end, "status": status,
        });
        serde_json::from_value(json).unwrap()
    };
    let mut records = vec![
        record(Some(900), None, "STOPPING"),
        record(None, Some(800), "COMPLETED"),
        record(Some(100), Some(107), "KILLED"),
    ];
    records.extend((2..=6).map(|stop| record(Some(stop * 100), Some(stop * 100 + stop), "KILLED")));
    assert_eq!(PastStops::of(&records).took, [6, 5, 4, 3, 2]);
}

#[test]
fn an_upgrade_is_without_expected_loss_only_after_a_drain_or_with_a_state_store() {
    let switches = [Setting::On, Setting::Off, Setting::Unknown];
    let receivers = [Receiver::Yes, Receiver::No, Receiver::Assumed, Receiver::Unknown];
    let modes = [StateMode::SparkCheckpointing, StateMode::StateStore, StateMode::None, StateMode::Unknown];
    let signs = [
        DrainEvidence::JobFailed,
        DrainEvidence::EndedAtOnce,
        DrainEvidence::AlreadyStopped,
        DrainEvidence::Drained { late: false },
        DrainEvidence::DataLeft,
        DrainEvidence::CannotLook,
        DrainEvidence::Silent(NoEvidence::NoLine),
    ];
    let mut runs = Vec::new();
    for log in switches {
        for checkpoints in switches {
            for graceful in switches {
                for receiver in receivers {
                    for mode in modes {
                        runs.push(Run { log, checkpoints, graceful, receiver, mode, ..WELL });
                    }
                }
            }
        }
    }
    for run in runs {
        let store = run.mode == StateMode::StateStore;
        for call in [CallForm::Run, CallForm::Batch, CallForm::Program] {
            for applied in [Applied::Known(0), STOCK, Applied::Unlimited, Applied::Unknown] {
                let verdict = judge(run, call, applied, Upgrade).verdict;
                assert_eq!(verdict == NoLoss, store, "{run:?} {call:?} {applied:?}");
            }
        }
        for sign in signs {
            let same = stopped(Some(run), sign, Same).verdict;
            let upgrade = stopped(Some(run), sign, Upgrade).verdict;
            let drained = matches!(sign, DrainEvidence::Drained { .. }) && run.receiver == Receiver::Yes;
            assert_eq!(upgrade == NoLoss, store || drained, "{run:?} {sign:?}");
            assert!(upgrade >= same, "an upgrade is never safer: {run:?} {sign:?}");
        }
    }
}
