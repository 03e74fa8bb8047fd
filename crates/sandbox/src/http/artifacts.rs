//! Artifacts.

use super::answer::Answer;
use super::ask::Ask;
use crate::model::World;
use crate::model::application::{Artifact, Scope};
use crate::model::refusal::Refusal;
use serde_json::{Value, json};

type Outcome = Result<Answer, Refusal>;

fn describe(artifact: &Artifact) -> Value {
    json!({"name": *artifact.name, "version": *artifact.version, "scope": artifact.scope.word()})
}

fn scope(ask: &Ask) -> Result<Option<Scope>, Refusal> {
    match ask.query("scope").filter(|it| !it.is_empty()) {
        None => Ok(None),
        Some(word) => {
            Scope::from_word(word).map(Some).ok_or_else(|| Refusal::bad(format!("Invalid scope {word}")))
        }
    }
}

/// The artifacts that a namespace sees: the system's and its own, or those of one scope.
fn seen<'a>(world: &'a World, namespace: &str, scope: Option<Scope>) -> Result<Vec<&'a Artifact>, Refusal> {
    let own = &world.namespace(namespace)?.artifacts;
    let all = world.system_artifacts.iter().chain(own);
    Ok(all.filter(|it| scope.is_none_or(|scope| it.scope == scope)).collect())
}

pub(super) fn list(world: &mut World, ask: &Ask, parts: &[&str]) -> Outcome {
    let namespace = parts.first().copied().unwrap_or_default();
    let artifacts = seen(world, namespace, scope(ask)?)?;
    Ok(Answer::json(&artifacts.into_iter().map(describe).collect::<Value>()))
}

/// Without a scope it is the namespace's own.
pub(super) fn versions(world: &mut World, ask: &Ask, parts: &[&str]) -> Outcome {
    let [namespace, name] = *parts else { return Err(ask.cannot_execute()) };
    ask.number("limit")?;
    let order = ask.one_of("order", &["DESC", "ASC", "UNORDERED"])?;
    let scope = scope(ask)?.unwrap_or(Scope::User);
    let mut found = seen(world, namespace, Some(scope))?;
    found.retain(|it| &*it.name == name);
    if found.is_empty() {
        let home = if scope == Scope::System { "system" } else { namespace };
        return Err(Refusal::missing(format_args!("{home}:{name}")));
    }
    if order == Some("DESC") {
        found.sort_by_key(|it| std::cmp::Reverse(it.rank()));
    }
    Ok(Answer::json(&found.into_iter().map(describe).collect::<Value>()))
}

/// An artifact is a name and a version here: what is in the jar is not looked at.
pub(super) fn upload(world: &mut World, ask: &Ask, parts: &[&str]) -> Outcome {
    let [namespace, name] = *parts else { return Err(ask.cannot_execute()) };
    world.namespace(namespace)?;
    let artifact = Artifact::new(name, ask.header("artifact-version").unwrap_or("1.0.0"), Scope::User);
    world.add_artifact(namespace, artifact);
    Ok(Answer::text("Artifact added successfully"))
}

pub(super) fn delete(world: &mut World, ask: &Ask, parts: &[&str]) -> Outcome {
    let [namespace, name, version] = *parts else { return Err(ask.cannot_execute()) };
    world.namespace(namespace)?;
    let own = world.namespaces.get_mut(namespace).map(|it| &mut it.artifacts);
    let at =
        own.as_ref().and_then(|own| own.iter().position(|it| &*it.name == name && &*it.version == version));
    match own.zip(at) {
        Some((own, at)) => {
            own.remove(at);
            Ok(Answer::empty())
        }
        None => Err(Refusal::missing(format_args!("artifact:{namespace}.{name}.{version}"))),
    }
}

/// The artifacts that have a plugin for an artifact of applications, which the scope is of.
pub(super) fn plugin(world: &mut World, ask: &Ask, parts: &[&str]) -> Outcome {
    let [namespace, name, version, kind, plugin] = *parts else { return Err(ask.cannot_execute()) };
    let scope = scope(ask)?.unwrap_or(Scope::User);
    let home = if scope == Scope::System { "system" } else { namespace };
    let parents = seen(world, namespace, Some(scope))?;
    if !parents.iter().any(|it| &*it.name == name && &*it.version == version) {
        return Err(Refusal::missing(format_args!("{home}:{name}")));
    }
    let found = world.with_plugin(namespace, kind, plugin);
    if found.is_empty() {
        return Err(Refusal::missing(format_args!("{home}:{kind}:{plugin}")));
    }
    let describe = |it| json!({"name": plugin, "type": kind, "properties": {}, "artifact": describe(it)});
    Ok(Answer::json(&found.into_iter().map(describe).collect::<Value>()))
}
