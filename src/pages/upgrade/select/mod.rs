//! The first step: which applications to upgrade, and to what. Nothing is changed by it.

mod details;
mod filters;
mod group;
mod listing;
mod load;
mod note;
mod options;
mod plugin_notices;
mod plugin_reads;
mod plugin_summary;
mod plugins;
mod row;
mod selection;
mod state;
mod table;

use crate::client::{journal, upgrade, use_client};
use crate::navigation::{NavigateOptions, use_location, use_navigate};
use crate::pages::failure::Failure;
use crate::pages::list_state::{List, Visit};
use crate::pages::upgrade::wizard::stepper::{first_rail, step_head};
use crate::pages::upgrade::wizard::widgets::button;
use crate::routes::Route;
use crate::text::common;
use crate::text::upgrade::select as messages;
use crate::text::upgrade::{APPLICATIONS, CONTINUE, NEXT_STEP, TITLE, upgrade_applications};
use crate::ui::{Button, ButtonVariant, Icon, Notice, PageHead, SkeletonRows, Tone, icon};
use filters::filters;
use group::Folding;
use leptos::prelude::*;
use listing::Listing;
use load::{Loaded, LoadedLater, read, read_more};
use options::options;
use plugin_notices::notices;
use plugin_summary::plugin_summary;
use plugins::{Moves, Plugins};
use quiesce_api::upgrade::Candidates;
use quiesce_api::{ApplicationId, Error, NamespaceId};
use quiesce_lifecycle::journal::OperationKind;
use quiesce_lifecycle::upgrade::{
    Eligibility, PlannedApp, StepName, UpgradeMethod, UpgradePlan, eligibility,
};
use state::{Beginning, Choice, Row, SelectState};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use table::table;

/// The first step: which applications to upgrade.
#[component]
pub fn SelectApplications(namespace: NamespaceId) -> impl IntoView {
    let client = use_client();
    let data = RwSignal::new(None::<Result<Arc<Loaded>, Error>>);
    let more = RwSignal::new(LoadedLater::default());
    let candidates = RwSignal::new(Candidates::default());
    let rows = Memo::new(move |_| Arc::new(rows(data, more, candidates)));
    let query = use_location().query;
    let filter = Memo::new(move |_| {
        let query = query.get();
        (query.get("q").unwrap_or_default(), query.get("show").unwrap_or_default())
    });
    let folding = RwSignal::new(Folding::default());
    let listing = Memo::new(move |_| {
        filter.with(|filter| {
            Arc::new(rows.with(|rows| folding.with(|folding| Listing::of(rows, filter, folding))))
        })
    });
    let list = List::Applications(namespace.clone());
    let page = list.address(&client.router());
    let address = move |words: &str, groups: &str| {
        let query = [("q", words), ("show", groups)];
        page.href_with(query.into_iter().filter(|(_, value)| !value.is_empty()))
    };
    let own = address.clone();
    let href = Memo::new(move |_| filter.with(|(words, groups)| own(words, groups)));
    let ready = Signal::derive(move || data.with(|data| matches!(data, Some(Ok(_)))));
    let visit = Visit::enter(client, &list, href, ready);
    let moves = RwSignal::new(Moves::default());
    let plugins = Memo::new(move |_| {
        data.with(|data| {
            let artifacts =
                data.as_ref().and_then(|data| data.as_ref().ok()).map(|offers| &offers.artifacts[..]);
            let artifacts = artifacts.unwrap_or_default();
            let of = |candidates: &Candidates| {
                rows.with(|rows| moves.with(|moves| Plugins::of(rows, moves, artifacts, candidates)))
            };
            Arc::new(candidates.with(of))
        })
    });
    let chosen = RwSignal::new(BTreeMap::<ApplicationId, bool>::new());
    let choice = Memo::new(move |_| {
        let plugins = plugins.get();
        let mut selected = BTreeSet::new();
        chosen.with(|chosen| {
            for (name, forced) in chosen {
                if *forced || !plugins.lacking.contains(name) {
                    selected.insert(name.clone());
                }
            }
        });
        Arc::new(Choice { plugins, selected })
    });
    let state = SelectState {
        client,
        namespace: StoredValue::new(namespace.clone()),
        data,
        more,
        candidates,
        list: RwSignal::new(false),
        rows,
        listing,
        folding,
        open: RwSignal::new(BTreeSet::new()),
        chosen,
        page: RwSignal::new(0),
        moves,
        choice,
        beginning: RwSignal::new(Beginning::Possible),
    };
    Effect::new(move || {
        client.signed_in.track();
        look(state);
    });
    selection::keep(state, visit);
    plugin_reads::follow(state);
    let navigate = use_navigate();
    let go = move |words: String, groups: String| {
        state.page.set(0);
        let options = NavigateOptions { replace: true, scroll: false };
        navigate(&address(&words, &groups), options);
    };
    let go = UnsyncCallback::new(move |(words, groups)| go(words, groups));
    let heading = NodeRef::new();
    view! {
        <PageHead title=TITLE>
            <Button on_press=move |()| look(state) look=ButtonVariant::Plain small=true shape=Icon::Refresh>{common::REFRESH}</Button>
        </PageHead>
        {move || warnings(state)}
        <div class="with-rail">
            {move || {
                let chosen = state.choice.with(|choice| choice.selected.len());
                first_rail(chosen)
            }}
            <div class="stack">
                {step_head(heading, StepName::SelectApplications)}
                {filters(state, filter, go)}
                {options(state)}
                {move || match data.get() {
                    None => view! { <div class="table-wrap"><table class="table" aria-busy="true" aria-label=APPLICATIONS><tbody><SkeletonRows columns=5/></tbody></table></div> }.into_any(),
                    Some(Err(error)) => view! { <Failure error=error retry=Callback::new(move |()| look(state))/> }.into_any(),
                    Some(Ok(_)) => view! { {move || notices(state)}{plugin_summary(state)}{table(state)} }.into_any(),
                }}
                {move || go_on(state)}
            </div>
        </div>
    }
}

