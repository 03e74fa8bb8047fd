//! The runs of a program, of all versions, and the log of one.

use super::chart::chart;
use super::chosen_run::ChosenRun;
use super::records_read::{RecordsRead, records_read};
use super::requested_grace::requested;
use super::run_errors::RunErrors;
use super::state::{ProgramData, Selected, selected, use_select};
use crate::client::clock::{self, Moment};
use crate::client::polling::Polled;
use crate::client::use_client;
use crate::pages::server_message::error_view;
use crate::pages::stop::form_href;
use crate::pages::stop::selection::Selection;
use crate::routes::Route;
use crate::text::common::elapsed;
use crate::text::errors::Asked;
use crate::text::states::{ending_tone, status};
use crate::text::{common, program as text, program_facts as facts};
use crate::ui::{
    Button, ButtonVariant, CopyButton, EmptyState, Glyph, Icon, Notice, OlderVersion, Outcome, State, Tone,
};
use leptos::prelude::*;
use quiesce_api::run::{ListRuns, RunRecord, RunStatus};
use quiesce_api::stop::{Graceful, StopRun};
use quiesce_api::{Endpoint, ProgramRef, RunId, Seconds, Timestamp};
use quiesce_lifecycle::capability::{RunAction, RunState};
use quiesce_lifecycle::grace::Grace;
use quiesce_lifecycle::kind::Kind;
use quiesce_lifecycle::outcome::{Ending, Outcome as Told};
use quiesce_lifecycle::run_list::end_of_older;
use quiesce_lifecycle::text::{capability, grace, outcome};
use std::collections::BTreeMap;

/// How many runs one more press brings.
const MORE: u32 = 100;

