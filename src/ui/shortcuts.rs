//! Single keys that act outside fields, and the help that lists them. They can be turned off (WCAG 2.1.4).

use super::dialog::Dialog;
use crate::text::shell;
use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

#[derive(Clone)]
struct Binding {
    id: u32,
    keys: &'static str,
    what: String,
    run: Callback<()>,
}

/// The keys that act now, and what they do.
#[derive(Clone, Copy)]
pub struct Keys {
    bindings: RwSignal<Vec<Binding>>,
    next: StoredValue<u32>,
    /// The first key of a sequence like `g p`, until the next key.
    first: StoredValue<Option<String>>,
    /// Whether single keys act.
    pub on: RwSignal<bool>,
    /// Whether the help is open.
    pub help: RwSignal<bool>,
}

impl Keys {
    /// Makes the keys, puts them into the context and listens. `?` opens the help.
    pub fn provide(on: bool) -> Self {
        let keys = Self {
            bindings: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            first: StoredValue::new(None),
            on: RwSignal::new(on),
            help: RwSignal::new(false),
        };
        provide_context(keys);
        let listener = window_event_listener(ev::keydown, move |event| keys.press(&event));
        on_cleanup(move || listener.remove());
        keys.bind("?", shell::ALL_KEYS, Callback::new(move |()| keys.help.set(true)));
        keys
    }

    fn bind(self, keys: &'static str, what: impl Into<String>, run: Callback<()>) -> u32 {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.bindings.update(|bindings| bindings.push(Binding { id, keys, what: what.into(), run }));
        id
    }

    /// Does what a key does on this page. `false`: it does nothing here.
    pub fn run(self, keys: &str) -> bool {
        let found =
            self.bindings.with_untracked(|all| all.iter().rev().find(|it| it.keys == keys).map(|it| it.run));
        found.inspect(|run| run.run(())).is_some()
    }

    fn press(self, event: &KeyboardEvent) {
        // Nobody speaks a key together with Ctrl, and no field takes it.
        let commands = event.ctrl_key() || event.meta_key();
        let acts = commands || self.on.get_untracked() || event.key() == "Escape";
        if !acts || event.default_prevented() || event.alt_key() || is_taken(event, commands) {
            return;
        }
        let mut pressed = name(event);
        if commands {
            pressed.insert_str(0, "Ctrl+");
        }
        let sequence = self.first.get_value().map(|first| format!("{first} {pressed}"));
        self.first.set_value(None);
        let found = self.bindings.with_untracked(|bindings| {
            let exact = |keys: &str| bindings.iter().rev().find(|it| it.keys == keys).map(|it| it.run);
            sequence.as_deref().and_then(exact).or_else(|| exact(&pressed))
        });
        if let Some(run) = found {
            event.prevent_default();
            run.run(());
        } else if self.bindings.with_untracked(|all| all.iter().any(|it| begins(it.keys, &pressed))) {
            self.first.set_value(Some(pressed));
        }
    }
}

/// Whether these keys are a sequence that begins with the one pressed.
fn begins(keys: &str, pressed: &str) -> bool {
    keys.split_once(' ').is_some_and(|(first, _)| first == pressed)
}

/// The name of a key: `j`, `Shift x`, `?`, `Escape`. Shift is named for letters only: for others it is in the sign.
fn name(event: &KeyboardEvent) -> String {
    let key = event.key();
    let mut letters = key.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) if letter.is_ascii_alphabetic() => {
            let letter = letter.to_ascii_lowercase();
            if event.shift_key() { format!("Shift+{letter}") } else { letter.to_string() }
        }
        _ => key,
    }
}

/// Whether the key belongs to a field, unless it `commands`, or to a dialog that lies over the page.
fn is_taken(event: &KeyboardEvent, commands: bool) -> bool {
    const FIELDS: &str =
        "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog";
    // Enter is the key of what has the focus, if that can be pressed.
    const PRESSED_BY_ENTER: &str = "a, button, summary";
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let within =
        |what| target.as_ref().is_some_and(|target| target.closest(what).is_ok_and(|it| it.is_some()));
    !commands && within(FIELDS)
        || (event.key() == "Enter" && within(PRESSED_BY_ENTER))
        || document().query_selector("dialog:modal").is_ok_and(|open| open.is_some())
}

/// The keys of the page.
pub fn use_keys() -> Keys {
    expect_context()
}

/// Makes a key act for as long as the calling component lives: `j`, `Shift+x`, `/`, `Escape`, a sequence `g p`, or
/// `Ctrl+k`, which is the command key on a Mac.
/// A later binding of the same key goes before an earlier one. `what` is what the help says.
pub fn bind_key(keys: &'static str, what: impl Into<String>, run: impl Fn() + Send + Sync + 'static) {
    let all = use_keys();
    let id = all.bind(keys, what, Callback::new(move |()| run()));
    on_cleanup(move || {
        let _ = all.bindings.try_update(|bindings| bindings.retain(|binding| binding.id != id));
    });
}

/// The help: all keys that act on the page one is on. `?` opens it.
#[component]
pub fn KeyHelp(
    /// Called when single keys are turned on or off, to remember it.
    #[prop(into)]
    on_change: Callback<bool>,
) -> impl IntoView {
    let keys = use_keys();
    let rows = move || {
        let bindings = keys.bindings.get();
        bindings
            .into_iter()
            .map(|binding| view! { <dt>{caps(binding.keys)}</dt><dd>{binding.what}</dd> })
            .collect_view()
    };
    view! {
        <Dialog open=keys.help title=shell::KEYBOARD>
            <dl class="facts keymap">{rows}</dl>
            <label class="option">
                <input
                    class="check"
                    type="checkbox"
                    prop:checked=keys.on
                    on:change=move |event| {
                        let on = event_target_checked(&event);
                        keys.on.set(on);
                        on_change.run(on);
                    }
                />
                <span>{shell::SINGLE_KEYS}<small>{shell::SINGLE_KEYS_HINT}</small></span>
            </label>
        </Dialog>
    }
}

/// Key caps: `g p` is two, one after the other.
fn caps(keys: &'static str) -> impl IntoView {
    keys.split(' ')
        .enumerate()
        .map(|(index, key)| {
            let cap = match key {
                "Escape" => "Esc".to_owned(),
                key => key.split('+').map(capital).collect::<Vec<_>>().join(" "),
            };
            view! { {(index > 0).then_some(shell::THEN)} <kbd>{cap}</kbd> }
        })
        .collect_view()
}

fn capital(key: &str) -> String {
    if key.chars().count() == 1 { key.to_ascii_uppercase() } else { key.to_owned() }
}
