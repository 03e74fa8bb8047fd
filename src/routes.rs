//! The paths of the page: the only place where they are written and read. An [`Address`] is a page of a router; all are
//! below the base at which the console is served.

mod base;
mod router_name;

pub use base::{base, set_base};
pub use router_name::RouterName;

use quiesce_api::{ApplicationId, NamespaceId, ProgramId, ProgramRef, ProgramType};
use quiesce_lifecycle::journal::{Header, OperationKind};
use std::fmt::Write;

/// A page of a router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The router.
    pub router: RouterName,
    /// The page.
    pub route: Route,
}

impl Address {
    /// The path, percent-encoded, from the root of the origin on and without a query.
    pub fn href(&self) -> String {
        self.router.prefix() + &self.route.path()
    }

    /// The path with a query. Names and values are encoded; a name may come more than once.
    pub fn href_with<'a>(&self, query: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        let mut href = self.href();
        for (index, (name, value)) in query.into_iter().enumerate() {
            href.push(if index == 0 { '?' } else { '&' });
            encode(name, &mut href);
            href.push('=');
            encode(value, &mut href);
        }
        href
    }

    /// Reads a path as it stands in the address bar, without its query. `None` if there is no such page.
    pub fn parse(path: &str) -> Option<Self> {
        let (router, rest) = RouterName::split(path)?;
        Some(Self { router, route: Route::parse(rest)? })
    }
}

/// Where in a router one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// `/`: leads on to the programs of a namespace.
    Home,
    /// `/ns/{namespace}/programs`: all programs of a namespace.
    Programs { namespace: NamespaceId },
    /// `/ns/{namespace}/apps/{application}/{type}/{program}`: one program. The type is the word of the API's paths.
    Program {
        namespace: NamespaceId,
        /// The application that holds it.
        application: ApplicationId,
        /// What kind of program it is.
        program_type: ProgramType,
        /// Its name.
        program: ProgramId,
    },
    /// `/ns/{namespace}/stop?…`: the form of a stop; the query says of what.
    StopForm { namespace: NamespaceId },
    /// `/ns/{namespace}/stop/{operation}`: a stop in work, or what became of it.
    Stop {
        namespace: NamespaceId,
        /// The id of the operation in the journal.
        operation: String,
    },
    /// `/ns/{namespace}/upgrade`: which applications to upgrade.
    UpgradeForm { namespace: NamespaceId },
    /// `/ns/{namespace}/upgrade/{operation}`: an upgrade in work, or what became of it.
    Upgrade {
        namespace: NamespaceId,
        /// The id of the operation in the journal.
        operation: String,
    },
    /// `/history`: the operations of this browser.
    History,
    /// `/server`: what the server is and what it does with a stop.
    Server,
    /// `/sign-in`.
    SignIn,
    /// `/gallery`: every widget and every state; on a demo only.
    Gallery,
}

impl Route {
    /// The page of a program.
    pub fn program(program: &ProgramRef) -> Self {
        Self::Program {
            namespace: program.namespace.clone(),
            application: program.application.clone(),
            program_type: program.program_type.clone(),
            program: program.program.clone(),
        }
    }

    /// The path within the router, percent-encoded, from `/` on and without a query.
    fn path(&self) -> String {
        match self {
            Self::Home => "/".to_owned(),
            Self::Programs { namespace } => path(&["ns", namespace.as_str(), "programs"]),
            Self::Program { namespace, application, program_type, program } => path(&[
                "ns",
                namespace.as_str(),
                "apps",
                application.as_str(),
                program_type.path(),
                program.as_str(),
            ]),
            Self::StopForm { namespace } => path(&["ns", namespace.as_str(), "stop"]),
            Self::Stop { namespace, operation } => path(&["ns", namespace.as_str(), "stop", operation]),
            Self::UpgradeForm { namespace } => path(&["ns", namespace.as_str(), "upgrade"]),
            Self::Upgrade { namespace, operation } => path(&["ns", namespace.as_str(), "upgrade", operation]),
            Self::History => path(&["history"]),
            Self::Server => path(&["server"]),
            Self::SignIn => path(&["sign-in"]),
            Self::Gallery => path(&["gallery"]),
        }
    }

