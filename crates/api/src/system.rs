//! The server itself: version, services, settings and namespaces (docs/cdap-api.md#namespaces-and-system).
//!
//! ```
//! use quiesce_api::system::GetStopSettings;
//! use quiesce_api::{Endpoint, Response};
//!
//! let response = Response::new(200, r#"[{"name":"app.program.max.stop.seconds","value":"300"}]"#);
//! assert_eq!(GetStopSettings.read(&response)?.max_stop_seconds, Some(300));
//! # Ok::<(), quiesce_api::Error>(())
//! ```

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::id::NamespaceId;
use crate::list::{Rows, decode_body};
use crate::request::Request;
use crate::response::Response;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Reads the version of the server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetVersion;

/// The version of the server.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Version {
    /// For example `6.11.0`.
    pub version: String,
}

impl Endpoint for GetVersion {
    type Output = Version;

    fn request(&self) -> Request {
        Request::get(["v3", "version"])
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        decode_body(response)
    }
}

/// Lists the versions of the server and of its components.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListComponentVersions;

/// The version of a component.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ComponentVersion {
    /// The component; absent on some servers.
    #[serde(default)]
    pub name: String,
    /// Version of the component.
    pub version: String,
}

impl Endpoint for ListComponentVersions {
    type Output = Rows<ComponentVersion>;

    fn request(&self) -> Request {
        Request::get(["v3", "versions"])
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode(response)
    }
}

/// Lists the services of the server with their status.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListServices;

/// A service of the server.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SystemService {
    /// Its name, for example `appfabric`.
    pub name: String,
    /// Description of the service.
    #[serde(default)]
    pub description: String,
    /// `OK` or `NOTOK`.
    #[serde(default)]
    pub status: String,
    /// Whether its logs can be read: `OK` or `NOTOK`.
    #[serde(default)]
    pub logs: String,
    /// Requested instances.
    #[serde(default)]
    pub requested: i64,
    /// Running instances.
    #[serde(default)]
    pub provisioned: i64,
}

impl Endpoint for ListServices {
    type Output = Rows<SystemService>;

    fn request(&self) -> Request {
        Request::get(["v3", "system", "services"])
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode(response)
    }
}

/// Reads the settings of the server that affect a stop: three of several hundred in the response.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetStopSettings;

/// How this server stops programs. A value is `None` if the server does not have the setting, or if it is not an
/// integer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StopSettings {
    /// `app.program.max.stop.seconds`: the grace period of a run stop or batch stop, in seconds (default: 300).
    pub max_stop_seconds: Option<i64>,
    /// `app.program.terminate.time.buffer.secs`: time after its deadline before a run is forced (default: 60).
    pub terminate_buffer_seconds: Option<i64>,
    /// `app.program.terminator.interval.secs`: how often the server checks for overdue runs (default: 300).
    pub terminator_interval_seconds: Option<i64>,
}

impl Endpoint for GetStopSettings {
    type Output = StopSettings;

    fn request(&self) -> Request {
        Request::get(["v3", "config", "cdap"]).query("format", "json")
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        #[derive(Deserialize)]
        struct Setting {
            name: String,
            #[serde(default)]
            value: String,
        }
        let rows: Rows<Setting> = Rows::decode(response)?;
        let mut settings = StopSettings::default();
        for setting in rows.good {
            let field = match setting.name.as_str() {
                "app.program.max.stop.seconds" => &mut settings.max_stop_seconds,
                "app.program.terminate.time.buffer.secs" => &mut settings.terminate_buffer_seconds,
                "app.program.terminator.interval.secs" => &mut settings.terminator_interval_seconds,
                _ => continue,
            };
            *field = setting.value.trim().parse().ok();
        }
        Ok(settings)
    }
}

/// Lists the namespaces that the caller may see.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListNamespaces;

/// A namespace of the server.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Namespace {
    /// Name of the namespace.
    pub name: NamespaceId,
    /// Description by its author.
    #[serde(default)]
    pub description: String,
}

impl Endpoint for ListNamespaces {
    type Output = Rows<Namespace>;

    fn request(&self) -> Request {
        Request::get(["v3", "namespaces"])
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Rows::decode(response)
    }
}

/// Reads one namespace.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetNamespace {
    /// Its name.
    pub namespace: NamespaceId,
}

impl Endpoint for GetNamespace {
    type Output = Namespace;

    fn request(&self) -> Request {
        Request::get(["v3", "namespaces", self.namespace.as_str()])
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        decode_body(response)
    }
}

/// Creates a namespace. An existing one is answered with 200 too (recording `namespace-create-again`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CreateNamespace {
    /// Letters, digits and `_` only, else 400.
    pub namespace: NamespaceId,
}

impl Endpoint for CreateNamespace {
    /// The server's message, which alone tells whether the namespace existed before.
    type Output = String;

    fn request(&self) -> Request {
        Request::put(["v3", "namespaces", self.namespace.as_str()])
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Ok(response.text().trim().to_owned())
    }
}

/// Checks whether the router responds, without a call to the services behind it. Requires no token, even on a
/// secured server (recording `router-status-without-token`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetRouterStatus;

impl Endpoint for GetRouterStatus {
    /// The text `OK`.
    type Output = String;

    fn request(&self) -> Request {
        Request::get(["status"])
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Ok(response.text().trim().to_owned())
    }
}

/// Checks whether the server behind the router responds. Requires a token on a secured server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ping;

impl Endpoint for Ping {
    /// The text `OK.`
    type Output = String;

    fn request(&self) -> Request {
        Request::get(["ping"])
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Ok(response.text().trim().to_owned())
    }
}

/// Reads the status of each service of the server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetServiceStates;

impl Endpoint for GetServiceStates {
    /// `OK` or `NOTOK` by name of service.
    type Output = BTreeMap<String, String>;

    fn request(&self) -> Request {
        Request::get(["v3", "system", "services", "status"])
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        decode_body(response)
    }
}
