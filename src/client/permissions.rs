//! What the user of a router may change, as far as the page knows it: learned from every response.

use super::clock;
use super::info::Info;
use super::session::Client;
use leptos::prelude::*;
use quiesce_api::{Error, Request, Response};
use quiesce_lifecycle::capability::Refusal;
use quiesce_lifecycle::permission::Permissions;
use quiesce_lifecycle::text::capability;

/// How often the console's server is asked whether it is still read-only, in seconds.
const RECHECK: i64 = 5;

impl Client {
    /// Why a request can't be sent: the console is read-only, or the server refused the like of it to this user.
    pub fn refusal(self, request: &Request) -> Option<String> {
        let checked = self.permissions().with(|permissions| permissions.check(request));
        checked.err().as_ref().map(capability::refusal)
    }

    /// Why nothing at all can be changed.
    pub fn read_only(self) -> Option<String> {
        let read_only = self.permissions().with(|permissions| permissions.read_only);
        read_only.then(|| capability::refusal(&Refusal::ReadOnly))
    }

    /// Forgets what was refused: the operator wants to try again.
    pub fn retry_refused(self) {
        if self.permissions().with_untracked(Permissions::has_refusals) {
            self.permissions().update(Permissions::forget);
        }
    }

    /// Asks the console's server again whether it is read-only, unless it was asked a moment ago.
    pub(super) fn recheck_read_only(self) {
        let now = clock::now();
        if !self.asks_for_info(now, RECHECK) {
            return;
        }
        leptos::task::spawn_local(async move {
            if Info::read().await.is_some_and(|info| !info.read_only) {
                self.set_read_only(false);
            }
        });
    }

    fn set_read_only(self, read_only: bool) {
        if self.permissions().try_with_untracked(|permissions| permissions.read_only) == Some(!read_only) {
            self.permissions().update(|permissions| permissions.read_only = read_only);
        }
    }

    /// Learns from a response. One of the console's own server says nothing of the user's permissions.
    pub(super) fn learn_permissions(self, request: &Request, response: &Response) {
        let own = response.get("x-quiesce-error");
        if own == Some("read_only") {
            self.set_read_only(true);
        } else if response.status == 403 && own.is_none() {
            let error = Error::refused(response);
            let message = error.server_message().unwrap_or_default();
            self.permissions().update(|permissions| permissions.forbid(request, message));
        } else if (200..300).contains(&response.status)
            && self.permissions().with_untracked(Permissions::has_refusals)
        {
            self.permissions().update(|permissions| permissions.permit(request));
        }
    }
}
