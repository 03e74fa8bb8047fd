//! What the steps are made of: buttons that tell the machine something, tables, lists of what was found.

use crate::client::Client;
use crate::client::operation::Role;
use crate::client::upgrade::RunningUpgrade;
use crate::pages::stop::{GraceForm, block};
use crate::text::common::{self, some};
use crate::text::stop;
use crate::text::upgrade::{LOADING_JOURNAL, wizard as messages};
use crate::ui::{Button, ButtonVariant, CopyButton, Disclosure, Glyph, Icon, Mark, Tone, mark};
use leptos::prelude::*;
use quiesce_api::{ApplicationId, Request};
use quiesce_lifecycle::text::capability;
use quiesce_lifecycle::upgrade::{
    AppEvent, AppIndex, Call, Command, EventKind, PlannedApp, UpgradeOperation,
};

/// How many rows a table shows at once.
pub(crate) const PAGE: usize = 50;
/// How many requests are shown verbatim.
const REQUESTS: usize = 8;

/// What the steps share.
#[derive(Clone, Copy)]
pub(crate) struct WizardContext {
    pub client: Client,
    pub running: RunningUpgrade,
    /// The page of the table.
    pub page: RwSignal<usize>,
    /// Whether it is asked if the upgrade is to be aborted.
    pub aborting: RwSignal<bool>,
    pub grace: GraceForm,
}

impl WizardContext {
    /// Decides this when it is pressed.
    pub fn command(self, command: Command) -> Callback<()> {
        Callback::new(move |()| self.running.tell(EventKind::Command(command.clone())))
    }

    /// Decides this of each of these applications.
    pub fn each(self, command: fn(AppIndex) -> Command, applications: Vec<usize>) -> Callback<()> {
        Callback::new(move |()| {
            for application in &applications {
                self.running.tell(EventKind::Command(command(AppIndex(*application))));
            }
        })
    }

    /// Stops the draining run of an application, whether or not it has caught up.
    pub fn caught_up(self, application: AppIndex) -> Callback<()> {
        let event = EventKind::Application(application, AppEvent::CaughtUp);
        Callback::new(move |()| self.running.tell(event.clone()))
    }

    /// Sends the stop of a run again.
    pub fn send_again(self, target: usize) -> Callback<()> {
        Callback::new(move |()| self.running.send_again(target))
    }

    /// Why nothing can be told.
    pub fn locked(self) -> Option<String> {
        let words = match self.running.role.get() {
            Role::Acts => return None,
            Role::Opening => LOADING_JOURNAL,
            Role::Watches => messages::OTHER_TAB.trim_end(),
            Role::Orphaned => messages::TAKE_OVER_FIRST,
            Role::OtherUser => messages::CONTINUE_FIRST,
        };
        Some(words.to_owned())
    }

    /// Why a decision can't be told.
    pub fn refusal(self, op: &UpgradeOperation, command: &Command) -> Option<String> {
        self.locked().or_else(|| {
            let permitted = self.client.permissions().with(|permissions| op.permits(command, permissions));
            permitted.err().as_ref().map(capability::refusal)
        })
    }

    /// Why nothing can be told that changes something on the server.
    pub fn unchangeable(self) -> Option<String> {
        self.locked().or_else(|| self.client.read_only())
    }

    /// A button in a row that changes something on the server.
    pub fn change(self, words: &'static str, of: &str, press: Callback<()>) -> AnyView {
        in_row(words, of, press, self.unchangeable())
    }

    /// A button that decides this of each of these applications, as far as it is permitted.
    pub fn change_all(
        self,
        op: &UpgradeOperation,
        words: &'static str,
        of: &str,
        command: fn(AppIndex) -> Command,
        mut applications: Vec<usize>,
    ) -> AnyView {
        let why = |place: &usize| self.refusal(op, &command(AppIndex(*place)));
        let refused = applications.first().and_then(why);
        applications.retain(|place| why(place).is_none());
        let refused = refused.filter(|_| applications.is_empty());
        in_row(words, of, self.each(command, applications), refused)
    }

    /// A button in a row. `of` is what it is about, for those who do not see the row.
    pub fn small(self, words: &'static str, of: &str, press: Callback<()>) -> AnyView {
        in_row(words, of, press, self.locked())
    }

    /// A small button for a decision, if it has a meaning now.
    pub fn offer(
        self,
        op: &UpgradeOperation,
        words: &'static str,
        of: &str,
        command: Command,
    ) -> Option<AnyView> {
        op.can(&command).then(|| {
            let why = self.refusal(op, &command);
            in_row(words, of, self.command(command), why)
        })
    }

