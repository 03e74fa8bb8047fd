//! The table of operations: when, what, where, what became of it.

use super::import_export;
use super::state::State;
use crate::client::clock;
use crate::pages::other_user::users;
use crate::text::{common, history as text, shell};
use crate::ui::{Button, ButtonLink, ButtonVariant};
use leptos::prelude::*;
use quiesce_lifecycle::journal::{Header, OperationKind};

/// The table, grouped by day.
pub(super) fn table(state: State, headers: Vec<Header>) -> AnyView {
    let rows = move || {
        let mut rows = Vec::new();
        let mut day = String::new();
        for header in &headers {
            if !state.shows(header) {
                continue;
            }
            let at = clock::local(header.created);
            let (date, time) = at.split_once(' ').unwrap_or((&at, ""));
            if date != day {
                date.clone_into(&mut day);
                rows.push(
                    view! { <tr class="group"><th colspan="5" scope="rowgroup"><div>{day.clone()}</div></th></tr> }
                        .into_any(),
                );
            }
            rows.push(row(state, header, time.get(..5).unwrap_or(time).to_owned()));
        }
        if rows.is_empty() {
            rows.push(view! { <tr><td colspan="5" class="muted">{text::NO_MATCH}</td></tr> }.into_any());
        }
        rows
    };
    view! {
        <div class="table-wrap">
            <table class="table runs" aria-label=text::OPERATIONS>
                <thead>
                    <tr>
                        <th scope="col">{text::OPERATION}</th>
                        <th scope="col">{text::TIME}</th>
                        <th scope="col">{text::NAMESPACE}</th>
                        <th scope="col">{text::RESULT}</th>
                        <th scope="col"><span class="vh">{common::ACTIONS}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(state: State, header: &Header, time: String) -> AnyView {
    let id = header.id.0.clone();
    let told = move || {
        let told =
            state.told.with(|all| all.iter().find(|(other, _)| *other == id).map(|(_, told)| told.clone()));
        told.map(|told| view! { <span class="outcome" data-tone=told.tone.word()>{told.words}</span> })
    };
    let elsewhere = state.elsewhere(header);
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
            <th class="c-main" scope="row">
                <span class="clip" title=header.title.clone()>{header.title.clone()}</span>
                <span class="sub">{header.id.0.clone()}</span>
                {users(header.user.as_ref(), &header.continued).map(|users| view! { <span class="sub">{users}</span> })}
            </th>
            <td class="quiet nowrap" data-label=text::TIME>{time}</td>
            <td class="quiet" data-label=text::NAMESPACE>
                {header.namespace.to_string()}
                {elsewhere.then(|| view! { <span class="sub">{text::other_server(&server)}</span> })}
            </td>
            <td class="why-cell" data-label=text::RESULT>{told}</td>
            <td class="c-act">
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
