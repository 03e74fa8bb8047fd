//! Preferences: the arguments of a run that is started without any (docs/cdap-api.md#preferences).
//!
//! ```
//! use quiesce_api::Endpoint;
//! use quiesce_api::preferences::{GetPreferences, PreferenceLevel};
//!
//! let get = GetPreferences { level: PreferenceLevel::Namespace("default".into()), resolved: true };
//! assert_eq!(get.request().to_string(), "GET /v3/namespaces/default/preferences?resolved=true");
//! ```

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::id::{ApplicationId, NamespaceId};
use crate::list::decode_body;
use crate::program::ProgramRef;
use crate::request::Request;
use crate::response::Response;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The level of preferences. Each level overrides those above it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PreferenceLevel {
    /// The whole server.
    Server,
    /// A namespace.
    Namespace(NamespaceId),
    /// An application, in all versions.
    Application(NamespaceId, ApplicationId),
    /// A program.
    Program(ProgramRef),
}

impl PreferenceLevel {
    fn segments(&self) -> Vec<&str> {
        let mut segments = match self {
            Self::Server => vec!["v3"],
            Self::Namespace(namespace) => vec!["v3", "namespaces", namespace.as_str()],
            Self::Application(namespace, application) => {
                vec!["v3", "namespaces", namespace.as_str(), "apps", application.as_str()]
            }
            Self::Program(program) => program.segments().to_vec(),
        };
        segments.push("preferences");
        segments
    }
}

/// Reads the preferences of a level.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetPreferences {
    /// The level of the preferences.
    pub level: PreferenceLevel,
    /// Whether to merge the levels above: the arguments that a scheduled run starts with.
    pub resolved: bool,
}

impl Endpoint for GetPreferences {
    type Output = BTreeMap<String, String>;

    fn request(&self) -> Request {
        let request = Request::get(self.level.segments());
        if self.resolved { request.query("resolved", true) } else { request }
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        decode_body(response)
    }
}

/// Replaces the preferences of a level.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PutPreferences {
    /// The level of the preferences.
    pub level: PreferenceLevel,
    /// All arguments: the server removes those that are missing here.
    pub preferences: BTreeMap<String, String>,
}

impl Endpoint for PutPreferences {
    type Output = ();

    fn request(&self) -> Request {
        Request::put(self.level.segments()).json(&self.preferences)
    }

    fn decode(&self, _: &Response) -> Result<(), Error> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ProgramType;

    #[test]
    fn each_level_has_its_path_and_a_put_sends_all_preferences() {
        let path = |level| GetPreferences { level, resolved: false }.request().target;
        assert_eq!(path(PreferenceLevel::Server), "/v3/preferences");
        assert_eq!(path(PreferenceLevel::Namespace("a".into())), "/v3/namespaces/a/preferences");
        let application = PreferenceLevel::Application("a".into(), "b".into());
        assert_eq!(path(application), "/v3/namespaces/a/apps/b/preferences");
        let program = ProgramRef::new("a", "b", ProgramType::Worker, "c");
        let put = PutPreferences {
            level: PreferenceLevel::Program(program),
            preferences: BTreeMap::from([("drain".to_owned(), "4".to_owned())]),
        };
        assert_eq!(put.request().to_string(), "PUT /v3/namespaces/a/apps/b/workers/c/preferences");
        assert_eq!(put.request().body.as_deref(), Some(r#"{"drain":"4"}"#));
    }
}
