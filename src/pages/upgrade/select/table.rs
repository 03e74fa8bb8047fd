//! The table of the first step: every application with what can be done with it.

use super::plugins::{Known, note, of_row};
use super::state::{Row, SelectState};
use crate::pages::upgrade::wizard::widgets::paged;
use crate::text::common::{APPLICATION, ARTIFACT};
use crate::text::upgrade::select as messages;
use crate::text::upgrade::{APPLICATIONS, REDEPLOY_EFFECT, REDEPLOYING, RUNS, VERSION_CHANGE, redeploy_on};
use crate::ui::{Disclosure, EmptyState, Icon, mark};
use leptos::prelude::*;
use quiesce_lifecycle::text::upgrade::{ineligible, missing_plugin};
use quiesce_lifecycle::upgrade::Eligibility;

pub(crate) fn table(state: SelectState) -> AnyView {
    let eligible = Memo::new(move |_| {
        let mut names = Vec::new();
        state.rows.with(|rows| {
            state.shown.with(|shown| {
                for row in shown.iter().filter_map(|place| rows.get(*place)) {
                    let lacking =
                        state.choice.with(|choice| choice.plugins.lacking.contains(&row.application.name));
                    if matches!(row.offer, Eligibility::Upgrade(_)) && !row.unread && !lacking {
                        names.push(row.application.name.clone());
                    }
                }
            });
        });
        names
    });
    let all = move |event: leptos::ev::Event| {
        let on = event_target_checked(&event);
        state.chosen.update(|chosen| {
            for name in eligible.get_untracked() {
                if on {
                    chosen.insert(name, false);
                } else {
                    chosen.remove(&name);
                }
            }
        });
    };
    let all_are = move || {
        eligible.with(|names| {
            !names.is_empty()
                && state.choice.with(|choice| names.iter().all(|name| choice.selected.contains(name)))
        })
    };
    let body = move || {
        let (places, pages) = state.shown.with(|shown| paged(state.page, shown));
        let mut views = Vec::with_capacity(places.len());
        state.rows.with(|rows| {
            for row in places.into_iter().filter_map(|place| rows.get(place)) {
                views.push(row_view(state, row));
            }
        });
        (views, pages)
    };
    let redeploys = Memo::new(move |_| {
        state.rows.with(|rows| rows.iter().any(|row| matches!(row.offer, Eligibility::Redeploy(_))))
    });
    view! {
        {move || redeploys.get().then(|| view! { <Disclosure summary=REDEPLOYING><p>{REDEPLOY_EFFECT}</p></Disclosure> })}
        <div class="table-wrap">
            <table class="table runs choose" aria-label=APPLICATIONS aria-rowcount=move || (state.shown.with(|it| it.len()) + 1).to_string()>
                <thead><tr>
                    <th class="c-check" scope="col">
                        <input class="check" type="checkbox" aria-label=move || messages::select_all(eligible.with(Vec::len))
                            prop:checked=all_are on:change=all/>
                    </th>
                    <th scope="col">{APPLICATION}</th>
                    <th scope="col">{ARTIFACT}</th>
                    <th scope="col">{VERSION_CHANGE}</th>
                    <th scope="col">{RUNS}</th>
                    <th scope="col">{messages::NOTE}</th>
                </tr></thead>
                <tbody>{move || body().0}</tbody>
            </table>
        </div>
        {move || body().1}
        {move || state.shown.with(|shown| shown.is_empty()).then(|| {
            let none = state.rows.with(|rows| rows.is_empty());
            let title = if none { messages::NO_APPLICATIONS } else { messages::NO_MATCH };
            view! { <EmptyState shape=Icon::Search title=title><p>{(!none).then_some(messages::NO_MATCH_ADVICE)}</p></EmptyState> }
        })}
    }
    .into_any()
}

fn row_view(state: SelectState, row: &Row) -> AnyView {
    let name = row.application.name.clone();
    let artifact = &row.application.artifact;
    let chosen = state.choice.with(|choice| choice.selected.contains(&name));
    let Known { missing, unknown: plugins_unknown, .. } = of_row(state, row);
    let lacking = !missing.is_empty();
    let (to, why) = match &row.offer {
        Eligibility::Upgrade(_) if row.unread => (None, Some(messages::READING_STATE.to_owned())),
        Eligibility::Upgrade(to) => (Some(to), None),
        Eligibility::Redeploy(to) => (Some(to), Some(messages::REFUSED.to_owned())),
        Eligibility::UpToDate(_) => (None, None),
        Eligibility::Ineligible(why) => (None, Some(ineligible(*why).to_owned())),
    };
    let arrow = to.map(|to| view! { <span class="arrow" aria-hidden="true">"→"</span><span class="vh">{messages::TO}</span><strong>{to.version.clone()}</strong> });
    let id = format!("why-{name}");
    let own = name.clone();
    let change = Callback::new(move |on: bool| {
        let own = own.clone();
        state.chosen.update(|chosen| {
            if on {
                chosen.insert(own, lacking);
            } else {
                chosen.remove(&own);
            }
        });
    });
    let extra = match &row.offer {
        Eligibility::Redeploy(_) if lacking => Some((messages::DESPITE_MISSING.to_owned(), "")),
        Eligibility::Upgrade(_) | Eligibility::UpToDate(_) if lacking => {
            Some((messages::DESPITE_MISSING.to_owned(), messages::DESPITE_MISSING_EFFECT))
        }
        Eligibility::Redeploy(to) => Some((redeploy_on(&to.version), "")),
        Eligibility::UpToDate(to) => Some((messages::again(&to.version), messages::AGAIN_EFFECT)),
        _ => None,
    };
    let unknown = row.unknown.then_some(messages::STATE_UNKNOWN);
    let plugins_unknown = plugins_unknown.then_some(messages::PLUGINS_UNKNOWN);
    let mut lacks = Vec::with_capacity(missing.len());
    for missing in missing {
        lacks.push(view! { <span class="outcome" data-tone="bad">{mark(Icon::Alert)}{missing_plugin(&missing)}</span>" " });
    }
    let moved = note(state, row);
    let disabled = why.is_some() || extra.is_some();
    let describes = disabled.then(|| id.clone());
    let of = name.to_string();
    let extra = extra.map(|(words, facts)| {
        let label = messages::option_of(&words, &of);
        view! {
            <label class="option">
                <input class="check" type="checkbox" aria-label=label prop:checked=chosen on:change=move |event| change.run(event_target_checked(&event))/>
                <span>{words}{(!facts.is_empty()).then(|| view! { <small>{facts}</small> })}</span>
            </label>
        }
    });
    let title = of.clone();
    view! {
        <tr aria-selected=chosen.then_some("true")>
            <td class="c-check">
                <input class="check" type="checkbox" aria-label=messages::select(&of) aria-describedby=describes disabled=disabled
                    prop:checked=chosen on:change=move |event| change.run(event_target_checked(&event))/>
            </td>
            <th class="c-main" scope="row"><span class="clip" title=title>{of.clone()}</span></th>
            <td class="quiet nowrap" data-label=ARTIFACT>{artifact.name.clone()}</td>
            <td class="nowrap" data-label=VERSION_CHANGE>{artifact.version.clone()}{arrow}</td>
            <td class="quiet nowrap" data-label=RUNS>{if row.alive { messages::ACTIVE } else { messages::NONE_ACTIVE }}</td>
            <td class="why-cell" data-label=messages::NOTE><span id=id>{why}{unknown}{plugins_unknown}{lacks}</span>{extra}<span class="sub wrap">{moved}</span></td>
        </tr>
    }
    .into_any()
}