#[component]
pub(super) fn Runs(
    program: ProgramRef,
    live: Polled<ProgramData>,
    now: RwSignal<Timestamp>,
) -> impl IntoView {
    let client = use_client();
    let (selected, select) = (selected(), use_select(client.at(Route::program(&program))));
    let older = RwSignal::new(Vec::<RunRecord>::new());
    let reading = RwSignal::new(false);
    let problem = RwSignal::new(None::<quiesce_api::Error>);
    let end_of_list = RwSignal::new(false);
    let rows = Memo::new(move |_| {
        let mut rows = live.data.with(|seen| seen.as_ref().map(|seen| seen.runs.clone()).unwrap_or_default());
        for run in older.get() {
            if !rows.iter().any(|known| known.run == run.run) {
                rows.push(run);
            }
        }
        rows
    });
    let bad = Memo::new(move |_| {
        live.data
            .with(|seen| seen.as_ref().map(|seen| (seen.bad.clone(), seen.cut.clone())).unwrap_or_default())
    });
    let may_be_more = move || rows.with(|rows| rows.len() >= MORE as usize) && !end_of_list.get();
    let read_more = {
        let program = program.clone();
        move |()| {
            let Some(end) = rows.with_untracked(|rows| end_of_older(rows)) else { return };
            let list = ListRuns { end: Some(end), limit: Some(MORE), ..ListRuns::of(program.clone()) };
            reading.set(true);
            leptos::task::spawn_local(async move {
                match client.call(&list).await {
                    Ok(found) => {
                        let before = rows.with_untracked(Vec::len);
                        older.update(|older| older.extend(found.good));
                        end_of_list.set(rows.with_untracked(Vec::len) == before);
                        problem.set(None);
                    }
                    Err(error) => problem.set(Some(error)),
                }
                reading.set(false);
            });
        }
    };
    let only_active = Memo::new(move |_| selected.with(|selected| selected.only_active));
    let show_active = move |event: leptos::ev::Event| {
        select(&Selected { only_active: event_target_checked(&event), ..selected.get_untracked() });
    };
    let listed = Memo::new(move |_| {
        let mut rows = rows.get();
        rows.retain(|run| !only_active.get() || !run.status.is_end());
        rows
    });
    // Read again when one more run is stopped.
    let stopped =
        Memo::new(move |_| rows.with(|rows| rows.iter().filter(|run| run.stopping.is_some()).count()));
    let asked = RwSignal::new(None);
    {
        let program = program.clone();
        Effect::new(move || {
            stopped.track();
            let program = program.clone();
            leptos::task::spawn_local(async move {
                asked.try_set(requested(client, &program).await);
            });
        });
    }
    let records = records_read(program.clone(), live);
    let newest_failed = Memo::new(move |_| {
        rows.with(|rows| {
            let failed = rows.iter().filter(|run| run.status == RunStatus::Failed);
            failed.max_by_key(|run| run.starting).map(|run| run.run.clone())
        })
    });
    let row_program = program.clone();
    let log_program = program.clone();
    let chosen = Memo::new(move |_| {
        selected.get().run.or_else(|| rows.with(|rows| rows.first().map(|run| run.run.clone())))
    });
    view! {
        <section class="panel flush">
        <header>
            <h2>{text::RUNS}</h2>
            <span class="muted small">{move || facts::shown_runs(listed.with(Vec::len))}</span>
            {move || rows.with(|rows| records.with(|records| chart(rows, records)))}
            <label class="option push small"><input class="check" type="checkbox" prop:checked=only_active on:change=show_active/><span>{facts::ONLY_ACTIVE}</span></label>
        </header>
        <div class="table-wrap">
            <table class="table runs" aria-label=text::RUNS>
                <thead>
                    <tr>
                        <th scope="col">{common::RUN}</th>
                        <th scope="col">{common::STATE}</th>
                        <th scope="col">{text::VERSION}</th>
                        <th scope="col">{common::STARTED}</th>
                        <th scope="col" class="num">{text::DURATION}</th>
                        <th scope="col">{facts::REQUESTED}</th>
                        <th scope="col" class="num">{text::APPLIED_GRACE}</th>
                        <th scope="col">{text::OUTCOME}</th>
                        <th scope="col"><span class="vh">{common::ACTIONS}</span></th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || listed.get() key=|run| (run.run.clone(), run.status.clone(), run.end, run.stopping) let(run)>
                        <RunRow program=row_program.clone() live now selected asked records newest_failed run/>
                    </For>
                    {move || bad.get().0.into_iter().map(|bad| view! {
                        <tr class="broken">
                            <th class="c-main" scope="row">{text::broken_record(bad.index)}</th>
                            <td colspan="8" class="why-cell">{text::unreadable(&bad.error.path, &bad.error.message)}</td>
                        </tr>
                    }).collect_view()}
                </tbody>
            </table>
        </div>
        {move || bad.get().1.map(|cut| view! { <Notice tone=Tone::Warn><p><strong>{common::INCOMPLETE}</strong>{text::cut_runs(cut.after, &cut.reason)}</p></Notice> })}
        {move || (rows.with(Vec::is_empty) && bad.with(|(bad, cut)| bad.is_empty() && cut.is_none())).then(|| view! {
            <EmptyState shape=Icon::Inbox title=text::NO_RUNS><p>{text::NO_RUNS_ADVICE}</p></EmptyState>
        })}
        {move || (only_active.get() && listed.with(Vec::is_empty) && !rows.with(Vec::is_empty)).then(|| view! {
            <EmptyState shape=Icon::Inbox title=facts::NO_ACTIVE><p>{facts::NO_ACTIVE_ADVICE}</p></EmptyState>
        })}
        {move || may_be_more().then(|| {
            let read_more = read_more.clone();
            let word = move || match (reading.get(), problem.with(Option::is_some)) {
                (true, _) => common::LOADING,
                (false, true) => common::RETRY,
                (false, false) => text::OLDER_RUNS,
            };
            view! {
                <footer>
                    {move || problem.get().map(|error| view! { <div>{error_view(Asked::Program, &error)}</div> })}
                    <Button on_press=read_more small=true>{word}</Button>
                </footer>
            }
        })}
        </section>
        {move || chosen.get().map(|run| view! { <ChosenRun run=log_program.run(run) live now/> })}
    }
}

/// The button of a run that can't be stopped.
fn unavailable_stop(run: &RunId, reason: String) -> AnyView {
    view! { <Button on_press=|()| () look=ButtonVariant::Plain small=true unavailable=reason name=common::stop(run.short())>{common::STOP}</Button> }.into_any()
}

