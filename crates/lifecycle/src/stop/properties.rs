//! What holds whatever happens in whatever order.

use super::model::*;
use super::*;
use crate::grace::Grace;
use crate::journal::fold;
use proptest::prelude::*;
use quiesce_api::run::RunStatus;
use quiesce_api::{ProgramRef, Seconds};

fn fate() -> impl Strategy<Value = (Fate, bool)> {
    let fate = prop_oneof![
        8 => Just(Fate::Good),
        1 => Just(Fate::LostBefore),
        1 => Just(Fate::LostAfter),
        1 => Just(Fate::Fails),
        1 => Just(Fate::Unauthenticated),
        1 => (0_usize..4).prop_map(Fate::AbortedAfter),
        1 => (0_usize..4).prop_map(Fate::ForbiddenAfter),
    ];
    (fate, prop::bool::weighted(0.08))
}

/// program, version, seconds to end, state at the beginning
fn runs() -> impl Strategy<Value = Vec<(u8, bool, i64, u8)>> {
    prop::collection::vec((0_u8..5, prop::bool::weighted(0.75), 0_i64..400, 0_u8..6), 1..10)
}

fn model(runs: &[(u8, bool, i64, u8)]) -> Model {
    let built = runs.iter().enumerate().map(|(place, (name, latest, takes, state))| {
        let mut record = record(&format!("r{place}"), if *latest { "new" } else { "older" });
        if *state == 0 {
            record.status = RunStatus::Stopping;
            record.stopping = Some(Seconds(BEGAN - 5));
            record.terminate = Some(Seconds(BEGAN + 295));
        }
        (program(&format!("p{name}")), record, *takes)
    });
    Model::new(built.collect())
}

/// The same without what is not kept in the journal.
fn kept(op: &StopOperation) -> StopOperation {
    let mut op = op.clone();
    op.connectivity.restore();
    for run in &mut op.runs {
        run.read_at = None;
        run.log_read_at = None;
    }
    op
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_run_is_lost_told_twice_or_called_ended_without_its_record(
        runs in runs(),
        fates in prop::collection::vec(fate(), 0..60),
        began in prop::option::of(0_u8..5),
        grace in prop_oneof![Just(Grace::ServerDefault), Just(Grace::UntilDrained), Just(Grace::Now)],
    ) {
        let mut model = model(&runs);
        let plan = plan(&model, grace);
        if let Some(name) = began {
            let late = ModelRun { program: program(&format!("p{name}")), record: record("late", "new"), takes: 1, told: 0 };
            model.runs.push(late);
        }
        let stopping: Vec<ProgramRef> = plan.targets.iter().filter(|it| it.record.stopping.is_some()).map(|it| it.run.program.clone()).collect();
        let count = plan.targets.len();
        let mut runner = Runner::new(model, plan);
        // The checks of `Runner::is_allowed` run at every call.
        let mut fates = fates.into_iter();
        runner.run(2_000, move || fates.next().unwrap_or((Fate::Good, false)));

        let now = at(runner.model.now);
        let views = runner.op.views(now);
        prop_assert_eq!(views.len(), count, "every run that was confirmed is there");
        prop_assert!(runner.op.is_finished(now), "it comes to an end: {:#?}", views);
        for view in &views {
            let run = &runner.op.plan.targets[view.place].run;
            let real = runner.model.find(run).unwrap();
            match &view.state {
                StopState::Ended | StopState::EndedBefore => {
                    prop_assert!(real.record.status.is_end(), "{} is said to have ended", run);
                    prop_assert_eq!(&runner.op.runs[view.place].record, &real.record);
                }
                StopState::NotStopped(_) | StopState::Refused(_) => {
                    prop_assert!(!real.record.status.is_end() && real.told == 0, "{} was told: {:?}", run, view.state);
                }
                state => prop_assert!(false, "{} is left {:?}", run, state),
            }
            prop_assert!(real.told <= 1, "{} was told {} times", run, real.told);
        }
        if let Some(late) = runner.model.runs.iter().find(|run| run.record.run.as_str() == "late")
            && !stopping.contains(&late.program)
        {
            prop_assert_eq!(late.told, 0, "a run that was not chosen is left alone");
        }
        let folded = fold::<StopOperation>(runner.journal.clone()).unwrap();
        prop_assert_eq!(kept(&folded.operation), kept(&runner.op), "the journal tells the whole state");
    }

    #[test]
    fn a_plan_names_every_run_that_can_be_told_once_and_reaches_no_other(runs in runs()) {
        let model = model(&runs);
        for grace in [Grace::ServerDefault, Grace::Now] {
            let plan = plan(&model, grace);
            let mut named: Vec<_> = plan.calls().into_iter().flat_map(|(_, targets)| targets).collect();
            named.sort_unstable();
            let open: Vec<_> = (0..plan.targets.len()).filter(|place| plan.targets[*place].record.stopping.is_none()).collect();
            prop_assert_eq!(named, open);
            for (call, _) in plan.calls() {
                let mut server = model.clone();
                let _ = server.call(&call, Fate::Good);
                for run in server.runs.iter().filter(|run| run.told > 0) {
                    let chosen = plan.targets.iter().any(|target| target.run.run == run.record.run && target.record.stopping.is_none());
                    prop_assert!(chosen, "{:?} reaches {}", call, run.record.run);
                }
            }
        }
    }
}
