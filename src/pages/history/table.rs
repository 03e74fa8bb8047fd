//! The table of operations by day: when, what, where, the result, how long.

use super::days::{DayGroup, by_day, heading};
use super::filter::Summaries;
use super::import_export;
use super::state::State;
use super::summary::OperationSummary;
use crate::client::clock;
use crate::pages::other_user::users;
use crate::text::{common, history as text, shell};
use crate::ui::{Button, ButtonLink, ButtonVariant, Tone};
use leptos::prelude::*;
use quiesce_lifecycle::journal::{Header, OperationKind};

/// The table, grouped by day. A row is made again only when its operation changes, so that it keeps the focus.
pub(super) fn table(state: State) -> AnyView {
    let groups = Memo::new(move |_| {
        state.data.with(|data| {
            let headers =
                data.as_ref().and_then(|data| data.as_ref().ok()).map(Vec::as_slice).unwrap_or_default();
            state.filter.with(|filter| {
                let grouped = |told: &Summaries| {
                    by_day(headers.iter().filter(|header| filter.shows(header, told)), clock::day)
                };
                // Without them a summary that is read groups nothing anew.
                if filter.needs_summaries() { state.told.with(grouped) } else { grouped(&Summaries::new()) }
            })
        })
    });
    view! {
        <div class="table-wrap">
            <table class="table runs" aria-label=text::OPERATIONS>
                <thead>
                    <tr>
                        <th scope="col">{text::TIME}</th>
                        <th scope="col">{text::OPERATION}</th>
                        <th scope="col">{text::NAMESPACE}</th>
                        <th scope="col">{text::RESULT}</th>
                        <th scope="col" class="num">{text::TOOK}</th>
                        <th scope="col"><span class="vh">{common::ACTIONS}</span></th>
                    </tr>
                </thead>
                <For each=move || groups.get() key=|group| group.day let(group)>{day(state, groups, &group)}</For>
                {move || groups.with(Vec::is_empty).then(|| view! {
                    <tbody><tr><td colspan="6" class="muted">{text::NO_MATCH}</td></tr></tbody>
                })}
            </table>
        </div>
    }
    .into_any()
}

/// The rows of a day, named by it.
fn day(state: State, groups: Memo<Vec<DayGroup>>, group: &DayGroup) -> AnyView {
    let day = group.day;
    let title = Memo::new(move |_| heading(day, state.today.get()));
    let headers = move || {
        groups.with(|groups| {
            let group = groups.iter().find(|group| group.day == day);
            group.map(|group| group.headers.clone()).unwrap_or_default()
        })
    };
    let key = |header: &Header| (header.id.0.clone(), header.finished, header.continued.len());
    view! {
        <tbody aria-label=title>
            <tr class="group"><th colspan="6" scope="rowgroup"><div>{title}</div></th></tr>
            <For each=headers key=key let(header)>{row(state, &header)}</For>
        </tbody>
    }
    .into_any()
}

/// The result, and how far an operation under way has come.
fn result(told: Memo<Option<OperationSummary>>, header: &Header) -> AnyView {
    let name = text::progress_of(&header.title);
    let view = move || {
        let told = told.get()?;
        let bar = told.progress.map(|(done, all)| {
            let (done, all) = (done.to_string(), all.max(1).to_string());
            view! { <progress data-tone=Tone::Busy.word() aria-label=name.clone() max=all value=done></progress> }
        });
        Some(view! { <span class="outcome" data-tone=told.tone.word()>{told.words}</span>{bar} })
    };
    view.into_any()
}

/// How long the operation took until its last change, or has taken until now.
fn took(state: State, told: Memo<Option<OperationSummary>>, header: &Header) -> AnyView {
    let (created, finished) = (header.created, header.finished);
    let view = move || {
        let until = if finished { told.with(|told| told.as_ref()?.last)? } else { state.now.get() };
        Some(common::elapsed(clock::passed(created, until)))
    };
    view.into_any()
}

fn row(state: State, header: &Header) -> AnyView {
    let elsewhere = state.elsewhere(header);
    let id = header.id.0.clone();
    let told = Memo::new(move |_| state.told.with(|all| all.get(&id).cloned()));
    let word = match (header.finished, &header.kind) {
        (true, _) => text::OPEN,
        (false, OperationKind::Stop) => shell::WATCH,
        (false, _) => common::RESUME,
    };
    // There is no address for an operation of a server that this console has no router for.
    let open = state.client.operation(header).map(|address| {
        let name = text::action_on(word, &header.title);
        let look = if header.finished { ButtonVariant::Default } else { ButtonVariant::Primary };
        // The focus returns to this link (list_state.rs).
        view! { <ButtonLink href=address.href() id=format!("open-{}", header.id) small=true look=look name=name>{word}</ButtonLink> }
    });
    let (export, delete) = (header.clone(), header.clone());
    let server = header.server.clone();
    view! {
        <tr>
            <td class="quiet nowrap" data-label=text::TIME>
                <time datetime=header.created.to_string() title=clock::local(header.created)>{clock::time_of_day(header.created)}</time>
            </td>
            <th class="c-main" scope="row">
                <span class="clip" title=header.title.clone()>{header.title.clone()}</span>
                <span class="sub">{header.id.0.clone()}</span>
                {users(header.user.as_ref(), &header.continued).map(|users| view! { <span class="sub">{users}</span> })}
            </th>
            <td class="quiet" data-label=text::NAMESPACE>
                {header.namespace.to_string()}
                {elsewhere.then(|| view! { <span class="sub">{text::other_server(&server)}</span> })}
            </td>
            <td class="why-cell" data-label=text::RESULT>{result(told, header)}</td>
            <td class="num nowrap quiet" data-label=text::TOOK>{took(state, told, header)}</td>
            <td class="c-act several">
                <div class="actions">
                    {open}
                    <Button small=true name=text::action_on(text::EXPORT, &header.title)
                        on_press=move |()| import_export::export(state, Some(export.clone()))>{text::EXPORT}</Button>
                    <Button small=true look=ButtonVariant::Plain name=text::action_on(text::DELETE, &header.title)
                        on_press=move |()| state.deleting.set(Some(delete.clone()))>{text::DELETE}</Button>
                </div>
            </td>
        </tr>
    }
    .into_any()
}
