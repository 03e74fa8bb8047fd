//! The field of a token: pasted, or from a file.

use crate::client::session::credential::{Token, TokenTextError};
use crate::client::use_client;
use crate::text::sign_in as text;
use crate::ui::Button;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// The field. It shows no token.
#[derive(Clone, Copy)]
pub struct TokenField {
    field: NodeRef<html::Input>,
    file: NodeRef<html::Input>,
}

impl TokenField {
    pub fn new() -> Self {
        Self { field: NodeRef::new(), file: NodeRef::new() }
    }

    /// The token.
    pub fn read(self) -> Result<Token, TokenTextError> {
        Token::read(&self.field.get_untracked().map(|it| it.value()).unwrap_or_default())
    }

    pub fn focus(self) {
        if let Some(field) = self.field.get_untracked() {
            let _ = field.focus();
            field.select();
        }
    }

    /// Fills in the text of the chosen file.
    async fn fill_in(self) -> Option<()> {
        let files = self.file.get_untracked()?;
        let file = files.files()?.get(0)?;
        // The same file can be chosen again.
        files.set_value("");
        let content = JsFuture::from(file.text()).await.ok()?.as_string()?;
        let field = self.field.get_untracked()?;
        // A field of one line would drop the line breaks that tell what is not a token.
        field.set_value(&content.trim().replace(['\n', '\r'], " "));
        self.focus();
        Some(())
    }

    /// The field as it is shown.
    pub fn view(self, is_wrong: Signal<bool>) -> AnyView {
        let client = use_client();
        let source = client.sign_in().session.with_untracked(|session| {
            let refusal = session.refusal()?.refusal()?;
            (!refusal.auth_uris.is_empty()).then(|| text::token_source(&refusal.auth_uris))
        });
        let open = move |()| {
            if let Some(file) = self.file.get_untracked() {
                file.click();
            }
        };
        let chosen = move |_| {
            leptos::task::spawn_local(async move {
                self.fill_in().await;
            });
        };
        view! {
            <div class="field">
                <label for="token">{text::TOKEN}</label>
                <div class="secret">
                    <input class="input" id="token" type="password" autocomplete="off" spellcheck="false" aria-describedby="token-hint"
                        node_ref=self.field aria-invalid=move || is_wrong.get().then_some("true")/>
                    <input class="vh" type="file" tabindex="-1" aria-label=text::FILE_NAME node_ref=self.file on:change=chosen/>
                    <Button on_press=open>{text::TOKEN_FILE}</Button>
                </div>
                <p class="hint" id="token-hint">{text::TOKEN_HINT}{source}</p>
            </div>
        }
        .into_any()
    }
}
