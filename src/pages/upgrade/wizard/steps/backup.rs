//! The backup: read, checked and saved, one check after the other.

use super::review::at;
use crate::client::upgrade::Transfer;
use crate::pages::server_message::{is_long, message_view};
use crate::pages::stop::block;
use crate::pages::upgrade::wizard::widgets::{WizardContext, bar, found, list, name_of, panel};
use crate::routes::Route;
use crate::text::common::size;
use crate::text::history::CHECK_BUTTON;
use crate::text::upgrade::backup as messages;
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
        messages::all_ended(&at(step.ended.at())),
        messages::ENDED_DETAILS.into_any(),
    ));
    match (&step.problem, &step.made) {
        (Some(problem), _) => failed = Some(backup_failure(problem)),
        (None, Some(made)) => checks(&mut lines, op, step, made),
        (None, None) if step.begun => lines.push(transfer(wiz, step)),
        (None, None) => lines.push(found(Tone::Idle, messages::NONE_YET, messages::CONTENT.into_any())),
    }
    let title = step.made.as_ref().map_or_else(|| messages::BACKUP.to_owned(), |made| made.file.clone());
    let words = step.made.as_ref().map_or_else(String::new, |made| size(made.bytes));
    let announcer = use_announcer();
    let again = Callback::new(move |()| {
        leptos::task::spawn_local(async move {
            if !wiz.running.save_again().await {
                announcer.say(messages::GONE);
            }
        });
    });
    let push = step.made.is_some().then(|| wiz.small(messages::DOWNLOAD_AGAIN, "", again));
    let request = block(wiz.client, messages::REQUEST.to_owned(), &ExportApplications.request(), None);
    let failed = failed.map(|problem| {
        let (long, short) = if is_long(&problem) { (Some(problem), None) } else { (None, Some(problem)) };
        let long = long.map(message_view);
        view! {
            <Notice tone=Tone::Bad alert=true>
                <p><strong>{messages::NOT_VERIFIED}</strong>{short}{messages::NOT_VERIFIED_ADVICE}</p>
                {long}
            </Notice>
        }
    });
    view! {
        {failed}
        {panel(title, words, push.into_any(), list(lines))}
        <p class="small muted"><a href=wiz.client.at(Route::History).href_with([("check", "")])>{CHECK_BUTTON}</a>{messages::CHECK_LATER}</p>
        <Disclosure summary=messages::REQUESTS>{request}</Disclosure>
    }
    .into_any()
}

fn checks(
    lines: &mut Vec<AnyView>,
    op: &UpgradeOperation,
    step: &BackupStep,
    made: &quiesce_lifecycle::backup::Summary,
) {
    let (tone, words) =
        if made.confirmed { (Tone::Ok, messages::DIGEST_MATCHES) } else { (Tone::Warn, messages::NO_DIGEST) };
    lines.push(found(tone, words, view! { <code>{made.sha256.clone()}</code> }.into_any()));
    lines.push(found(Tone::Ok, messages::READABLE, messages::complete(made.records).into_any()));
    let missing = op.missing_from(made);
    if missing.is_empty() {
        lines.push(found(Tone::Ok, messages::included(op.in_scope().count()), ().into_any()));
    } else {
        let mut names = String::new();
        for place in missing.iter().take(20) {
            names.push_str(name_of(op, *place));
            names.push(' ');
        }
        let more = messages::missing_advice(names.trim_end());
        lines.push(found(Tone::Bad, messages::missing(missing.len()), more.into_any()));
    }
    lines.push(if step.saved {
        found(Tone::Ok, messages::SAVED, messages::SAVED_DETAILS.into_any())
    } else {
        found(Tone::Busy, messages::SAVING, ().into_any())
    });
}

fn transfer(wiz: WizardContext, step: &BackupStep) -> AnyView {
    if !step.again.is_empty() {
        let words = messages::rechecking(step.again.len());
        return found(Tone::Busy, words, ().into_any());
    }
    let Some(Transfer { bytes, of_bytes, extras, of_extras }) = wiz.running.progress.transfer.get() else {
        return found(Tone::Busy, messages::READING, ().into_any());
    };
    if of_extras > 0 {
        let words = messages::reading_omitted(extras, of_extras);
        return found(Tone::Busy, words, bar(messages::ANSWERED, extras, of_extras));
    }
    let words = messages::reading_export(bytes, of_bytes);
    match of_bytes {
        Some(of) => {
            let kilo = |bytes: u64| usize::try_from(bytes / 1024).unwrap_or(usize::MAX);
            found(Tone::Busy, words, bar(messages::BYTES_READ, kilo(bytes), kilo(of)))
        }
        None => found(Tone::Busy, words, messages::SIZE_UNKNOWN.into_any()),
    }
}
