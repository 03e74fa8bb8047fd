//! The backup: read, checked and saved, one check after the other.

use super::review::at;
use crate::client::upgrade::Transfer;
use crate::pages::server_message::{is_long, message_view};
use crate::pages::stop::block;
use crate::pages::upgrade::wizard::widgets::{WizardContext, bar, found, list, name_of, panel};
use crate::routes::Route;
use crate::text::common::{count, size, some};
use crate::ui::{Disclosure, Notice, Tone, use_announcer};
use leptos::prelude::*;
use quiesce_api::Endpoint;
use quiesce_api::export::ExportApplications;
use quiesce_lifecycle::text::upgrade::backup_failure;
use quiesce_lifecycle::upgrade::{BackupStep, UpgradeOperation};

pub(crate) fn view(wiz: WizardContext, op: &UpgradeOperation, step: &BackupStep) -> AnyView {
    let (mut lines, mut failed) = (Vec::new(), None);
    lines.push(found(
        Tone::Ok,
        format!("Every run in scope had ended at {}", at(step.ended.at())),
        "Verified in all versions of every program after the last stop.".into_any(),
    ));
    match (&step.problem, &step.made) {
        (Some(problem), _) => failed = Some(backup_failure(problem)),
        (None, Some(made)) => checks(&mut lines, op, step, made),
        (None, None) if step.begun => lines.push(transfer(wiz, step)),
        (None, None) => lines.push(found(
            Tone::Idle,
            "No backup yet",
            "The server's export of all applications of all namespaces, and what it lacks: schedules with their state, \
             preferences, arguments, artifacts, versions. One file, on your disk and in this browser."
                .into_any(),
        )),
    }
    let title = step.made.as_ref().map_or_else(|| "Backup".to_owned(), |made| made.file.clone());
    let words = step.made.as_ref().map_or_else(String::new, |made| size(made.bytes));
    let announcer = use_announcer();
    let again = Callback::new(move |()| {
        leptos::task::spawn_local(async move {
            if !wiz.running.save_again().await {
                announcer.say("This browser no longer has the backup.");
            }
        });
    });
    let push = step.made.is_some().then(|| wiz.small("Download again", "", again));
    let request = block(wiz.client, "One download".to_owned(), &ExportApplications.request(), None);
    let failed = failed.map(|problem| {
        let (long, short) = if is_long(&problem) { (Some(problem), None) } else { (None, Some(problem)) };
        let long = long.map(message_view);
        view! {
            <Notice tone=Tone::Bad alert=true>
                <p><strong>"There is no verified backup. "</strong>{short}" Nothing is upgraded without one. Run the backup again."</p>
                {long}
            </Notice>
        }
    });
    view! {
        {failed}
        {panel(title, words, push.into_any(), list(lines))}
        <p class="small muted"><a href=Route::History.href_with([("check", "")])>"Check a backup…"</a>" checks a backup file later, in any browser."</p>
        <Disclosure summary="Requests of this step">{request}</Disclosure>
    }
    .into_any()
}

fn checks(
    lines: &mut Vec<AnyView>,
    op: &UpgradeOperation,
    step: &BackupStep,
    made: &quiesce_lifecycle::backup::Summary,
) {
    let (tone, words) = if made.confirmed {
        (Tone::Ok, "SHA-256 matches the server's digest")
    } else {
        (Tone::Warn, "The server sent no digest to compare with")
    };
    lines.push(found(tone, words, view! { <code>{made.sha256.clone()}</code> }.into_any()));
    lines.push(found(
        Tone::Ok,
        "Opened and parsed",
        format!(
            "{} {} complete.",
            some(made.records, "application record"),
            crate::text::common::agree(made.records, "is", "are")
        )
        .into_any(),
    ));
    let missing = op.missing_from(made);
    if missing.is_empty() {
        let words = format!(
            "{} included, each in the checked version and configuration",
            some(op.in_scope().count(), "application")
        );
        lines.push(found(Tone::Ok, words, ().into_any()));
    } else {
        let mut names = String::new();
        for place in missing.iter().take(20) {
            names.push_str(name_of(op, *place));
            names.push(' ');
        }
        let words = format!("{} missing or different from the review", some(missing.len(), "application"));
        let more = format!(
            "{}: run the backup again (they are re-checked first), or exclude them.",
            names.trim_end()
        );
        lines.push(found(Tone::Bad, words, more.into_any()));
    }
    lines.push(if step.saved {
        found(
            Tone::Ok,
            "Saved",
            "Downloaded, and kept in this browser until the operation is deleted.".into_any(),
        )
    } else {
        found(Tone::Busy, "Saving…", ().into_any())
    });
}

fn transfer(wiz: WizardContext, step: &BackupStep) -> AnyView {
    if !step.again.is_empty() {
        let words = format!("Re-checking {} first", some(step.again.len(), "application"));
        return found(Tone::Busy, words, ().into_any());
    }
    let Some(Transfer { bytes, of_bytes, extras, of_extras }) = wiz.running.progress.transfer.get() else {
        return found(Tone::Busy, "Reading…", ().into_any());
    };
    if of_extras > 0 {
        let words = format!(
            "Reading data that the export omits: {} of {}",
            count(extras),
            some(of_extras, "request")
        );
        return found(Tone::Busy, words, bar("Requests answered", extras, of_extras));
    }
    match of_bytes {
        Some(of) => {
            let kilo = |bytes: u64| usize::try_from(bytes / 1024).unwrap_or(usize::MAX);
            let words = format!("Reading the export: {} of {}", size(bytes), size(of));
            found(Tone::Busy, words, bar("Bytes read", kilo(bytes), kilo(of)))
        }
        None => found(
            Tone::Busy,
            format!("Reading the export: {}", size(bytes)),
            "The server does not report its size.".into_any(),
        ),
    }
}
