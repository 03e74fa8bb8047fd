//! What a stop would do to the active runs now.

use super::about::Settings;
use super::state::ProgramData;
use crate::client::polling::Polled;
use crate::client::use_client;
use crate::pages::stop::Assessments;
use crate::text::program_facts as text;
use leptos::prelude::*;
use quiesce_lifecycle::findings::{CallForm, predict_applied};
use quiesce_lifecycle::grace::Grace;
use quiesce_lifecycle::text::findings;
use quiesce_lifecycle::verdict::{NextStep, PastStops, before};
use std::sync::Arc;

/// Runs that are assessed here; the form of a stop has all.
const MOST: usize = 3;

/// The verdicts of the active runs, for a stop by run with the server's default grace period.
#[component]
pub(super) fn StopNow(live: Polled<ProgramData>, settings: RwSignal<Option<Arc<Settings>>>) -> impl IntoView {
    let client = use_client();
    // The verdicts are drawn anew only when the runs or what they rest on changes: a folded reason may be open.
    let judged = Memo::new(move |_| {
        let prediction = predict_applied(Grace::ServerDefault, CallForm::Run, &client.findings.get());
        let data = live.data.get()?;
        let settings = settings.get();
        let known = !data.kind.is_real_time() || settings.is_some() || data.detail.is_none();
        let past = PastStops::of(&data.runs);
        let mut judged = Vec::new();
        for run in data.active().filter(|run| run.stopping.is_none()) {
            let facts = settings.as_ref().map(|settings| settings.of_run(run));
            let assess = |next| before(data.kind, facts.as_ref(), &prediction, &past, next);
            judged.push(JudgedRun {
                run: run.run.short().to_owned(),
                assessments: [NextStep::SameVersion, NextStep::Upgrade].map(assess).to_vec(),
            });
        }
        (!judged.is_empty()).then_some((judged, known, findings::prediction(&prediction)))
    });
    move || {
        judged.get().map(|(judged, known, prediction)| {
            let more = judged.len().saturating_sub(MOST);
            let several = judged.len() > 1;
            let body = if known {
                let runs = judged.into_iter().take(MOST).map(|judged| view! {
                    {several.then(|| view! { <p><code>{judged.run}</code></p> })}
                    <Assessments assessments=judged.assessments/>
                });
                runs.collect_view().into_any()
            } else {
                view! { <p class="muted">{text::LAUNCH_UNREAD}</p> }.into_any()
            };
            view! {
                <section class="panel" aria-label=text::IF_STOPPED_NOW>
                    <header><h2>{text::IF_STOPPED_NOW}</h2></header>
                    <div class="body why-cell">{body}{(more > 0).then(|| view! { <p class="muted">{text::more_runs(more)}</p> })}</div>
                    <footer>{prediction}</footer>
                </section>
            }
        })
    }
}

#[derive(Clone, PartialEq)]
struct JudgedRun {
    run: String,
    assessments: Vec<quiesce_lifecycle::verdict::Assessment>,
}
