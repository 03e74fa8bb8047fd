//! The server: its version, its services and its capabilities.

use super::failure::Failure;
use crate::client::info::Info;
use crate::client::polling::{Health, IDLE_MS, Polled};
use crate::client::{clock, use_client};
use crate::pages::freshness::{Fresh, Troubled};
use crate::pages::server_message::folded;
use crate::pages::stop::every_second;
use crate::pages::why::why;
use crate::shell::use_shell;
use crate::text::common::{self, skew};
use crate::text::errors::Asked;
use crate::text::{server as text, shell};
use crate::ui::{Button, ButtonVariant, Glyph, Icon, PageHead, SkeletonRows, State, Tone};
use leptos::prelude::*;
use quiesce_api::Request;
use quiesce_api::system::{ListServices, SystemService};
use quiesce_lifecycle::findings::Evidence;
use quiesce_lifecycle::text::findings::observation;
use std::sync::Arc;

/// The server.
#[component]
pub fn Server() -> impl IntoView {
    let client = use_client();
    let shell = use_shell();
    let now = every_second();
    let services: Polled<Vec<SystemService>> = Polled::new(
        client,
        "services".to_owned(),
        move || async move { Ok(client.call(&ListServices).await?.good) },
        |_| IDLE_MS,
    );
    let find_out = move |()| {
        let namespace = shell.namespace.get_untracked();
        leptos::task::spawn_local(client.check_server(namespace));
    };
    Effect::new(move || {
        client.signed_in.track();
        let namespace = shell.namespace.get();
        leptos::task::spawn_local(client.check_server_once(namespace));
    });
    let version = move || client.findings.with(|it| it.version.as_ref().and_then(|it| it.value.clone()));
    view! {
        <PageHead title=shell::SERVER lede=move || view! { {client.server()}{move || version().map(|version| text::server_version(&version))}{move || client.skew.get().map(|seconds| format!(". {}", skew(seconds)))} }>
            <Fresh live=services now on_refresh=Callback::new(move |()| services.refresh())/>
        </PageHead>
        <Troubled asked=Asked::ServerInfo live=services now/>
        <div class="stack">
            <section class="panel flush" aria-labelledby="findings-title">
                <header>
                    <h2 id="findings-title">{text::CAPABILITIES}</h2>
                    <span class="push">
                        <Button on_press=find_out look=ButtonVariant::Default small=true shape=Icon::Refresh>
                            {move || if client.finding.get() { text::CHECKING } else { text::RECHECK }}
                        </Button>
                    </span>
                </header>
                <Findings/>
            </section>
            <section class="panel flush" aria-labelledby="services-title">
                <header><h2 id="services-title">{text::SERVICES}</h2></header>
                {move || match (services.data.get(), services.health.get()) {
                    (Some(list), _) => view! { <Services list/> }.into_any(),
                    (None, Health::Refused(error)) => view! { <Failure asked=Asked::ServerInfo error retry=Callback::new(move |()| services.refresh())/> }.into_any(),
                    (None, Health::Away { error, .. }) => view! { <Failure asked=Asked::ServerInfo error retry=Callback::new(move |()| services.refresh())/> }.into_any(),
                    (None, _) => view! { <table class="table" aria-busy="true"><tbody><SkeletonRows columns=3 rows=4/></tbody></table> }.into_any(),
                }}
            </section>
            <Show when=move || client.info.with(Info::is_demo)><ResetSandbox/></Show>
        </div>
    }
}

