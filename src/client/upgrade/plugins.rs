//! Reads whether the server has the plugins of an application for its target version.

use crate::client::operation::Ports;
use futures::FutureExt;
use futures::future::{LocalBoxFuture, Shared};
use quiesce_api::artifact::{Artifact, ListArtifacts, ListPlugins, PluginRef};
use quiesce_api::upgrade::Candidates;
use quiesce_api::{Error, NamespaceId};
use quiesce_lifecycle::upgrade::{AppSnapshot, PlannedApp, plugins_in_use};
use std::cell::RefCell;
use std::rc::Rc;

/// The artifacts that have a plugin for applications of another artifact: none if the server answers 404.
pub async fn artifacts_with(
    ports: &Ports,
    namespace: NamespaceId,
    parent: Artifact,
    plugin: PluginRef,
) -> Result<Vec<Artifact>, Error> {
    match ports.call(&ListPlugins { namespace, parent, plugin }).await {
        Ok(rows) => Ok(rows.whole()?.iter().map(|it| it.artifact.clone()).collect()),
        Err(Error::Refused(refusal)) if refusal.status == 404 => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// A list of artifacts that several applications wait for.
type Answer = Shared<LocalBoxFuture<'static, Result<Rc<Vec<Artifact>>, Error>>>;

/// A plugin of an artifact's applications in a namespace; `None`: all artifacts that the namespace has.
type Question = (NamespaceId, Option<(Artifact, PluginRef)>);

/// The plugins that the server has. Each is asked once for all applications of an operation.
#[derive(Default)]
pub(super) struct ServerPlugins(RefCell<Vec<(Question, Answer)>>);

impl ServerPlugins {
    /// Forgets all answers, so that everything is asked again.
    pub(super) fn clear(&self) {
        self.0.borrow_mut().clear();
    }

    async fn ask(&self, ports: &Ports, question: Question) -> Result<Rc<Vec<Artifact>>, Error> {
        let known =
            self.0.borrow().iter().find(|(known, _)| *known == question).map(|(_, answer)| answer.clone());
        let answer = known.unwrap_or_else(|| {
            let (ports, (namespace, asked)) = (ports.clone(), question.clone());
            let answer = async move {
                let artifacts = match asked {
                    Some((parent, plugin)) => artifacts_with(&ports, namespace, parent, plugin).await?,
                    None => ports.call(&ListArtifacts { namespace, scope: None }).await?.whole()?.to_vec(),
                };
                Ok(Rc::new(artifacts))
            };
            let answer = answer.boxed_local().shared();
            self.0.borrow_mut().push((question.clone(), answer.clone()));
            answer
        });
        let result = answer.await;
        if result.is_err() {
            self.0.borrow_mut().retain(|(known, _)| *known != question);
        }
        result
    }
}

/// The check of the plugins of an application for its target version.
pub(super) struct PluginCheck {
    pub(super) server: Rc<ServerPlugins>,
    pub(super) chosen: PlannedApp,
    pub(super) candidates: Candidates,
}

impl PluginCheck {
    /// Adds to a reading the plugins of its configuration that the server can't find, and those that could not be
    /// read. An error of the server or the session is returned, so that the application is read again.
    pub(super) async fn read(
        self,
        ports: &Ports,
        configuration: &str,
        look: &mut AppSnapshot,
    ) -> Result<(), Error> {
        let Self { server, chosen, candidates } = self;
        let namespace = &chosen.namespace;
        for one in plugins_in_use(configuration) {
            let question = (namespace.clone(), Some((chosen.to.clone(), one.plugin.clone())));
            let has = match server.ask(ports, question).await {
                Ok(has) => has,
                Err(error) if error.is_unrelated_to_request() => return Err(error),
                Err(_) => {
                    look.unread_plugins.push(one.plugin);
                    continue;
                }
            };
            let missing = |all: &[Artifact]| one.missing(&has, all, chosen.way, &candidates);
            if missing(&[]).is_some() {
                look.missing.extend(missing(&server.ask(ports, (namespace.clone(), None)).await?));
            }
        }
        Ok(())
    }
}
