//! The steps of the guided tour, and what completes each: decided from facts about the page, the journal and the
//! sandbox. Nothing here reads or writes anything.

use crate::routes::Route;
use crate::text::tour::{self as text, StepText};
use quiesce_api::{Millis, ProgramType, Timestamp};
use quiesce_lifecycle::kind::Kind;

/// How many applications are to be upgraded.
const APPLICATIONS: usize = 5;

/// The stored text of a tour that was dismissed, left or finished.
const DISMISSED: &str = "off";

/// A step, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Read what a stop of a real-time pipeline would do.
    Read,
    /// Stop it with a grace period.
    Stop,
    /// Compare the requested with the applied period.
    Compare,
    /// Select, review, pause, stop and back up.
    Prepare,
    /// Arm a fault of the sandbox.
    Break,
    /// Watch the upgrade continue.
    Recover,
    /// Links to the documents.
    End,
}

impl Step {
    pub(super) const ALL: [Self; 7] =
        [Self::Read, Self::Stop, Self::Compare, Self::Prepare, Self::Break, Self::Recover, Self::End];

    /// Its title and its text.
    pub(super) const fn text(self) -> StepText {
        match self {
            Self::Read => text::READ,
            Self::Stop => text::STOP,
            Self::Compare => text::COMPARE,
            Self::Prepare => text::PREPARE,
            Self::Break => text::BREAK,
            Self::Recover => text::RECOVER,
            Self::End => text::END,
        }
    }

    /// Its number, from 1.
    pub(super) const fn number(self) -> usize {
        self as usize + 1
    }

    pub(super) fn is_first(self) -> bool {
        self == Self::Read
    }

    pub(super) fn is_last(self) -> bool {
        self == Self::End
    }

    /// Whether its completion, or what it offers, depends on the journal.
    pub(super) fn needs_journal(self) -> bool {
        !matches!(self, Self::Read | Self::End)
    }
}

/// The newest stop of the tour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StopFacts {
    pub page: Route,
    /// Whether a grace period was requested: neither the server's own nor none.
    pub has_period: bool,
    pub is_finished: bool,
}

/// The newest upgrade of the tour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UpgradeFacts {
    pub page: Route,
    /// The applications that are not excluded.
    pub applications: usize,
    /// Whether its runs have ended and its backup is verified.
    pub is_ready: bool,
    pub upgraded: usize,
    /// Finished or aborted: nothing more is upgraded.
    pub is_closed: bool,
}

impl UpgradeFacts {
    fn is_complete(&self) -> bool {
        self.applications > 0 && self.upgraded == self.applications
    }

    /// Whether a fault can still strike it.
    pub(super) fn can_break(&self) -> bool {
        !self.is_closed && !self.is_complete()
    }
}

/// The operations of the tour.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Operations {
    pub stop: Option<StopFacts>,
    pub upgrade: Option<UpgradeFacts>,
}

/// What the page knows.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts<'a> {
    pub route: Option<&'a Route>,
    pub operations: Operations,
    /// Whether the sandbox accepted a fault.
    pub is_broken: bool,
}

/// A tour under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tour {
    pub step: Step,
    /// When it began, in milliseconds of the browser's clock: older operations do not count.
    since: i64,
    /// Which steps are done. A step that is done stays done.
    done: [bool; Step::ALL.len()],
}

impl Tour {
    /// A tour that begins now.
    pub(super) fn begin(milliseconds: i64) -> Self {
        Self { step: Step::Read, since: milliseconds, done: [false; Step::ALL.len()] }
    }

    pub(super) fn since(&self) -> Timestamp {
        Millis(self.since).timestamp()
    }

    pub(super) fn is_done(&self, step: Step) -> bool {
        self.done[step as usize]
    }

    pub(super) fn next(&mut self) {
        self.step = Step::ALL.get(self.step as usize + 1).copied().unwrap_or(Step::End);
    }

    pub(super) fn back(&mut self) {
        self.step = (self.step as usize).checked_sub(1).map_or(Step::Read, |before| Step::ALL[before]);
    }

    /// Marks the steps that the facts complete; also later steps, for an operator who is ahead of the tour.
    pub(super) fn observe(&mut self, facts: &Facts<'_>) {
        for step in Step::ALL {
            self.done[step as usize] |= self.completes(step, facts);
        }
    }

    fn completes(&self, step: Step, facts: &Facts<'_>) -> bool {
        let Operations { stop, upgrade } = &facts.operations;
        match step {
            Step::Read => facts.route.is_some_and(is_real_time),
            Step::Stop => stop.as_ref().is_some_and(|stop| stop.has_period),
            Step::Compare => stop.as_ref().is_some_and(|it| it.is_finished && facts.route == Some(&it.page)),
            Step::Prepare => {
                upgrade.as_ref().is_some_and(|it| it.is_ready && it.applications >= APPLICATIONS)
            }
            Step::Break => facts.is_broken,
            Step::Recover => {
                self.is_done(Step::Break) && upgrade.as_ref().is_some_and(UpgradeFacts::is_complete)
            }
            Step::End => false,
        }
    }
}

