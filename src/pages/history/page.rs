//! The view of the history.

use super::filter::{Filter, FilterChip};
use super::state::State;
use super::{backup_check, import_export, retention, table};
use crate::client::journal;
use crate::navigation::{NavigateOptions, use_navigate};
use crate::text::{history as text, shell};
use crate::ui::{
    Button, ButtonVariant, Chip, Dialog, EmptyState, Icon, Notice, PageHead, SkeletonRows, Tone, icon,
};
use leptos::prelude::*;
use quiesce_lifecycle::journal::Header;

/// The content of the page, as far as it decides which elements are there.
#[derive(Clone, PartialEq)]
enum Content {
    Loading,
    Unreadable(String),
    Empty,
    Listed,
}

impl Content {
    fn of(data: Option<&Result<Vec<Header>, String>>) -> Self {
        match data {
            None => Self::Loading,
            Some(Err(error)) => Self::Unreadable(error.clone()),
            Some(Ok(headers)) if headers.is_empty() => Self::Empty,
            Some(Ok(_)) => Self::Listed,
        }
    }
}

/// All of it.
pub(super) fn page(state: State) -> AnyView {
    let content = Memo::new(move |_| state.data.with(|data| Content::of(data.as_ref())));
    let any = Signal::derive(move || {
        let none = state.data.with(|data| !matches!(data, Some(Ok(headers)) if !headers.is_empty()));
        none.then(|| text::NOTHING_TO_EXPORT.to_owned())
    });
    view! {
        <PageHead title=shell::HISTORY>
            {import_export::import_button(state)}
            <Button on_press=move |()| import_export::export(state, None) unavailable=any>{text::EXPORT_ALL}</Button>
        </PageHead>
        <p class="muted">{text::INTRODUCTION}</p>
        {move || state.said.get().map(|(tone, words)| view! { <Notice tone=tone><p>{words}</p></Notice> })}
        {filters(state)}
        {move || match content.get() {
            Content::Loading => view! { <div class="table-wrap"><table class="table" aria-busy="true" aria-label=text::OPERATIONS><tbody><SkeletonRows columns=6 rows=4/></tbody></table></div> }.into_any(),
            Content::Unreadable(error) => view! {
                <Notice tone=Tone::Bad>
                    <p><strong>{text::UNREADABLE}</strong>{error}"."</p>
                    <p>{text::UNREADABLE_ADVICE}</p>
                </Notice>
            }.into_any(),
            Content::Empty => view! {
                <section class="panel">
                    <EmptyState shape=Icon::Clock title=text::EMPTY>
                        <p>{text::EMPTY_ADVICE}</p>
                    </EmptyState>
                </section>
            }.into_any(),
            Content::Listed => view! { {table::table(state)}{retention::retention(state)} }.into_any(),
        }}
        <backup_check::CheckBackup/>
        {delete(state)}
    }
    .into_any()
}

fn filters(state: State) -> AnyView {
    let navigate = use_navigate();
    let show = StoredValue::new_local(move |filter: &Filter| {
        let options = NavigateOptions { replace: true, scroll: false };
        navigate(&filter.href(state.client), options);
    });
    let counts = Memo::new(move |_| {
        state.filter.with(|filter| {
            state.data.with(|data| match data {
                Some(Ok(headers)) => state.told.with(|told| filter.counts(headers, told)),
                _ => [None; FilterChip::ALL.len()],
            })
        })
    });
    let chip = move |chip: FilterChip| {
        let on = Signal::derive(move || state.filter.with(|filter| filter.is_on(chip)));
        let count =
            Signal::derive(move || counts.with(|counts| counts.get(chip as usize).copied().flatten()));
        let change = move |on: bool| {
            let mut filter = state.filter.get_untracked();
            filter.set(chip, on);
            show.with_value(|show| show(&filter));
        };
        let word = chip.label();
        match chip.mark() {
            Some((tone, shape)) => view! { <Chip word on on_change=change count tone shape/> }.into_any(),
            None => view! { <Chip word on on_change=change count/> }.into_any(),
        }
    };
    let [kinds, results] = FilterChip::GROUPS.map(|(legend, chips)| {
        let chips = chips.into_iter().map(chip).collect_view();
        view! { <fieldset class="chips"><legend class="vh">{legend}</legend>{chips}</fieldset> }
    });
    view! {
        <form class="filters" role="search" aria-label=text::FILTER on:submit=|event| event.prevent_default()>
            <div class="search">
                {icon(Icon::Search)}
                <input class="input" type="search" placeholder=text::SEARCHED_FIELDS aria-label=text::SEARCH
                    autocomplete="off" spellcheck="false"
                    prop:value=move || state.filter.get().text
                    on:input=move |event| {
                        let filter = Filter { text: event_target_value(&event), ..state.filter.get_untracked() };
                        show.with_value(|show| show(&filter));
                    }/>
            </div>
            {kinds}
            <span class="chips-sep" aria-hidden="true"></span>
            {results}
        </form>
    }
    .into_any()
}

/// Asks once whether an operation is to be deleted.
fn delete(state: State) -> AnyView {
    let open = RwSignal::new(false);
    Effect::new(move || open.set(state.deleting.with(Option::is_some)));
    Effect::new(move || {
        if !open.get() && state.deleting.with_untracked(Option::is_some) {
            state.deleting.set(None);
        }
    });
    let go = move |()| {
        let Some(header) = state.deleting.get_untracked() else { return };
        open.set(false);
        leptos::task::spawn_local(async move {
            let said = match journal::delete(&header.id).await {
                Ok(()) => (Tone::Ok, text::deleted(&header.title)),
                Err(error) => (Tone::Bad, text::delete_failed(&error.to_string())),
            };
            state.said.try_set(Some(said));
            state.look();
            state.client.refresh_operations().await;
        });
    };
    let words = move || {
        state.deleting.with(|header| {
            let header = header.as_ref()?;
            Some(text::delete_details(&header.title, header.finished))
        })
    };
    let actions = move || {
        view! {
            <Button on_press=move |()| open.set(false)>{text::KEEP}</Button>
            <Button on_press=go look=ButtonVariant::Danger>{text::DELETE}</Button>
        }
    };
    view! { <Dialog open=open title=text::DELETE_QUESTION actions=actions><p>{words}</p></Dialog> }.into_any()
}
