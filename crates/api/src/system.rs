//! The server itself: its version, services, settings and namespaces (docs/cdap-api.md#namespaces-and-system).

use crate::list::decode_body;
use crate::{Endpoint, Error, NamespaceId, Request, Response, Rows};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetVersion;

/// A version.
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

/// The versions of the server and of what it is built on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListComponentVersions;

/// The version of a part of the server.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ComponentVersion {
    /// The part; some servers leave it out.
    #[serde(default)]
    pub name: String,
    /// Its version.
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

/// The services of the server and how they are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListServices;

/// A service of the server.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SystemService {
    /// Its name, for example `appfabric`.
    pub name: String,
    /// What it does.
    #[serde(default)]
    pub description: String,
    /// `OK` or `NOTOK`.
    #[serde(default)]
    pub status: String,
    /// Whether its logs can be read: `OK` or `NOTOK`.
    #[serde(default)]
    pub logs: String,
    /// How many instances were asked for.
    #[serde(default)]
    pub requested: i64,
    /// How many there are.
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

/// The settings of the server that decide how a stop goes. The answer has several hundred; three are kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetStopSettings;

/// How this server stops programs. A value is `None` where the server does not have the setting, or where it is no
/// whole number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StopSettings {
    /// `app.program.max.stop.seconds`: the grace of a run-level or batch stop, in seconds (300 as shipped).
    pub max_stop_seconds: Option<i64>,
    /// `app.program.terminate.time.buffer.secs`: how long after its deadline a run is left alone (60 as shipped).
    pub terminate_buffer_seconds: Option<i64>,
    /// `app.program.terminator.interval.secs`: how often the server looks for runs past it (300 as shipped).
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

/// The namespaces that the caller may see.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListNamespaces;

/// A namespace.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Namespace {
    /// The name.
    pub name: NamespaceId,
    /// In the words of who made it.
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

/// One namespace.
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

/// Makes a namespace. One that is there already is answered 200 too (recording `namespace-create-again`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CreateNamespace {
    /// Its name: letters, digits and `_` only, or 400.
    pub namespace: NamespaceId,
}

impl Endpoint for CreateNamespace {
    /// The server's words; they alone tell whether it was there before.
    type Output = String;

    fn request(&self) -> Request {
        Request::put(["v3", "namespaces", self.namespace.as_str()])
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Ok(response.text().trim().to_owned())
    }
}

/// Whether the server's router answers, without asking anything behind it. Needs no token, even on a server that
/// asks for one elsewhere (recording `router-status-without-token`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetRouterStatus;

impl Endpoint for GetRouterStatus {
    /// `OK`.
    type Output = String;

    fn request(&self) -> Request {
        Request::get(["status"])
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Ok(response.text().trim().to_owned())
    }
}

/// Whether the server behind the router answers. Needs a token where the server asks for one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ping;

impl Endpoint for Ping {
    /// `OK.`
    type Output = String;

    fn request(&self) -> Request {
        Request::get(["ping"])
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        Ok(response.text().trim().to_owned())
    }
}

/// The state of each service of the server, by name.
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
