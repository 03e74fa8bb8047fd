//! Opens a backup again, in any browser, and checks it as it was checked when it was made. Nothing is uploaded.

use super::transfer::chosen;
use crate::client::clock;
use crate::text::common::some;
use crate::ui::{Button, Icon, Tone, icon};
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use quiesce_lifecycle::backup::{self, Manifest};

/// How many records are read before the page gets its turn.
const SLICE: usize = 20;

/// What was found out about a file.
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
        if query.with(|query| query.get_str("check").is_some())
            && let Some(section) = section.get()
        {
            section.scroll_into_view();
        }
    });
    view! {
        <section class="panel flush" node_ref=section aria-label="Check a backup">
            <header>
                <h2>"Check a backup"</h2>
                <span class="muted small">"of an upgrade, also one of another browser; nothing is uploaded"</span>
                <div class="push actions">
                    <input class="vh" type="file" accept=".zip,application/zip" tabindex="-1" aria-label="Backup file" node_ref=field on:change=take/>
                    <Button on_press=ask small=true>"Check a backup…"</Button>
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
        Some(first) => Err(format!(
            "{} in the export as the manifest says, the first is {first}",
            if lacking.len() == 1 {
                "One application is not".to_owned()
            } else {
                format!("{} applications are not", lacking.len())
            }
        )),
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
                format!("{name} is being read"),
                format!("{read} of {all} records"),
            ));
        }
        Checked::Bad(words) => {
            lines.push(line(
                Tone::Bad,
                Icon::Alert,
                format!("{name} is no good backup"),
                format!("{words}."),
            ));
        }
        Checked::Good(manifest, records) => {
            let made = clock::local(manifest.made);
            lines.push(line(
                Tone::Ok,
                Icon::Check,
                format!("{name} is a good backup"),
                format!("Of {} on {}, made at {made}.", manifest.namespace, manifest.server),
            ));
            lines.push(line(
                Tone::Ok,
                Icon::Check,
                "Every file is the one that was put into it".to_owned(),
                format!("{} by SHA-256.", some(manifest.files.len(), "file")),
            ));
            lines.push(line(
                Tone::Ok,
                Icon::Check,
                format!(
                    "{} {} complete",
                    some(records, "application record"),
                    crate::text::common::agree(records, "is", "are")
                ),
                String::new(),
            ));
            let mut names = String::new();
            for found in &manifest.applications {
                names.push_str(if names.is_empty() { "" } else { ", " });
                names.push_str(found.application.as_str());
            }
            let many = some(manifest.applications.len(), "chosen application");
            lines.push(line(
                Tone::Ok,
                Icon::Check,
                format!("{many} in it, in the version and configuration that was checked"),
                names,
            ));
        }
    }
    view! { <ul class="checks">{lines}</ul> }.into_any()
}
