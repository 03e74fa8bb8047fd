//! The entries of the palette: pages, operations, namespaces, routers, saved filters and actions.

use super::candidates::{Act, Candidate, Entry, Group, Target, applications, of_fleet, program_label};
use super::saved_filters;
use super::sources::Sources;
use super::view_menu::Density;
use crate::client::info::Info;
use crate::client::polling::newest;
use crate::client::session::state::Phase;
use crate::client::{Client, clock};
use crate::pages::list_state::List;
use crate::pages::program::ProgramData;
use crate::pages::programs::{Fleet, Latest, Row, stop_refusal};
use crate::pages::stop::form_href;
use crate::pages::stop::selection::Selection;
use crate::routes::{Address, Route, RouterName};
use crate::shell::{Overlay, Shell};
use crate::text::{
    common, palette as text, programs as programs_text, shell as shell_text, sign_in, states, tour,
};
use crate::theme::{Theme, set_theme, use_theme};
use crate::ui::{Glyph, Icon, Mark, copy, use_announcer, use_keys, use_toasts};
use leptos::prelude::*;
use quiesce_api::start::Start;
use quiesce_api::stop::StopProgram;
use quiesce_api::{Endpoint, NamespaceId, ProgramRef};
use quiesce_lifecycle::capability::ProgramAction;
use quiesce_lifecycle::text::capability;

/// What the entries are made from.
#[derive(Clone, Copy)]
pub(super) struct Maker {
    pub client: Client,
    pub shell: Shell,
    pub sources: Sources,
    /// The actions of this page, made when the palette was opened.
    pub actions: StoredValue<Vec<Entry>>,
}

fn entry(
    group: Group,
    label: impl Into<String>,
    hint: impl Into<String>,
    mark: impl Into<Mark>,
    act: Act,
) -> Entry {
    Entry { group, label: label.into(), hint: hint.into(), mark: mark.into(), refusal: None, act }
}

impl Maker {
    pub fn new(client: Client, shell: Shell, sources: Sources) -> Self {
        Self { client, shell, sources, actions: StoredValue::new(actions(client, shell)) }
    }

    fn namespace(self) -> NamespaceId {
        self.shell.namespace.get_untracked()
    }

    fn list(self, list: &List) -> String {
        list.address(&self.client.router()).href()
    }

    /// The entries that are made, and all that can be found: with the fleet, or the namespaces alone.
    pub fn make(self, only_namespaces: bool) -> (Vec<Entry>, Vec<Candidate>) {
        let mut entries = self.namespaces();
        if only_namespaces {
            let candidates = candidates(&entries);
            return (entries, candidates);
        }
        entries.extend(self.operations());
        entries.extend(self.pages());
        entries.extend(self.routers());
        entries.extend(self.filters());
        entries.extend(self.actions.get_value());
        let fleet = self.sources.fleet.get();
        entries.extend(self.applications(&fleet));
        let mut candidates = candidates(&entries);
        candidates.extend(of_fleet(&fleet));
        (entries, candidates)
    }

    fn namespaces(self) -> Vec<Entry> {
        let current = self.namespace();
        let mut entries = Vec::new();
        for namespace in self.sources.namespaces.get() {
            let hint = if namespace == current { text::CURRENT_NAMESPACE } else { text::NAMESPACE };
            let label = namespace.to_string();
            let open = Act::Open(self.list(&List::Programs(namespace)));
            entries.push(entry(Group::Namespace, label, hint, Icon::Inbox, open));
        }
        entries
    }