/// Only the demo can forget what was done to it.
#[component]
fn ResetSandbox() -> impl IntoView {
    let client = use_client();
    let said = RwSignal::new("");
    let reset = move |()| {
        said.set(text::RESETTING);
        leptos::task::spawn_local(async move {
            let answer = client.send(Request::post(["sandbox", "reset"])).await;
            said.set(if answer.is_ok_and(|it| it.status == 200) {
                text::RESET_DONE
            } else {
                text::RESET_UNKNOWN
            });
        });
    };
    view! {
        <section class="panel" aria-labelledby="reset-title">
            <header>
                <h2 id="reset-title">{text::SANDBOX}</h2>
                <span class="push"><Button on_press=reset look=ButtonVariant::Default small=true unavailable=Signal::derive(move || client.read_only())>{text::RESET}</Button></span>
            </header>
            <div class="body">
                <p>{text::RESET_HINT}</p>
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
            <table class="table" aria-label=text::SERVICES>
                <thead><tr><th scope="col">{text::SERVICE}</th><th scope="col">{common::STATE}</th><th scope="col">{text::LOGS}</th><th scope="col" class="num">{text::INSTANCES}</th></tr></thead>
                <tbody>
                    {list.iter().map(|service| {
                        let (tone, glyph) = word(&service.status);
                        view! {
                            <tr>
                                <th class="c-main" scope="row"><span>{service.name.clone()}</span><span class="sub">{service.description.clone()}</span></th>
                                <td data-label=common::STATE><State tone glyph word=service.status.clone()/></td>
                                <td class="quiet" data-label=text::LOGS>{service.logs.clone()}</td>
                                <td class="num quiet" data-label=text::INSTANCES>{text::instances(service.provisioned, service.requested)}</td>
                            </tr>
                        }
                    }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// The capabilities, each with the section of the documents that explains it.
const SECTIONS: [(&str, &str); 6] = [
    (text::VERSION, "cdap-api#namespaces-and-system"),
    (text::GRACE_PERIOD, "cdap-api#the-graceful-parameter"),
    (text::STOP_SETTINGS, "cdap-api#applied-grace"),
    (text::BATCH_DETAILS, "cdap-api#application-detail"),
    (text::APPLICATION_LISTS, "cdap-api#application-list"),
    (text::COMPONENTS, "cdap-api#namespaces-and-system"),
];

/// The request that was sent, the answer that was seen, and what it means.
fn evidence_view(name: &str, evidence: &Evidence) -> impl IntoView + use<> {
    let section = SECTIONS.iter().find(|(capability, _)| *capability == name);
    let why = section.map(|(_, section)| why(section, name));
    view! { <code>{evidence.asked.clone()}</code><div class="sub">{folded(&observation(&evidence.saw))}{why}</div> }
}

/// The capabilities, each with its evidence and its time.
#[component]
fn Findings() -> impl IntoView {
    let client = use_client();
    let rows = move || {
        client.findings.with(|it| {
            let mut rows: Vec<(&'static str, String, Option<(Evidence, String)>)> = Vec::new();
            let unread = || text::UNKNOWN.to_owned();
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
            row!(text::VERSION, it.version, Clone::clone);
            row!(text::GRACE_PERIOD, it.grace, |support| text::grace_support(*support).to_owned());
            row!(text::STOP_SETTINGS, it.stop_settings, text::stop_settings);
            row!(text::BATCH_DETAILS, it.details_need_version, |required| text::batch_details(*required)
                .to_owned());
            row!(text::APPLICATION_LISTS, it.paged_lists, |paged| text::application_lists(*paged).to_owned());
            row!(text::COMPONENTS, it.components, |parts| parts
                .iter()
                .map(|part| format!("{} {}", part.name, part.version))
                .collect::<Vec<_>>()
                .join(", "));
            rows
        })
    };
    view! {
        <div class="table-wrap">
            <table class="table" aria-label=text::CAPABILITIES>
                <thead><tr><th scope="col">{text::CAPABILITY}</th><th scope="col">{text::RESULT}</th><th scope="col">{common::EVIDENCE}</th><th scope="col">{text::CHECKED}</th></tr></thead>
                <tbody>
                    {move || rows().into_iter().map(|(name, words, evidence)| view! {
                        <tr>
                            <th class="c-main" scope="row">{name}</th>
                            <td class="why-cell" data-label=text::RESULT>{words}</td>
                            <td class="why-cell" data-label=common::EVIDENCE>{evidence.as_ref().map(|(evidence, _)| evidence_view(name, evidence))}</td>
                            <td class="nowrap quiet" data-label=text::CHECKED>{evidence.map_or_else(|| "–".to_owned(), |(_, at)| at)}</td>
                        </tr>
                    }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_capability_is_explained_in_the_served_documents() {
        let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
        let site = quiesce_docs::Site::read(&docs).unwrap();
        for (capability, section) in SECTIONS {
            assert!(site.has_section(section), "{section} of {capability}");
        }
    }
}
