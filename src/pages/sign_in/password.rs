//! The fields of name and password.

use crate::client::use_client;
use crate::text::sign_in as text;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

/// The fields. Their values are read when the form is sent: a password manager may fill them in without an event.
#[derive(Clone, Copy)]
pub struct PasswordFields {
    name: NodeRef<html::Input>,
    password: NodeRef<html::Input>,
    shown: RwSignal<bool>,
    caps_lock: RwSignal<bool>,
}

impl PasswordFields {
    pub fn new() -> Self {
        Self {
            name: NodeRef::new(),
            password: NodeRef::new(),
            shown: RwSignal::new(false),
            caps_lock: RwSignal::new(false),
        }
    }

    /// Name and password, or what is missing.
    pub fn read(self) -> Result<(String, String), &'static str> {
        // Browsers offer to store only what is in a field for passwords.
        self.shown.set(false);
        let value =
            |field: NodeRef<html::Input>| field.get_untracked().map(|it| it.value()).unwrap_or_default();
        let (name, password) = (value(self.name).trim().to_owned(), value(self.password));
        match (name.is_empty(), password.is_empty()) {
            (true, _) => Err(text::NAME_MISSING),
            (_, true) => Err(text::PASSWORD_MISSING),
            _ => Ok((name, password)),
        }
    }

    /// Focuses the field to be filled in next; selects the password.
    pub fn focus(self) {
        let (name, password) = (self.name.get_untracked(), self.password.get_untracked());
        let next = match name {
            Some(name) if name.value().is_empty() => Some(name),
            _ => password,
        };
        if let Some(field) = next {
            let _ = field.focus();
            field.select();
        }
    }

    /// The fields as they are shown.
    pub fn view(self, is_wrong: Signal<bool>) -> AnyView {
        let last = use_client().sign_in().session.with_untracked(|session| session.last_user().cloned());
        let invalid = move || is_wrong.get().then_some("true");
        let caps_lock = move |event: &web_sys::Event| {
            // What fills in passwords sends events that are no keys.
            if let Some(key) = event.dyn_ref::<web_sys::KeyboardEvent>() {
                self.caps_lock.set(key.get_modifier_state("CapsLock"));
            }
        };
        view! {
            <div class="field">
                <label for="user-name">{text::NAME}</label>
                <input class="input" id="user-name" name="username" type="text" autocomplete="username" autocapitalize="none"
                    spellcheck="false" node_ref=self.name aria-invalid=invalid value=last.map(|it| it.to_string())/>
            </div>
            <div class="field">
                <label for="password">{text::PASSWORD}</label>
                <div class="secret">
                    <input class="input" id="password" name="password" autocomplete="current-password" aria-describedby="caps-lock"
                        type=move || if self.shown.get() { "text" } else { "password" } spellcheck="false"
                        node_ref=self.password aria-invalid=invalid
                        on:keydown=move |event| caps_lock(&event) on:keyup=move |event| caps_lock(&event)/>
                    <button class="btn" type="button" aria-label=text::SHOW_PASSWORD aria-pressed=move || self.shown.get().to_string()
                        on:click=move |_| self.shown.update(|shown| *shown = !*shown)>
                        {move || if self.shown.get() { text::HIDE } else { text::SHOW }}
                    </button>
                </div>
                <p class="hint" id="caps-lock" role="status" data-tone="warn">{move || self.caps_lock.get().then_some(text::CAPS_LOCK)}</p>
            </div>
        }
        .into_any()
    }
}
