//! The routers of a server and the paths below which each of them is found.

use crate::backend::Backend;
use crate::error_response::ErrorResponse;
use crate::router_name::RouterName;
use http::StatusCode;

/// The first segment of the paths of a named router.
const SEGMENT: &str = "r";

/// A router, and its name if it has one.
#[derive(Clone, Debug)]
pub struct ServedRouter {
    name: Option<RouterName>,
    path: String,
    pub backend: Backend,
}

impl ServedRouter {
    /// The only router of a server, at the root.
    pub fn unnamed(backend: Backend) -> Self {
        Self { name: None, path: String::new(), backend }
    }

    /// A router at `/r/{name}`.
    pub fn named(name: RouterName, backend: Backend) -> Self {
        Self { path: format!("/{SEGMENT}/{name}"), name: Some(name), backend }
    }

    /// The name; empty for the only router of a server.
    pub fn name(&self) -> &str {
        self.name.as_ref().map_or("", RouterName::as_str)
    }

    /// The path before those of the router: empty or `/r/{name}`.
    pub fn path(&self) -> &str {
        &self.path
    }
}

/// The routers of a server: one without a name, or any number with different names.
#[derive(Clone, Debug)]
pub struct Routers {
    all: Vec<ServedRouter>,
}

/// The reason why some routers cannot be served together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvalidRouters {
    None,
    Unnamed,
    Duplicate(RouterName),
}

impl std::fmt::Display for InvalidRouters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => f.write_str("at least one router is required"),
            Self::Unnamed => f.write_str("with several routers, each must have a name"),
            Self::Duplicate(name) => write!(f, "two routers have the name {name}"),
        }
    }
}

impl std::error::Error for InvalidRouters {}

/// A path below `/r/`, or one that looks like it, with the name of none of the routers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownRouter<'a> {
    /// Empty if the path names no router.
    pub name: &'a str,
    /// The path after the name; `None` if no router can have this name.
    pub rest: Option<&'a str>,
}

/// The owner of a path.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The router; `None` for a path at the root of a server whose routers have names.
    pub router: Option<&'a ServedRouter>,
    /// The path without that of the router. It is empty or starts with a slash.
    pub rest: &'a str,
}

impl Routers {
    pub fn new(all: Vec<ServedRouter>) -> Result<Self, InvalidRouters> {
        if all.is_empty() {
            return Err(InvalidRouters::None);
        }
        if all.len() > 1 && all.iter().any(|router| router.name.is_none()) {
            return Err(InvalidRouters::Unnamed);
        }
        for (index, router) in all.iter().enumerate() {
            if let Some(name) = &router.name
                && all.iter().take(index).any(|earlier| earlier.name.as_ref() == Some(name))
            {
                return Err(InvalidRouters::Duplicate(name.clone()));
            }
        }
        Ok(Self { all })
    }

    /// One router without a name.
    pub fn single(backend: Backend) -> Self {
        Self { all: vec![ServedRouter::unnamed(backend)] }
    }

    pub fn all(&self) -> &[ServedRouter] {
        &self.all
    }

    /// The router to which a path belongs. Only the path decides, so that no header of a browser can.
    pub fn find<'a>(&'a self, path: &'a str) -> Result<Target<'a>, UnknownRouter<'a>> {
        if let Some(rest) = path.strip_prefix("/r/") {
            let length = rest.find('/').unwrap_or(rest.len());
            let (name, rest) = rest.split_at(length);
            if let Some(router) =
                self.all.iter().find(|router| router.name.is_some() && router.name() == name)
            {
                return Ok(Target { router: Some(router), rest });
            }
            // Upper case is a typing mistake; dots and escapes are never part of a name.
            let is_name = name.to_ascii_lowercase().parse::<RouterName>().is_ok();
            return Err(UnknownRouter { name, rest: is_name.then_some(rest) });
        }
        // `/R/prod` and `//r/prod` are not addresses of a router, and not routes of the page either.
        let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        if first.eq_ignore_ascii_case(SEGMENT) {
            return Err(UnknownRouter { name: "", rest: None });
        }
        Ok(Target { router: self.all.iter().find(|router| router.name.is_none()), rest: path })
    }

    /// The paths of all routers, for messages.
    pub fn paths(&self) -> String {
        let paths: Vec<&str> =
            self.all.iter().map(ServedRouter::path).filter(|path| !path.is_empty()).collect();
        paths.join(", ")
    }

    /// The error for a path of an unknown router.
    pub fn unknown(&self, UnknownRouter { name, .. }: UnknownRouter<'_>) -> ErrorResponse {
        let named = if name.is_empty() {
            "The path names no router of this server.".to_owned()
        } else {
            format!("This server has no router with the name {name}.")
        };
        let known = match self.paths() {
            paths if paths.is_empty() => "Its only router has no name and is at /.".to_owned(),
            paths => format!("Its routers are at {paths}."),
        };
        ErrorResponse::new(StatusCode::NOT_FOUND, "unknown_router", format!("{named} {known}"))
    }
}
