//! All keys of the configuration. Each is a flag, a variable of the environment and a key of the file.

use clap::{Arg, ArgAction};

/// A key of the configuration.
#[derive(Debug)]
pub struct Key {
    /// The name of the flag.
    pub name: &'static str,
    /// The name of the value in the usage.
    value: &'static str,
    help: &'static str,
    pub kind: Kind,
    /// Where it is in the file.
    pub place: Place,
    /// Used if the key is not given.
    pub default: Option<&'static str>,
    /// Whether the value must never be shown.
    pub secret: bool,
}

/// How many values a key has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    One,
    /// `true` or `false`; the flag alone means `true`.
    Switch,
    /// Any number. In a variable they are separated by this character.
    Many(char),
}

/// A table of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The top of the file.
    Top,
    /// `[limits]`.
    Limits,
    /// `[[router]]`, under this name.
    Router(&'static str),
    /// Not in the file.
    Nowhere,
}

impl Key {
    const fn new(name: &'static str, value: &'static str, help: &'static str) -> Self {
        Self { name, value, help, kind: Kind::One, place: Place::Top, default: None, secret: false }
    }

    const fn limit(
        name: &'static str,
        value: &'static str,
        default: &'static str,
        help: &'static str,
    ) -> Self {
        Self { place: Place::Limits, default: Some(default), ..Self::new(name, value, help) }
    }

    const fn many(self) -> Self {
        Self { kind: Kind::Many(','), ..self }
    }

    const fn router(self, name: &'static str) -> Self {
        Self { place: Place::Router(name), ..self }
    }

    /// The variable of the environment.
    pub fn variable(&self) -> String {
        format!("QUIESCE_{}", self.name.to_ascii_uppercase().replace('-', "_"))
    }

    /// The name in the file.
    pub fn name_in_file(&self) -> &'static str {
        if let Place::Router(name) = self.place { name } else { self.name }
    }

    /// The flag of the command line. Its value is checked by the configuration, so that errors are alike.
    pub fn argument(&self) -> Arg {
        let help = match self.default {
            Some(default) => format!("{} [default: {default}]", self.help),
            None => self.help.to_owned(),
        };
        let argument = Arg::new(self.name)
            .long(self.name)
            .env(self.variable())
            .hide_env_values(true)
            .value_name(self.value)
            .help(help);
        match self.kind {
            Kind::One => argument.action(ArgAction::Set),
            Kind::Switch => {
                argument.num_args(0..=1).require_equals(true).default_missing_value("true").value_name("BOOL")
            }
            Kind::Many(_) => argument.action(ArgAction::Append),
        }
    }
}

pub static CONFIG: Key = Key {
    place: Place::Nowhere,
    ..Key::new("config", "FILE", "Configuration file; flags and variables take precedence over it")
};
pub static LISTEN: Key = Key {
    default: Some("127.0.0.1:11020"),
    ..Key::new("listen", "ADDRESS:PORT", "Address to listen on; port 0 picks a free port")
};
pub static ALLOW_HOST: Key = Key::new(
    "allow-host",
    "NAME",
    "Additional host name, without a port, under which browsers reach this server, for example behind a reverse proxy. \
     Can be repeated",
)
.many();
pub static BASE: Key = Key {
    default: Some("/"),
    ..Key::new("base", "PATH", "Path below which everything is served, such as /console/")
};
pub static LOG_FORMAT: Key = Key {
    default: Some("human"),
    ..Key::new("log-format", "FORMAT", "Format of the log on standard error: human or json")
};
pub static TLS_CERT: Key =
    Key::new("tls-cert", "FILE", "Certificate of this server and its chain, as PEM; requires --tls-key");