    fn operations(self) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (header, need) in self.sources.operations.get() {
            let Some(address) = self.client.operation(&header) else { continue };
            let group = if need.is_urgent() { Group::Urgent } else { Group::Operation };
            let hint = text::operation(&clock::short(header.created), &need);
            let mark: Mark = match (header.finished, need.is_urgent()) {
                (true, _) => Glyph::Completed.into(),
                (false, true) => Icon::Alert.into(),
                (false, false) => Glyph::Stopping.into(),
            };
            entries.push(entry(group, header.title, hint, mark, Act::Open(address.href())));
        }
        entries
    }

    fn pages(self) -> Vec<Entry> {
        let namespace = self.namespace();
        let page =
            |label: &str, href: String| entry(Group::Page, label, text::PAGE, Icon::Right, Act::Open(href));
        vec![
            page(common::PROGRAMS, self.list(&List::Programs(namespace.clone()))),
            page(shell_text::UPGRADE, self.list(&List::Applications(namespace))),
            page(shell_text::HISTORY, self.list(&List::Operations)),
            page(shell_text::SERVER, self.client.at(Route::Server).href()),
        ]
    }

    fn routers(self) -> Vec<Entry> {
        let names = self.client.info.with_untracked(Info::router_names);
        let others = names.into_iter().filter(|name| *name != self.client.router());
        let router = |router: RouterName| {
            let label = router.as_str().to_owned();
            let home = Address { router, route: Route::Home }.href();
            entry(Group::Router, label, text::ROUTER, Icon::UpDown, Act::Open(home))
        };
        others.map(router).collect()
    }

    fn filters(self) -> Vec<Entry> {
        let namespace = self.namespace();
        let list = self.list(&List::Programs(namespace.clone()));
        let saved = saved_filters::read(&self.client.router(), &namespace).into_iter();
        let filter = |saved: saved_filters::SavedFilter| {
            let open = Act::Open(format!("{list}?{}", saved.query));
            entry(Group::Filter, saved.name, text::FILTER, Icon::Search, open)
        };
        saved.map(filter).collect()
    }

    fn applications(self, fleet: &Fleet) -> Vec<Entry> {
        let list = List::Programs(self.namespace()).address(&self.client.router());
        let of = |(name, programs): (quiesce_api::ApplicationId, usize)| {
            let open = Act::Open(list.href_with([("q", name.as_str())]));
            entry(Group::Application, name.as_str(), text::application(programs), Icon::Inbox, open)
        };
        applications(fleet).into_iter().map(of).collect()
    }

    /// The entry of a program of the fleet, or of an action on it.
    pub fn of_program(self, row: &Row, target: &Target) -> Entry {
        let label = program_label(row);
        let state = row.status().map(states::status);
        match target {
            Target::Stop(_) => {
                let selection = Selection { programs: vec![(*row.program).clone()], runs: Vec::new() };
                let form = Act::Open(form_href(self.client, &row.program.namespace, &selection));
                let stop = entry(Group::StopProgram, text::stop(&label), text::OPENS_FORM, Icon::Stop, form);
                Entry { refusal: self.stop_refusal(row), ..stop }
            }
            Target::Upgrade(_) => {
                let list = List::Applications(row.program.namespace.clone()).address(&self.client.router());
                let open = Act::Open(list.href_with([("q", row.program.application.as_str())]));
                let label = text::upgrade(&label);
                let upgrade = entry(Group::UpgradeApplication, label, text::OPENS_LIST, Icon::Refresh, open);
                Entry { refusal: self.client.read_only(), ..upgrade }
            }
            Target::Program(_) | Target::Entry(_) => {
                let (word, glyph) =
                    state.map_or((String::new(), Glyph::Never), |(word, glyph, _)| (word, glyph));
                let hint = text::program(&states::kind(row.kind), &word);
                let open = Act::Open(self.client.at(Route::program(&row.program)).href());
                entry(Group::Program, label, hint, glyph, open)
            }
        }
    }

    /// Why a program can't be stopped. One whose runs are not read yet is checked by the form.
    fn stop_refusal(self, row: &Row) -> Option<String> {
        if row.latest == Latest::Unread {
            let stop = StopProgram { program: (*row.program).clone(), version: None };
            return self.client.refusal(&stop.request());
        }
        stop_refusal(self.client, row)
    }

    /// Offered for every text: the search of the list, which finds runs and artifacts, too.
    pub fn search(self, words: &str) -> Entry {
        let list = List::Programs(self.namespace()).address(&self.client.router());
        let open = Act::Open(list.href_with([("q", words)]));
        entry(Group::Page, text::search_list(words), programs_text::SEARCHED_FIELDS, Icon::Search, open)
    }

    /// A namespace that was typed and is in no list.
    pub fn unlisted(self, name: &str) -> Option<Entry> {
        let is_name = !name.is_empty() && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
        let is_listed = self.sources.namespaces.with(|all| all.iter().any(|it| it.as_str() == name));
        (is_name && !is_listed).then(|| {
            let open = Act::Open(self.list(&List::Programs(name.into())));
            entry(Group::Namespace, text::open_namespace(name), text::UNLISTED, Icon::Inbox, open)
        })
    }
}

fn candidates(entries: &[Entry]) -> Vec<Candidate> {
    let of = |(place, entry): (usize, &Entry)| Candidate {
        group: entry.group,
        label: entry.label.clone(),
        target: Target::Entry(place),
    };
    entries.iter().enumerate().map(of).collect()
}

