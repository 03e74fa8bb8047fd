//! One program: what runs, what ran, how to start and to stop it.

mod about;
mod arguments;
mod chart;
mod chosen_run;
mod facts;
mod log;
mod records_read;
mod requested_grace;
mod run_errors;
mod runs;
mod stages;
mod start;
mod state;
mod stop_now;
mod versions;

use crate::client::polling::{ACTIVE_MS, Health, IDLE_MS, Polled};
use crate::client::use_client;
use crate::pages::failure::Failure;
use crate::pages::freshness::{Fresh, Troubled};
use crate::pages::list_state::{List, bind_escape};
use crate::pages::server_message::error_view;
use crate::pages::stop::selection::Selection;
use crate::pages::stop::{every_second, form_href};
use crate::routes::Route;
use crate::text::errors::Asked;
use crate::text::states::status;
use crate::text::{common, program as text};
use crate::ui::{
    Button, ButtonLink, ButtonVariant, Crumb, Icon, Notice, OlderVersion, PageHead, SkeletonRows, State, Tone,
};
use leptos::prelude::*;
use quiesce_api::application::GetApplication;
use quiesce_api::run::{ListRuns, RunRecord, RunStatus};
use quiesce_api::start::Start;
use quiesce_api::stop::StopProgram;
use quiesce_api::{Endpoint, ProgramRef};
use quiesce_lifecycle::capability::ProgramAction;
use quiesce_lifecycle::kind::Kind;
use quiesce_lifecycle::text::capability;
pub(crate) use state::ProgramData;
use state::{Selected, selected, use_select};

