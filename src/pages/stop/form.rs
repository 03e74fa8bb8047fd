//! The stop form: what will be stopped, what that means, with how much grace, and the requests verbatim.

use super::address::stored_selection;
use super::batches;
use super::confirm::{Decide, GraceForm};
use super::load_targets::{LoadedTargets, load};
use super::selection::Selection;
use super::target_table::TargetTable;
use crate::client::{Client, use_client};
use crate::navigation::use_location;
use crate::pages::failure::Failure;
use crate::pages::list_state::{List, bind_escape};
use crate::text::{common, stop as messages};
use crate::ui::{Button, ButtonLink, ButtonVariant, Crumb, Icon, Notice, PageHead, SkeletonRows, Tone};
use leptos::prelude::*;
use quiesce_api::{Error, NamespaceId, RunId};
use quiesce_lifecycle::grace::Grace;
use quiesce_lifecycle::stop::StopPlan;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the form works on.
#[derive(Clone, Copy)]
pub(super) struct FormState {
    pub namespace: StoredValue<NamespaceId>,
    pub survey: RwSignal<Option<Result<Arc<LoadedTargets>, Error>>>,
    pub left_out: RwSignal<BTreeSet<RunId>>,
    pub grace: GraceForm,
    /// What would be stopped, as by default while the duration cannot be read; nothing until it was looked.
    pub plan: Memo<Option<Arc<StopPlan>>>,
    /// How often it was looked.
    turn: StoredValue<u32>,
}

impl FormState {
    fn new(client: Client, namespace: NamespaceId) -> Self {
        let survey = RwSignal::new(None::<Result<Arc<LoadedTargets>, Error>>);
        let left_out = RwSignal::new(BTreeSet::new());
        let grace = GraceForm::new();
        let plan = Memo::new(move |_| {
            let survey = survey.get()?.ok()?;
            let grace = grace.grace.get().unwrap_or(Grace::ServerDefault);
            Some(Arc::new(survey.plan(grace, &left_out.get(), client.findings.get())))
        });
        Self {
            namespace: StoredValue::new(namespace),
            survey,
            left_out,
            grace,
            plan,
            turn: StoredValue::new(0),
        }
    }

    /// Surveys the targets, and the server unless that is known. A later survey replaces one under way, and so does
    /// leaving the page: the rest of its requests isn't sent.
    fn look(self, client: Client, selection: Selection) {
        let turn = self.next_turn();
        let namespace = self.namespace.get_value();
        leptos::task::spawn_local(async move {
            client.check_server_once(namespace).await;
            let publish = |survey: &LoadedTargets| self.publish(turn, Ok(survey));
            if let Err(error) = load(client, selection, &publish).await {
                self.publish(turn, Err(error));
            }
        });
    }

    /// Reads the runs of the programs of which only the latest run is known.
    pub fn deepen(self, client: Client) {
        let Some(Ok(survey)) = self.survey.get_untracked() else { return };
        let turn = self.next_turn();
        leptos::task::spawn_local(async move {
            let publish = |survey: &LoadedTargets| self.publish(turn, Ok(survey));
            if let Err(error) = batches::deepen(client, (*survey).clone(), &publish).await {
                self.publish(turn, Err(error));
            }
        });
    }

    fn next_turn(self) -> u32 {
        let turn = self.turn.get_value().wrapping_add(1);
        self.turn.set_value(turn);
        turn
    }

    fn publish(self, turn: u32, survey: Result<&LoadedTargets, Error>) -> bool {
        let current = self.turn.try_get_value() == Some(turn);
        if current {
            self.survey.try_set(Some(survey.map(|survey| Arc::new(survey.clone()))));
        }
        current
    }

    /// How many programs were checked, of how many, while some are not.
    pub fn pending(self) -> Option<(usize, usize)> {
        let checked = self.survey.with(|survey| Some(survey.as_ref()?.as_ref().ok()?.checked));
        checked.filter(|(done, all)| done < all)
    }
}

