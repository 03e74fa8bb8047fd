//! Reading the runs of many programs with one request: which targets it can tell of, and what its answer says.
//!
//! The answer has the latest run of the latest version of each program, and nothing of other runs. A target that it
//! does not name is read individually.

use super::effects::{Effect, StopInFlight};
use super::event::Event;
use super::operation::StopOperation;
use super::target::Target;
use quiesce_api::run::{LatestRun, LatestRuns};
use quiesce_api::{BatchResult, Error, ProgramRef, Rows, RunRef, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// How many programs one request names at most.
const MOST: usize = 250;
/// Fewer runs than these are read individually, all at once.
pub(super) const FEW: usize = 4;

/// Whether a batch answer is expected to name this target.
pub(super) fn names(stop: &StopOperation, flying: &StopInFlight, place: usize) -> bool {
    !flying.unnamed.contains(&place) && stop.plan.targets.get(place).is_some_and(|target| !target.older)
}

/// Which of these unread targets are read with others, and which programs by themselves. Only the only target of a
/// program is read with others: then the latest run is either that one, or one that began since.
pub(super) fn checks<'a>(
    stop: &StopOperation,
    open: &[(usize, &'a Target)],
    flying: &StopInFlight,
) -> (Vec<usize>, BTreeSet<&'a ProgramRef>) {
    let mut shared = BTreeSet::new();
    shared.extend(stop.plan.others.iter().map(|run| &run.program));
    let mut programs: BTreeMap<&ProgramRef, Vec<usize>> = BTreeMap::new();
    for (place, target) in open {
        programs.entry(&target.run.program).or_default().push(*place);
    }
    let mut busy = BTreeSet::new();
    busy.extend(flying.batches.iter().flatten().copied());
    let (mut many, mut few) = (Vec::new(), BTreeSet::new());
    for (program, places) in programs {
        match places.as_slice() {
            [place] if busy.contains(place) => {}
            [place] if names(stop, flying, *place) && !shared.contains(program) => many.push(*place),
            _ if flying.checks.contains(program) => {}
            _ => {
                few.insert(program);
            }
        }
    }
    if many.len() < FEW {
        let targets = many.drain(..).filter_map(|place| stop.plan.targets.get(place));
        let programs: Vec<_> = targets.map(|target| &target.run.program).collect();
        few.extend(open.iter().map(|(_, target)| &target.run.program).filter(|it| programs.contains(it)));
    }
    (many, few)
}

/// The requests that read these targets.
pub(super) fn requests(stop: &StopOperation, mut places: Vec<usize>) -> Vec<Effect> {
    let program = |place: &usize| stop.plan.targets.get(*place).map(|target| &target.run.program);
    places.sort_by_key(program);
    let namespace = |place: &usize| program(place).map(|program| &program.namespace);
    let mut effects = Vec::new();
    for of_namespace in places.chunk_by(|one, other| namespace(one) == namespace(other)) {
        for chunk in of_namespace.chunks(MOST) {
            let mut programs: Vec<_> = chunk.iter().filter_map(program).cloned().collect();
            programs.dedup();
            let Some(namespace) = chunk.first().and_then(namespace).cloned() else { continue };
            effects.push(Effect::ReadLatest(LatestRuns { namespace, programs }, chunk.to_vec()));
        }
    }
    effects
}

impl StopOperation {
    /// What a batch answer says of the targets it was asked for. Those that it does not name, and all of one that
    /// cannot be used, are to be read individually.
    pub fn batch_read(
        &self,
        flying: &mut StopInFlight,
        at: Timestamp,
        places: &[usize],
        result: Result<Rows<BatchResult<LatestRun>>, Error>,
    ) -> Vec<Event> {
        flying.batches.retain(|batch| batch != places);
        let rows = match result {
            Ok(rows) => rows,
            Err(error) => {
                if let (true, Some(target)) = (error.is_unrelated_to_request(), places.first().copied()) {
                    return vec![Event::Read { at, target, result: Err(error) }];
                }
                Rows::default()
            }
        };
        let mut found = BTreeMap::new();
        let first = places.first().and_then(|place| self.plan.targets.get(*place));
        let Some(namespace) = first.map(|target| &target.run.program.namespace) else { return Vec::new() };
        for element in rows.good {
            let program = element.program(namespace);
            for record in element.value.runs {
                found.insert(RunRef { program: program.clone(), run: record.run.clone() }, record);
            }
        }
        let mut events = Vec::with_capacity(places.len());
        for &place in places {
            let Some(target) = self.plan.targets.get(place) else { continue };
            match found.remove(&target.run) {
                Some(record) if self.checked.contains(&target.run.program) => {
                    events.push(Event::Read { at, target: place, result: Ok(record) });
                }
                Some(record) => {
                    let program = target.run.program.clone();
                    events.push(Event::Checked { at, program, result: Ok(vec![record]) });
                }
                None => {
                    flying.unnamed.insert(place);
                }
            }
        }
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grace::Grace;
    use crate::stop::model::{BEGAN, Model, at, lost, plan, program, record};

    /// A stop of this many programs with one run each, of which nothing is read yet.
    fn stop(programs: usize) -> StopOperation {
        let runs = (0..programs).map(|n| (program(&format!("p{n}")), record(&format!("r{n}"), "new"), 3));
        StopOperation::new(plan(&Model::new(runs.collect()), Grace::ServerDefault), at(BEGAN))
    }

    fn read_what(stop: &StopOperation, flying: &StopInFlight) -> (Vec<usize>, Vec<ProgramRef>) {
        let open: Vec<_> = stop.plan.targets.iter().enumerate().collect();
        let (many, few) = checks(stop, &open, flying);
        (many, few.into_iter().cloned().collect())
    }

    #[test]
    fn fewer_than_four_programs_are_read_individually_and_four_with_one_request() {
        let (few, four) = (stop(3), stop(4));
        let individually = (Vec::new(), ["p0", "p1", "p2"].map(program).to_vec());
        assert_eq!(read_what(&few, &StopInFlight::default()), individually);
        assert_eq!(read_what(&four, &StopInFlight::default()), (vec![0, 1, 2, 3], Vec::new()));
    }

    #[test]
    fn a_program_that_is_being_read_is_not_read_again() {
        let stop = stop(6);
        let flying = StopInFlight { batches: vec![vec![0, 1]], ..StopInFlight::default() };
        assert_eq!(read_what(&stop, &flying), (vec![2, 3, 4, 5], Vec::new()));
        let flying = StopInFlight {
            unnamed: BTreeSet::from([0, 1]),
            checks: BTreeSet::from([program("p0")]),
            ..StopInFlight::default()
        };
        assert_eq!(read_what(&stop, &flying), (vec![2, 3, 4, 5], vec![program("p1")]));
    }

    #[test]
    fn a_response_ends_its_own_request_and_no_other() {
        let stop = stop(6);
        let mut flying = StopInFlight { batches: vec![vec![0, 1], vec![2, 3]], ..StopInFlight::default() };
        stop.batch_read(&mut flying, at(BEGAN), &[0, 1], Ok(Rows::default()));
        assert_eq!(flying.batches, [[2, 3]]);
        assert_eq!(flying.unnamed, BTreeSet::from([0, 1]));
        let outage = stop.batch_read(&mut flying, at(BEGAN), &[2, 3], Err(lost()));
        assert!(matches!(&outage[..], [Event::Read { target: 2, result: Err(_), .. }]), "{outage:?}");
        assert_eq!((flying.batches.len(), flying.unnamed), (0, BTreeSet::from([0, 1])));
    }
}
