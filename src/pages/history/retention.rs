//! How many operations this browser stores, and the deletion of old ones.

use super::days::expired;
use super::state::State;
use crate::client::{clock, journal};
use crate::text::history as text;
use crate::ui::{Button, ButtonVariant, Dialog, Tone};
use leptos::prelude::*;
use quiesce_lifecycle::journal::OperationId;

/// The age that the dialog proposes, in days.
const PROPOSED: &str = "90";
/// The longest age that can be entered, in days.
const LONGEST: i32 = 9_999;

fn parse(days: &str) -> Option<i32> {
    days.trim().parse().ok().filter(|days| (1..=LONGEST).contains(days))
}

/// The line below the table, with the dialog that it opens.
pub(super) fn retention(state: State) -> AnyView {
    let open = RwSignal::new(false);
    let kept = move || {
        state.data.with(|data| {
            let headers = data.as_ref()?.as_ref().ok()?;
            let since = clock::day(headers.last()?.created).label(state.today.get());
            Some(text::kept(headers.len(), &since, state.kept.get()))
        })
    };
    view! {
        <div class="actions">
            <p class="small muted">{kept}</p>
            <div class="push">
                <Button on_press=move |()| open.set(true) small=true look=ButtonVariant::Plain>{text::DELETE_OLD}</Button>
            </div>
        </div>
        {dialog(state, open)}
    }
    .into_any()
}

fn dialog(state: State, open: RwSignal<bool>) -> AnyView {
    let days = RwSignal::new(PROPOSED.to_owned());
    let found = Memo::new(move |_| {
        let days = days.with(|days| parse(days))?;
        let ids = state.data.with(|data| {
            let headers = data.as_ref().and_then(|data| data.as_ref().ok()).map(Vec::as_slice);
            expired(headers.unwrap_or_default(), &state.client.server(), days, state.today.get(), clock::day)
        });
        Some((days, ids))
    });
    let consequence = move || {
        found.with(|found| match found {
            Some((days, ids)) => text::delete_old_details(ids.len(), *days),
            None => text::enter_days(LONGEST),
        })
    };
    let unavailable = Signal::derive(move || {
        let none = found.with(|found| found.as_ref().is_none_or(|(_, ids)| ids.is_empty()));
        none.then(consequence)
    });
    let count = move || found.with(|found| found.as_ref().map_or(0, |(_, ids)| ids.len()));
    let go = move |()| {
        let Some((_, ids)) = found.get_untracked() else { return };
        open.set(false);
        leptos::task::spawn_local(delete(state, ids));
    };
    let actions = move || {
        view! {
            <Button on_press=move |()| open.set(false)>{text::KEEP}</Button>
            <Button on_press=go look=ButtonVariant::Danger unavailable=unavailable>{move || text::delete_many(count())}</Button>
        }
    };
    view! {
        <Dialog open=open title=text::DELETE_OLD_QUESTION actions=actions>
            <div class="stack stack-2">
                <div class="field">
                    <label for="days">{text::AGE}</label>
                    <input class="input" id="days" type="text" inputmode="numeric" autocomplete="off"
                        aria-describedby="days-consequence"
                        aria-invalid=move || found.with(Option::is_none).then_some("true")
                        prop:value=move || days.get()
                        on:input=move |event| days.set(event_target_value(&event))/>
                </div>
                <p id="days-consequence" role="status">{consequence}</p>
                <p class="muted">{text::KEPT_OPERATIONS}</p>
            </div>
        </Dialog>
    }
    .into_any()
}

async fn delete(state: State, ids: Vec<OperationId>) {
    let said = match journal::delete_finished(&ids).await {
        Ok(deleted) => (Tone::Ok, text::deleted_old(deleted)),
        Err(error) => (Tone::Bad, text::delete_failed(&error.to_string())),
    };
    state.said.try_set(Some(said));
    state.look();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_a_whole_number_of_days() {
        assert_eq!(parse(" 90 "), Some(90));
        for wrong in ["", "0", "-1", "1.5", "10000", "ninety"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
