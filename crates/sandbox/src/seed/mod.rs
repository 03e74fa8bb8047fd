//! The initial state of the sandbox.

mod builder;
mod finance;
mod fixtures;
mod fleet;
mod plugins;
mod shop;
mod spec;
mod versions;

use crate::model::application::{Artifact, Scope};
use crate::model::namespace::Namespace;
use crate::model::server_state::ServerState;
use crate::options::Options;
use builder::Builder;
use versions::versions;

/// The description of the default namespace on every server.
const DEFAULT: &str =
    "This is the default namespace, which is automatically created, and is always available.";

/// How long ago the other namespaces were created: 200 days, in milliseconds.
const MADE: i64 = 200 * 86_400_000;

/// A server with all seeded applications.
pub(crate) fn seeded(options: Options) -> ServerState {
    let mut server = fresh(options);
    let user = |(name, version): &(&str, &str)| Artifact::new(name, version, Scope::User);
    let made = server.now() - MADE;
    for (name, description, tools) in [shop::NAMESPACE, finance::NAMESPACE] {
        let own = tools.iter().map(user).collect();
        server.namespaces.insert(name.to_owned(), Namespace::new(description, made, own));
    }
    for (name, version) in plugins::SYSTEM {
        server.system_artifacts.push(Artifact::new(name, version, Scope::System));
    }
    let mut builder = Builder::new(&mut server);
    fixtures::seed(&mut builder);
    for (namespace, apps) in [(shop::NAMESPACE.0, shop::APPS), (finance::NAMESPACE.0, finance::APPS)] {
        for app in apps {
            builder.app(namespace, app);
        }
    }
    fleet::seed(&mut builder, options.fleet, options.seed);
    server
}

/// A server after its first start, without applications.
pub(crate) fn bare(options: Options) -> ServerState {
    fresh(options)
}

/// Deploys the application of `sample-app-1.0.0.jar` of the development CDAP.
pub(crate) fn sample_app(server: &mut ServerState, namespace: &str) {
    let mut builder = Builder::new(server);
    let now = builder.now;
    fixtures::warehouse(&mut builder, namespace, now);
}

/// A server with its artifacts and the default namespace.
fn fresh(options: Options) -> ServerState {
    let mut server = ServerState::empty(options);
    let system = |name: &str, version: &str| Artifact::new(name, version, Scope::System);
    let (older, newer, plugins) = versions(&server);
    server.system_artifacts = vec![
        system("core-plugins", plugins),
        system("cdap-data-streams", older),
        system("cdap-data-streams", newer),
        system("cdap-data-pipeline", older),
        system("cdap-data-pipeline", newer),
    ];
    server.namespaces.insert("default".to_owned(), Namespace::new(DEFAULT, 0, Vec::new()));
    server
}