fn look(state: SelectState) {
    state.moves.update(Moves::restart);
    leptos::task::spawn_local(async move {
        if let Err(error) = journal::headers().await {
            state.beginning.try_set(Beginning::Impossible(error.to_string()));
        }
        let namespace = state.namespace.get_value();
        let result = read(state.client, namespace.clone()).await.map(Arc::new);
        let offers = result.clone();
        if state.data.try_set(Some(result)).is_some() {
            return;
        }
        if let Ok(offers) = offers {
            let more = read_more(state.client, namespace.clone(), &offers).await;
            state.more.try_set(more);
        }
        state.client.check_server_once(namespace).await;
    });
}

fn rows(
    data: RwSignal<Option<Result<Arc<Loaded>, Error>>>,
    more: RwSignal<LoadedLater>,
    candidates: RwSignal<Candidates>,
) -> Vec<Row> {
    let Some(Ok(offers)) = data.get() else { return Vec::new() };
    let candidates = candidates.get();
    let mut rows = Vec::with_capacity(offers.applications.len());
    more.with(|more| {
        for application in &offers.applications {
            let known =
                more.modes.iter().find(|(name, _)| *name == application.name).and_then(|(_, known)| *known);
            let offer = eligibility(&application.artifact, known, &offers.artifacts, &candidates);
            let real_time =
                application.artifact.is_realtime_pipeline() && matches!(offer, Eligibility::Upgrade(_));
            rows.push(Row {
                alive: more.alive.contains(&application.name),
                mode: known,
                unread: real_time && !more.whole,
                unknown: real_time && more.whole && known.is_none(),
                application: application.clone(),
                offer,
            });
        }
    });
    rows
}

