//! The server: what it is, how its services are, and what was found out about how it stops programs.

use super::failure::Failure;
use super::status_text::Asked;
use super::stop_words::{asked_and_saw, grace_words};
use crate::app::use_shell;
use crate::client::live::{CALM, Health, Live};
use crate::client::{clock, use_client};
use crate::pages::fresh::{Fresh, Troubled};
use crate::pages::stop::every_second;
use crate::pages::words::skew;
use crate::ui::{Button, Glyph, Icon, Look, PageHead, SkeletonRows, State, Tone};
use leptos::prelude::*;
use quiesce_api::Request;
use quiesce_api::system::{ListServices, SystemService};
use quiesce_lifecycle::findings::Evidence;
use std::sync::Arc;

/// The server.
#[component]
pub fn Server() -> impl IntoView {
    let client = use_client();
    let shell = use_shell();
    let now = every_second();
    let services: Live<Vec<SystemService>> = Live::new(
        client,
        "services".to_owned(),
        move || async move { Ok(client.call(&ListServices).await?.good) },
        |_| CALM,
    );
    let find_out = move |()| {
        let namespace = shell.namespace.get_untracked();
        leptos::task::spawn_local(client.find_out(namespace));
    };
    Effect::new(move || {
        client.signed_in.track();
        let namespace = shell.namespace.get();
        leptos::task::spawn_local(client.find_out_once(namespace));
    });
    let version = move || client.findings.with(|it| it.version.as_ref().and_then(|it| it.value.clone()));
    view! {
        <PageHead title="Server" lede=move || view! { {move || client.info.with(|it| it.server.clone())}{move || version().map(|version| format!(", CDAP {version}"))}{move || client.skew.get().map(|seconds| format!(". {}", skew(seconds)))} }>
            <Fresh live=services now on_refresh=Callback::new(move |()| services.refresh())/>
        </PageHead>
        <Troubled asked=Asked::ServerInfo live=services now/>
        <div class="stack">
            <section class="panel flush" aria-labelledby="findings-title">
                <header>
                    <h2 id="findings-title">"What was found out"</h2>
                    <span class="push">
                        <Button on_press=find_out look=Look::Default small=true shape=Icon::Refresh>
                            {move || if client.finding.get() { "Finding out…" } else { "Find out again" }}
                        </Button>
                    </span>
                </header>
                <Findings/>
            </section>
            <section class="panel flush" aria-labelledby="services-title">
                <header><h2 id="services-title">"Services"</h2></header>
                {move || match (services.data.get(), services.health.get()) {
                    (Some(list), _) => view! { <Services list/> }.into_any(),
                    (None, Health::Refused(error)) => view! { <Failure asked=Asked::ServerInfo error retry=Callback::new(move |()| services.refresh())/> }.into_any(),
                    (None, Health::Away { error, .. }) => view! { <Failure asked=Asked::ServerInfo error retry=Callback::new(move |()| services.refresh())/> }.into_any(),
                    (None, _) => view! { <table class="table" aria-busy="true"><tbody><SkeletonRows columns=3 rows=4/></tbody></table> }.into_any(),
                }}
            </section>
            <Show when=move || client.info.with(|it| it.mode == "demo")><ResetSandbox/></Show>
        </div>
    }
}

/// Only the demo can forget what was done to it.
#[component]
fn ResetSandbox() -> impl IntoView {
    let client = use_client();
    let said = RwSignal::new("");
    let reset = move |()| {
        said.set("Resetting…");
        leptos::task::spawn_local(async move {
            let answer = client.send(Request::post(["sandbox", "reset"])).await;
            said.set(if answer.is_ok_and(|it| it.status == 200) {
                "The sandbox is as it was at its start. Operations in this browser's journal stay; their runs are gone."
            } else {
                "The sandbox did not answer. Nothing is known of whether it was reset."
            });
        });
    };
    view! {
        <section class="panel" aria-labelledby="reset-title">
            <header>
                <h2 id="reset-title">"Sandbox"</h2>
                <span class="push"><Button on_press=reset look=Look::Default small=true>"Reset the sandbox"</Button></span>
            </header>
            <div class="body">
                <p>"This is the demo. A reset brings back its applications, runs, schedules and clock, and takes away its faults."</p>
                <p role="status">{move || said.get()}</p>
            </div>
        </section>
    }
}