    /// The button that excludes all applications of a group.
    pub fn exclude(self, op: &UpgradeOperation, places: &[usize]) -> AnyView {
        let of = match places {
            [one] => name_of(op, *one).to_owned(),
            all => some(all.len(), "application"),
        };
        self.small(messages::EXCLUDE, &of, self.each(Command::Exclude, places.to_vec()))
    }

    /// The button that leaves an application out.
    pub fn leave_out(self, op: &UpgradeOperation, place: usize) -> AnyView {
        self.small(messages::EXCLUDE, name_of(op, place), self.command(Command::Exclude(AppIndex(place))))
    }
}

/// A button in a row.
fn in_row(words: &'static str, of: &str, press: Callback<()>, unavailable: Option<String>) -> AnyView {
    let name = if of.is_empty() { words.to_owned() } else { messages::action_on(words, of) };
    view! {
        <Button on_press=press small=true name=name unavailable>{words}</Button>
    }
    .into_any()
}

/// A button of the bar.
pub(crate) fn button(words: String, primary: bool, why: Option<String>, press: Callback<()>) -> AnyView {
    let look = if primary { ButtonVariant::Primary } else { ButtonVariant::Default };
    view! { <Button on_press=press look=look unavailable=why>{words}</Button> }.into_any()
}

/// The name of an application.
pub(crate) fn name_of(op: &UpgradeOperation, place: usize) -> &str {
    op.plan.applications.get(place).map_or("", |chosen| chosen.application.as_str())
}

/// The names of applications.
pub(crate) fn names_of(op: &UpgradeOperation, places: &[usize]) -> Vec<ApplicationId> {
    let mut names = Vec::with_capacity(places.len());
    names.extend(places.iter().map(|place| ApplicationId::from(name_of(op, *place))));
    names
}

/// Words with a tone, and what is to be said about them.
pub(crate) fn said(tone: Tone, words: impl Into<String>, more: impl Into<String>) -> AnyView {
    said_with(tone, words.into(), more.into().into_any())
}

/// The same, with more than words below.
pub(crate) fn said_with(tone: Tone, words: String, more: AnyView) -> AnyView {
    view! {
        <div><span class="outcome" data-tone=tone.word()>{mark(shape(tone))}{words}</span><span class="sub wrap">{more}</span></div>
    }
    .into_any()
}

fn shape(tone: Tone) -> Mark {
    match tone {
        Tone::Ok => Icon::Check.into(),
        Tone::Bad => Icon::Alert.into(),
        Tone::Warn => Icon::Help.into(),
        Tone::Busy => Glyph::Stopping.into(),
        Tone::Ghost => Icon::Older.into(),
        Tone::Idle => Glyph::Never.into(),
    }
}

/// A line of what was found.
pub(crate) fn found(tone: Tone, words: impl Into<String>, more: AnyView) -> AnyView {
    let words: String = words.into();
    item(tone, view! { <p>{words}</p><div class="sub wrap">{more}</div> }.into_any())
}

/// A line of a list of what was found.
pub(crate) fn item(tone: Tone, content: AnyView) -> AnyView {
    view! { <li data-tone=tone.word()>{mark(shape(tone))}<div>{content}</div></li> }.into_any()
}

/// Applications that share a reason, which is shown once: their number, their names folded, and what can be done with
/// all of them.
pub(crate) fn group(reason: AnyView, names: &[ApplicationId], act: AnyView) -> AnyView {
    let text = names.iter().map(ApplicationId::as_str).collect::<Vec<_>>().join(", ");
    let names = match names.len() {
        1 => view! { <p>{text}</p> }.into_any(),
        many => {
            view! { <Disclosure summary=some(many, "application")><p class="wrap">{text}</p></Disclosure> }
                .into_any()
        }
    };
    view! { <div class="group"><div>{reason}{names}</div><div class="actions">{act}</div></div> }.into_any()
}

/// A list of what was found.
pub(crate) fn list(lines: Vec<AnyView>) -> AnyView {
    view! { <ul class="checks">{lines}</ul> }.into_any()
}

/// A part of a step.
pub(crate) fn panel(title: String, more: String, push: AnyView, body: AnyView) -> AnyView {
    view! {
        <section class="panel flush">
            <header><h3>{title}</h3><span class="muted small">{more}</span><div class="push actions">{push}</div></header>
            {body}
        </section>
    }
    .into_any()
}

