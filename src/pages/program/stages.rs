//! How many records passed the stages of a pipeline in a run.

use super::state::ProgramData;
use crate::client::polling::{ACTIVE_MS, ENDED_MS, Health, IDLE_MS, Polled};
use crate::client::{clock, use_client};
use crate::pages::server_message::error_view;
use crate::text::errors::Asked;
use crate::text::{common, stages as text};
use crate::ui::{Button, Notice, Tone};
use leptos::prelude::*;
use quiesce_api::application::GetApplication;
use quiesce_api::metrics::{QueryManyMetrics, QueryMetrics};
use quiesce_api::{Error, RunRef, Timestamp, VersionId};
use quiesce_lifecycle::pipeline_stages::{StageCounts, counters, counts, stages};

/// The stages of the version of the run, and their counts.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Counted(Vec<StageCounts>);

/// The table of the stages in the order in which records pass them.
#[component]
pub(super) fn Stages(run: RunRef, program: Polled<ProgramData>, now: RwSignal<Timestamp>) -> impl IntoView {
    let client = use_client();
    let short = run.run.short().to_owned();
    let known = StoredValue::new(None::<Vec<String>>);
    let (of, key) = (run.clone(), format!("stages {run}"));
    let record = move || {
        program.data.with_untracked(|seen| {
            let seen = seen.as_ref()?;
            let run = seen.runs.iter().find(|it| it.run == of.run)?;
            Some((run.version.clone(), run.status.is_end()))
        })
    };
    let ended = {
        let record = record.clone();
        move || record().is_some_and(|(_, ended)| ended)
    };
    let live = Polled::new(
        client,
        key,
        move || {
            let (run, version) = (run.clone(), record().and_then(|(version, _)| version));
            async move {
                let stages = match known.try_get_value().flatten() {
                    Some(stages) => stages,
                    None => match of_latest(program, version.as_ref()) {
                        Some(configuration) => stages(&configuration),
                        None => read_stages(client, &run, version).await?,
                    },
                };
                known.try_set_value(Some(stages.clone()));
                if stages.is_empty() {
                    return Ok(Counted(Vec::new()));
                }
                let query = QueryManyMetrics(QueryMetrics::of_run(&run, counters(&stages)));
                Ok(Counted(counts(&stages, &client.call(&query).await?)))
            }
        },
        move |_| if ended() { ENDED_MS } else { ACTIVE_MS.max(IDLE_MS / 3) },
    );
    let age = move || live.at.get().map(|at| text::freshness(&common::elapsed(clock::passed(at, now.get()))));
    let troubled = move || match live.health.get() {
        Health::Refused(error) | Health::Away { error, .. } => {
            let again = move || view! { <Button on_press=move |()| live.refresh() small=true>{common::TRY_NOW}</Button> };
            Some(
                view! { <div class="pad"><Notice tone=Tone::Warn actions=again>{error_view(Asked::Metrics, &error)}</Notice></div> },
            )
        }
        Health::Loading | Health::Live => None,
    };
    let body = move || match live.data.get() {
        None => match live.health.get() {
            Health::Loading => view! { <p class="pad muted">{common::LOADING}</p> }.into_any(),
            _ => ().into_any(),
        },
        Some(counted) if counted.0.is_empty() => {
            view! { <p class="pad muted">{text::NO_STAGES}</p> }.into_any()
        }
        Some(counted) => table(&counted.0),
    };
    view! {
        <section class="panel flush" aria-label=text::of_run(&short)>
            <header><h2>{text::TITLE}</h2><code class="muted small">{short.clone()}</code><span class="push muted small">{age}</span></header>
            {troubled}
            {body}
        </section>
    }
}

/// The configuration of the latest version, if a run was started from it: that one was read.
fn of_latest(program: Polled<ProgramData>, version: Option<&VersionId>) -> Option<String> {
    program.data.try_with_untracked(|seen| {
        let detail = seen.as_ref()?.detail.as_ref()?;
        version.is_none_or(|version| *version == detail.version).then(|| detail.configuration.clone())
    })?
}

/// The stages of the version that a run was started from.
async fn read_stages(
    client: crate::client::Client,
    run: &RunRef,
    version: Option<VersionId>,
) -> Result<Vec<String>, Error> {
    let (namespace, application) = (run.program.namespace.clone(), run.program.application.clone());
    let version = version.filter(|version| !version.is_snapshot());
    let detail = client.call(&GetApplication { namespace, application, version }).await?;
    Ok(stages(&detail.configuration))
}

fn table(stages: &[StageCounts]) -> AnyView {
    let nothing = stages
        .iter()
        .all(|it| it.records_in.is_none() && it.records_out.is_none() && it.records_error.is_none());
    let cell = |label: &'static str, records: Option<usize>, bad: bool| {
        let tone = (bad && records.is_some_and(|records| records > 0)).then_some(Tone::Bad.word());
        let shown = match records {
            Some(records) => text::records(records).into_any(),
            None => view! { <span class="muted" aria-hidden="true">"–"</span><span class="vh">{text::NOT_COUNTED}</span> }.into_any(),
        };
        view! { <td class="num" data-label=label><span data-tone=tone>{shown}</span></td> }
    };
    let row = |it: &StageCounts| {
        view! {
            <tr>
                <th class="c-main" scope="row"><span class="clip">{it.stage.clone()}</span></th>
                {cell(text::IN, it.records_in, false)}
                {cell(text::OUT, it.records_out, false)}
                {cell(text::ERROR, it.records_error, true)}
            </tr>
        }
    };
    view! {
        <div class="table-wrap">
            <table class="table" aria-label=text::TITLE>
                <thead><tr>
                    <th scope="col">{text::STAGE}</th>
                    <th scope="col" class="num">{text::IN}</th>
                    <th scope="col" class="num">{text::OUT}</th>
                    <th scope="col" class="num">{text::ERROR}</th>
                </tr></thead>
                <tbody>{stages.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        {nothing.then(|| view! { <p class="pad muted small">{text::NOTHING_COUNTED}</p> })}
    }
    .into_any()
}
