//! How many records each run of a pipeline read: one request for all of them.

use super::state::ProgramData;
use crate::client::polling::{IDLE_MS, Polled};
use crate::client::use_client;
use leptos::prelude::*;
use quiesce_api::metrics::QueryMetricsByRun;
use quiesce_api::{ProgramRef, RunId};
use quiesce_lifecycle::pipeline_stages::{records_by_run, source_counters};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How often they are read once every run has ended, in milliseconds: the server counts the last ones late.
const LATE_MS: u32 = 4 * IDLE_MS;

/// How many records each run read.
pub(super) type RecordsRead = Arc<BTreeMap<RunId, usize>>;

/// The records by run; empty for other programs than pipelines, and as long as they could not be read: the stages of a run, below,
/// say why.
pub(super) fn records_read(program: ProgramRef, live: Polled<ProgramData>) -> Memo<RecordsRead> {
    let client = use_client();
    let counters = Memo::new(move |_| {
        live.data.with(|seen| {
            let seen = seen.as_ref().filter(|seen| seen.kind.is_pipeline())?;
            Some(source_counters(&seen.detail.as_ref()?.configuration))
        })
    });
    let is_active = move || {
        live.data.with_untracked(|seen| {
            seen.as_ref().is_some_and(|seen| seen.runs.iter().any(|run| !run.status.is_end()))
        })
    };
    let key = format!("records:{program}");
    let read = Polled::new(
        client,
        key,
        move || {
            let (program, metrics) = (program.clone(), counters.get_untracked().unwrap_or_default());
            async move {
                if metrics.is_empty() {
                    return Ok(BTreeMap::new());
                }
                Ok(records_by_run(&client.call(&QueryMetricsByRun { program, metrics }).await?))
            }
        },
        move |_| if is_active() { IDLE_MS } else { LATE_MS },
    );
    // Once its configuration is read.
    Effect::new(move |known: Option<bool>| {
        let knows = counters.with(Option::is_some);
        if knows && known == Some(false) {
            read.refresh();
        }
        knows
    });
    Memo::new(move |_| read.data.get().unwrap_or_default())
}
