//! The runs that will be stopped, worst verdict first, with the reasons.

use super::form::FormState;
use super::run_cells::run_cells;
use crate::client::clock;
use crate::pages::why::why_once;
use crate::text::common::{self, elapsed, some};
use crate::text::states::verdict_tone;
use crate::text::stop as messages;
use crate::ui::{Icon, Verdict as VerdictMark, icon};
use leptos::prelude::*;
use quiesce_lifecycle::findings::{Applied, CallForm, predict_applied};
use quiesce_lifecycle::forecast::Forecast;
use quiesce_lifecycle::stop::{StopPlan, Target};
use quiesce_lifecycle::text;
use quiesce_lifecycle::verdict::{Assessment, NextStep, Reason, Rule, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// The call form that reaches each target of a plan.
pub(super) fn forms(plan: &StopPlan) -> BTreeMap<usize, CallForm> {
    let mut forms = BTreeMap::new();
    for (call, places) in plan.calls() {
        forms.extend(places.into_iter().map(|place| (place, call.form())));
    }
    forms
}

/// A target with what a stop means for it.
struct AssessedTarget {
    target: Target,
    same: Assessment,
    upgrade: Assessment,
    allowed: Applied,
}

fn assess(plan: &StopPlan) -> Vec<AssessedTarget> {
    let forms = forms(plan);
    let judged = plan.targets.iter().enumerate().filter_map(|(place, target)| {
        let form = forms.get(&place).copied().unwrap_or(CallForm::Run);
        let [same, upgrade] = plan.before(place, form)?;
        let allowed = predict_applied(plan.grace, form, &plan.findings).applied;
        Some(AssessedTarget { target: target.clone(), same, upgrade, allowed })
    });
    judged.collect()
}

/// Rows that are drawn at first, and with each press of *Show more*.
const WINDOW: usize = 40;

/// The runs that will be stopped.
#[component]
pub(super) fn TargetTable(state: FormState) -> impl IntoView {
    let groups = move || {
        let mut groups: BTreeMap<std::cmp::Reverse<Verdict>, Vec<AssessedTarget>> = BTreeMap::new();
        for judged in state.plan.get().iter().flat_map(|plan| assess(plan)) {
            groups.entry(std::cmp::Reverse(judged.same.verdict)).or_default().push(judged);
        }
        groups.into_iter().map(|(verdict, judged)| (verdict.0, judged)).collect::<Vec<_>>()
    };
    let window = RwSignal::new(WINDOW);
    let total = move || state.plan.with(|plan| plan.as_ref().map_or(0, |plan| plan.targets.len()));
    view! {
        <div class="table-wrap">
            <table class="table runs" aria-rowcount=move || (total() + 1).to_string()>
                <caption class="vh">{messages::RUNS_TO_STOP}</caption>
                <thead>
                    <tr>
                        <th scope="col">{common::APPLICATION}</th>
                        <th scope="col">{common::RUN}</th>
                        <th scope="col" class="num">{messages::RUNNING_FOR}</th>
                        <th scope="col">{messages::EFFECT}</th>
                        <th scope="col"><span class="vh">{messages::EXCLUDE}</span></th>
                    </tr>
                </thead>
                {move || {
                    let mut left = window.get();
                    groups()
                        .into_iter()
                        .map(|(verdict, judged)| {
                            let most = left;
                            left = left.saturating_sub(judged.len());
                            view! { <Group state verdict judged most/> }
                        })
                        .collect_view()
                }}
            </table>
        </div>
        {move || {
            let hidden = total().saturating_sub(window.get());
            (hidden > 0).then(|| view! {
                <p class="small">
                    {messages::shown(window.get(), total())}
                    <button class="btn small" type="button" on:click=move |_| window.update(|window| *window += WINDOW)>
                        {messages::show_more(hidden.min(WINDOW))}
                    </button>
                </p>
            })
        }}
        {move || {
            let left_out = state.left_out.get().len();
            (left_out > 0)
                .then(|| {
                    view! {
                        <p class="small">
                            {messages::excluded(left_out)}
                            <button class="btn plain small" type="button" on:click=move |_| state.left_out.set(BTreeSet::new())>{messages::INCLUDE_ALL}</button>
                        </p>
                    }
                })
        }}
    }
}

#[component]
fn Group(state: FormState, verdict: Verdict, judged: Vec<AssessedTarget>, most: usize) -> impl IntoView {
    let runs: Vec<_> = judged.iter().map(|it| it.target.run.run.clone()).collect();
    let leave = (verdict == Verdict::MayLose).then(|| {
        let label = messages::exclude_runs(runs.len());
        let runs = runs.clone();
        let leave = move |_| state.left_out.update(|out| out.extend(runs.iter().cloned()));
        view! { <button class="btn small push" type="button" on:click=leave>{label}</button> }
    });
    view! {
        <tbody>
            <tr class="group">
                <th colspan="5" scope="rowgroup">
                    <div>
                        <VerdictMark tone=verdict_tone(verdict) word=text::verdict::label(verdict).to_owned()/>
                        <span class="muted">{some(runs.len(), "run")}{messages::GROUP_CONDITION}</span>
                        {leave}
                    </div>
                </th>
            </tr>
            {judged.into_iter().take(most).map(|judged| view! { <Run state judged/> }).collect_view()}
        </tbody>
    }
}

#[component]
fn Run(state: FormState, judged: AssessedTarget) -> impl IntoView {
    let AssessedTarget { target, same, upgrade, allowed } = judged;
    let run = target.run.run.clone();
    let program = target.run.program.clone();
    let named = run_cells(&target, format!("{}, {}", program.program, target.kind.word()));
    let age = target.record.start.map(|start| elapsed(clock::age(start.timestamp(), clock::now())));
    let label = messages::exclude_run(program.application.as_str(), run.short());
    let leave = {
        let run = run.clone();
        move |_| {
            state.left_out.update(|out| {
                out.insert(run.clone());
            });
        }
    };
    let shallow =
        state.survey.with_untracked(|survey| matches!(survey, Some(Ok(it)) if it.shallow.contains(&program)));
    let forecast = if shallow {
        messages::PAST_STOPS_UNKNOWN.to_owned()
    } else {
        text::forecast::forecast(Forecast::of(&target.past).as_ref(), allowed)
    };
    let not_sent = match (&target.parent, target.record.stopping) {
        (Some(parent), _) => Some(messages::of_workflow_run(parent.short())),
        (None, Some(_)) => Some(messages::ALREADY_STOPPING.to_owned()),
        (None, None) => None,
    };
    view! {
        <tr>
            {named}
            <td class="num nowrap quiet" data-label=messages::RUNNING_FOR>{age.unwrap_or_else(|| "–".to_owned())}</td>
            <td class="why-cell" data-label=messages::EFFECT>
                {not_sent.map(|words| view! { <p><strong>{words}</strong></p> })}
                <Assessments assessments=vec![same, upgrade]/>
                <p class="small muted">{forecast}</p>
            </td>
            <td class="c-act">
                <button class="btn plain small square" type="button" aria-label=label on:click=leave>{icon(Icon::Cross)}</button>
            </td>
        </tr>
    }
}

/// The verdicts for both next steps; once, where they are the same for the same reasons.
#[component]
pub(crate) fn Assessments(
    /// Before a stop the deciding reason stands at once; after it what became of the run does, and this is a step away.
    #[prop(optional)]
    after: bool,
    assessments: Vec<Assessment>,
) -> impl IntoView {
    let next = |next: NextStep| match next {
        NextStep::SameVersion => messages::IF_SAME_VERSION,
        NextStep::Upgrade => messages::IF_UPGRADED,
    };
    let mut assessments = assessments;
    let once = match assessments.as_slice() {
        [same, upgrade] => same.verdict == upgrade.verdict && same.reasons == upgrade.reasons,
        _ => false,
    };
    if once {
        assessments.truncate(1);
    }
    // Links of visible reasons come before those of folded ones.
    let mut shown = Vec::new();
    let mut firsts = Vec::with_capacity(assessments.len());
    for assessment in &assessments {
        let first = if after { None } else { assessment.reasons.first() };
        firsts.push(first.map(|reason| reason_view(reason, &mut shown)));
    }
    let mut views = Vec::with_capacity(assessments.len());
    for (assessment, first) in assessments.into_iter().zip(firsts) {
        let next = if once { messages::IN_EITHER_CASE } else { next(assessment.next) };
        views.push(assessment_view(next, assessment, (after, first), &mut shown));
    }
    views
}

/// A reason with its evidence, and a link to its rule unless the row already has one.
fn reason_view(reason: &Reason, shown: &mut Vec<Rule>) -> AnyView {
    let sentence = text::verdict::reason(reason.kind);
    let evidence = text::verdict::evidence(&reason.evidence);
    let quote = (!evidence.is_empty()).then(|| view! { " "<code>{evidence}</code> });
    let why = why_once(reason.kind.rule(), &sentence, shown);
    view! { <p>{sentence}{quote}{why}</p> }.into_any()
}

/// A verdict with its reasons: the deciding one, if it is visible, then the folded ones.
fn assessment_view(
    next: &'static str,
    assessment: Assessment,
    (after, first): (bool, Option<AnyView>),
    shown: &mut Vec<Rule>,
) -> AnyView {
    let open = !after && assessment.verdict == Verdict::MayLose;
    let rest = assessment.reasons.iter().skip(usize::from(!after));
    let rest: Vec<_> = rest.map(|reason| reason_view(reason, shown)).collect();
    let way_out = assessment.remedy;
    let more = !rest.is_empty() || way_out.is_some();
    let word = match (after, way_out.is_some()) {
        (true, true) => messages::WHY_AND_HOW,
        (true, false) => messages::WHY,
        (false, _) => messages::MORE,
    };
    view! {
        <div class="judgement">
            <p><span class="muted">{next}": "</span><VerdictMark tone=verdict_tone(assessment.verdict) word=text::verdict::label(assessment.verdict).to_owned()/></p>
            {first}
            {more.then(|| view! {
                <details class="fold" open=open>
                    <summary>{icon(Icon::Right)}{word}</summary>
                    <div class="inside">
                        {rest}
                        {way_out.map(|way| view! {
                            <p><strong>{messages::HOW_TO_AVOID}</strong></p>
                            <ol>{text::verdict::WAY_OUT.into_iter().map(|step| view! { <li>{step}</li> }).collect_view()}</ol>
                            {text::verdict::caveat(way).map(|caveat| view! { <p>{caveat}</p> })}
                        })}
                    </div>
                </details>
            })}
        </div>
    }
    .into_any()
}