/// The stop form.
#[component]
pub fn StopForm(
    /// Where the runs are.
    namespace: NamespaceId,
) -> impl IntoView {
    let client = use_client();
    let state = FormState::new(client, namespace.clone());
    let query = use_location().query;
    let selection = {
        let namespace = namespace.clone();
        Memo::new(move |_| {
            let query = query.get();
            if query.get("selection").is_some() {
                return stored_selection(client, &namespace);
            }
            let all = |name: &str| query.get_all(name);
            let (programs, runs) = (all("program"), all("run"));
            Selection::read(&namespace, programs.iter().map(String::as_str), runs.iter().map(String::as_str))
        })
    };
    let look_again = move |()| state.look(client, selection.get_untracked());
    let refresh = move |()| {
        client.retry_refused();
        look_again(());
    };
    Effect::new(move || {
        selection.track();
        client.signed_in.track();
        look_again(());
    });
    let count_of = move || state.plan.with(|plan| plan.as_ref().map_or(0, |plan| plan.targets.len()));
    let title = move || match state.survey.get() {
        Some(Ok(_)) => {
            let mut programs = BTreeSet::new();
            state.plan.with(|plan| {
                programs.extend(plan.iter().flat_map(|plan| &plan.targets).map(|it| it.run.program.clone()));
            });
            match (count_of(), programs.len(), programs.first()) {
                (0, ..) if state.pending().is_some() => messages::TITLE.to_owned(),
                (0, ..) => messages::NOTHING_TO_STOP.to_owned(),
                (n, 1, Some(one)) => messages::stop_runs_of(n, one.application.as_str()),
                (n, many, _) => messages::stop_runs_of_programs(n, many),
            }
        }
        _ => messages::TITLE.to_owned(),
    };
    let back = List::Programs(namespace).crumb(&client.router());
    bind_escape(&back, || true);
    let cancel = back.href.clone().unwrap_or_default();
    view! {
        <PageHead title=Signal::derive(title) crumbs=vec![back, Crumb::here(messages::STOP)]>
            <Button on_press=refresh look=ButtonVariant::Plain shape=Icon::Refresh>{common::REFRESH}</Button>
            <ButtonLink href=cancel>{common::CANCEL}</ButtonLink>
        </PageHead>
        {
            let content = Memo::new(move |_| state.survey.with(|survey| match survey {
                None => Content::Loading,
                Some(Err(error)) => Content::Failed(error.clone()),
                Some(Ok(survey)) if selection.with(Selection::is_empty) || survey.is_empty() => Content::Empty,
                Some(Ok(survey)) if survey.targets.is_empty() => Content::NoRun,
                Some(Ok(_)) => Content::Form,
            }));
            move || match content.get() {
                Content::Loading => view! { <SkeletonRows columns=4 rows=4/> }.into_any(),
                Content::Failed(error) => view! { <Failure error=error retry=Callback::new(look_again)/> }.into_any(),
                Content::Empty => view! { <NothingChosen/> }.into_any(),
                other => view! { <Form state none=other == Content::NoRun/> }.into_any(),
            }
        }
    }
}

/// The parts of the form that there are. A growing survey doesn't draw them anew: the operator may be typing.
#[derive(Clone, PartialEq)]
enum Content {
    Loading,
    Failed(Error),
    Empty,
    NoRun,
    Form,
}

#[component]
fn NothingChosen() -> impl IntoView {
    view! {
        <section class="panel empty">
            <h2>{messages::NOTHING_SELECTED}</h2>
            <p>{messages::NOTHING_SELECTED_ADVICE}</p>
        </section>
    }
}

#[component]
fn Form(state: FormState, none: bool) -> impl IntoView {
    view! {
        <form class="split" on:submit=|event| event.prevent_default()>
            <div class="stack">
                {move || state.survey.get().and_then(Result::ok).map(|survey| notices(state, &survey))}
                {(!none).then(|| view! { <TargetTable state/> })}
            </div>
            {(!none).then(|| view! { <Decide state/> })}
        </form>
    }
}

fn notices(state: FormState, survey: &LoadedTargets) -> AnyView {
    let client = use_client();
    let shallow = survey.shallow.len();
    let (done, all) = survey.checked;
    let idle = survey.idle.clone();
    let ended = survey.ended.clone();
    let unread = survey.unread.clone();
    let partly = survey.partly.clone();
    view! {
                {unread
                    .into_iter()
                    .map(|(program, error)| {
                        view! {
                            <Notice tone=Tone::Bad><p><strong>{format!("{} {}", program.application, program.program)}</strong>{messages::UNREAD_PROGRAM}{error.sentence()}</p></Notice>
                        }
                    })
                    .collect_view()}
                {(!partly.is_empty()).then(|| {
                    let names = partly.iter().map(|it| format!("{} {}", it.application, it.program)).collect::<Vec<_>>().join(", ");
                    view! {
                        <Notice tone=Tone::Bad><p><strong>{messages::UNREAD_RUNS}</strong>{names}{messages::UNREAD_RUNS_EFFECT}</p></Notice>
                    }
                })}
                {(!idle.is_empty()).then(|| {
                    let names = idle.iter().map(|it| it.application.to_string()).collect::<Vec<_>>().join(", ");
                    view! {
                        <Notice tone=Tone::Idle><p><strong>{messages::not_running(idle.len())}</strong>": "{names}{messages::no_requests(idle.len())}</p></Notice>
                    }
                })}
                {(!ended.is_empty()).then(|| {
                    let runs = ended.iter().map(|(run, record)| format!("{} {} ({})", run.program.application, run.run.short(), record.status)).collect::<Vec<_>>().join(", ");
                    view! {
                        <Notice tone=Tone::Idle><p><strong>{messages::ENDED_RUNS}</strong>{runs}"."</p></Notice>
                    }
                })}
                {(done < all).then(|| view! { <Notice tone=Tone::Idle><p>{messages::checking(done, all)}</p></Notice> })}
                {(shallow > 0 && done >= all).then(|| view! {
                    <Notice tone=Tone::Warn>
                        <p><strong>{messages::more_active(shallow)}</strong>{messages::MORE_ACTIVE_EFFECT}</p>
                        <Button on_press=move |()| state.deepen(client) small=true>{messages::check(shallow)}</Button>
                    </Notice>
                })}
    }
    .into_any()
}

impl LoadedTargets {
    /// Whether there is nothing to say at all.
    fn is_empty(&self) -> bool {
        self.targets.is_empty()
            && self.idle.is_empty()
            && self.ended.is_empty()
            && self.unread.is_empty()
            && self.partly.is_empty()
            && self.shallow.is_empty()
            && self.checked.0 >= self.checked.1
    }
}
