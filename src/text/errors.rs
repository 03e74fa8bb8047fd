//! The meaning of an error for the thing that was asked: one table of status × request.

use quiesce_api::{Error, RefusalKind, TransportError};

/// The thing that a request asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(test), expect(dead_code, reason = "the table is complete before every page uses it"))]
pub enum Asked {
    List,
    Program,
    Application,
    Run,
    Log,
    Metrics,
    Arguments,
    ServerInfo,
    SignIn,
    Backup,
    Start,
    Stop,
    Schedule,
    Deploy,
    Upgrade,
}

/// The error in plain English. The server's own message is shown next to it, verbatim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What happened: the status and its meaning for this request.
    pub summary: String,
    /// What is known of the consequences, and what to do.
    pub advice: &'static str,
}

const UNCHANGED: &str = "Nothing was changed.";
const UNKNOWN: &str = "The answer doesn't say whether anything changed. Check before you try again.";
const AUTOMATIC: &str = "Retrying automatically.";
const TRY_AGAIN: &str = "Try again.";

impl Asked {
    #[cfg(test)]
    const ALL: [Self; 15] = [
        Self::List,
        Self::Program,
        Self::Application,
        Self::Run,
        Self::Log,
        Self::Metrics,
        Self::Arguments,
        Self::ServerInfo,
        Self::SignIn,
        Self::Backup,
        Self::Start,
        Self::Stop,
        Self::Schedule,
        Self::Deploy,
        Self::Upgrade,
    ];

    /// The request as a noun.
    fn noun(self) -> &'static str {
        match self {
            Self::List => "this list",
            Self::Program => "this program",
            Self::Application => "this application",
            Self::Run => "this run",
            Self::Log => "this log",
            Self::Metrics => "these metrics",
            Self::Arguments => "these arguments",
            Self::ServerInfo => "the server information",
            Self::SignIn => "the sign-in",
            Self::Backup => "the backup",
            Self::Start => "the start request",
            Self::Stop => "the stop request",
            Self::Schedule => "the schedule change",
            Self::Deploy => "the deployment",
            Self::Upgrade => "the upgrade request",
        }
    }

    /// Whether the request changes something on the server.
    pub fn is_change(self) -> bool {
        matches!(self, Self::Start | Self::Stop | Self::Schedule | Self::Deploy | Self::Upgrade)
    }

    /// Whether the page repeats the request until it is answered.
    fn is_polled(self) -> bool {
        matches!(self, Self::List | Self::Program | Self::Run | Self::Log | Self::ServerInfo)
    }

    /// The advice for a failure that passes.
    fn patience(self) -> &'static str {
        match self {
            _ if self.is_change() => UNKNOWN,
            _ if self.is_polled() => AUTOMATIC,
            _ => TRY_AGAIN,
        }
    }
}

/// What to check while nothing answers. The address of the server may be unknown.
pub fn check_server(address: String) -> String {
    let address = if address.is_empty() { address } else { format!(" ({address})") };
    format!("Check that the console's server and CDAP run, and the address of the router{address}. ")
}

/// The permission that the server's message of a 403 names: the actions and the entity
/// (docs/cdap-api.md#error-bodies).
pub fn missing_permission(message: &str) -> Option<String> {
    const QUOTES: [char; 6] = ['\'', '"', '[', ']', '.', ' '];
    let (_, rest) = message.split_once("to perform action")?;
    let (actions, entity) = rest.split_once(" on entity ")?;
    let actions = actions.strip_prefix('s').unwrap_or(actions).trim_matches(QUOTES);
    let entity = entity.trim_matches(QUOTES);
    let is_named = !actions.is_empty() && !entity.is_empty() && !entity.contains('\'');
    is_named.then(|| format!("Missing permission: {actions} on {entity}. "))
}