/// The actions of this page and of all pages.
fn actions(client: Client, shell: Shell) -> Vec<Entry> {
    let mut entries = Vec::new();
    let action = |label: &str, mark: Icon, act: Act| entry(Group::Action, label, text::ACTION, mark, act);
    let run = |run: Callback<()>| Act::Run(run);
    match shell.route.get_untracked() {
        Some(Route::Programs { namespace }) => {
            entries.push(stop_selected(client, shell, &namespace));
            let keys = use_keys();
            let refresh = run(Callback::new(move |()| {
                keys.run("r");
            }));
            entries.push(action(common::REFRESH, Icon::Refresh, refresh));
        }
        Some(Route::Program { namespace, application, program_type, program }) => {
            entries.extend(of_open_program(
                client,
                ProgramRef { namespace, application, program_type, program },
            ));
        }
        _ => {}
    }
    let open = |overlay: Overlay| run(Callback::new(move |()| shell.overlay.set(Some(overlay))));
    entries.push(action(text::VIEW, Icon::UpDown, open(Overlay::View)));
    entries.push(action(text::NOTIFICATIONS, Icon::Info, open(Overlay::Notifications)));
    if client.info.with_untracked(|info| info.is_demo() && !info.read_only) {
        let start = open(Overlay::Tour);
        entries.push(entry(Group::Action, tour::TAKE, tour::HINT, Icon::Help, start));
    }
    let theme = use_theme();
    for to in [Theme::System, Theme::Light, Theme::Dark] {
        let set = run(Callback::new(move |()| set_theme(theme, to)));
        entries.push(action(to.sentence(), Icon::Theme, set));
    }
    for (label, density) in
        [(text::COMPACT_ROWS, Density::Compact), (text::COMFORTABLE_ROWS, Density::Comfortable)]
    {
        entries.push(action(label, Icon::UpDown, run(Callback::new(move |()| density.set()))));
    }
    let (toasts, announcer) = (use_toasts(), use_announcer());
    let link = run(Callback::new(move |()| {
        let address = window().location().href().unwrap_or_default();
        leptos::task::spawn_local(async move {
            let said = if copy(&address).await { shell_text::COPIED } else { shell_text::NOT_COPIED };
            announcer.say(said);
            toasts.show(said);
        });
    }));
    entries.push(action(text::COPY_LINK, Icon::Copy, link));
    let keys = use_keys();
    let help = run(Callback::new(move |()| keys.help.set(true)));
    entries.push(action(shell_text::ALL_KEYS, Icon::Help, help));
    entries.extend(of_session(client));
    entries
}

fn stop_selected(client: Client, shell: Shell, namespace: &NamespaceId) -> Entry {
    let selected = shell.selected.get_value().and_then(|selected| selected.try_get_untracked());
    let programs = selected.unwrap_or_default().to_vec();
    let (label, none) = match programs.len() {
        0 => (text::STOP_SELECTED.to_owned(), Some(text::NONE_SELECTED.to_owned())),
        many => (programs_text::stop(many), None),
    };
    let refusal = client.read_only().or(none);
    // A long selection is stored only when the form is to be opened.
    let form = match refusal {
        None => form_href(client, namespace, &Selection { programs, runs: Vec::new() }),
        Some(_) => String::new(),
    };
    Entry { refusal, ..entry(Group::Action, label, text::OPENS_FORM, Icon::Stop, Act::Open(form)) }
}

/// The actions on the program whose page is open.
fn of_open_program(client: Client, program: ProgramRef) -> [Entry; 2] {
    let data = newest::<ProgramData>(&client.router(), &ProgramData::name(&program));
    let refusal = |action: ProgramAction| match &data {
        None => None,
        Some(data) => data.state().can(action).err().as_ref().map(capability::refusal),
    };
    let start = Start { program: program.clone(), version: None, arguments: None }.request();
    let stop = StopProgram { program: program.clone(), version: None }.request();
    let page = client.at(Route::program(&program));
    let form = Act::Open(page.href_with([("form", "start")]));
    let start_refusal = refusal(ProgramAction::Start).or_else(|| client.refusal(&start));
    let stop_refusal = refusal(ProgramAction::Stop).or_else(|| client.refusal(&stop));
    let namespace = program.namespace.clone();
    let stop = form_href(client, &namespace, &Selection { programs: vec![program], runs: Vec::new() });
    let of = |label: &str, mark: Icon, act: Act, refusal: Option<String>| Entry {
        refusal,
        ..entry(Group::Action, label, text::OPENS_FORM, mark, act)
    };
    [
        of(text::STOP_THIS, Icon::Stop, Act::Open(stop), stop_refusal),
        of(text::START_THIS, Icon::Play, form, start_refusal),
    ]
}

fn of_session(client: Client) -> Vec<Entry> {
    let action =
        |label: &str, act: Callback<()>| entry(Group::Action, label, text::ACTION, Icon::User, Act::Run(act));
    let sign_in = Callback::new(move |()| client.ask_to_sign_in());
    let sign_out = Callback::new(move |()| client.sign_out());
    let phase = client.sign_in().phase.get_untracked();
    match (untrack(|| client.has_token()), untrack(|| client.user())) {
        (true, _) => vec![action(sign_in::SIGN_IN_AGAIN, sign_in), action(sign_in::SIGN_OUT, sign_out)],
        (false, Some(_)) => {
            let refusal = Some(sign_in::BY_PROXY.to_owned());
            vec![Entry { refusal, ..action(sign_in::SIGN_OUT, sign_out) }]
        }
        (false, None) if matches!(phase, Phase::Required | Phase::Expired) => {
            vec![action(common::SIGN_IN, sign_in)]
        }
        (false, None) => Vec::new(),
    }
}
