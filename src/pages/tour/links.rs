//! The pages on which the steps happen.

use super::state::TourState;
use super::steps::Step;
use crate::pages::list_state::List;
use crate::pages::stop::form_href;
use crate::pages::stop::selection::Selection;
use crate::routes::{Route, document};
use crate::text::tour as text;
use leptos::prelude::*;
use quiesce_api::{NamespaceId, ProgramRef, ProgramType};
use quiesce_lifecycle::kind::Kind;

/// A namespace of the sandbox, and a real-time pipeline in it that runs and drains within a minute.
const NAMESPACE: &str = "retail";
const PIPELINE: &str = "payments_kafka_live";

/// A label and an address.
pub(super) type Link = (&'static str, String);

/// The links of a step.
pub(super) fn links(state: TourState, step: Step) -> Vec<Link> {
    let client = state.client;
    let namespace = NamespaceId::from(NAMESPACE);
    let program = ProgramRef::new(namespace.clone(), PIPELINE, ProgramType::Spark, Kind::REAL_TIME_PROGRAM);
    let of_upgrade = || {
        let page = state.operations.with(|it| it.upgrade.as_ref().map(|upgrade| upgrade.page.clone()));
        page.map_or_else(
            || {
                // The batch pipelines on the older version of their artifact.
                let list = List::Applications(namespace.clone()).address(&client.router());
                (text::OPEN_LIST, list.href_with([("q", "cdap-data-pipeline"), ("show", "can")]))
            },
            |page| (text::OPEN_UPGRADE, client.at(page).href()),
        )
    };
    match step {
        Step::Read => vec![(text::OPEN_PROGRAM, client.at(Route::program(&program)).href())],
        Step::Stop => {
            let selection = Selection { programs: vec![program], runs: Vec::new() };
            vec![(text::OPEN_FORM, form_href(client, &namespace, &selection))]
        }
        Step::Compare => {
            let page = state.operations.with(|it| it.stop.as_ref().map(|stop| stop.page.clone()));
            page.map(|page| (text::OPEN_STOP, client.at(page).href())).into_iter().collect()
        }
        Step::Prepare | Step::Break | Step::Recover => vec![of_upgrade()],
        Step::End => [(text::GUIDE, "guide"), (text::LOSS, "loss"), (text::UPGRADING, "upgrade")]
            .map(|(label, section)| (label, document(section)))
            .to_vec(),
    }
}
