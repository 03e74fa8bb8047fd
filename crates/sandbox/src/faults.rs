//! What can be made to go wrong, by name and for the next requests that match.

use crate::http::request::Request;
use crate::model::refusal::Refusal;
use crate::tokens::{DEFAULT_HOST, TokenError};
use serde::{Deserialize, Serialize};

/// Something that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FaultKind {
    /// The answer comes `seconds` later.
    Delay,
    /// The connection is closed before anything happened.
    DropBefore,
    /// It happened, and the connection is closed without an answer.
    DropAfter,
    /// An internal error.
    #[serde(rename = "500")]
    Internal,
    /// The service is not there.
    #[serde(rename = "503")]
    Unavailable,
    /// The token is no longer taken.
    #[serde(rename = "401")]
    Unauthenticated,
    /// The caller may not do anything to `application`, or to the first that is named. In a batch the calls before it
    /// are done.
    #[serde(rename = "403")]
    Forbidden,
    /// What is asked of `namespace` is answered `seconds` later.
    SlowNamespace,
    /// Too many requests.
    #[serde(rename = "429")]
    TooMany,
    /// The body ends in the middle.
    Cut,
    /// A byte in the middle of the body is another one.
    Altered,
    /// One element of a list cannot be read.
    Undecodable,
    /// One run has a state that nobody knows.
    UnknownStatus,
    /// The server is gone for `seconds`: connections are closed.
    Down,
    /// The server's clock is `seconds` off from now on.
    Clock,
    /// The next stopped run (of `application`) never ends.
    NeverEnds,
    /// The next stopped program (of `application`) is started again by somebody, 2 s after its end.
    Restarted,
    /// `application`, or the first that the request names, is upgraded by somebody right after the request.
    Upgraded,
}

/// A fault that waits for its requests.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Fault {
    pub name: FaultKind,
    /// For how many requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// How long, for those that last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<i64>,
    /// Only requests with this method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Only requests that have this in path and query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Only requests of this application, in the path or in the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    /// Only requests in this namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

impl FaultKind {
    /// How often and how long it strikes, and which method, unless it is said.
    fn defaults(self) -> (u32, i64, Option<&'static str>) {
        match self {
            Self::Delay => (1, 5, None),
            Self::SlowNamespace => (1_000, 5, None),
            Self::Down => (1, 20, None),
            Self::Clock => (1, 600, None),
            Self::Forbidden | Self::Upgraded => (1, 0, Some("POST")),
            _ => (1, 0, None),
        }
    }
}

/// What happens to one request.
#[allow(clippy::struct_excessive_bools, reason = "any of them may happen together")]
#[derive(Debug, Default)]
pub(crate) struct FaultEffects {
    pub delay_seconds: i64,
    pub drop_before: bool,
    pub drop_after: bool,
    pub instead: Option<Refusal>,
    pub truncated: bool,
    pub altered: bool,
    pub undecodable: bool,
    pub unknown_status: bool,
    pub upgrades: Option<String>,
}