pub static TLS_KEY: Key = Key::new("tls-key", "FILE", "Private key of the certificate, as PEM");
pub static READ_ONLY: Key = Key {
    kind: Kind::Switch,
    default: Some("false"),
    ..Key::new("read-only", "BOOL", "Reject every request that changes something")
};
pub static SHARE_READS: Key = Key {
    kind: Kind::Switch,
    default: Some("false"),
    ..Key::new(
        "share-reads",
        "BOOL",
        "Send one request to the router for identical reads of several browsers with the same token",
    )
};
pub static USER_HEADER: Key = Key::new(
    "user-header",
    "NAME",
    "Header in which a proxy reports the user's name, such as X-Forwarded-User; requires --trusted-proxy",
);
pub static TRUSTED_PROXY: Key = Key::new(
    "trusted-proxy",
    "ADDRESS",
    "Address or network (10.0.0.0/8) of a proxy whose headers are trusted. Can be repeated",
)
.many();
pub static ALLOW_SHARED_TOKEN: Key = Key {
    kind: Kind::Switch,
    default: Some("false"),
    ..Key::new(
        "allow-shared-token",
        "BOOL",
        "Allow this server's own credentials (--token-command, an Authorization --header) on an address that other \
         machines can reach: everyone who reaches it then acts with them",
    )
};

pub static CONNECT_LIMIT: Key =
    Key::limit("connect-limit", "SECONDS", "5", "Seconds until the router must have accepted a connection");
pub static ANSWER_LIMIT: Key =
    Key::limit("answer-limit", "SECONDS", "60", "Seconds until the router must have started its response");
pub static LONG_ANSWER_LIMIT: Key =
    Key::limit("long-answer-limit", "SECONDS", "600", "The same for exports, upgrades and deployments");
pub static IDLE_LIMIT: Key =
    Key::limit("idle-limit", "SECONDS", "60", "Seconds that the router may pause within a response");
pub static HANDSHAKE_LIMIT: Key =
    Key::limit("handshake-limit", "SECONDS", "10", "Seconds until a connection with TLS must be established");
pub static HEADER_LIMIT: Key =
    Key::limit("header-limit", "SECONDS", "10", "Seconds until the header of a request must be complete");
pub static KEEP_ALIVE_LIMIT: Key = Key::limit(
    "keep-alive-limit",
    "SECONDS",
    "75",
    "Seconds that a connection may be idle between two requests",
);
pub static BODY_IDLE_LIMIT: Key = Key::limit(
    "body-idle-limit",
    "SECONDS",
    "30",
    "Seconds that a browser may pause within the body of a request",
);
pub static MIN_BODY_RATE: Key = Key::limit(
    "min-body-rate",
    "SIZE",
    "1k",
    "Bytes of a body that have to arrive in each second on average, after the first pause",
);
pub static RESPONSE_IDLE_LIMIT: Key = Key::limit(
    "response-idle-limit",
    "SECONDS",
    "60",
    "Seconds that a browser may read nothing of a response",
);
pub static MAX_CONNECTIONS: Key =
    Key::limit("max-connections", "N", "512", "Open connections; one more is answered with 503");
pub static MAX_CONNECTIONS_PER_ADDRESS: Key = Key::limit(
    "max-connections-per-address",
    "N",
    "128",
    "Open connections of one address; trusted proxies are exempt",
);
pub static MAX_FAILED_SIGN_INS: Key = Key::limit(
    "max-failed-sign-ins",
    "N",
    "10",
    "Sign-ins of one address that fail within a minute; one more is answered with 429",
);
pub static MAX_BODY: Key =
    Key::limit("max-body", "SIZE", "10M", "Size of the body of a request, such as 512k, 10M or 1G");
pub static MAX_UPLOAD: Key = Key::limit(
    "max-upload",
    "SIZE",
    "1G",
    "The same for uploads of artifacts, which only `demo` accepts; `serve` refuses them",
);