/// Whether a page is that of a real-time pipeline.
fn is_real_time(route: &Route) -> bool {
    matches!(route, Route::Program { program_type: ProgramType::Spark, program, .. }
        if program.as_str() == Kind::REAL_TIME_PROGRAM)
}

/// Where this browser stands with the tour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Offered,
    Dismissed,
    Running(Tour),
}

impl Status {
    /// The text that is remembered: the step, the time of the beginning, and which steps are done.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Offered => String::new(),
            Self::Dismissed => DISMISSED.to_owned(),
            Self::Running(Tour { step, since, done }) => {
                let done: String = done.iter().map(|done| if *done { '1' } else { '0' }).collect();
                format!("{} {since} {done}", step.number())
            }
        }
    }

    /// Reads what was remembered. A text of another version dismisses the tour: it is not offered twice.
    pub(super) fn of_text(text: &str) -> Self {
        if text.is_empty() {
            return Self::Offered;
        }
        running(text).map_or(Self::Dismissed, Self::Running)
    }

    /// The label of the faults that the tour may have armed, until it is over.
    pub(super) fn faults(&self) -> Option<String> {
        self.tour().filter(|tour| !tour.step.is_last()).map(|tour| format!("tour-{}", tour.since))
    }

    pub(super) fn tour(&self) -> Option<&Tour> {
        match self {
            Self::Running(tour) => Some(tour),
            Self::Offered | Self::Dismissed => None,
        }
    }
}

fn running(text: &str) -> Option<Tour> {
    let mut parts = text.split(' ');
    let number: usize = parts.next()?.parse().ok()?;
    let step = *Step::ALL.get(number.checked_sub(1)?)?;
    let mut tour = Tour { step, ..Tour::begin(parts.next()?.parse().ok()?) };
    let done = parts.next()?;
    if done.len() != tour.done.len() || parts.next().is_some() {
        return None;
    }
    for (is_done, letter) in tour.done.iter_mut().zip(done.bytes()) {
        *is_done = letter == b'1';
    }
    Some(tour)
}

#[cfg(test)]
mod tests {
    use super::*;
    use quiesce_api::ProgramRef;

    fn program(program_type: ProgramType, name: &str) -> Route {
        Route::program(&ProgramRef::new("retail", "payments_kafka_live", program_type, name))
    }

    fn stop(has_period: bool, is_finished: bool) -> StopFacts {
        StopFacts { page: page("s"), has_period, is_finished }
    }

    fn page(operation: &str) -> Route {
        Route::Stop { namespace: "retail".into(), operation: operation.to_owned() }
    }

    fn upgrade(applications: usize, upgraded: usize) -> UpgradeFacts {
        UpgradeFacts { page: page("u"), applications, is_ready: true, upgraded, is_closed: false }
    }

    fn done(tour: &Tour) -> Vec<Step> {
        Step::ALL.into_iter().filter(|step| tour.is_done(*step)).collect()
    }

    fn observed(facts: &Facts<'_>) -> Vec<Step> {
        let mut tour = Tour::begin(0);
        tour.observe(facts);
        done(&tour)
    }

    fn with_stop(route: &Route, stop: StopFacts) -> Vec<Step> {
        let operations = Operations { stop: Some(stop), upgrade: None };
        observed(&Facts { route: Some(route), operations, is_broken: false })
    }