/// What is to be known before anything is chosen.
fn warnings(state: SelectState) -> AnyView {
    let mut notices = Vec::new();
    if let Beginning::Impossible(problem) = state.beginning.get() {
        notices.push(
            view! {
                <Notice tone=Tone::Bad alert=true>
                    <p><strong>{messages::NO_JOURNAL}</strong>{problem}"."</p>
                    <p>{messages::NO_JOURNAL_ADVICE}</p>
                </Notice>
            }
            .into_any(),
        );
    }
    let namespace = state.namespace.get_value();
    for header in state.client.operations.get() {
        if header.namespace == namespace
            && header.kind == OperationKind::Upgrade
            && let Some(address) = state.client.operation(&header)
        {
            let title = messages::title(&header.title);
            notices.push(view! {
                <Notice tone=Tone::Warn>
                    <p><strong>{messages::UNFINISHED}</strong>{title}<a href=address.href()>{messages::RESUME_IT}</a>"."</p>
                </Notice>
            }.into_any());
        }
    }
    if let Some(Ok(offers)) = state.data.get() {
        for words in offers.partial.iter().cloned().chain(state.more.with(|more| more.partial.clone())) {
            notices.push(
                view! { <Notice tone=Tone::Warn><p><strong>{common::INCOMPLETE}</strong>{words}</p></Notice> }
                    .into_any(),
            );
        }
    }
    notices.into_any()
}

/// What was chosen, as a plan.
fn plan(state: SelectState) -> UpgradePlan {
    let mut applications = Vec::new();
    state.rows.with_untracked(|rows| {
        state.choice.with_untracked(|choice| {
            for row in rows.iter().filter(|row| choice.selected.contains(&row.application.name)) {
                let (to, way) = match &row.offer {
                    Eligibility::Upgrade(to) | Eligibility::UpToDate(to) => (to, UpgradeMethod::Upgrade),
                    Eligibility::Redeploy(to) => (to, UpgradeMethod::Redeploy),
                    Eligibility::Ineligible(_) => continue,
                };
                applications.push(PlannedApp {
                    namespace: state.namespace.get_value(),
                    application: row.application.name.clone(),
                    version: row.application.version.clone(),
                    from: row.application.artifact.clone(),
                    to: to.clone(),
                    way,
                });
            }
        });
    });
    UpgradePlan {
        candidates: state.candidates.get_untracked(),
        list: state.list.get_untracked(),
        applications,
        findings: state.client.findings.get_untracked(),
    }
}

fn go_on(state: SelectState) -> AnyView {
    let chosen = state.choice.with(|choice| choice.selected.len());
    let beginning = state.beginning.get();
    let impossible = matches!(beginning, Beginning::Impossible(_));
    let navigate = use_navigate();
    let why = match chosen {
        _ if impossible => Some(messages::JOURNAL_NOT_STORED),
        _ if beginning == Beginning::UnderWay => Some(messages::STARTING),
        0 => Some(messages::SELECT_ONE),
        _ => None,
    };
    let words = match chosen {
        _ if impossible => messages::NO_JOURNAL_NO_UPGRADE.to_owned(),
        0 => messages::SELECT_ONE_SAFELY.to_owned(),
        many => messages::selected(many),
    };
    let begin = Callback::new(move |()| {
        state.beginning.set(Beginning::UnderWay);
        leptos::task::spawn_local(async move {
            let namespace = state.namespace.get_value();
            state.client.check_server_once(namespace.clone()).await;
            let plan = plan(state);
            let title = upgrade_applications(plan.applications.len());
            match upgrade::begin(state.client, state.namespace.get_value(), plan, title).await {
                Ok(operation) => {
                    let to = state.client.at(Route::Upgrade { namespace, operation: operation.0 });
                    navigate(&to.href(), NavigateOptions::default());
                }
                Err(error) => {
                    state.beginning.try_set(Beginning::Impossible(error.to_string()));
                }
            }
        });
    });
    view! {
        <div class="gate bar" role="group" aria-label=NEXT_STEP>
            <p class="says">{icon(if why.is_none() { Icon::Check } else { Icon::Lock })}<span>{words}</span></p>
            {button(CONTINUE.to_owned(), true, why.map(str::to_owned), begin)}
        </div>
    }
    .into_any()
}
