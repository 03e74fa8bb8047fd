//! The table of operations: when, what, where, what became of it.

use super::{State, transfer};
use crate::client::{clock, journal};
use crate::routes::Route;
use crate::text::common::some;
use crate::ui::{Button, ButtonLink, Look, Tone};
use leptos::prelude::*;
use quiesce_lifecycle::journal::{Header, OperationKind, fold, fold_upgrade};
use quiesce_lifecycle::report::Report;
use quiesce_lifecycle::upgrade::{STEPS, Step};

/// What became of an operation.
#[derive(Clone, PartialEq)]
pub(super) struct Told {
    pub words: String,
    pub tone: Tone,
}

/// Reads what became of an operation.
pub(super) async fn tell(header: &Header) -> Told {
    let of = |tone, words| Told { words, tone };
    let entries = match journal::entries(&header.id).await {
        Ok(entries) => entries,
        Err(error) => return of(Tone::Bad, error.to_string()),
    };
    let many = entries.len();
    let unread = |unknown: usize| {
        if unknown == 0 {
            String::new()
        } else {
            format!(" {} of another version of the console.", some(unknown, "entry"))
        }
    };
    match header.kind {
        OperationKind::Stop => match fold(entries) {
            Ok(folded) => {
                let counts = folded.stop.counts(clock::now());
                let tone = if counts.ended == counts.all { Tone::Ok } else { Tone::Busy };
                let words = format!("{} of {} ended.", counts.ended, some(counts.all, "run"));
                of(tone, words + &unread(folded.unknown.len()))
            }
            Err(error) => of(Tone::Bad, format!("It cannot be read: {error}.")),
        },
        OperationKind::Upgrade => {
            let report = Report::of(&entries, &header.server);
            match fold_upgrade(entries) {
                Ok(folded) => {
                    let unknown = unread(folded.unknown.len());
                    let op = folded.upgrade;
                    if let (Step::Report(_), Ok(report)) = (&op.step, report) {
                        let bad = report.applications.iter().any(|row| row.look);
                        return of(if bad { Tone::Warn } else { Tone::Ok }, report.sentence + &unknown);
                    }
                    let step = op.step_number();
                    let name = STEPS.get(step).copied().unwrap_or_default();
                    of(
                        Tone::Busy,
                        format!("At step {} of {}, {}.{unknown}", step + 1, STEPS.len(), name.to_lowercase()),
                    )
                }
                Err(error) => of(Tone::Bad, format!("It cannot be read: {error}.")),
            }
        }
        OperationKind::Other(_) => {
            of(Tone::Idle, format!("Of another version of the console, {}.", some(many, "entry")))
        }
    }
}

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
            rows.push(
                view! { <tr><td colspan="5" class="muted">"No operation matches."</td></tr> }.into_any(),
            );
        }
        rows
    };
    view! {
        <div class="table-wrap">
            <table class="table runs" aria-label="Operations">
                <thead>
                    <tr>
                        <th scope="col">"Operation"</th>
                        <th scope="col">"At"</th>
                        <th scope="col">"Namespace"</th>
                        <th scope="col">"Result"</th>
                        <th scope="col"><span class="vh">"What can be done"</span></th>
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
        (true, _) => "Open",
        (false, OperationKind::Stop) => "Watch",
        (false, _) => "Resume",
    };
    // Another server's operation would be held against this one.
    let open = Route::operation(header).filter(|_| !elsewhere).map(|route| {
        let name = format!("{word} {}", header.title);
        let look = if header.finished { Look::Default } else { Look::Primary };
        // The focus returns to this link (list_state.rs).
        view! { <ButtonLink href=route.href() id=format!("open-{}", header.id) small=true look=look name=name>{word}</ButtonLink> }
    });
    let (export, delete) = (header.clone(), header.clone());
    let server = header.server.clone();
    view! {
        <tr>
            <th class="c-main" scope="row">
                <span class="clip" title=header.title.clone()>{header.title.clone()}</span>
                <span class="sub">{header.id.0.clone()}</span>
            </th>
            <td class="quiet nowrap" data-label="At">{time}</td>
            <td class="quiet" data-label="Namespace">
                {header.namespace.to_string()}
                {elsewhere.then(|| view! { <span class="sub">{format!("on {server}, another server")}</span> })}
            </td>
            <td class="why-cell" data-label="Result">{told}</td>
            <td class="c-act">
                <div class="actions">
                    {open}
                    <Button small=true name=format!("Export {}", header.title)
                        on_press=move |()| transfer::export(state, Some(export.clone()))>"Export"</Button>
                    <Button small=true look=Look::Plain name=format!("Delete {}", header.title)
                        on_press=move |()| state.deleting.set(Some(delete.clone()))>"Delete"</Button>
                </div>
            </td>
        </tr>
    }
    .into_any()
}
