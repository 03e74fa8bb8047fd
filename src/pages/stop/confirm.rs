//! The decision: how much grace, what this server makes of it, what is sent, and the button.

use super::form::FormState;
use super::load_targets::Schedules;
use super::requests::Requests;
use super::target_table::forms;
use crate::client::{Client, clock, stop, use_client};
use crate::navigation::use_navigate;
use crate::routes::Route;
use crate::text::common::count;
use crate::text::stop as messages;
use crate::ui::{Button, ButtonVariant, Choice as UiChoice, Notice, Segmented, Tone, bind_key};
use leptos::prelude::*;
use quiesce_api::Endpoint;
use quiesce_api::stop::{Graceful, StopRun};
use quiesce_lifecycle::findings::{CallForm, GraceSupport, predict_applied};
use quiesce_lifecycle::grace::{Grace, GraceSeconds};
use quiesce_lifecycle::stop::StopPlan;
use quiesce_lifecycle::text;
use quiesce_lifecycle::verdict::Verdict;
use std::sync::Arc;

/// What the picker stands on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Choice {
    /// The server's own default.
    #[default]
    Default,
    /// Never forced.
    Drained,
    /// So long.
    Custom,
    /// No time.
    Now,
}

impl Choice {
    const ALL: [Self; 4] = [Self::Default, Self::Drained, Self::Custom, Self::Now];

    fn label(self) -> &'static str {
        match self {
            Self::Default => messages::GRACE_DEFAULT,
            Self::Drained => messages::GRACE_DRAINED,
            Self::Custom => messages::GRACE_CUSTOM,
            Self::Now => messages::GRACE_NOW,
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Default => messages::GRACE_DEFAULT_HINT,
            Self::Drained => messages::GRACE_DRAINED_HINT,
            Self::Custom => messages::GRACE_CUSTOM_HINT,
            Self::Now => messages::GRACE_NOW_HINT,
        }
    }

    /// The grace, or why the duration cannot be read.
    pub fn grace(self, duration: &str) -> Result<Grace, String> {
        Ok(match self {
            Self::Default => Grace::ServerDefault,
            Self::Drained => Grace::UntilDrained,
            Self::Now => Grace::Now,
            Self::Custom => {
                let seconds: GraceSeconds =
                    duration.parse().map_err(|error| text::grace::parse_error(&error))?;
                Grace::Seconds(seconds)
            }
        })
    }
}

#[component]
pub(super) fn Decide(state: FormState) -> impl IntoView {
    let schedules = move || {
        let schedules = state.survey.with(|survey| Some(survey.as_ref()?.as_ref().ok()?.schedules));
        match schedules.unwrap_or_default() {
            _ if state.pending().is_some() => String::new(),
            Schedules::Unknown => messages::SCHEDULES_UNKNOWN.to_owned(),
            Schedules::Active(applications) => messages::schedules(applications),
            Schedules::Timed(programs) => messages::time_schedules(programs),
        }
    };
    view! {
        <aside class="aside stack" aria-label=messages::HOW>
            <section class="panel pad stack" aria-label=messages::CONFIRMATION>
                {picker(state.grace)}
                {truth(state.grace, state.plan)}
                <Confirm state/>
                <p class="small muted">
                    {messages::NO_UNDO}
                    {schedules}
                </p>
            </section>
            <Requests calls=Signal::derive(move || {
                let plan = state.grace.grace.get().ok().and_then(|_| state.plan.get());
                plan.map(|plan| plan.calls().into_iter().map(|(call, _)| (call, None)).collect()).unwrap_or_default()
            })/>
        </aside>
    }
}

/// What the picker works on, in the stop's form and in the wizard.
#[derive(Clone, Copy)]
pub(crate) struct GraceForm {
    pub choice: RwSignal<Choice>,
    pub duration: RwSignal<String>,
    /// The grace, or why its duration cannot be read.
    pub grace: Memo<Result<Grace, String>>,
}

impl GraceForm {
    /// The server's default.
    pub fn new() -> Self {
        let choice = RwSignal::new(Choice::Default);
        let duration = RwSignal::new("5m".to_owned());
        let grace = Memo::new(move |_| choice.get().grace(&duration.get()));
        Self { choice, duration, grace }
    }
}

