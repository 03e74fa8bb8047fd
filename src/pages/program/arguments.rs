//! The runtime arguments of a program: saved, of a run, and required by macros.

use super::about::About;
use super::state::{ProgramData, selected};
use crate::client::polling::Polled;
use crate::pages::server_message::error_view;
use crate::text::errors::Asked;
use crate::text::{common, program_facts as text};
use crate::ui::Tone;
use leptos::prelude::*;
use quiesce_api::run::RunRecord;
use quiesce_lifecycle::arguments::{Argument, Difference, SavedArguments, SavedAt};
use quiesce_lifecycle::macros::MacroUses;
use std::collections::BTreeSet;

/// The arguments of the selected run, or of the newest one, compared with the saved ones.
#[component]
pub(super) fn Arguments(live: Polled<ProgramData>, about: Polled<About>) -> impl IntoView {
    let selected = selected();
    let body = move || {
        let Some((data, about)) = live.data.get().zip(about.data.get()) else {
            return view! { <p class="body muted">{common::LOADING}</p> }.into_any();
        };
        let saved = match &about.saved {
            Ok(saved) => saved,
            Err(error) => {
                return view! { <div class="body">{error_view(Asked::Arguments, error)}</div> }.into_any();
            }
        };
        let chosen = selected.get().run.and_then(|id| data.runs.iter().find(|run| run.run == id));
        let run = chosen.or_else(|| data.runs.iter().max_by_key(|run| run.starting));
        let configuration = data.detail.as_ref().filter(|_| data.kind.is_pipeline());
        let uses = configuration.and_then(|detail| MacroUses::of(&detail.configuration, &saved.values()));
        list(saved, run, &uses.unwrap_or_default())
    };
    view! {
        <section class="panel" aria-label=text::ARGUMENTS>
            <header><h2>{text::ARGUMENTS}</h2></header>
            {body}
        </section>
    }
}

fn list(saved: &SavedArguments, run: Option<&RunRecord>, uses: &MacroUses) -> AnyView {
    let of_run = run.and_then(RunRecord::runtime_arguments);
    let arguments = saved.compare(of_run.as_ref(), &uses.missing);
    let count = |wanted: &[Difference]| arguments.iter().filter(|it| wanted.contains(&it.difference)).count();
    let missing = count(&[Difference::Missing]);
    let different = count(&[Difference::Changed, Difference::NotInRun, Difference::NotSaved]);
    let summary = text::differences(missing, different);
    let of = run.map(|run| {
        let known = of_run.is_some();
        let said = if known {
            text::arguments_of(run.run.short())
        } else {
            text::ARGUMENTS_OF_RUN_UNKNOWN.to_owned()
        };
        view! { <p class="muted small">{said}</p> }
    });
    let macros = [
        (text::UNDECIDED, &uses.undecided),
        (text::FUNCTIONS, &uses.functions),
        (text::INVALID, &uses.invalid),
    ];
    view! {
        <div class="body stack">
            {of}
            {if arguments.is_empty() {
                view! { <p class="muted">{text::NO_ARGUMENTS}</p> }.into_any()
            } else {
                view! { <dl class="facts">{arguments.into_iter().map(row).collect_view()}</dl> }.into_any()
            }}
            {macros.into_iter().filter(|(_, names)| !names.is_empty()).map(|(label, names)| calls(label, names)).collect_view()}
        </div>
        {(!summary.is_empty()).then(|| view! { <footer>{summary}</footer> })}
    }
    .into_any()
}

fn calls(label: &'static str, names: &BTreeSet<String>) -> AnyView {
    let names: Vec<_> = names.iter().cloned().map(|name| view! { <code>{name}</code>" " }).collect();
    view! { <p class="small"><span class="muted">{label}": "</span>{names}</p> }.into_any()
}

fn row(argument: Argument) -> AnyView {
    let Argument { name, saved, run, difference } = argument;
    let is_above = matches!(&saved, Some((_, SavedAt::Above)));
    let (value, note, tone) = match (difference, saved, run) {
        (Difference::Missing, _, run) => (run, text::REQUIRED.to_owned(), Some(Tone::Warn)),
        (Difference::Changed, Some((saved, _)), run) => (run, text::saved_value(&saved), Some(Tone::Busy)),
        (Difference::NotInRun, Some((saved, _)), _) => {
            (Some(saved), text::NOT_IN_RUN.to_owned(), Some(Tone::Busy))
        }
        (Difference::NotSaved, _, run) => (run, text::NOT_SAVED.to_owned(), Some(Tone::Busy)),
        (Difference::ByServer, _, run) => (run, text::BY_SERVER.to_owned(), None),
        (_, saved, run) => {
            let note = if is_above { text::INHERITED } else { "" };
            (run.or(saved.map(|(value, _)| value)), note.to_owned(), None)
        }
    };
    let note = (!note.is_empty()).then(|| match tone {
        Some(tone) => view! { <span class="tag" data-tone=tone.word()>{note}</span> }.into_any(),
        None => view! { <span class="muted small">{note}</span> }.into_any(),
    });
    view! { <dt><code>{name}</code></dt><dd>{value.map(|value| view! { <code>{value}</code>" " })}{note}</dd> }.into_any()
}