    fn with_upgrade(upgrade: UpgradeFacts) -> Facts<'static> {
        Facts { operations: Operations { stop: None, upgrade: Some(upgrade) }, ..Facts::default() }
    }

    #[test]
    fn nothing_is_done_before_something_happens() {
        assert_eq!(observed(&Facts::default()), []);
        assert_eq!(observed(&Facts { route: Some(&Route::History), ..Facts::default() }), []);
    }

    #[test]
    fn the_page_of_any_real_time_pipeline_completes_the_first_step() {
        let at = |route: &Route| observed(&Facts { route: Some(route), ..Facts::default() });
        assert_eq!(at(&program(ProgramType::Spark, Kind::REAL_TIME_PROGRAM)), [Step::Read]);
        assert_eq!(at(&program(ProgramType::Spark, "InvoiceSpark")), []);
        assert_eq!(at(&program(ProgramType::Workflow, Kind::BATCH_PROGRAM)), []);
    }

    #[test]
    fn a_stop_counts_if_it_requested_a_period() {
        assert_eq!(with_stop(&Route::History, stop(true, false)), [Step::Stop]);
        assert_eq!(with_stop(&Route::History, stop(false, false)), []);
    }

    #[test]
    fn the_comparison_needs_a_stop_that_ended_and_its_page() {
        assert_eq!(with_stop(&page("s"), stop(true, true)), [Step::Stop, Step::Compare]);
        assert_eq!(with_stop(&page("s"), stop(true, false)), [Step::Stop]);
        assert_eq!(with_stop(&page("another"), stop(true, true)), [Step::Stop]);
    }

    #[test]
    fn an_upgrade_of_five_is_prepared_once_its_backup_is_verified() {
        assert_eq!(observed(&with_upgrade(upgrade(5, 0))), [Step::Prepare]);
        assert_eq!(observed(&with_upgrade(upgrade(4, 0))), []);
        assert_eq!(observed(&with_upgrade(UpgradeFacts { is_ready: false, ..upgrade(5, 0) })), []);
    }

    #[test]
    fn a_recovery_needs_a_fault_and_every_application_upgraded() {
        let mut tour = Tour::begin(0);
        tour.observe(&with_upgrade(upgrade(5, 5)));
        assert_eq!(done(&tour), [Step::Prepare], "nothing was broken");
        tour.observe(&Facts { is_broken: true, ..Facts::default() });
        assert_eq!(done(&tour), [Step::Prepare, Step::Break]);
        tour.observe(&with_upgrade(upgrade(5, 4)));
        assert!(!tour.is_done(Step::Recover));
        tour.observe(&with_upgrade(upgrade(5, 5)));
        assert!(tour.is_done(Step::Recover));
    }

    #[test]
    fn only_an_upgrade_with_something_left_can_be_broken() {
        assert!(upgrade(5, 0).can_break() && upgrade(5, 4).can_break());
        assert!(!upgrade(5, 5).can_break());
        assert!(!UpgradeFacts { is_closed: true, ..upgrade(5, 0) }.can_break());
    }

    #[test]
    fn a_step_that_is_done_stays_done() {
        let mut tour = Tour::begin(0);
        let route = program(ProgramType::Spark, Kind::REAL_TIME_PROGRAM);
        tour.observe(&Facts { route: Some(&route), ..Facts::default() });
        tour.observe(&Facts::default());
        assert_eq!(done(&tour), [Step::Read]);
    }

    #[test]
    fn every_step_can_be_skipped_and_none_leads_beyond_the_ends() {
        let mut tour = Tour::begin(0);
        tour.back();
        assert!(tour.step.is_first());
        for step in Step::ALL {
            assert_eq!(tour.step, step);
            tour.next();
        }
        assert!(tour.step.is_last());
        tour.back();
        assert_eq!(tour.step, Step::Recover);
    }

    #[test]
    fn a_tour_comes_back_as_it_was_remembered() {
        let mut tour = Tour::begin(1_764_415_200_123);
        tour.next();
        tour.observe(&with_upgrade(upgrade(5, 0)));
        for status in [Status::Offered, Status::Dismissed, Status::Running(tour)] {
            assert_eq!(Status::of_text(&status.text()), status);
        }
    }

    #[test]
    fn a_tour_keeps_its_faults_until_it_is_left_or_at_its_end() {
        let mut tour = Tour::begin(7);
        let faults = |tour: &Tour| Status::Running(tour.clone()).faults();
        for _ in 1..Step::ALL.len() {
            assert_eq!(faults(&tour), Some("tour-7".to_owned()), "{:?}", tour.step);
            tour.next();
        }
        assert_eq!(faults(&tour), None);
        tour.back();
        assert_eq!(faults(&tour), Some("tour-7".to_owned()));
        assert_eq!((Status::Dismissed.faults(), Status::Offered.faults()), (None, None));
        assert_ne!(faults(&Tour::begin(8)), faults(&tour), "another tour has its own");
    }

    #[test]
    fn a_damaged_memory_does_not_offer_the_tour_again() {
        for text in ["on", "0 1 0000000", "8 1 0000000", "1 x 0000000", "1 1 000", "1 1", "1 1 0000000 2"] {
            assert_eq!(Status::of_text(text), Status::Dismissed, "{text:?}");
        }
    }

    #[test]
    fn each_step_has_a_title_and_at_most_two_sentences_of_fifteen_words() {
        for step in Step::ALL {
            let (title, text) = step.text();
            assert!(!title.ends_with('.'), "{title}");
            let sentences: Vec<_> = text.trim_end_matches('.').split(". ").collect();
            assert!(sentences.len() <= 2 && text.ends_with('.'), "{text}");
            for sentence in sentences {
                assert!(sentence.split(' ').count() <= 15, "{sentence}");
            }
        }
    }
}