/// A table. Each row comes from [`row`].
pub(crate) fn table(label: &'static str, heads: &[&'static str], rows: Vec<AnyView>) -> AnyView {
    let mut head = Vec::with_capacity(heads.len());
    for word in heads {
        head.push(view! { <th scope="col">{*word}</th> });
    }
    view! {
        <div class="table-wrap">
            <table class="table runs" aria-label=label><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}

/// A row: what it is of, and its cells under the heads of the table.
pub(crate) fn row(name: &str, sub: String, heads: &[&'static str], cells: Vec<AnyView>) -> AnyView {
    let mut views = Vec::with_capacity(cells.len());
    for (head, cell) in heads.iter().skip(1).zip(cells) {
        views.push(view! { <td class="why-cell" data-label=*head>{cell}</td> });
    }
    let (name, title) = (name.to_owned(), name.to_owned());
    view! {
        <tr>
            <th class="c-main" scope="row"><span class="clip" title=title>{name}</span><span class="sub">{sub}</span></th>
            {views}
        </tr>
    }
    .into_any()
}

/// A progress bar.
pub(crate) fn bar(name: &'static str, passed: usize, of: usize) -> AnyView {
    view! {
        <progress data-tone="ok" aria-label=name max=of.max(1).to_string() value=passed.to_string()></progress>
    }
    .into_any()
}

/// From which version to which.
pub(crate) fn versions(chosen: &PlannedApp) -> String {
    messages::versions(&chosen.from.version, &chosen.to.version)
}

/// The page that is shown if this one is asked for, and the last one.
fn page_of(page: usize, places: &[usize]) -> (usize, usize) {
    let last = places.len().saturating_sub(1) / PAGE;
    (page.min(last), last)
}

/// The places that a page of a table shows.
pub(crate) fn on_page(page: usize, places: &[usize]) -> &[usize] {
    let start = page_of(page, places).0 * PAGE;
    places.get(start..places.len().min(start + PAGE)).unwrap_or_default()
}

/// The places that this page of a table shows, and the way to the other pages.
pub(crate) fn paged(page: RwSignal<usize>, places: &[usize]) -> (Vec<usize>, AnyView) {
    let (now, last) = page_of(page.get(), places);
    let shown = on_page(now, places).to_vec();
    if last == 0 {
        return (shown, ().into_any());
    }
    let turn = move |to: usize| Callback::new(move |()| page.set(to));
    let words = common::rows(now * PAGE + 1, ((now + 1) * PAGE).min(places.len()), places.len());
    let earlier = (now == 0).then(|| common::FIRST_PAGE.to_owned());
    let later = (now == last).then(|| common::LAST_PAGE.to_owned());
    let nav = view! {
        <nav class="pages" aria-label=common::PAGES>
            <span class="muted">{words}</span>
            <Button on_press=turn(now.saturating_sub(1)) small=true unavailable=earlier>{common::PREVIOUS}</Button>
            <Button on_press=turn((now + 1).min(last)) small=true unavailable=later>{common::NEXT}</Button>
        </nav>
    };
    (shown, nav.into_any())
}

/// The requests of a step verbatim, each of `all` once; `request` gives one by its place.
pub(crate) fn requests(
    wiz: WizardContext,
    what: &'static str,
    call: Call,
    all: Vec<usize>,
    op: &UpgradeOperation,
) -> AnyView {
    let size = if call == Call::Upgrade && op.plan.list {
        quiesce_lifecycle::upgrade::UpgradePlan::MAX_PER_CALL
    } else {
        1
    };
    let of = move |op: &UpgradeOperation, most: usize| {
        let mut requests: Vec<Request> = Vec::new();
        for places in all.chunks(size).take(most) {
            requests.extend(op.request(call, places, None));
        }
        (requests, all.len().div_ceil(size))
    };
    let (shown, many) = of(op, REQUESTS);
    if shown.is_empty() {
        return ().into_any();
    }
    let summary = messages::requests(many);
    let rest = many.saturating_sub(shown.len());
    let mut blocks = Vec::with_capacity(shown.len());
    for request in &shown {
        blocks.push(block(wiz.client, what.to_owned(), request, None));
    }
    let text = Signal::derive(move || {
        let mut text = String::new();
        if let Some(op) = wiz.running.state.get_untracked() {
            for request in of(&op, usize::MAX).0 {
                text.push_str(&request.curl(&wiz.client.api(), wiz.client.has_token()));
                text.push('\n');
            }
        }
        text
    });
    view! {
        <Disclosure summary=summary>
            <div class="stack stack-2">
                <div class="actions"><CopyButton word=stop::COPY_ALL text=text/></div>
                {blocks}
                {(rest > 0).then(|| messages::more_requests(rest))}
            </div>
        </Disclosure>
    }
    .into_any()
}
