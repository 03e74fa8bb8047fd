//! The row of a program, cloned from a template and filled: half of what a row of views costs the start
//! (docs/performance.md).

use super::row::{Latest, Row};
use crate::client::{Client, clock};
use crate::pages::server_message::folded;
use crate::pages::stop::form_href;
use crate::pages::stop::selection::Selection;
use crate::routes::Route;
use crate::selected_programs::SelectedPrograms;
use crate::text::common::elapsed;
use crate::text::states::{kind, status};
use crate::text::{common, programs as text};
use crate::ui::{Glyph, Mark, OlderVersion, State, Tone, unique_id};
use leptos::prelude::*;
use leptos::tachys::view::{Mountable, Render};
use quiesce_api::stop::StopProgram;
use quiesce_api::{Endpoint, ProgramRef, Timestamp};
use quiesce_lifecycle::capability::{ProgramAction, ProgramState};
use quiesce_lifecycle::text::capability;
use send_wrapper::SendWrapper;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// What is cloned.
struct Templates {
    /// A row, with all of its cells.
    row: Element,
    /// A cell with the link that stops a program.
    stop: Element,
    /// A cell with the button of a program that can't be stopped.
    unavailable: Element,
    /// A cell without a value.
    none: Element,
}

thread_local! {
    static TEMPLATES: Option<Templates> = Templates::new();
}

impl Templates {
    fn new() -> Option<Self> {
        let row = view! {
            <td class="c-check"><input class="check" type="checkbox"/></td>
            <th class="c-main" scope="row"><a class="clip"></a></th>
            <td class="c-extra quiet" data-label=common::PROGRAM><span class="clip"></span></td>
            <td class="quiet nowrap" data-label=common::KIND><span class="muted"></span></td>
            <td class="c-wide quiet nowrap" data-label=common::ARTIFACT><span class="muted"></span></td>
            <td class="c-state"><State tone=Tone::Idle glyph=Glyph::Never word=""/></td>
            <td class="num nowrap quiet" data-label=common::STARTED><time></time></td>
            <td class="c-wide quiet nowrap" data-label=text::LATEST_RUN><code></code></td>
            <td class="c-act"></td>
        };
        let stop = view! { <a class="btn plain small">{common::STOP}</a> };
        let unavailable = view! {
            <button class="btn plain small" type="button" aria-disabled="true">{common::STOP}</button>
            <span class="why"></span>
        };
        let none = view! { <span class="muted">"–"</span> };
        Some(Self {
            row: element("tr", row.into_any())?,
            stop: element("td", stop.into_any())?,
            unavailable: element("td", unavailable.into_any())?,
            none: element("td", none.into_any())?,
        })
    }
}

/// An element that is not part of the document, with this content.
fn element(name: &str, content: AnyView) -> Option<Element> {
    let element = document().create_element(name).ok()?;
    content.build().mount(&element, None);
    Some(element)
}

/// Appends a copy of the content of a template.
fn append(to: &Element, template: impl Fn(&Templates) -> &Element) {
    let copy = TEMPLATES.with(|templates| template(templates.as_ref()?).clone_node_with_deep(true).ok());
    let Some(copy) = copy else { return };
    while let Some(child) = copy.first_child() {
        // Only a node that contains the cell would be refused.
        let _ = to.append_child(&child);
    }
}

fn children(of: &Element) -> Vec<Element> {
    std::iter::successors(of.first_element_child(), Element::next_element_sibling).collect()
}