/// Picks the grace. Not to be drawn again for a change of what is stopped: it binds keys.
pub(crate) fn picker(state: GraceForm) -> AnyView {
    for (key, choice) in ["1", "2", "3", "4"].into_iter().zip(Choice::ALL) {
        bind_key(key, messages::grace_key(choice.label()), move || state.choice.set(choice));
    }
    let custom = move || state.choice.get() == Choice::Custom;
    let problem = move || state.grace.get().err();
    let seconds = move || {
        let parsed: Option<GraceSeconds> = state.duration.get().parse().ok();
        parsed.map_or_else(
            || "–".to_owned(),
            |it| format!("{} s", count(usize::try_from(it.get()).unwrap_or_default())),
        )
    };
    view! {
        <div class="field">
            <span class="strong" aria-hidden="true">{messages::GRACE_PERIOD}</span>
            <Segmented
                name=messages::GRACE_PERIOD
                choices=Choice::ALL.into_iter().map(|choice| UiChoice::new(choice, choice.label())).collect()
                value=state.choice
                on_change=move |choice| state.choice.set(choice)
                described_by="truth"
            />
            <p class="hint">{move || state.choice.get().hint()}</p>
            {move || custom().then(|| view! {
                <div class="stack stack-2">
                    <div class="field">
                        <label for="grace-duration">{messages::GRACE_DURATION}</label>
                        <span class="duration">
                            <input class="input" id="grace-duration" type="text" autocomplete="off" spellcheck="false"
                                aria-describedby="grace-hint"
                                aria-invalid=move || problem().map(|_| "true")
                                prop:value=move || state.duration.get()
                                on:input=move |event| state.duration.set(event_target_value(&event))/>
                            <output for="grace-duration">{seconds}</output>
                        </span>
                    </div>
                    <p class="hint" id="grace-hint" data-tone=move || problem().map(|_| "bad")>
                        {move || problem().unwrap_or_else(|| messages::GRACE_FORMAT.to_owned())}
                    </p>
                    <div class="chips" role="group" aria-label=messages::PRESETS>
                        {["1m", "5m", "15m", "1h", "6h"]
                            .into_iter()
                            .map(|preset| view! {
                                <button class="btn small" type="button" on:click=move |_| state.duration.set(preset.to_owned())>{preset}</button>
                            })
                            .collect_view()}
                    </div>
                </div>
            })}
        </div>
    }
    .into_any()
}

/// What this server will really give, for each form of call that is used.
pub(crate) fn truth(state: GraceForm, plan: Memo<Option<Arc<StopPlan>>>) -> AnyView {
    let client = use_client();
    let truths = move || {
        let findings = client.findings.get();
        let (Ok(_), Some(plan)) = (state.grace.get(), plan.get()) else { return Vec::new() };
        let calls = plan.calls();
        let forms = [CallForm::Run, CallForm::Batch, CallForm::Program];
        let used = forms.into_iter().filter(|form| calls.iter().any(|(call, _)| call.form() == *form));
        let mut truths: Vec<_> = used
            .map(|form| predict_applied(plan.grace, form, &findings))
            .map(|prediction| (text::findings::prediction(&prediction), prediction.slack))
            .collect();
        truths.dedup();
        truths
    };
    let probed =
        move || client.findings.with(|it| it.grace.as_ref().map(|grace| clock::local(grace.taken_at)));
    // A program-level stop gives no time on any server.
    let as_asked = Memo::new(move |_| {
        state.choice.get() != Choice::Now
            && client.findings.with(|it| it.grace_support() == Some(GraceSupport::Honoured))
    });
    let truth = move || {
        view! {
            <Notice tone=if as_asked.get() { Tone::Idle } else { Tone::Warn } id="truth">
                    {move || {
                        truths()
                            .into_iter()
                            .map(|(truth, slack)| view! {
                                <p><strong>{truth}</strong></p>
                                {slack.map(|slack| view! { <p>{messages::late_checks(slack)}</p> })}
                            })
                            .collect_view()
                    }}
                    <p>
                        {move || probed().map(|at| messages::checked_at(&at))}
                        <a href=client.at(Route::Server).href()>{messages::SHOW_EVIDENCE}</a>
                    </p>
                </Notice>
        }
    };
    truth.into_any()
}