#[component]
fn Services(list: Arc<Vec<SystemService>>) -> impl IntoView {
    let word =
        |status: &str| if status == "OK" { (Tone::Ok, Glyph::Running) } else { (Tone::Bad, Glyph::Failed) };
    view! {
        <div class="table-wrap">
            <table class="table" aria-label="Services">
                <thead><tr><th scope="col">"Service"</th><th scope="col">"State"</th><th scope="col">"Logs"</th><th scope="col" class="num">"Instances"</th></tr></thead>
                <tbody>
                    {list.iter().map(|service| {
                        let (tone, glyph) = word(&service.status);
                        view! {
                            <tr>
                                <th class="c-main" scope="row"><span>{service.name.clone()}</span><span class="sub">{service.description.clone()}</span></th>
                                <td data-label="State"><State tone glyph word=service.status.clone()/></td>
                                <td class="quiet" data-label="Logs">{service.logs.clone()}</td>
                                <td class="num quiet" data-label="Instances">{format!("{} of {}", service.provisioned, service.requested)}</td>
                            </tr>
                        }
                    }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// The findings, each with what was asked, what was seen and when.
#[component]
fn Findings() -> impl IntoView {
    let client = use_client();
    let rows = move || {
        client.findings.with(|it| {
            let mut rows: Vec<(&'static str, String, Option<(Evidence, String)>)> = Vec::new();
            let unread = || "not known".to_owned();
            macro_rules! row {
                ($name:expr, $finding:expr, $words:expr) => {
                    let finding = $finding.as_ref();
                    rows.push((
                        $name,
                        finding.and_then(|it| it.value.as_ref()).map_or_else(unread, $words),
                        finding.map(|it| (it.evidence.clone(), clock::local(it.taken_at))),
                    ));
                };
            }
            row!("Version", it.version, Clone::clone);
            row!("Grace period", it.grace, |support| grace_words(*support));
            row!("Stopping", it.stop_settings, |settings| {
                let of = |value: Option<i64>| value.map_or_else(|| "not set".to_owned(), |it| format!("{it} s"));
                format!(
                    "app.program.max.stop.seconds: {}; app.program.terminate.time.buffer.secs: {}; app.program.terminator.interval.secs: {}",
                    of(settings.max_stop_seconds), of(settings.terminate_buffer_seconds), of(settings.terminator_interval_seconds)
                )
            });
            row!("Details in batch", it.details_need_version, |needs| if *needs { "Found only with a version".to_owned() } else { "Found without a version".to_owned() });
            row!("Lists of applications", it.paged_lists, |paged| if *paged { "In pages".to_owned() } else { "Whole only".to_owned() });
            row!("Built on", it.components, |parts| parts.iter().map(|part| format!("{} {}", part.name, part.version)).collect::<Vec<_>>().join(", "));
            rows
        })
    };
    view! {
        <div class="table-wrap">
            <table class="table" aria-label="Findings">
                <thead><tr><th scope="col">"What"</th><th scope="col">"Found"</th><th scope="col">"Evidence"</th><th scope="col">"Taken"</th></tr></thead>
                <tbody>
                    {move || rows().into_iter().map(|(name, words, evidence)| view! {
                        <tr>
                            <th class="c-main" scope="row">{name}</th>
                            <td class="why-cell" data-label="Found">{words}</td>
                            <td class="why-cell" data-label="Evidence">{evidence.as_ref().map(|(evidence, _)| asked_and_saw(evidence))}</td>
                            <td class="nowrap quiet" data-label="Taken">{evidence.map_or_else(|| "–".to_owned(), |(_, at)| at)}</td>
                        </tr>
                    }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}
