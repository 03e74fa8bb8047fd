//! The routers of the configuration: those given by `--router`, or else those of the file.

use super::file::{ConfigFile, Values};
use super::key::{self, Key};
use super::reader::Reader;
use super::source::{Source, Sourced};
use super::values::{self, AuthHost, ExtraHeader, ListenAddress, Secret};
use crate::proxy::RouterUrl;
use crate::router_name::RouterName;
use crate::sign_in::AuthServerUrl;
use crate::tls::read_authorities;
use http::header::AUTHORIZATION;
use std::path::PathBuf;
use std::str::FromStr;

/// The configuration of a router.
#[derive(Clone, Debug)]
pub struct RouterConfig {
    pub name: Option<RouterName>,
    pub url: RouterUrl,
    /// Certificates of authorities, in addition to the system's.
    pub ca: Option<PathBuf>,
    pub auth_server: Option<AuthServerUrl>,
    pub allowed_auth_hosts: Vec<AuthHost>,
    pub token_command: Option<Secret>,
    pub headers: Vec<ExtraHeader>,
}

/// Name and address as given by `--router`.
#[derive(Clone)]
struct NamedUrl {
    name: Option<RouterName>,
    url: RouterUrl,
}

impl FromStr for NamedUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // A URL may contain `=`, but not before its scheme.
        match text.split_once('=').filter(|(name, _)| !name.contains(':')) {
            Some((name, text)) => Ok(Self { name: Some(router_name(name)?), url: url(text)? }),
            None => Ok(Self { name: None, url: url(text)? }),
        }
    }
}

fn router_name(text: &str) -> Result<RouterName, String> {
    text.parse().map_err(|error: crate::router_name::InvalidRouterName| error.to_string())
}

fn url(text: &str) -> Result<RouterUrl, String> {
    text.parse().map_err(|error: anyhow::Error| error.to_string())
}

fn auth_server_url(text: &str) -> Result<AuthServerUrl, String> {
    text.parse().map_err(|error: anyhow::Error| error.to_string())
}

/// Reads and checks the routers. Credentials of this server are refused if other machines can use them unintentionally.
pub fn read_routers(
    reader: &mut Reader<'_>,
    file: &ConfigFile,
    listen: &ListenAddress,
    allow_shared_token: bool,
) -> Vec<RouterConfig> {
    let shared = (!allow_shared_token && !listen.is_loopback()).then_some(listen);
    let mut routers = Vec::new();
    if let Some(given) = reader.given(&key::ROUTER) {
        let common: Values =
            key::PER_ROUTER.iter().filter_map(|key| Some((key.name_in_file(), reader.given(key)?))).collect();
        // One reading for all: an error in a flag is reported once.
        let template = read_router(reader, &common, shared);
        for Sourced { value: NamedUrl { name, url }, source } in
            reader.parse(&key::ROUTER, given, NamedUrl::from_str)
        {
            routers.push((RouterConfig { name, url: url.clone(), ..template(url) }, source));
        }
    } else {
        for key in key::PER_ROUTER {
            for given in reader.given(key).unwrap_or_default() {
                let advice = format!(
                    "applies to routers given by --router; for those of the file, set {} in [[router]]",
                    key.name_in_file()
                );
                reader.reject(key, Some(&given.text), given.source, advice);
            }
        }
        for (source, values) in &file.routers {
            let name = given(reader, &key::ROUTER_NAME, values, router_name).pop();
            let url = given(reader, &key::ROUTER_URL, values, url).pop();
            let template = read_router(reader, values, shared);
            match url {
                Some(url) => {
                    let name = name.map(|it| it.value);
                    routers.push((RouterConfig { name, ..template(url.value) }, source.clone()));
                }
                None if values.contains_key("url") => {}
                None => reader.reject(
                    &key::ROUTER_URL,
                    None,
                    source.clone(),
                    "each router needs its address, such as http://127.0.0.1:11015",
                ),
            }
        }
    }
    if routers.is_empty() && reader.errors.is_empty() {
        let advice = "at least one router is required: --router URL, or [[router]] in the file";
        reader.reject(&key::ROUTER, None, Source::Default, advice);
    }
    check_names(reader, &routers);
    routers.into_iter().map(|(router, _)| router).collect()
}

fn given<T>(
    reader: &mut Reader<'_>,
    key: &Key,
    values: &Values,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Vec<Sourced<T>> {
    reader.parse(key, values.get(key.name_in_file()).cloned().unwrap_or_default(), parse)
}

/// Reads all but name and address. `shared` is the address of this server if its credentials must not be used there.
fn read_router(
    reader: &mut Reader<'_>,
    values: &Values,
    shared: Option<&ListenAddress>,
) -> impl Fn(RouterUrl) -> RouterConfig + use<> {
    let ca = given(reader, &key::ROUTER_CA, values, |text| Ok(PathBuf::from(text))).pop();
    if let Some(ca) = &ca
        && let Err(advice) = read_authorities(&ca.value)
    {
        reader.reject(&key::ROUTER_CA, ca.value.to_str(), ca.source.clone(), advice);
    }
    let auth_server = given(reader, &key::AUTH_SERVER, values, auth_server_url).pop();
    let allowed_auth_hosts = given(reader, &key::ALLOW_AUTH_HOST, values, AuthHost::from_str);
    let token_command = given(reader, &key::TOKEN_COMMAND, values, values::token_command).pop();
    let headers = given(reader, &key::HEADER, values, ExtraHeader::from_str);
    let authorization = headers.iter().find(|it| it.value.name == AUTHORIZATION);
    if let (Some(_), Some(header)) = (&token_command, authorization) {
        let advice = "token-command already sets Authorization; use one of them";
        reader.reject(&key::HEADER, Some(""), header.source.clone(), advice);
    }
    let credentials = token_command
        .as_ref()
        .map(|it| (&key::TOKEN_COMMAND, &it.source))
        .or(authorization.map(|it| (&key::HEADER, &it.source)));
    if let (Some(listen), Some((key, source))) = (shared, credentials) {
        let advice = format!(
            "refused because this server listens on {listen}: everyone who reaches it would act with its \
             credentials; listen on 127.0.0.1, or set allow-shared-token if that is intended"
        );
        reader.reject(key, Some(""), source.clone(), advice);
    }
    let ca = ca.map(|it| it.value);
    let auth_server = auth_server.map(|it| it.value);
    let allowed_auth_hosts: Vec<_> = allowed_auth_hosts.into_iter().map(|it| it.value).collect();
    let token_command = token_command.map(|it| it.value);
    let headers: Vec<_> = headers.into_iter().map(|it| it.value).collect();
    move |url| RouterConfig {
        name: None,
        url,
        ca: ca.clone(),
        auth_server: auth_server.clone(),
        allowed_auth_hosts: allowed_auth_hosts.clone(),
        token_command: token_command.clone(),
        headers: headers.clone(),
    }
}

fn check_names(reader: &mut Reader<'_>, routers: &[(RouterConfig, Source)]) {
    for (index, (router, source)) in routers.iter().enumerate() {
        match &router.name {
            None if routers.len() > 1 => {
                let advice = "with several routers, each needs a name";
                reader.reject(&key::ROUTER, Some(&router.url.to_string()), source.clone(), advice);
            }
            Some(name)
                if routers.iter().take(index).any(|(earlier, _)| earlier.name.as_ref() == Some(name)) =>
            {
                let advice = format!("another router has the name {name} too; use different names");
                reader.reject(&key::ROUTER, Some(&format!("{name}={}", router.url)), source.clone(), advice);
            }
            _ => {}
        }
    }
}