/// The faults that wait.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    waiting: Vec<Fault>,
    /// Until when the server is gone, in milliseconds.
    down_until: i64,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault, now: i64) {
        if fault.name == FaultKind::Down {
            self.down_until = now.saturating_add(fault.seconds().saturating_mul(1_000));
        } else {
            let (times, _, method) = fault.name.defaults();
            let method = fault.method.or_else(|| method.map(str::to_owned));
            self.waiting.push(Fault { times: Some(fault.times.unwrap_or(times)), method, ..fault });
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn waiting(&self) -> &[Fault] {
        &self.waiting
    }

    pub(crate) fn is_down(&self, now: i64) -> bool {
        now < self.down_until
    }

    /// Uses up a fault of a name that concerns an application.
    fn consume(&mut self, name: FaultKind, application: &str) -> bool {
        let hit = |fault: &Fault| {
            fault.name == name && fault.application.as_deref().is_none_or(|it| it == application)
        };
        let Some(index) = self.waiting.iter().position(hit) else { return false };
        self.count_down(index);
        true
    }

    fn count_down(&mut self, index: usize) {
        if let Some(fault) = self.waiting.get_mut(index) {
            fault.count_down();
        }
        self.waiting.retain(Fault::is_waiting);
    }

    pub(crate) fn take_never_ends(&mut self, application: &str) -> bool {
        self.consume(FaultKind::NeverEnds, application)
    }

    pub(crate) fn take_restart(&mut self, application: &str) -> bool {
        self.consume(FaultKind::Restarted, application)
    }

    /// Whether the caller is refused an application in a batch.
    pub(crate) fn forbids(&mut self, request: &Request, application: &str) -> Option<Refusal> {
        let named = |fault: &Fault| {
            fault.name == FaultKind::Forbidden
                && fault.application.as_deref().is_none_or(|it| it == application)
                && fault.matches_request(request)
        };
        let index = self.waiting.iter().position(named)?;
        self.count_down(index);
        Some(forbidden(application))
    }

    /// What happens to a request.
    pub(crate) fn take_effects(&mut self, request: &Request) -> FaultEffects {
        let mut effects = FaultEffects::default();
        for fault in &mut self.waiting {
            if !fault.matches(request) {
                continue;
            }
            let application = fault.application.clone().or_else(|| application_of(request));
            match fault.name {
                FaultKind::Delay | FaultKind::SlowNamespace => effects.delay_seconds += fault.seconds(),
                FaultKind::DropBefore => effects.drop_before = true,
                FaultKind::DropAfter => effects.drop_after = true,
                FaultKind::Internal => {
                    effects.instead = Some(Refusal::new(500, "Failed to write the entity."));
                }
                FaultKind::Unavailable => {
                    let text = "No discoverable found for request appfabric";
                    effects.instead = Some(Refusal::new(503, text));
                }
                FaultKind::Unauthenticated => {
                    effects.instead = Some(TokenError::Expired.refusal(DEFAULT_HOST));
                }
                FaultKind::TooMany => {
                    effects.instead = Some(Refusal::new(429, "Too many requests, try again later."));
                }
                FaultKind::Forbidden => effects.instead = application.map(|it| forbidden(&it)),
                FaultKind::Cut => effects.truncated = true,
                FaultKind::Altered => effects.altered = true,
                FaultKind::Undecodable => effects.undecodable = true,
                FaultKind::UnknownStatus => effects.unknown_status = true,
                FaultKind::Upgraded => effects.upgrades = application,
                FaultKind::Down | FaultKind::Clock | FaultKind::NeverEnds | FaultKind::Restarted => continue,
            }
            fault.count_down();
        }
        self.waiting.retain(Fault::is_waiting);
        effects
    }
}

impl Fault {
    /// How long it lasts.
    pub(crate) fn seconds(&self) -> i64 {
        self.seconds.unwrap_or(self.name.defaults().1)
    }

    fn is_waiting(&self) -> bool {
        self.times.is_some_and(|it| it > 0)
    }

    fn count_down(&mut self) {
        self.times = self.times.map(|it| it.saturating_sub(1));
    }

    /// Whether method, path and namespace are those of a request.
    fn matches_request(&self, request: &Request) -> bool {
        self.method.as_deref().is_none_or(|it| it.eq_ignore_ascii_case(&request.method))
            && self.path.as_deref().is_none_or(|it| request.target.contains(it))
            && self.namespace.as_deref().is_none_or(|it| after(request, "namespaces") == Some(it))
    }

    fn matches(&self, request: &Request) -> bool {
        let in_path = |it: &str| after(request, "apps") == Some(it);
        let in_body = |it: &str| request.body_text().contains(&format!("\"{it}\""));
        let application = match (self.name, self.application.as_deref()) {
            // What a batch is refused is decided where its calls are done.
            (FaultKind::Forbidden, None) => after(request, "apps").is_some(),
            (FaultKind::Forbidden, Some(it)) => in_path(it),
            (FaultKind::Upgraded, None) => application_of(request).is_some(),
            (FaultKind::SlowNamespace, _) => after(request, "namespaces").is_some(),
            // An upgrade of an application that is named needs no match of its own.
            (FaultKind::Upgraded, Some(_)) | (_, None) => true,
            (_, Some(it)) => in_path(it) || in_body(it),
        };
        application && self.matches_request(request)
    }
}

/// The part of the path behind a word.
fn after<'a>(request: &'a Request, word: &str) -> Option<&'a str> {
    let at = request.segments.iter().position(|it| it == word)?;
    request.segments.get(at + 1).map(String::as_str)
}

/// The application of a request: the one in its path, or the first in its body.
fn application_of(request: &Request) -> Option<String> {
    let body = || request.json().ok().flatten()?.get(0)?.get("appId")?.as_str().map(str::to_owned);
    after(request, "apps").map(str::to_owned).or_else(body)
}

fn forbidden(application: &str) -> Refusal {
    Refusal::new(
        403,
        format!(
            "Principal 'alice' is not authorized to perform actions [EXECUTE] on entity 'application:{application}'"
        ),
    )
}
