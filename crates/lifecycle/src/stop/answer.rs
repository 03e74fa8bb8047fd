//! What the answer to a call says of its targets.

use super::event::CallId;
use super::operation::{Drift, StopOperation};
use super::plan::StopCall;
use crate::operation::{Coverage, Delivery};
use crate::permission::named;
use quiesce_api::stop::StopResult;
use quiesce_api::{Error, RefusalKind, Rows, Timestamp};
use std::collections::BTreeSet;

impl StopOperation {
    pub(super) fn answer(
        &mut self,
        at: Timestamp,
        call: CallId,
        result: &Result<Rows<StopResult>, Error>,
    ) -> bool {
        let Some(sent) = self.calls.get_mut(&call) else { return false };
        if sent.answer.is_some() {
            return false;
        }
        sent.answer = Some((at, result.as_ref().map(|_| ()).map_err(Clone::clone)));
        let (stop, targets) = (sent.stop.clone(), sent.targets.clone());
        match (result, &stop) {
            (Ok(rows), StopCall::Batch(batch)) => {
                self.connectivity.restore();
                self.answer_batch(at, batch, &targets, rows);
            }
            (Ok(_), StopCall::Run(_) | StopCall::Program(_)) => {
                self.connectivity.restore();
                self.answer_all(at, &targets, None, Coverage::Whole);
            }
            (Err(error), StopCall::Batch(_)) => {
                let forbidden = self.forbidden(&targets, error);
                self.answer_all(at, &forbidden, Some(error), Coverage::Whole);
                self.answer_all(at, &targets, Some(error), Coverage::Part);
                self.connectivity.take_error(at, error);
            }
            (Err(error), StopCall::Run(_) | StopCall::Program(_)) => {
                self.answer_all(at, &targets, Some(error), Coverage::Whole);
                self.connectivity.take_error(at, error);
            }
        }
        true
    }

    /// The targets for which a 403 ended a batch call: those whose program its message names. Whether others were stopped
    /// before is read (docs/cdap-api.md#batch-stop).
    fn forbidden(&self, targets: &[usize], error: &Error) -> Vec<usize> {
        let Some(refusal) = error.refusal().filter(|refusal| refusal.kind == RefusalKind::Forbidden) else {
            return Vec::new();
        };
        let exact = |place: &usize| {
            self.plan.targets.get(*place).map_or(0, |target| named(&refusal.message, &target.run.program))
        };
        let most = targets.iter().map(exact).max().filter(|most| *most > 0);
        targets.iter().copied().filter(|place| Some(exact(place)) == most).collect()
    }

    fn answer_all(&mut self, at: Timestamp, targets: &[usize], error: Option<&Error>, coverage: Coverage) {
        for place in targets {
            if let Some(run) = self.runs.get_mut(*place) {
                run.delivery.answer(at, error, coverage);
            }
        }
    }

    /// Lays the elements of a batch answer beside the targets: by program and run, never by place
    /// (docs/cdap-api.md#batch-stop).
    fn answer_batch(
        &mut self,
        at: Timestamp,
        batch: &quiesce_api::stop::StopBatch,
        targets: &[usize],
        rows: &Rows<StopResult>,
    ) {
        let mut open = BTreeSet::new();
        open.extend(targets.iter().copied());
        for element in &rows.good {
            let program = element.program(&batch.namespace);
            let of_program = |place: &usize| {
                self.plan.targets.get(*place).is_some_and(|target| target.run.program == program)
            };
            match (&element.value.run, element.status_code) {
                (Some(run), 200..=299) => {
                    let place = targets.iter().copied().find(|place| {
                        of_program(place)
                            && self.plan.targets.get(*place).is_some_and(|target| target.run.run == *run)
                    });
                    if let Some(place) = place {
                        open.remove(&place);
                        self.answer_all(at, &[place], None, Coverage::Whole);
                    } else {
                        let also = program.run(run.clone());
                        if !self.plan.targets.iter().any(|target| target.run == also) {
                            self.drift.push(Drift::AlsoStopped(also));
                        }
                    }
                }
                (_, status) => {
                    let places: Vec<_> = open.iter().copied().filter(of_program).collect();
                    let error = Error::Refused(quiesce_api::Refusal {
                        status,
                        kind: status.into(),
                        message: element.error.clone().unwrap_or_default(),
                        auth_uris: Vec::new(),
                    });
                    for place in places {
                        open.remove(&place);
                        if let Some(run) = self.runs.get_mut(place) {
                            run.delivery = Delivery::Refused(error.clone());
                        }
                    }
                }
            }
        }
        // A run that no element names had ended before, or its element could not be read: its record tells.
        let reason = rows.cut.as_ref().map_or("no element of the answer names this run", |cut| &cut.reason);
        for place in open {
            let error = Error::Undecodable(quiesce_api::Undecodable {
                path: ".".into(),
                message: reason.to_owned(),
                raw: String::new(),
            });
            self.answer_all(at, &[place], Some(&error), Coverage::Whole);
        }
    }
}