pub static ROUTER: Key = Key {
    place: Place::Nowhere,
    ..Key::new(
        "router",
        "[NAME=]URL",
        "The router's address, such as http://127.0.0.1:11015. For several routers repeat it, each with a name: \
         prod=https://cdap.example:11015",
    )
    .many()
};
/// Only in the file: there each router is a table.
pub static ROUTER_NAME: Key = Key::new("router", "NAME", "").router("name");
pub static ROUTER_URL: Key = Key::new("router", "URL", "").router("url");
pub static ROUTER_CA: Key = Key::new(
    "router-ca",
    "FILE",
    "Certificates, as PEM, of authorities that are trusted for the router in addition to the system's",
)
.router("ca");
pub static AUTH_SERVER: Key = Key::new(
    "auth-server",
    "URL",
    "Address of CDAP's authentication server [default: the one that the router names, on the router's own host]",
)
.router("auth-server");
pub static ALLOW_AUTH_HOST: Key = Key::new(
    "allow-auth-host",
    "HOST[:PORT]",
    "Another host on which the router may name its authentication server. Can be repeated",
)
.many()
.router("allow-auth-host");
pub static TOKEN_COMMAND: Key = Key {
    secret: true,
    ..Key::new(
        "token-command",
        "COMMAND",
        "Command that prints an access token, which this server then adds itself",
    )
    .router("token-command")
};
pub static HEADER: Key = Key {
    secret: true,
    kind: Kind::Many('\n'),
    ..Key::new(
        "header",
        "NAME: VALUE",
        "Header that is added to every request to the router. Can be repeated",
    )
    .router("header")
};

/// The keys of `[[router]]` that `--router` gives.
pub static ROUTER_ADDRESS: [&Key; 2] = [&ROUTER_NAME, &ROUTER_URL];

/// The keys of a server, with a router or a sandbox.
pub static SERVER: [&Key; 11] = [
    &LISTEN,
    &ALLOW_HOST,
    &BASE,
    &LOG_FORMAT,
    &TLS_CERT,
    &TLS_KEY,
    &READ_ONLY,
    &SHARE_READS,
    &USER_HEADER,
    &TRUSTED_PROXY,
    &ALLOW_SHARED_TOKEN,
];

/// The keys of `[limits]`.
pub static LIMITS: [&Key; 15] = [
    &CONNECT_LIMIT,
    &ANSWER_LIMIT,
    &LONG_ANSWER_LIMIT,
    &IDLE_LIMIT,
    &HANDSHAKE_LIMIT,
    &HEADER_LIMIT,
    &KEEP_ALIVE_LIMIT,
    &BODY_IDLE_LIMIT,
    &MIN_BODY_RATE,
    &RESPONSE_IDLE_LIMIT,
    &MAX_CONNECTIONS,
    &MAX_CONNECTIONS_PER_ADDRESS,
    &MAX_FAILED_SIGN_INS,
    &MAX_BODY,
    &MAX_UPLOAD,
];

/// The flags about routers.
pub static ROUTER_FLAGS: [&Key; 6] =
    [&ROUTER, &ROUTER_CA, &AUTH_SERVER, &ALLOW_AUTH_HOST, &TOKEN_COMMAND, &HEADER];

/// The flags that apply to the routers given by `--router`, and the keys of `[[router]]`.
pub static PER_ROUTER: [&Key; 5] = [&ROUTER_CA, &AUTH_SERVER, &ALLOW_AUTH_HOST, &TOKEN_COMMAND, &HEADER];

/// Every key.
pub fn all() -> impl Iterator<Item = &'static Key> {
    SERVER.into_iter().chain([&CONFIG]).chain(LIMITS).chain(ROUTER_FLAGS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_list_every_key_with_its_default() {
        let document = include_str!("../../../../docs/deployment.md");
        for key in all() {
            let row = document.lines().find(|line| line.starts_with(&format!("| `--{}", key.name)));
            let row = row.unwrap_or_else(|| panic!("docs/deployment.md has no row for --{}", key.name));
            if let Some(default) = key.default {
                assert!(
                    row.contains(&format!("| `{default}` |")),
                    "{} has the default {default}: {row}",
                    key.name
                );
            }
        }
    }
}
