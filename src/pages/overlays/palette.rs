//! The command palette: a field, and a list of what matches. It opens pages and forms; nothing in it sends a request
//! that changes something.

use super::candidates::{Act, Entry, Hit, MOST, Target, rank};
use super::entries::Maker;
use super::fuzzy::Query;
use super::sources::Sources;
use crate::client::use_client;
use crate::navigation::{NavigateOptions, use_navigate};
use crate::shell::{Overlay, use_shell};
use crate::text::palette as text;
use crate::ui::{Icon, icon, mark};
use leptos::html;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

/// How far the page keys go.
const STRIDE: usize = 10;

/// An entry that is shown, with the letters that match.
#[derive(Clone)]
struct Shown {
    entry: Entry,
    letters: Vec<usize>,
}

/// The palette; with `namespaces` it has only those. `typed` is in its field from the start.
#[component]
pub(super) fn Palette(namespaces: bool, typed: String) -> impl IntoView {
    let (client, shell) = (use_client(), use_shell());
    let sources = Sources::read(client, shell.namespace.get_untracked());
    let maker = Maker::new(client, shell, sources);
    let initial = typed.clone();
    let typed = RwSignal::new(typed);
    let active = RwSignal::new(0_usize);
    let made = Memo::new_with_compare(move |_| std::sync::Arc::new(maker.make(namespaces)), |_, _| true);
    let hits = Memo::new(move |_| {
        let query = Query::new(&typed.get());
        made.with(|made| rank(&made.1, &query))
    });
    let shown = move || {
        let mut shown = Vec::with_capacity(MOST + 1);
        let made = made.get();
        let fleet = sources.fleet.get();
        for Hit { place, how } in hits.get().0 {
            let entry = made.1.get(place).and_then(|candidate| match &candidate.target {
                Target::Entry(place) => made.0.get(*place).cloned(),
                target @ (Target::Program(row) | Target::Stop(row) | Target::Upgrade(row)) => {
                    fleet.rows.get(*row).map(|row| maker.of_program(row, target))
                }
            });
            shown.extend(entry.map(|entry| Shown { entry, letters: how.letters }));
        }
        let words = typed.get();
        let words = words.trim();
        let more = match (namespaces, words) {
            (true, name) => maker.unlisted(name),
            (false, "") => None,
            (false, words) => Some(maker.search(words)),
        };
        shown.extend(more.map(|entry| Shown { entry, letters: Vec::new() }));
        shown
    };
    let shown = StoredValue::new(shown);
    let rows = RwSignal::new(Vec::<Shown>::new());
    Effect::new(move || rows.set(shown.with_value(|shown| shown())));
    let dialog = NodeRef::<html::Dialog>::new();
    let hit_list = NodeRef::<html::Ul>::new();
    Effect::new(move || {
        if let Some(dialog) = dialog.get() {
            // It is refused only for a dialog that is not in the document or already open.
            let _ = dialog.show_modal();
        }
    });
    // Closing gives the focus back, before a page that is opened takes it.
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let navigate = use_navigate();
    let choose = move |place: usize| {
        let entry = rows.with_untracked(|rows| rows.get(place).map(|shown| shown.entry.clone()));
        let Some(entry) = entry.filter(|entry| entry.refusal.is_none()) else { return };
        close();
        match entry.act {
            Act::Open(href) => navigate(&href, NavigateOptions::default()),
            Act::Run(run) => {
                // What it opens takes the place of the palette.
                shell.overlay.set(None);
                run.run(());
            }
        }
    };
    let go_to = move |place: usize| {
        active.set(place);
        let row = hit_list.get_untracked().and_then(|list| list.children().item(u32::try_from(place).ok()?));
        if let Some(row) = row {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            row.scroll_into_view_with_scroll_into_view_options(&options);
        }
    };
    let key = move |event: KeyboardEvent| {
        let last = rows.with_untracked(Vec::len).saturating_sub(1);
        let at = active.get_untracked();
        let commands = event.ctrl_key() || event.meta_key();
        match event.key().as_str() {
            "ArrowDown" => go_to(if at >= last { 0 } else { at + 1 }),
            "ArrowUp" => go_to(if at == 0 { last } else { at - 1 }),
            "PageDown" => go_to((at + STRIDE).min(last)),
            "PageUp" => go_to(at.saturating_sub(STRIDE)),
            "Home" => go_to(0),
            "End" => go_to(last),
            "Enter" => choose(at),
            "k" if commands => close(),
            _ => return,
        }
        event.prevent_default();
    };
    let type_in = move |event| {
        active.set(0);
        typed.set(event_target_value(&event));
        if let Some(list) = hit_list.get_untracked() {
            list.set_scroll_top(0);
        }
    };
    let said = move || {
        let count = rows.with(Vec::len);
        let (shown, all) = hits.with(|(hits, all)| (hits.len(), *all));
        let programs = sources.fleet.with(|fleet| fleet.rows.len());
        match (sources.reading.get() > 0, typed.with(|typed| typed.trim().is_empty())) {
            (true, _) if all == 0 => text::READING.to_owned(),
            (_, true) if !namespaces && programs > 0 => text::searchable(programs),
            // The last entry is offered for every text.
            _ => text::results(shown.min(count), all),
        }
    };
    let (title, name) = if namespaces {
        (text::NAMESPACES, text::SEARCH_NAMESPACES)
    } else {
        (text::PALETTE, text::SEARCHED)
    };
    let placeholder = if namespaces { text::SEARCH_NAMESPACES } else { text::PLACEHOLDER };
    view! {
        <dialog class="dialog palette" node_ref=dialog aria-label=title
            on:close=move |_| shell.overlay.update(|open| if matches!(open, Some(Overlay::Palette | Overlay::Namespaces)) { *open = None; })
            on:click=move |event| if event.target() == event.current_target() { close(); }>
            <div class="search">
                {icon(Icon::Search)}
                <input class="input" type="text" role="combobox" autofocus prop:value=initial aria-label=name placeholder=placeholder
                    aria-expanded="true" aria-controls="hits" aria-autocomplete="list" autocomplete="off" spellcheck="false"
                    aria-activedescendant=move || rows.with(|rows| (!rows.is_empty()).then(|| hit_id(active.get())))
                    on:input=type_in on:keydown=key/>
            </div>
            <ul id="hits" role="listbox" aria-label=text::RESULTS node_ref=hit_list>
                {move || rows.get().into_iter().enumerate().map(|(place, shown)| row(place, shown, active, choose)).collect_view()}
            </ul>
            {move || sources.problems.get().into_iter().map(|problem| view! { <p class="problem small" role="status">{problem}</p> }).collect_view()}
            <footer class="small muted">
                <span class="push" role="status">{said}</span>
                <span><kbd>"↑"</kbd>" "<kbd>"↓"</kbd>" "{text::CHOOSE}</span>
                <span><kbd>{text::ENTER}</kbd>" "{text::OPEN}</span>
                <span><kbd>{text::ESCAPE}</kbd>" "{text::CLOSE}</span>
            </footer>
        </dialog>
    }
}

