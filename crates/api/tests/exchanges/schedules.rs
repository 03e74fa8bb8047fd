//! Schedules.

use crate::harness::{BOTH, Case, OLD, On, Record, case};
use quiesce_api::schedule::{
    FilterSchedules, GetNextRuns, GetSchedule, GetScheduleState, ListSchedules, NextRuns, ReEnableSchedules,
    Schedule, ScheduleRef, ScheduleState, SwitchSchedule,
};
use quiesce_api::{Millis, ProgramType, RefusalKind};

/// Lists of the only schedule, and whether it was enabled.
const LISTS: &[(&[On], &str, bool)] = &[
    (BOTH, "schedules", false),
    (BOTH, "schedules-enabled", true),
    (BOTH, "schedules-disabled", false),
    (BOTH, "schedules-re-enabled", true),
    // An upgrade does not change it.
    (BOTH, "schedules-after-upgrade", true),
];

/// 03:00 of the day after the recordings.
const NEXT: Millis = Millis(1_795_489_200_000);

pub fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = LISTS
        .iter()
        .map(|(on, name, is_on)| {
            case(on, name, |r| {
                let asked = ListSchedules { namespace: r.namespace(), application: r.application() };
                only(&r.rows(&asked), *is_on);
            })
        })
        .collect();
    cases.extend([
        case(BOTH, "schedules-filter", |r| {
            let asked = FilterSchedules {
                namespace: r.namespace(),
                application: r.application(),
                state: ScheduleState::Scheduled,
            };
            only(&r.rows(&asked), true);
        }),
        case(BOTH, "schedule", |r| only(&[r.good(&GetSchedule { schedule: schedule(r) })], false)),
        case(BOTH, "schedule-status", |r| {
            assert_eq!(r.good(&GetScheduleState { schedule: schedule(r) }).status, "SUSPENDED");
        }),
        case(OLD, "schedule-enable", |r| r.good(&switch(r, true))),
        case(BOTH, "schedule-disable", |r| r.good(&switch(r, false))),
        case(BOTH, "schedule-enable-again", |r| {
            let words = r.pick(
                "Schedule 'schedule:default.orders_daily.dataPipelineSchedule' is already enabled",
                "Schedule 'schedule:default.orders_daily.-SNAPSHOT.dataPipelineSchedule' is already enabled",
            );
            r.refused(&switch(r, true), 409, RefusalKind::Conflict, words);
        }),
        case(OLD, "schedule-disable-again", |r| {
            let words =
                "Schedule 'schedule:default.orders_daily.-SNAPSHOT.dataPipelineSchedule' is already disabled";
            r.refused(&switch(r, false), 409, RefusalKind::Conflict, words);
        }),
        case(BOTH, "schedule-missing", |r| {
            let words = r.pick(
                "'schedule:default.orders_daily.nope' was not found.",
                "'schedule:default.orders_daily.-SNAPSHOT.nope' was not found.",
            );
            r.refused(&switch(r, false), 404, RefusalKind::NotFound, words);
        }),
        case(BOTH, "schedules-re-enable", |r| {
            let moment = |name| Millis(r.parameter(name).unwrap().parse().unwrap());
            r.good(&ReEnableSchedules {
                namespace: r.namespace(),
                from: moment("start-time-millis"),
                until: moment("end-time-millis"),
            });
        }),
        case(BOTH, "next-runtime", |r| {
            let next = r.rows(&GetNextRuns { program: r.program() });
            assert_eq!(next.iter().map(|next| next.time).collect::<Vec<_>>(), [NEXT]);
            assert!(next[0].id.ends_with(":dataPipelineSchedule"));
        }),
        case(BOTH, "next-runtime-batch", |r| {
            let rows = r.rows(&NextRuns { namespace: r.namespace(), programs: r.programs() });
            let got: Vec<_> = rows
                .iter()
                .map(|row| (row.status_code, row.value.schedules.iter().map(|next| next.time).collect()))
                .collect();
            assert_eq!(got, [(200, vec![NEXT]), (404, vec![])]);
            assert!(rows[1].error.as_deref().unwrap().ends_with("was not found."));
        }),
        // One worker among the workflows fails the whole call.
        case(BOTH, "next-runtime-batch-worker", |r| {
            let asked = NextRuns { namespace: r.namespace(), programs: r.programs() };
            assert!(asked.programs.iter().any(|program| program.program_type == ProgramType::Worker));
            let words = "Worker is not a SchedulableProgramType";
            r.refused(&asked, 500, RefusalKind::ServerError, words);
        }),
    ]);
    cases
}

fn schedule(r: &Record) -> ScheduleRef {
    ScheduleRef { namespace: r.namespace(), application: r.application(), name: r.segments()[6].clone() }
}

fn switch(r: &Record, on: bool) -> SwitchSchedule {
    SwitchSchedule { schedule: schedule(r), on }
}

/// The recorded server has only this schedule.
fn only(schedules: &[Schedule], is_on: bool) {
    assert_eq!(schedules.len(), 1);
    let schedule = &schedules[0];
    assert_eq!(schedule.name, "dataPipelineSchedule");
    assert_eq!(schedule.program.program_name.as_str(), "DataPipelineWorkflow");
    assert_eq!(schedule.program.program_type, ProgramType::Workflow);
    assert_eq!(schedule.trigger["cronExpression"], "0 3 * * *");
    assert_eq!(schedule.status, if is_on { "SCHEDULED" } else { "SUSPENDED" });
    assert_eq!(schedule.is_on(), is_on);
    assert!(schedule.last_update_time.is_some());
}
