//! Opens a backup again, in any browser, and checks it as it was checked when it was made. Nothing is uploaded.

use super::import_export::chosen;
use crate::client::clock;
use crate::navigation::use_location;
use crate::text::history as text;
use crate::ui::{Button, Icon, Tone, icon};
use leptos::html;
use leptos::prelude::*;
use quiesce_lifecycle::backup::{self, Manifest};

/// How many records are read before the page gets its turn.
const SLICE: usize = 20;

/// The findings about a file.
#[derive(Clone, PartialEq)]
enum Checked {
    Reading(usize, usize),
    Bad(String),
    Good(Box<Manifest>, usize),
}

/// A file is chosen, and what it is is shown.
#[component]
pub(super) fn CheckBackup() -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let checked = RwSignal::new(None::<(String, Checked)>);
    let ask = move |()| {
        if let Some(field) = field.get_untracked() {
            field.click();
        }
    };
    let take = move |_| {
        let name = field.get_untracked().and_then(|field| Some(field.files()?.get(0)?.name()));
        let name = name.unwrap_or_default();
        leptos::task::spawn_local(async move {
            let show = |found| {
                checked.try_set(Some((name.clone(), found)));
            };
            show(Checked::Reading(0, 0));
            match chosen(field).await {
                Some(Ok(bytes)) => match check(&bytes, &show).await {
                    Ok((manifest, records)) => show(Checked::Good(Box::new(manifest), records)),
                    Err(words) => show(Checked::Bad(words)),
                },
                Some(Err(words)) => show(Checked::Bad(words)),
                None => {}
            }
        });
    };
    let section = NodeRef::<html::Section>::new();
    let query = use_location().query;
    Effect::new(move || {
        if query.with(|query| query.get("check").is_some())
            && let Some(section) = section.get()
        {
            section.scroll_into_view();
        }
    });
    view! {
        <section class="panel flush" node_ref=section aria-label=text::CHECK_TITLE>
            <header>
                <h2>{text::CHECK_TITLE}</h2>
                <span class="muted small">{text::CHECK_HINT}</span>
                <div class="push actions">
                    <input class="vh" type="file" accept=".zip,application/zip" tabindex="-1" aria-label=text::BACKUP_FILE node_ref=field on:change=take/>
                    <Button on_press=ask small=true>{text::CHECK_BUTTON}</Button>
                </div>
            </header>
            <div role="status">{move || checked.get().map(|(name, found)| result(name, found))}</div>
        </section>
    }
}

/// Holds every file against the manifest, then every record of the export against what it was.
async fn check(bytes: &[u8], show: &dyn Fn(Checked)) -> Result<(Manifest, usize), String> {
    let words = |problem: backup::Problem| problem.to_string();
    clock::sleep(0).await;
    let opened = backup::open(bytes).map_err(words)?;
    let mut verification = opened.verification().map_err(words)?;
    while verification.go_on(&opened.export, SLICE).map_err(words)? {
        show(Checked::Reading(verification.read, verification.files.len()));
        clock::sleep(0).await;
    }
    let summary = verification.summary(String::new(), 0);
    let lacking = opened.lacks(&summary);
    match lacking.first() {
        None => Ok((opened.manifest, summary.records)),
        Some(first) => Err(text::missing_applications(lacking.len(), &first.to_string())),
    }
}

fn result(name: String, found: Checked) -> AnyView {
    let line = |tone: Tone, shape: Icon, words: String, more: String| {
        view! { <li data-tone=tone.word()>{icon(shape)}<div><p>{words}</p><div class="sub wrap">{more}</div></div></li> }
            .into_any()
    };
    let mut lines = Vec::new();
    match found {
        Checked::Reading(read, all) => {
            lines.push(line(
                Tone::Busy,
                Icon::Refresh,
                text::checking(&name),
                text::records_checked(read, all),
            ));
        }
        Checked::Bad(words) => {
            lines.push(line(Tone::Bad, Icon::Alert, text::invalid_backup(&name), format!("{words}.")));
        }
        Checked::Good(manifest, records) => {
            let made = clock::local(manifest.made);
            lines.push(line(
                Tone::Ok,
                Icon::Check,
                text::valid_backup(&name),
                text::backup_source(manifest.namespace.as_str(), &manifest.server, &made),
            ));
            lines.push(line(
                Tone::Ok,
                Icon::Check,
                text::FILES_INTACT.to_owned(),
                text::files_by_hash(manifest.files.len()),
            ));
            lines.push(line(Tone::Ok, Icon::Check, text::records_complete(records), String::new()));
            let mut names = String::new();
            for found in &manifest.applications {
                names.push_str(if names.is_empty() { "" } else { ", " });
                names.push_str(found.application.as_str());
            }
            lines.push(line(
                Tone::Ok,
                Icon::Check,
                text::applications_included(manifest.applications.len()),
                names,
            ));
        }
    }
    view! { <ul class="checks">{lines}</ul> }.into_any()
}