    /// The page of an operation, if this console has one for its kind.
    pub fn operation(header: &Header) -> Option<Self> {
        let (namespace, operation) = (header.namespace.clone(), header.id.to_string());
        match header.kind {
            OperationKind::Stop => Some(Self::Stop { namespace, operation }),
            OperationKind::Upgrade => Some(Self::Upgrade { namespace, operation }),
            OperationKind::Other(_) => None,
        }
    }

    /// Reads a path within a router, without its query. `None` if there is no such page.
    fn parse(path: &str) -> Option<Self> {
        let segments = path
            .trim_start_matches('/')
            .trim_end_matches('/')
            .split('/')
            .map(decode)
            .collect::<Option<Vec<_>>>()?;
        let segments = segments.iter().map(String::as_str).collect::<Vec<_>>();
        Some(match segments.as_slice() {
            [""] => Self::Home,
            ["history"] => Self::History,
            ["server"] => Self::Server,
            ["sign-in"] => Self::SignIn,
            ["gallery"] => Self::Gallery,
            ["ns", rest @ ..] if rest.contains(&"") => return None,
            ["ns", namespace] | ["ns", namespace, "programs"] => {
                Self::Programs { namespace: (*namespace).into() }
            }
            ["ns", namespace, "apps", application, program_type, program] => Self::Program {
                namespace: (*namespace).into(),
                application: (*application).into(),
                program_type: ProgramType::from_path(program_type),
                program: (*program).into(),
            },
            ["ns", namespace, "stop"] => Self::StopForm { namespace: (*namespace).into() },
            ["ns", namespace, "stop", operation] => {
                Self::Stop { namespace: (*namespace).into(), operation: (*operation).to_owned() }
            }
            ["ns", namespace, "upgrade"] => Self::UpgradeForm { namespace: (*namespace).into() },
            ["ns", namespace, "upgrade", operation] => {
                Self::Upgrade { namespace: (*namespace).into(), operation: (*operation).to_owned() }
            }
            _ => return None,
        })
    }

    /// The namespace the page is about, if it is about one.
    pub fn namespace(&self) -> Option<&NamespaceId> {
        match self {
            Self::Programs { namespace }
            | Self::Program { namespace, .. }
            | Self::StopForm { namespace }
            | Self::Stop { namespace, .. }
            | Self::UpgradeForm { namespace }
            | Self::Upgrade { namespace, .. } => Some(namespace),
            Self::Home | Self::History | Self::Server | Self::SignIn | Self::Gallery => None,
        }
    }
}

/// The address of a section of the served documents, such as `loss#measured`. The server has these pages, not the console.
pub fn document(section: &str) -> String {
    format!("{}/docs/{section}", base())
}

/// The icon of the page while an operation waits for a person.
pub fn waiting_icon() -> String {
    format!("{}/favicon-waiting.svg", base())
}

fn path(segments: &[&str]) -> String {
    let mut path = String::new();
    for segment in segments {
        path.push('/');
        encode(segment, &mut path);
    }
    path
}

/// Percent-encodes all but the unreserved characters of RFC 3986. A segment of dots alone would be taken as "here" or
/// "one up" by a browser, encoded or not; no name on a server is one.
fn encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            into.push(char::from(byte));
        } else {
            let _ = write!(into, "%{byte:02X}");
        }
    }
}

