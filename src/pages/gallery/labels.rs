//! States of runs, verdicts, outcomes and refusals: every label with its sentence.

use crate::text::gallery as text;
use crate::text::states::{ending_tone, status, verdict_tone};
use crate::ui::{Glyph, Mark, Outcome as OutcomeMark, State, Verdict as VerdictMark};
use leptos::prelude::*;
use quiesce_api::run::RunStatus;
use quiesce_lifecycle::capability::Refusal;
use quiesce_lifecycle::kind::Kind;
use quiesce_lifecycle::launch::StateMode;
use quiesce_lifecycle::outcome::{Ending, Outcome};
use quiesce_lifecycle::text as sentences;
use quiesce_lifecycle::verdict::{NextStep, ReasonKind, Verdict};

/// All states of a run.
pub fn statuses() -> [RunStatus; 10] {
    [
        RunStatus::Pending,
        RunStatus::Starting,
        RunStatus::Running,
        RunStatus::Suspended,
        RunStatus::Stopping,
        RunStatus::Completed,
        RunStatus::Failed,
        RunStatus::Killed,
        RunStatus::Rejected,
        RunStatus::Other(text::OTHER_STATUS.into()),
    ]
}

pub fn run_states() -> AnyView {
    let marks = statuses().map(|run| {
        let (word, glyph, tone) = status(&run);
        view! { <State tone glyph word/> }
    });
    view! { <div class="panel pad actions">{marks.collect_view()}</div> }.into_any()
}

/// A table of labels with what they mean.
fn table(name: &'static str, heads: &[&'static str], rows: Vec<(AnyView, Vec<String>)>) -> AnyView {
    let head = heads.iter().map(|head| view! { <th scope="col">{*head}</th> }).collect_view();
    let mut views = Vec::with_capacity(rows.len());
    for (label, cells) in rows {
        let mut cell_views = Vec::with_capacity(cells.len());
        for (head, cell) in heads.iter().skip(1).zip(cells) {
            cell_views.push(view! { <td class="why-cell" data-label=*head>{cell}</td> });
        }
        views.push(view! { <tr><th class="c-main" scope="row">{label}</th>{cell_views}</tr> });
    }
    view! {
        <div class="table-wrap">
            <table class="table runs" aria-label=name><thead><tr>{head}</tr></thead><tbody>{views}</tbody></table>
        </div>
    }
    .into_any()
}

pub fn verdicts() -> AnyView {
    let mut rows = Vec::new();
    for (verdict, reason) in [
        (Verdict::NoLossExpected, ReasonKind::StateStore(NextStep::Upgrade)),
        (Verdict::InterruptsWork, ReasonKind::Interrupts(Kind::BatchPipeline)),
        (Verdict::CannotTell, ReasonKind::LogDecides),
        (Verdict::MayLose, ReasonKind::NoDrain),
    ] {
        let label = sentences::verdict::label(verdict);
        let mark = view! { <VerdictMark tone=verdict_tone(verdict) word=label/> };
        rows.push((mark.into_any(), vec![sentences::verdict::reason(reason)]));
    }
    table(text::VERDICTS, &[text::LABEL, text::MEANING], rows)
}

pub fn outcomes() -> AnyView {
    let mut rows = Vec::new();
    for ending in Ending::ALL {
        let overdue = matches!(ending, Ending::PastDeadline | Ending::AtDeadline).then_some(7);
        let outcome = Outcome { ending, applied_grace: Some(300), deadline: None, took: Some(42), overdue };
        let word = sentences::outcome::ending(ending);
        let shape: Mark = Glyph::Completed.into();
        let mark = view! { <OutcomeMark tone=ending_tone(ending) shape word/> };
        let cells =
            vec![sentences::outcome::outcome(&outcome), sentences::outcome::meaning(ending).to_owned()];
        rows.push((mark.into_any(), cells));
    }
    table(text::ENDINGS, &[text::LABEL, text::NUMBERS, text::MEANING], rows)
}

pub fn refusals() -> AnyView {
    let refusals = [
        Refusal::Ended(RunStatus::Completed),
        Refusal::Stopping,
        Refusal::OfWorkflow("8e775bfc-eb2c-11f1-9914-02fc00000001".into()),
        Refusal::NotEnded,
        Refusal::NotRunning,
        Refusal::AllStopping,
        Refusal::PipelineStep,
        Refusal::NotStartable,
        Refusal::OneRunOnly(Kind::Service),
        Refusal::OlderVersion,
        Refusal::NoPipeline,
        Refusal::ServerTooOld,
        Refusal::Checkpointed(StateMode::SparkCheckpointing),
        Refusal::ReadOnly,
        Refusal::Forbidden(text::SERVER_MESSAGE.to_owned()),
        Refusal::StillRunning(2),
    ];
    let lines = refusals.iter().map(|refusal| view! { <li>{sentences::capability::refusal(refusal)}</li> });
    view! { <div class="panel pad"><ul class="plain-list">{lines.collect_view()}</ul></div> }.into_any()
}
