//! What can be made to go wrong, by name and for the next requests that match.

use crate::http::ask::Ask;
use crate::model::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// Something that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Name {
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
    /// The caller may not do anything to `application`. In a batch the calls before it are done.
    #[serde(rename = "403")]
    Forbidden,
    /// Too many requests.
    #[serde(rename = "429")]
    TooMany,
    /// The body ends in the middle.
    Cut,
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
    /// `application` is upgraded by somebody right after the next request that matches.
    Upgraded,
}

/// A fault that waits for its requests.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Fault {
    pub name: Name,
    /// For how many requests.
    #[serde(default = "once")]
    pub times: u32,
    /// How long, for those that last.
    #[serde(default)]
    pub seconds: i64,
    /// Only requests with this method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Only requests that have this in path and query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Only requests of this application, in the path or in the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
}

fn once() -> u32 {
    1
}

/// What happens to one request.
#[allow(clippy::struct_excessive_bools, reason = "any of them may happen together")]
#[derive(Debug, Default)]
pub(crate) struct Effects {
    pub delay_seconds: i64,
    pub drop_before: bool,
    pub drop_after: bool,
    pub instead: Option<Refusal>,
    pub cut: bool,
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
        if fault.name == Name::Down {
            self.down_until = now.saturating_add(fault.seconds.saturating_mul(1_000));
        } else {
            self.waiting.push(fault);
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
    fn take(&mut self, name: Name, application: &str) -> bool {
        let hit = |fault: &Fault| {
            fault.name == name && fault.application.as_deref().is_none_or(|it| it == application)
        };
        let Some(index) = self.waiting.iter().position(hit) else { return false };
        self.use_up(index);
        true
    }

    fn use_up(&mut self, index: usize) {
        if let Some(fault) = self.waiting.get_mut(index) {
            fault.times = fault.times.saturating_sub(1);
        }
        self.waiting.retain(|fault| fault.times > 0);
    }

    pub(crate) fn takes_never_ends(&mut self, application: &str) -> bool {
        self.take(Name::NeverEnds, application)
    }

    pub(crate) fn takes_restart(&mut self, application: &str) -> bool {
        self.take(Name::Restarted, application)
    }

    /// Whether the caller is refused an application in a batch.
    pub(crate) fn forbids(&mut self, application: &str) -> Option<Refusal> {
        let named = |fault: &Fault| {
            fault.name == Name::Forbidden && fault.application.as_deref() == Some(application)
        };
        let index = self.waiting.iter().position(named)?;
        self.use_up(index);
        Some(forbidden(application))
    }

    /// What happens to a request.
    pub(crate) fn strike(&mut self, ask: &Ask) -> Effects {
        let mut effects = Effects::default();
        for fault in &mut self.waiting {
            if !fault.meets(ask) {
                continue;
            }
            let application = fault.application.clone();
            match fault.name {
                Name::Delay => effects.delay_seconds += fault.seconds,
                Name::DropBefore => effects.drop_before = true,
                Name::DropAfter => effects.drop_after = true,
                Name::Internal => effects.instead = Some(Refusal::new(500, "Failed to write the entity.")),
                Name::Unavailable => {
                    let text = "No discoverable found for request appfabric";
                    effects.instead = Some(Refusal::new(503, text));
                }
                Name::Unauthenticated => effects.instead = Some(crate::tokens::expired()),
                Name::TooMany => {
                    effects.instead = Some(Refusal::new(429, "Too many requests, try again later."));
                }
                Name::Forbidden => effects.instead = application.map(|it| forbidden(&it)),
                Name::Cut => effects.cut = true,
                Name::Undecodable => effects.undecodable = true,
                Name::UnknownStatus => effects.unknown_status = true,
                Name::Upgraded => effects.upgrades = application,
                Name::Down | Name::Clock | Name::NeverEnds | Name::Restarted => continue,
            }
            fault.times = fault.times.saturating_sub(1);
        }
        self.waiting.retain(|fault| fault.times > 0);
        effects
    }
}

impl Fault {
    fn meets(&self, ask: &Ask) -> bool {
        let in_path = |it: &str| {
            ask.segments.windows(2).any(|pair| matches!(pair, [apps, name] if apps == "apps" && name == it))
        };
        let in_body = |it: &str| ask.body_text().contains(&format!("\"{it}\""));
        let application = match self.application.as_deref() {
            None => self.name != Name::Forbidden,
            // What a batch is refused is decided where its calls are done, and an upgrade needs no match of its own.
            Some(it) if self.name == Name::Forbidden => in_path(it),
            Some(_) if self.name == Name::Upgraded => true,
            Some(it) => in_path(it) || in_body(it),
        };
        application
            && self.method.as_deref().is_none_or(|it| it.eq_ignore_ascii_case(&ask.method))
            && self.path.as_deref().is_none_or(|it| ask.target.contains(it))
    }
}

fn forbidden(application: &str) -> Refusal {
    Refusal::new(
        403,
        format!(
            "Principal 'alice' is not authorized to perform actions [EXECUTE] on entity 'application:{application}'"
        ),
    )
}