/// Only an invalid name of an attribute is refused.
fn set(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

fn set_if(element: &Element, name: &str, value: Option<&str>) {
    match value {
        Some(value) => set(element, name, value),
        None => drop(element.remove_attribute(name)),
    }
}

/// Writes a text, and the one that is behind it in the element that the cell has for it.
fn write(cell: &Element, text: &str, second: Option<&str>) {
    match (second, cell.first_element_child()) {
        (Some(second), Some(element)) => {
            element.set_text_content(Some(second));
            let _ = cell.insert_adjacent_text("afterbegin", &format!("{text} "));
        }
        _ => cell.set_text_content(Some(text)),
    }
}

/// Writes a value with its title and returns its element, or writes that there is none.
fn value(cell: &Element, title: Option<&str>, text: &str) -> Option<Element> {
    let Some(title) = title else {
        cell.set_text_content(None);
        append(cell, |templates| &templates.none);
        return None;
    };
    let element = cell.first_element_child()?;
    set(&element, "title", title);
    element.set_text_content(Some(text));
    Some(element)
}

/// Numbers the rows of a table's body, which come after its head and the rows `before`, unless these are none.
pub(super) fn number_rows(body: &Element, before: usize) {
    for (place, row) in children(body).into_iter().enumerate() {
        let number = (before > 0).then(|| (before + place + 2).to_string());
        set_if(&row, "aria-rowindex", number.as_deref());
    }
}

/// What a row is filled with.
#[derive(Clone)]
pub(super) struct Filling {
    /// The selected programs.
    pub selected: RwSignal<SelectedPrograms>,
    /// The time, for ages.
    pub now: RwSignal<Timestamp>,
    pub client: Client,
    /// The program of the keyboard row.
    pub focused: Memo<Option<Arc<ProgramRef>>>,
    pub row: Row,
}

/// Fills the empty element of a row, and keeps it up to date as long as it is shown.
pub(super) fn fill(element: Element, filling: Filling) {
    append(&element, |templates| &templates.row);
    let cells = children(&element);
    let [check, name, program, kind_cell, artifact, state_cell, started, run, action] = cells.as_slice()
    else {
        return;
    };
    let row = &filling.row;
    let (application, program_name) = (row.program.application.as_str(), row.program.program.as_str());
    let check = check.first_element_child().and_then(|check| check.dyn_into::<HtmlInputElement>().ok());
    if let Some(check) = &check {
        set(check, "aria-label", &text::select(&format!("{application} {program_name}")));
    }
    if let Some(link) = value(name, Some(application), application) {
        // The focus returns to this link and to that of the stop (list_state.rs).
        set(&link, "id", &format!("row-{}", row.program));
        set(&link, "href", &filling.client.at(Route::program(&row.program)).href());
    }
    value(program, Some(program_name), program_name);
    // Only where it says more than the kind.
    let program_type = row.program.program_type.word();
    let program_type = (!row.kind.word().eq_ignore_ascii_case(program_type)).then_some(program_type);
    write(kind_cell, &kind(row.kind), program_type);
    match &row.artifact {
        Some(of) => write(artifact, &of.name, Some(&of.version)),
        None => artifact.set_text_content(None),
    }
    fill_state(state_cell, row);
    let id = row.run().map(|run| &run.run);
    value(run, id.map(quiesce_api::RunId::as_str), id.map_or("", quiesce_api::RunId::short));
    let title = row.started().map(clock::local);
    let time = value(started, title.as_deref(), "");
    if let (Some(time), Some(at)) = (&time, row.started()) {
        set(time, "datetime", &at.to_string());
    }
    follow(element, check, time, &filling);
    fill_action(action.clone(), &filling);
}

/// Keeps what changes while the row is shown: whether the keyboard is on it, whether it is selected, its age.
fn follow(element: Element, check: Option<HtmlInputElement>, time: Option<Element>, filling: &Filling) {
    let Filling { selected: all, now, focused, row, .. } = filling.clone();
    let started = row.started();
    Effect::new(move |before: Option<(bool, bool, Option<String>)>| {
        let focused = focused.with(|focused| focused.as_ref() == Some(&row.program));
        let selected = all.with(|all| all.contains(&row.program));
        let age = started.map(|at| elapsed(clock::age(at, now.get())) + common::AGO);
        let (was_focused, was_selected, age_before) = before.unwrap_or_default();
        if focused != was_focused {
            set_if(&element, "data-focus", focused.then_some(""));
        }
        if selected != was_selected {
            set_if(&element, "aria-selected", selected.then_some("true"));
            if let Some(check) = &check {
                check.set_checked(selected);
            }
        }
        if age != age_before
            && let Some(time) = &time
        {
            time.set_text_content(age.as_deref());
        }
        (focused, selected, age)
    });
}

/// Fills the cell of the state.
fn fill_state(cell: &Element, row: &Row) {
    let (word, glyph, tone) = match (&row.latest, row.status()) {
        (_, Some(run)) => status(run),
        (Latest::Unread, None) => (text::STATE_UNREAD.to_owned(), Glyph::Pending, Tone::Idle),
        (Latest::Problem(_), None) => (text::STATE_UNKNOWN.to_owned(), Glyph::Never, Tone::Warn),
        _ => (text::STATE_NEVER.to_owned(), Glyph::Never, Tone::Idle),
    };
    let Some(mark) = cell.first_element_child() else { return };
    set(&mark, "data-tone", tone.word());
    if let Some(svg) = mark.first_element_child() {
        let (class, href) = Mark::from(glyph).drawing();
        set(&svg, "class", class);
        if let Some(symbol) = svg.first_element_child() {
            set(&symbol, "href", href);
        }
    }
    let _ = mark.insert_adjacent_text("beforeend", &word);
    let problem = match &row.latest {
        Latest::Problem(words) => Some(words.as_str()),
        _ => None,
    };
    let of_older = !row.older.is_empty();
    if of_older || problem.is_some() {
        let more = view! {
            {of_older.then(|| view! { <OlderVersion/> })}
            {problem.map(|problem| view! { <div class="sub">{folded(problem)}</div> })}
        };
        let mut more = more.into_any().build();
        more.mount(cell, None);
        // It lives as long as the row.
        StoredValue::new(SendWrapper::new(more));
    }
}

/// Why the program of a row can't be stopped.
pub fn stop_refusal(client: Client, row: &Row) -> Option<String> {
    let alive = usize::from(row.is_active());
    let stopping = usize::from(row.status() == Some(&quiesce_api::run::RunStatus::Stopping));
    let state = ProgramState { kind: row.kind, alive, stopping, state_mode: None, server: None };
    let refused = state.can(ProgramAction::Stop).err().as_ref().map(capability::refusal);
    refused
        .or_else(|| client.refusal(&StopProgram { program: (*row.program).clone(), version: None }.request()))
}

/// Fills the cell of the action, again when the permissions of the user change.
fn fill_action(cell: Element, filling: &Filling) {
    let Filling { client, row, .. } = filling.clone();
    Effect::new(move |before: Option<Option<String>>| {
        let refusal = stop_refusal(client, &row);
        if before.as_ref() != Some(&refusal) {
            show_action(&cell, client, &row.program, refusal.as_deref());
        }
        refusal
    });
}

/// Shows the link that stops a program, or the button that can't and why.
fn show_action(cell: &Element, client: Client, program: &ProgramRef, refusal: Option<&str>) {
    cell.set_text_content(None);
    let label = common::stop(program.application.as_str());
    let Some(reason) = refusal else {
        append(cell, |templates| &templates.stop);
        if let Some(link) = cell.first_element_child() {
            let selection = Selection { programs: vec![program.clone()], runs: Vec::new() };
            set(&link, "id", &format!("stop-{program}"));
            set(&link, "href", &form_href(client, &program.namespace, &selection));
            set(&link, "aria-label", &label);
        }
        return;
    };
    append(cell, |templates| &templates.unavailable);
    if let [button, why] = children(cell).as_slice() {
        let id = unique_id("why");
        set(button, "aria-label", &label);
        set(button, "aria-describedby", &id);
        set(button, "title", reason);
        set(why, "id", &id);
        why.set_text_content(Some(reason));
    }
}