/// Undoes percent-encoding. `None` if the bytes are not UTF-8. A `%` without two hex digits stands for itself.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if let (b'%', [high, low, after @ ..]) = (first, tail)
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            bytes.push(high << 4 | low);
            rest = after;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<(Route, &'static str)> {
        let namespace = NamespaceId::new("retail");
        vec![
            (Route::Home, "/"),
            (Route::Programs { namespace: namespace.clone() }, "/ns/retail/programs"),
            (
                Route::program(&ProgramRef::new(
                    "retail",
                    "clicks_live",
                    ProgramType::Spark,
                    "DataStreamsSparkStreaming",
                )),
                "/ns/retail/apps/clicks_live/spark/DataStreamsSparkStreaming",
            ),
            (Route::StopForm { namespace: namespace.clone() }, "/ns/retail/stop"),
            (
                Route::Stop { namespace: namespace.clone(), operation: "op-1".to_owned() },
                "/ns/retail/stop/op-1",
            ),
            (Route::UpgradeForm { namespace: namespace.clone() }, "/ns/retail/upgrade"),
            (Route::Upgrade { namespace, operation: "op-1".to_owned() }, "/ns/retail/upgrade/op-1"),
            (Route::History, "/history"),
            (Route::Server, "/server"),
            (Route::SignIn, "/sign-in"),
            (Route::Gallery, "/gallery"),
        ]
    }

    /// A page of the unnamed router.
    fn at(route: Route) -> Address {
        Address { router: RouterName::default(), route }
    }

    fn parse(path: &str) -> Option<Route> {
        Address::parse(path).filter(|address| address.router.is_unnamed()).map(|address| address.route)
    }

    #[test]
    fn every_page_has_the_path_that_is_documented() {
        for (route, href) in all() {
            assert_eq!(at(route).href(), href);
        }
    }

    #[test]
    fn every_path_leads_back_to_its_page() {
        for (route, href) in all() {
            assert_eq!(parse(href), Some(route.clone()), "{href}");
            if route != Route::Home {
                assert_eq!(parse(&format!("{href}/")), Some(route), "{href}/");
            }
        }
    }

    #[test]
    fn below_a_base_every_path_has_it_and_leads_back() {
        for base in ["/console", "/console/"] {
            set_base(base);
            for (route, href) in all() {
                assert_eq!(at(route.clone()).href(), format!("/console{href}"));
                assert_eq!(parse(&format!("/console{href}")), Some(route));
            }
            assert_eq!(parse("/console"), Some(Route::Home));
            assert_eq!(document("loss#measured"), "/console/docs/loss#measured");
            for foreign in ["/history", "/consoles/history", "/"] {
                assert_eq!(parse(foreign), None, "{foreign}");
            }
        }
    }

    #[test]
    fn a_named_router_is_the_first_part_of_every_path() {
        let router = RouterName::new("prod-2").unwrap();
        for (base, prefix) in [("", "/r/prod-2"), ("/console", "/console/r/prod-2")] {
            set_base(base);
            for (route, href) in all() {
                let address = Address { router: router.clone(), route };
                assert_eq!(address.href(), format!("{prefix}{href}"));
                assert_eq!(Address::parse(&address.href()), Some(address));
            }
            let home = Address { router: router.clone(), route: Route::Home };
            assert_eq!(Address::parse(prefix), Some(home));
        }
    }

    #[test]
    fn odd_names_stay_one_segment_and_come_back_unchanged() {
        let route = Route::program(&ProgramRef::new(
            "a b/c",
            "100% ü?#",
            ProgramType::Other("new kind".into()),
            "x&y=z+1",
        ));
        assert_eq!(route.path(), "/ns/a%20b%2Fc/apps/100%25%20%C3%BC%3F%23/new%20kind/x%26y%3Dz%2B1");
        assert_eq!(parse(&route.path()), Some(route));
    }

    #[test]
    fn a_namespace_alone_means_its_programs() {
        assert_eq!(parse("/ns/retail"), Some(Route::Programs { namespace: "retail".into() }));
    }

    #[test]
    fn a_path_of_no_page_is_told_apart() {
        for path in ["/nowhere", "/ns//programs", "/ns/retail/apps/x", "/ns/%FF/programs"] {
            assert_eq!(parse(path), None, "{path}");
        }
    }

    #[test]
    fn a_stray_percent_sign_stands_for_itself() {
        assert_eq!(parse("/ns/50%/programs"), Some(Route::Programs { namespace: "50%".into() }));
    }

    #[test]
    fn no_page_of_the_console_hides_a_document() {
        assert_eq!(parse(&document("loss")), None);
        assert_eq!(parse(&document("")), None);
    }

    #[test]
    fn a_query_is_encoded_and_may_name_a_thing_twice() {
        let form = at(Route::StopForm { namespace: "retail".into() });
        assert_eq!(
            form.href_with([("run", "a/spark/b/1"), ("run", "c d")]),
            "/ns/retail/stop?run=a%2Fspark%2Fb%2F1&run=c%20d"
        );
        assert_eq!(form.href_with([]), "/ns/retail/stop");
    }
}