fn hit_id(place: usize) -> String {
    format!("hit-{place}")
}

fn row(
    place: usize,
    shown: Shown,
    active: RwSignal<usize>,
    choose: impl Fn(usize) + 'static,
) -> impl IntoView {
    let Shown { entry, letters } = shown;
    let is_refused = entry.refusal.is_some();
    let hint = entry.refusal.unwrap_or(entry.hint);
    view! {
        <li role="option" id=hit_id(place)
            aria-selected=move || (active.get() == place).to_string()
            aria-disabled=is_refused.then_some("true")
            on:mousedown=|event| event.prevent_default()
            on:mousemove=move |_| if active.get_untracked() != place { active.set(place); }
            on:click=move |_| choose(place)>
            {mark(entry.mark)}
            <span class="clip">{marked(&entry.label, &letters)}</span>
            " "
            <span class="clip muted">{hint}</span>
        </li>
    }
}

/// A label, with the letters that match in bold.
fn marked(label: &str, letters: &[usize]) -> Vec<AnyView> {
    let mut parts: Vec<(bool, String)> = Vec::new();
    for (at, letter) in label.chars().enumerate() {
        let bold = letters.binary_search(&at).is_ok();
        match parts.last_mut() {
            Some((before, part)) if *before == bold => part.push(letter),
            _ => parts.push((bold, letter.to_string())),
        }
    }
    let part = |(bold, part): (bool, String)| {
        if bold { view! { <b>{part}</b> }.into_any() } else { part.into_any() }
    };
    parts.into_iter().map(part).collect()
}
