//! Notifications of the browser: only after the operator asked for them, and only while no tab of the console is seen.

use super::dialogs::dialog_of;
use crate::client::preferences;
use crate::shell::{Overlay, use_shell};
use crate::text::palette as text;
use crate::ui::{Button, ButtonVariant, Dialog};
use leptos::prelude::*;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

/// Remembers that the operator wants them.
const NOTIFY: &str = "notify";

/// Whether the browser shows notifications of this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// It has none.
    NotSupported,
    /// The page was not opened by https, nor on this machine.
    NotSecure,
    /// The operator or the browser refused.
    Blocked,
    /// They can be turned on.
    Off,
    On,
}

impl Standing {
    /// From what the browser says and what the operator wants.
    const fn of(is_secure: bool, permission: Option<NotificationPermission>, is_wanted: bool) -> Self {
        match (is_secure, permission) {
            (false, _) => Self::NotSecure,
            (true, None) => Self::NotSupported,
            (true, Some(NotificationPermission::Denied)) => Self::Blocked,
            (true, Some(NotificationPermission::Granted)) if is_wanted => Self::On,
            (true, Some(_)) => Self::Off,
        }
    }

    fn now() -> Self {
        let is_there = js_sys::Reflect::has(&window(), &"Notification".into()).unwrap_or_default();
        let permission = is_there.then(Notification::permission);
        Self::of(window().is_secure_context(), permission, preferences::get(NOTIFY).as_deref() == Some("on"))
    }

    const fn sentence(self) -> &'static str {
        match self {
            Self::NotSupported => text::NOT_SUPPORTED,
            Self::NotSecure => text::NOT_SECURE,
            Self::Blocked => text::BLOCKED,
            Self::Off => text::IS_OFF,
            Self::On => text::IS_ON,
        }
    }
}

/// Shows a notification, if the operator wants them and doesn't see this tab. One with the same `tag` is replaced, so
/// that several tabs show one.
pub(super) fn notify(title: &str, body: &str, tag: &str) {
    if Standing::now() != Standing::On || document().has_focus().unwrap_or_default() {
        return;
    }
    let options = NotificationOptions::new();
    options.set_body(body);
    options.set_tag(tag);
    // Some browsers of phones refuse; the title of the tab says it, too.
    let _ = Notification::new_with_options(title, &options);
}

/// The choice of notifications.
#[component]
pub(super) fn Notifications() -> impl IntoView {
    let open = dialog_of(use_shell(), Overlay::Notifications);
    let standing = RwSignal::new(Standing::now());
    let turn = move |on: bool| {
        preferences::set(NOTIFY, if on { "on" } else { "off" });
        standing.set(Standing::now());
    };
    let ask = move |()| {
        leptos::task::spawn_local(async move {
            if let Ok(asked) = Notification::request_permission() {
                let _ = wasm_bindgen_futures::JsFuture::from(asked).await;
            }
            preferences::set(NOTIFY, "on");
            standing.try_set(Standing::now());
        });
    };
    let actions = move || {
        let change = match standing.get() {
            Standing::Off => {
                view! { <Button on_press=ask look=ButtonVariant::Primary>{text::TURN_ON}</Button> }.into_any()
            }
            Standing::On => {
                view! { <Button on_press=move |()| turn(false)>{text::TURN_OFF}</Button> }.into_any()
            }
            _ => ().into_any(),
        };
        view! {
            <Button on_press=move |()| open.set(false)>{crate::text::shell::CLOSE}</Button>
            {change}
        }
    };
    view! {
        <Dialog open title=text::NOTIFY_TITLE actions>
            <p>{text::NOTIFY_OFFER}</p>
            <p role="status"><strong>{move || standing.get().sentence()}</strong></p>
            <p class="muted">{text::NOTIFY_LIMITS}</p>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notifications_are_on_only_if_the_browser_allows_them_and_the_operator_wants_them() {
        use NotificationPermission::{Default, Denied, Granted};
        let of = |permission, wanted| Standing::of(true, Some(permission), wanted);
        assert_eq!(of(Granted, true), Standing::On);
        assert_eq!(of(Granted, false), Standing::Off);
        assert_eq!(of(Default, true), Standing::Off);
        assert_eq!(of(Denied, true), Standing::Blocked);
        assert_eq!(Standing::of(true, None, true), Standing::NotSupported);
        assert_eq!(Standing::of(false, Some(Denied), true), Standing::NotSecure);
    }
}
