//! Tells the other tabs of this browser that the operator signed out.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

/// The message of a sign-out.
const SIGNED_OUT: &str = "signed-out";

/// A channel between the tabs with the same router. It lives as long as the page. A browser without channels has none:
/// then only the own tab signs out.
pub struct Channel {
    channel: Option<BroadcastChannel>,
    _listener: Closure<dyn Fn(MessageEvent)>,
}

impl Channel {
    /// Joins the tabs of the router with this path, and calls back when another tab signs out.
    pub fn join(path: &str, signed_out: impl Fn() + 'static) -> Self {
        let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if event.data().as_string().as_deref() == Some(SIGNED_OUT) {
                signed_out();
            }
        });
        let channel = BroadcastChannel::new(&format!("quiesce.session {path}")).ok();
        if let Some(channel) = &channel {
            channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        }
        Self { channel, _listener: listener }
    }

    /// Tells the other tabs.
    pub fn sign_out(&self) {
        if let Some(channel) = &self.channel {
            // It fails only for a closed channel.
            let _ = channel.post_message(&SIGNED_OUT.into());
        }
    }
}