#[component]
fn RunRow(
    program: ProgramRef,
    live: Polled<ProgramData>,
    now: RwSignal<Timestamp>,
    selected: Memo<Selected>,
    asked: RwSignal<Option<BTreeMap<RunId, Grace>>>,
    records: Memo<RecordsRead>,
    newest_failed: Memo<Option<RunId>>,
    run: RunRecord,
) -> impl IntoView {
    let client = use_client();
    let (kind, older) = live.data.with_untracked(|seen| {
        seen.as_ref().map_or((Kind::Other, false), |seen| (seen.kind, seen.is_older(&run)))
    });
    let artifact = live.data.with_untracked(|seen| {
        let detail = seen.as_ref()?.detail.as_ref()?;
        (run.version.as_ref() == Some(&detail.version)).then(|| detail.artifact.version.clone())
    });
    let (word, glyph, tone) = status(&run.status);
    let began = run.start.unwrap_or(run.starting).timestamp();
    let ended = run.end.map(Seconds::timestamp);
    let told = Told::of(&run, kind, None, None);
    let outcome = run.stopping.is_some().then(|| {
        let tone = ending_tone(told.ending);
        let shape: crate::ui::Mark =
            if tone == Tone::Warn { Icon::Clock.into() } else { Glyph::Completed.into() };
        view! { <Outcome tone shape word=outcome::outcome(&told)>""</Outcome> }
    });
    let by_itself = run.stopping.is_none() && run.status.is_end() && !matches!(told.ending, Ending::Alive);
    let parent = run.parent_run().filter(|_| !run.status.is_end());
    let can = RunState { kind, status: run.status.clone(), parent }.can(RunAction::Stop);
    let stop_run = StopRun { run: program.run(run.run.clone()), graceful: Graceful::Absent }.request();
    let (stoppable, of, stopping) = (run.run.clone(), program.clone(), run.status == RunStatus::Stopping);
    let stop = move || match can.clone().map(|()| client.refusal(&stop_run)) {
        Ok(None) => {
            let selection = Selection { programs: Vec::new(), runs: vec![of.run(stoppable.clone())] };
            view! { <a class="btn plain small" href=form_href(client, &of.namespace, &selection) aria-label=common::stop(stoppable.short())>{common::STOP}</a> }.into_any()
        }
        Ok(Some(reason)) => unavailable_stop(&stoppable, reason),
        Err(refusal) if stopping => unavailable_stop(&stoppable, capability::refusal(&refusal)),
        Err(_) => ().into_any(),
    };
    let failed = run.status == RunStatus::Failed;
    let failure = {
        let run = program.run(run.run.clone());
        move || {
            failed.then(|| {
                let at_once = newest_failed.with(|newest| newest.as_ref() == Some(&run.run));
                view! { <RunErrors run=run.clone() at_once/> }
            })
        }
    };
    let (requested_of, was_stopped) = (run.run.clone(), run.stopping.is_some());
    let requested = move || match asked.with(|asked| Some(asked.as_ref()?.get(&requested_of).copied())) {
        Some(Some(requested)) => view! { <span>{grace::grace(requested)}</span> }.into_any(),
        Some(None) if was_stopped => view! { <span class="muted small">{facts::ELSEWHERE}</span> }.into_any(),
        None if was_stopped => view! { <span class="muted small">{facts::UNKNOWN}</span> }.into_any(),
        Some(None) | None => "–".into_any(),
    };
    let counted_of = run.run.clone();
    let read = move || {
        let read = records.with(|records| records.get(&counted_of).copied())?;
        Some(view! { <span class="sub">{facts::records(read)}</span> })
    };
    let copied = run.run.to_string();
    let id = run.run.clone();
    let is_selected = move || selected.with(|selected| selected.run.as_ref() == Some(&id));
    let show = {
        let (id, select) = (run.run.clone(), use_select(client.at(Route::program(&program))));
        move |()| {
            select(&Selected { run: Some(id.clone()), ..selected.get_untracked() });
        }
    };
    view! {
        <tr aria-current=move || is_selected().then_some("true")>
            <th class="c-main" scope="row">
                <span class="run-cell"><span>
                    <span class="nowrap"><code title=run.run.to_string()>{run.run.short().to_owned()}</code><CopyButton text=Signal::stored(copied) word="" name=facts::copy_run_id(run.run.short())/></span>
                    {older.then(|| view! { <OlderVersion/> })}
                </span></span>
            </th>
            <td class="nowrap" data-label=common::STATE><State tone glyph word/></td>
            <td class="quiet nowrap" data-label=text::VERSION>
                {run.version.as_ref().map_or_else(|| "–".to_owned(), |it| it.as_str().chars().take(8).collect())}
                {artifact.map(|version| view! { <span class="sub">{version}</span> })}
            </td>
            <td class="nowrap quiet" data-label=common::STARTED><time datetime=began.to_string() title=clock::local(began)>{clock::short(began)}</time></td>
            <td class="num nowrap quiet" data-label=text::DURATION>{move || elapsed(clock::between(Moment::Server(began), ended.map_or_else(|| Moment::Browser(now.get()), Moment::Server)))}{read}</td>
            <td data-label=facts::REQUESTED>{requested}</td>
            <td class="num nowrap" data-label=text::APPLIED_GRACE>{told.applied_grace.map_or_else(|| "–".to_owned(), |grace| format!("{grace} s"))}</td>
            <td data-label=text::OUTCOME>{outcome}{by_itself.then(|| outcome::outcome(&told))}{failure}</td>
            <td class="c-act">
                <Button on_press=show look=ButtonVariant::Plain small=true name=text::log_of(run.run.short())>{text::LOG}</Button>
                {stop}
            </td>
        </tr>
    }
}
