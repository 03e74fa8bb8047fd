//! The servers that are attacked.

use crate::recorder::{Received, Recorder};
use crate::row::Mode;
use crate::support::{Console, settings};
use http::HeaderName;
use quiesce_server::backend::Backend;
use quiesce_server::policy::Policy;
use quiesce_server::routers::{Routers, ServedRouter};
use quiesce_server::sign_in::AuthServerSettings;
use quiesce_server::user_header::UserHeader;
use std::net::SocketAddr;

/// One server for each mode, all in front of one recorder.
pub struct Servers {
    consoles: Vec<(Mode, Console)>,
    recorder: Recorder,
}

impl Servers {
    pub async fn start() -> Self {
        let recorder = Recorder::default();
        let router = recorder.router().await;
        let backend = || {
            // The recorder would also notice a password that is sent to it.
            let url = Some(router.parse().expect("an address"));
            let auth_server = AuthServerSettings { url, ..AuthServerSettings::default() };
            let settings = quiesce_server::backend::RouterSettings { auth_server, ..settings(&router) };
            Backend::connected_to(settings).expect("a router")
        };
        let read_only = Policy { read_only: true, ..Policy::default() };
        let user_header = Some(UserHeader {
            name: HeaderName::from_static("x-forwarded-user"),
            trusted: vec!["10.0.0.0/8".parse().expect("a network")],
        });
        let users = Policy { user_header, ..Policy::default() };
        let named =
            ["prod", "test"].map(|name| ServedRouter::named(name.parse().expect("a name"), backend())).into();
        let consoles = vec![
            (Mode::Plain, Console::with_backend(backend()).await),
            (Mode::ReadOnly, Console::with_policy(Routers::single(backend()), read_only).await),
            (Mode::Named, Console::serving(Routers::new(named).expect("different names")).await),
            (Mode::UserHeader, Console::with_policy(Routers::single(backend()), users).await),
        ];
        Self { consoles, recorder }
    }

    pub fn address(&self, mode: Mode) -> SocketAddr {
        self.consoles.iter().find(|(it, _)| *it == mode).expect("a server").1.address
    }

    pub fn received(&self) -> Vec<Received> {
        self.recorder.take()
    }
}