/// One program.
#[component]
pub fn Program(program: ProgramRef) -> impl IntoView {
    let client = use_client();
    let now = every_second();
    let live = {
        let program = program.clone();
        Polled::new(
            client,
            ProgramData::name(&program),
            move || {
                let list = ListRuns::of(program.clone());
                let get = GetApplication {
                    namespace: program.namespace.clone(),
                    application: program.application.clone(),
                    version: None,
                };
                async move {
                    let (runs, detail) = futures::future::join(client.call(&list), client.call(&get)).await;
                    let mut unread = None;
                    let detail = match detail {
                        Ok(detail) => Some(detail),
                        Err(error) if error.is_unrelated_to_request() => return Err(error),
                        Err(error) => {
                            unread = Some(error);
                            None
                        }
                    };
                    let runs = runs?;
                    let artifact = detail.as_ref().map(|detail| &detail.artifact);
                    let kind = Kind::of(&list.program.program_type, &list.program.program, artifact);
                    Ok(ProgramData { runs: runs.good, bad: runs.bad, cut: runs.cut, detail, unread, kind })
                }
            },
            |seen: &ProgramData| {
                let changing = |run: &RunRecord| {
                    matches!(run.status, RunStatus::Pending | RunStatus::Starting | RunStatus::Stopping)
                };
                if seen.runs.iter().any(changing) { ACTIVE_MS } else { IDLE_MS }
            },
        )
    };
    let about = about::about(client, program.clone());
    let settings = about::settings(client, program.clone(), live);
    leptos::task::spawn_local(client.check_server_once(program.namespace.clone()));
    let (selected, select) = (selected(), use_select(client.at(Route::program(&program))));
    let starting = Memo::new(move |_| selected.with(|selected| selected.starting));
    let show_form = Callback::new(move |starting: bool| {
        select(&Selected { starting, ..selected.get_untracked() });
    });
    let back = List::Programs(program.namespace.clone()).crumb(&client.router());
    bind_escape(&back, move || !starting.get_untracked());
    let title = format!("{} {}", program.application, program.program);
    let crumbs = vec![back, Crumb::here(program.application.to_string())];
    let start = Start { program: program.clone(), version: None, arguments: None }.request();
    let stop = StopProgram { program: program.clone(), version: None }.request();
    let requests = StoredValue::new((start, stop));
    let refusal = move |action: ProgramAction| {
        let state = live.data.with(|seen| match seen {
            None => Some(text::READING.to_owned()),
            Some(seen) => seen.state().can(action).err().as_ref().map(capability::refusal),
        });
        state.or_else(|| {
            requests.with_value(|(start, stop)| {
                client.refusal(if action == ProgramAction::Start { start } else { stop })
            })
        })
    };
    let refresh = Callback::new(move |()| {
        client.retry_refused();
        live.refresh();
        about.refresh();
    });
    let stop_href = form_href(
        client,
        &program.namespace,
        &Selection { programs: vec![program.clone()], runs: Vec::new() },
    );
    let lede = move || {
        live.data.get().map(|seen| {
            let first = seen.active().next().map(|run| status(&run.status));
            let alive = seen.active().count();
            let older = seen.active().any(|run| seen.is_older(run));
            let artifact = seen.detail.as_ref().map(|detail| detail.artifact.to_string());
            view! {
                {match first {
                    Some((word, glyph, tone)) => view! { <State tone glyph word/> }.into_any(),
                    None if !seen.bad.is_empty() || seen.cut.is_some() => view! { <span>{text::ACTIVITY_UNKNOWN}</span> }.into_any(),
                    None => view! { <span>{text::NOT_RUNNING}</span> }.into_any(),
                }}
                {(alive > 1).then(|| text::more_active(alive))}
                {older.then(|| view! { " "<OlderVersion/> })}
                ", "{seen.kind.word()}
                {artifact.map(|artifact| format!(", {artifact}"))}
            }
        })
    };
    let there = Memo::new(move |_| live.data.with(Option::is_some));
    view! {
        <PageHead title=title crumbs=crumbs lede=move || view! { {lede} }>
            <Fresh live now on_refresh=refresh/>
            <Button on_press=move |()| show_form.run(!starting.get_untracked()) shape=Icon::Play
                unavailable=Signal::derive(move || refusal(ProgramAction::Start))>{text::START}</Button>
            {move || match refusal(ProgramAction::Stop) {
                None => view! { <ButtonLink href=stop_href.clone() look=ButtonVariant::Primary shape=Icon::Stop>{common::STOP}</ButtonLink> }.into_any(),
                Some(reason) => view! { <Button on_press=|()| () shape=Icon::Stop unavailable=reason>{common::STOP}</Button> }.into_any(),
            }}
        </PageHead>
        <Troubled asked=Asked::Program live now/>
        {
            let program = program.clone();
            move || starting.get().then(|| view! { <start::StartForm program=program.clone() close=Callback::new(move |()| { show_form.run(false); live.refresh(); })/> })
        }
        {move || if there.get() {
                let program = program.clone();
                view! {
                    {move || live.data.get().and_then(|seen| seen.unread.clone()).map(|error| view! {
                        <Notice tone=Tone::Warn>
                            <p><strong>{text::APPLICATION_UNREADABLE}</strong>{text::VERSIONS_UNKNOWN}</p>
                            {error_view(Asked::Application, &error)}
                        </Notice>
                    })}
                    <facts::Facts live about settings now/>
                    <div class="split">
                        <div><runs::Runs program=program.clone() live now/></div>
                        <aside class="aside stack">
                            <stop_now::StopNow live settings/>
                            <arguments::Arguments live about/>
                        </aside>
                    </div>
                    <versions::Versions program=program.clone() live/>
                }.into_any()
            } else { match live.health.get() {
            Health::Refused(error) | Health::Away { error, .. } => {
                view! { <Failure asked=Asked::Program error retry=Callback::new(move |()| live.refresh())/> }.into_any()
            }
            _ => view! { <div class="table-wrap"><table class="table" aria-busy="true"><tbody><SkeletonRows columns=6/></tbody></table></div> }.into_any(),
        }}}
    }
}