/// The meaning of an error for the thing that was asked.
pub fn explain(asked: Asked, error: &Error) -> Explanation {
    let refusal = match error {
        Error::Refused(refusal) => refusal,
        Error::Undecodable(answer) => {
            return Explanation {
                summary: match answer.path.as_str() {
                    "." => format!("The answer can't be read: {}.", answer.message),
                    path => format!("The answer can't be read (at {path}: {}).", answer.message),
                },
                advice: if asked.is_change() { UNKNOWN } else { TRY_AGAIN },
            };
        }
        Error::Transport(error) => {
            let summary = match error {
                TransportError::Unreachable(_) => "The server does not answer.".to_owned(),
                TransportError::TimedOut(seconds) => format!("No response within {seconds} s."),
                TransportError::Aborted => "The request was canceled.".to_owned(),
            };
            return Explanation { summary, advice: asked.patience() };
        }
    };
    let change = asked.is_change();
    let (meaning, advice) = match (refusal.kind, asked) {
        (RefusalKind::Unauthenticated, Asked::SignIn) => {
            ("The server rejected this token", "It may be mistyped, truncated or expired.")
        }
        (RefusalKind::Unauthenticated, _) => ("Sign-in required", "Running programs are not affected."),
        (RefusalKind::Forbidden, _) => (
            if change { "You don't have permission for " } else { "You don't have permission to view " },
            "Signing in again doesn't help. Ask an administrator for access.",
        ),
        (RefusalKind::ReadOnly, _) => ("This console is read-only", UNCHANGED),
        (RefusalKind::NotFound, Asked::Start) => ("The program was not found", UNCHANGED),
        (RefusalKind::NotFound, Asked::Stop) => ("The program or run was not found", UNCHANGED),
        (RefusalKind::NotFound, Asked::Schedule) => ("The schedule was not found", UNCHANGED),
        (RefusalKind::NotFound, Asked::Deploy) => ("The namespace or artifact was not found", UNCHANGED),
        (RefusalKind::NotFound, Asked::Upgrade) => ("The application was not found", UNCHANGED),
        (RefusalKind::NotFound, _) => {
            ("The server can't find ", "It may have been deleted, or the address is wrong.")
        }
        (RefusalKind::BadRequest, Asked::Stop) => {
            ("The server rejected the stop request", "The run may have ended already. Nothing was changed.")
        }
        (RefusalKind::Conflict, Asked::Start) => ("The program is already running", UNCHANGED),
        (RefusalKind::Conflict, Asked::Stop) => ("The run can't be stopped in its current state", UNCHANGED),
        (RefusalKind::Conflict, Asked::Schedule) => ("The schedule is already in this state", UNCHANGED),
        (RefusalKind::Conflict, Asked::Deploy | Asked::Upgrade) => {
            ("Conflict with the application's current state", UNCHANGED)
        }
        (RefusalKind::TooManyRequests, Asked::Start) => {
            ("The server is at its limit of active runs", "Nothing was started. Try again later.")
        }
        (RefusalKind::TooManyRequests, _) => (
            "The server is limiting requests",
            if change { "Nothing was changed. Try again later." } else { asked.patience() },
        ),
        (RefusalKind::Unsupported | RefusalKind::MethodNotAllowed, _) => {
            ("The server doesn't support ", if change { UNCHANGED } else { "" })
        }
        (RefusalKind::BadRequest, _) => {
            ("The server rejected the request for ", if change { UNCHANGED } else { "" })
        }
        (RefusalKind::Conflict, _) => ("The server reports a conflict for ", TRY_AGAIN),
        (RefusalKind::Unavailable, _) => {
            ("The server, or a service behind it, is unavailable", asked.patience())
        }
        // The router answers 500 to a token that is not base64.
        (RefusalKind::ServerError, Asked::SignIn) => {
            ("The server can't read this token", "It may be mistyped, truncated or expired.")
        }
        (RefusalKind::ServerError, _) => ("The server failed on ", asked.patience()),
        (RefusalKind::Unexpected, _) => {
            ("Unexpected answer to the request for ", if change { UNKNOWN } else { TRY_AGAIN })
        }
    };
    let noun = if meaning.ends_with(' ') { asked.noun() } else { "" };
    Explanation { summary: format!("{}: {meaning}{noun}.", refusal.status), advice }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quiesce_api::{Response, Undecodable};

    const STATUSES: [u16; 13] = [302, 400, 401, 403, 404, 405, 409, 429, 500, 501, 502, 503, 504];

    fn refused(status: u16) -> Error {
        Error::refused(&Response::new(status, "message of the server"))
    }

    fn lines() -> Vec<(Asked, u16, Explanation)> {
        let mut lines = Vec::new();
        for asked in Asked::ALL {
            for status in STATUSES {
                lines.push((asked, status, explain(asked, &refused(status))));
            }
        }
        lines
    }

    #[test]
    fn every_status_of_every_request_has_its_own_short_sentence() {
        for (asked, status, it) in lines() {
            assert!(it.summary.starts_with(&format!("{status}: ")), "{asked:?} {it:?}");
            assert!(it.summary.ends_with('.') && !it.summary.ends_with(" ."), "{asked:?} {it:?}");
            assert!(it.advice.is_empty() || it.advice.ends_with('.'), "{asked:?} {it:?}");
            assert!(it.summary.split(' ').count() <= 15, "{asked:?} {it:?}");
        }
    }

    #[test]
    fn only_a_start_is_told_about_the_limit_of_runs() {
        for (asked, _, it) in lines().into_iter().filter(|(_, status, _)| *status == 429) {
            assert_eq!(it.summary.contains("limit of active runs"), asked == Asked::Start, "{it:?}");
        }
        assert_eq!(explain(Asked::List, &refused(429)).summary, "429: The server is limiting requests.");
    }

    #[test]
    fn nothing_was_changed_is_said_only_of_changes_that_were_validated_first() {
        for (asked, status, it) in lines() {
            let said = it.advice.contains("Nothing was changed") || it.advice.contains("Nothing was started");
            let validated = matches!(status, 400 | 404 | 405 | 409 | 429 | 501);
            assert_eq!(said, asked.is_change() && validated, "{asked:?} {status} {it:?}");
        }
    }

    #[test]
    fn a_change_that_may_have_happened_is_never_called_harmless() {
        let lost = [
            Error::Transport(TransportError::Unreachable(String::new())),
            Error::Transport(TransportError::TimedOut(30)),
            Error::Transport(TransportError::Aborted),
            Error::Undecodable(Undecodable {
                path: ".".into(),
                message: "no JSON".into(),
                raw: String::new(),
            }),
        ];
        for asked in Asked::ALL.into_iter().filter(|asked| asked.is_change()) {
            let refused = [302, 500, 502, 503, 504].map(refused);
            for error in lost.iter().chain(&refused) {
                assert!(error.leaves_doubt());
                assert_eq!(explain(asked, error).advice, UNKNOWN, "{asked:?} {error}");
            }
        }
    }

    #[test]
    fn an_answer_that_is_not_readable_as_a_whole_has_no_place_in_its_sentence() {
        let summary = |path: &str| {
            let (message, raw) = ("the answer ended early (reset)".into(), String::new());
            explain(Asked::Application, &Undecodable { path: path.into(), message, raw }.into()).summary
        };
        assert_eq!(summary("."), "The answer can't be read: the answer ended early (reset).");
        assert_eq!(
            summary("[3].id"),
            "The answer can't be read (at [3].id: the answer ended early (reset))."
        );
    }

    #[test]
    fn a_missing_permission_is_named_as_the_server_names_it() {
        let of = |text: &str| missing_permission(&format!("Principal 'alice' is not authorized {text}"));
        let named = Some("Missing permission: EXECUTE on application:Warehouse. ".to_owned());
        for text in [
            "to perform actions [EXECUTE] on entity 'application:Warehouse'",
            "to perform actions '[EXECUTE]' on entity 'application:Warehouse'.",
            "to perform action 'EXECUTE' on entity 'application:Warehouse'",
        ] {
            assert_eq!(of(text), named, "{text}");
        }
        for text in
            ["", "to see it", "to perform actions [] on entity 'x'", "to perform actions [GET] on entity ''"]
        {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn what_to_check_includes_the_address_if_it_is_known() {
        assert!(check_server("cdap:11015".into()).ends_with("the address of the router (cdap:11015). "));
        assert!(check_server(String::new()).ends_with("the address of the router. "));
    }

    #[test]
    fn the_page_promises_to_retry_only_what_it_polls() {
        for (asked, status, it) in lines() {
            if it.advice == AUTOMATIC {
                assert!(
                    asked.is_polled() && matches!(status, 429 | 500 | 502 | 503 | 504),
                    "{asked:?} {status}"
                );
            }
        }
    }

    #[test]
    fn the_sentences_name_what_was_asked() {
        for (asked, status, summary) in [
            (Asked::List, 404, "404: The server can't find this list."),
            (Asked::Program, 404, "404: The server can't find this program."),
            (Asked::Start, 409, "409: The program is already running."),
            (Asked::Schedule, 409, "409: The schedule is already in this state."),
            (Asked::Upgrade, 501, "501: The server doesn't support the upgrade request."),
            (Asked::Stop, 403, "403: You don't have permission for the stop request."),
            (Asked::Log, 403, "403: You don't have permission to view this log."),
            (Asked::SignIn, 401, "401: The server rejected this token."),
            (Asked::Log, 401, "401: Sign-in required."),
            (Asked::Deploy, 500, "500: The server failed on the deployment."),
        ] {
            assert_eq!(explain(asked, &refused(status)).summary, summary);
        }
    }
}