/// Why the plan can't be sent: the server refused a stop of one of its programs before. In a batch that would refuse
/// the others, too.
fn forbidden(client: Client, plan: &StopPlan) -> Option<String> {
    plan.targets.iter().find_map(|target| {
        let stop = StopRun { run: target.run.clone(), graceful: Graceful::Absent }.request();
        let reason = client.refusal(&stop)?;
        Some(messages::forbidden(target.run.program.application.as_str(), &reason))
    })
}

/// How many runs of the plan may lose data even if the same version is started again.
fn may_lose(plan: &StopPlan) -> usize {
    let forms = forms(plan);
    (0..plan.targets.len())
        .filter_map(|place| plan.before(place, forms.get(&place).copied().unwrap_or(CallForm::Run)))
        .filter(|[same, _]| same.verdict == Verdict::MayLose)
        .count()
}

#[component]
fn Confirm(state: FormState) -> impl IntoView {
    let client = use_client();
    let navigate = use_navigate();
    let accepted = RwSignal::new(false);
    let sending = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let runs = move || state.plan.with(|plan| plan.as_ref().map_or(0, |plan| plan.targets.len()));
    let losing = Memo::new(move |_| state.plan.with(|plan| plan.as_ref().map_or(0, |plan| may_lose(plan))));
    // Another set of runs is another acknowledgement.
    Effect::new(move || {
        losing.track();
        accepted.set(false);
    });
    let refusal = Memo::new(move |_| {
        if state.grace.grace.with(Result::is_err) {
            return Some(messages::GRACE_INVALID.to_owned());
        }
        if let Some(reason) = client.read_only() {
            return Some(reason);
        }
        let forbidden = state.plan.with(|plan| forbidden(client, plan.as_deref()?));
        if forbidden.is_some() {
            return forbidden;
        }
        if let Some((done, all)) = state.pending() {
            return Some(messages::checking(done, all));
        }
        match (runs(), losing.get(), accepted.get()) {
            (0, ..) => Some(messages::NO_RUNS_LEFT.to_owned()),
            (_, 1.., false) => Some(messages::CONFIRM_LOSS.to_owned()),
            _ if sending.get() => Some(messages::SENDING.to_owned()),
            _ => None,
        }
    });
    let confirm = {
        move |()| {
            let (None, Some(plan)) = (refusal.get_untracked(), state.plan.get_untracked()) else { return };
            sending.set(true);
            problem.set(None);
            leptos::task::spawn_local(async move {
                let title = messages::stop_runs(plan.targets.len());
                let namespace = state.namespace.get_value();
                match stop::begin(client, namespace.clone(), (*plan).clone(), title).await {
                    Ok(operation) => {
                        let to = client.at(Route::Stop { namespace, operation: operation.0 });
                        navigate(&to.href(), crate::navigation::NavigateOptions::default());
                    }
                    Err(error) => {
                        sending.set(false);
                        problem.set(Some(error.to_string()));
                    }
                }
            });
        }
    };
    view! {
        {move || (losing.get() > 0).then(|| view! {
            <div class="field">
                <label class="option">
                    <input class="check" type="checkbox" prop:checked=move || accepted.get()
                        on:change=move |event| accepted.set(event_target_checked(&event))/>
                    <span>
                        {move || messages::accept_loss(losing.get())}
                        <small>{move || messages::decline_loss(losing.get(), runs().saturating_sub(losing.get()))}</small>
                    </span>
                </label>
            </div>
        })}
        {move || problem.get().map(|problem| view! {
            <Notice tone=Tone::Bad>
                    <p><strong>{messages::NOTHING_SENT}</strong>{problem}"."</p>
                    <p>{messages::JOURNAL_NEEDED}</p>
                </Notice>
        })}
        <div class="gate">
            <Button on_press=confirm wide=true
                look=Signal::derive(move || if losing.get() > 0 { ButtonVariant::Danger } else { ButtonVariant::Primary })
                unavailable=refusal>
                {move || messages::stop_runs(runs())}
            </Button>
        </div>
    }
}
