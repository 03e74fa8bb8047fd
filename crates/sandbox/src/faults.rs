//! The faults that tests inject into the next matching requests.

use crate::http::request::Request;
use crate::model::refusal::Refusal;
use crate::tokens::{DEFAULT_HOST, TokenError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The kind of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FaultKind {
    /// The response is delayed by `seconds`.
    Delay,
    /// The connection is closed before the request is performed.
    DropBefore,
    /// The connection is closed after the request was performed, without a response.
    DropAfter,
    /// An internal error.
    #[serde(rename = "500")]
    Internal,
    /// The service is unavailable.
    #[serde(rename = "503")]
    Unavailable,
    /// The token has expired.
    #[serde(rename = "401")]
    Unauthenticated,
    /// The caller is not authorized for `application`, or for the first one in the request. In a batch, the elements
    /// before it are performed. With `method` GET, lists of a namespace are refused, too.
    #[serde(rename = "403")]
    Forbidden,
    /// The responses of `namespace` are delayed by `seconds`.
    SlowNamespace,
    /// Too many requests.
    #[serde(rename = "429")]
    TooMany,
    /// The body is truncated in the middle.
    Cut,
    /// A byte in the middle of the body is changed.
    Altered,
    /// The first element of a list cannot be decoded.
    Undecodable,
    /// The first run has an unknown status.
    UnknownStatus,
    /// Every connection is closed for `seconds`.
    Down,
    /// The server's clock is shifted by `seconds`.
    Clock,
    /// The next stopped run (of `application`) never ends.
    NeverEnds,
    /// The next stopped program (of `application`) is started by another user 2 s after its end.
    Restarted,
    /// `application`, or the first one in the request, is upgraded by another user after the request.
    Upgraded,
}

/// A waiting fault.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Fault {
    pub name: FaultKind,
    /// The number of requests that it affects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Its duration, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<i64>,
    /// Affects only requests with this method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Affects only requests whose path and query contain this, or end with it if it ends with `$`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Affects only requests with this application in the path or the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    /// Affects only requests in this namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Whoever armed it: all faults with a label can be removed together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

impl FaultKind {
    /// The default number of requests, duration in seconds, and method.
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

/// The effects of faults on one request.
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

/// The waiting faults.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    waiting: Vec<Fault>,
    /// When the server is available again, in milliseconds, by label.
    down_until: BTreeMap<Option<String>, i64>,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault, now: i64) {
        if fault.name == FaultKind::Down {
            let until = now.saturating_add(fault.seconds().saturating_mul(1_000));
            self.down_until.insert(fault.label, until);
        } else {
            let (times, _, method) = fault.name.defaults();
            let method = fault.method.or_else(|| method.map(str::to_owned));
            self.waiting.push(Fault { times: Some(fault.times.unwrap_or(times)), method, ..fault });
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Removes the faults with a label.
    pub(crate) fn remove(&mut self, label: &str) {
        self.waiting.retain(|fault| fault.label.as_deref() != Some(label));
        self.down_until.retain(|of, _| of.as_deref() != Some(label));
    }

    pub(crate) fn waiting(&self) -> &[Fault] {
        &self.waiting
    }

    pub(crate) fn is_down(&self, now: i64) -> bool {
        self.down_until.values().any(|until| now < *until)
    }

    /// Uses a fault of a kind for an application, if one is waiting.
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

    /// The refusal of an application in a batch, if a fault is waiting for it.
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
                FaultKind::Forbidden => {
                    effects.instead =
                        Some(application.map_or_else(|| forbidden_list(request), |it| forbidden(&it)));
                }
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
    /// Its duration.
    pub(crate) fn seconds(&self) -> i64 {
        self.seconds.unwrap_or(self.name.defaults().1)
    }

    fn is_waiting(&self) -> bool {
        self.times.is_some_and(|it| it > 0)
    }

    fn count_down(&mut self) {
        self.times = self.times.map(|it| it.saturating_sub(1));
    }

    /// Whether a request has its method, path and namespace.
    fn matches_request(&self, request: &Request) -> bool {
        let has = |part: &str| match part.strip_suffix('$') {
            Some(end) => request.target.ends_with(end),
            None => request.target.contains(part),
        };
        self.method.as_deref().is_none_or(|it| it.eq_ignore_ascii_case(&request.method))
            && self.path.as_deref().is_none_or(has)
            && self.namespace.as_deref().is_none_or(|it| after(request, "namespaces") == Some(it))
    }

    fn matches(&self, request: &Request) -> bool {
        let in_path = |it: &str| after(request, "apps") == Some(it);
        let in_body = |it: &str| request.body_text().contains(&format!("\"{it}\""));
        let application = match (self.name, self.application.as_deref()) {
            // In a batch, the refusal is decided for each element (`forbids`).
            (FaultKind::Forbidden, None) => after(request, "apps").is_some() || request.method == "GET",
            (FaultKind::Forbidden, Some(it)) => in_path(it),
            (FaultKind::Upgraded, None) => application_of(request).is_some(),
            (FaultKind::SlowNamespace, _) => after(request, "namespaces").is_some(),
            // The application to upgrade need not be that of the request.
            (FaultKind::Upgraded, Some(_)) | (_, None) => true,
            (_, Some(it)) => in_path(it) || in_body(it),
        };
        application && self.matches_request(request)
    }
}

/// The segment after a word in the path.
fn after<'a>(request: &'a Request, word: &str) -> Option<&'a str> {
    let at = request.segments.iter().position(|it| it == word)?;
    request.segments.get(at + 1).map(String::as_str)
}

/// The application of a request: the one in its path, or the first in its body.
fn application_of(request: &Request) -> Option<String> {
    let body = || request.json().ok().flatten()?.get(0)?.get("appId")?.as_str().map(str::to_owned);
    after(request, "apps").map(str::to_owned).or_else(body)
}

fn forbidden_list(request: &Request) -> Refusal {
    let namespace = after(request, "namespaces").unwrap_or("system");
    not_authorized("GET", &format!("namespace:{namespace}"))
}

fn forbidden(application: &str) -> Refusal {
    not_authorized("EXECUTE", &format!("application:{application}"))
}

fn not_authorized(permission: &str, entity: &str) -> Refusal {
    Refusal::new(
        403,
        format!("Principal 'alice' is not authorized to perform actions [{permission}] on entity '{entity}'"),
    )
}
