//! Preferences and saved arguments.

use super::{Case, TEXT, answered, case, refused};
use crate::fixtures::{SCRATCH, arguments, namespace, nothing, poller, scratch};
use quiesce_api::arguments::{GetRuntimeArguments, PutRuntimeArguments};
use quiesce_api::preferences::{GetPreferences, PreferenceLevel, PutPreferences};
use quiesce_api::run::RunStatus;
use quiesce_api::start::Start;

fn application() -> PreferenceLevel {
    PreferenceLevel::Application(namespace(), SCRATCH.into())
}

fn get(level: PreferenceLevel, resolved: bool) -> GetPreferences {
    GetPreferences { level, resolved }
}

pub fn cases() -> Vec<Case> {
    vec![
        case!("saved arguments are an object of strings", "API 2.4", |it| {
            assert!(it.must(&GetRuntimeArguments { program: poller() }).await.is_empty());
        }),
        case!(
            "saved arguments are replaced as a whole, and are the program's preferences",
            "API 2.4, 7.4",
            |it| {
                it.scratch("invoices_monthly").await;
                let level = PreferenceLevel::Program(scratch());
                for pairs in [&[("wait", "2"), ("a", "b")][..], &[("wait", "3")]] {
                    it.must(&PutRuntimeArguments { program: scratch(), arguments: arguments(pairs) }).await;
                    assert_eq!(it.must(&GetRuntimeArguments { program: scratch() }).await, arguments(pairs));
                    assert_eq!(it.must(&get(level.clone(), false)).await, arguments(pairs));
                }
            }
        ),
        case!("preferences of a program win over those of its application", "API 7.4", |it| {
            it.scratch("invoices_monthly").await;
            let preferences = arguments(&[("wait", "2"), ("level", "application")]);
            it.must(&PutPreferences { level: application(), preferences: preferences.clone() }).await;
            let own = arguments(&[("level", "program")]);
            let program = PreferenceLevel::Program(scratch());
            it.must(&PutPreferences { level: program.clone(), preferences: own.clone() }).await;
            assert_eq!(it.must(&get(application(), false)).await, preferences);
            assert_eq!(it.must(&get(program.clone(), false)).await, own);
            let resolved = it.must(&get(program, true)).await;
            assert_eq!(resolved.get("wait").map(String::as_str), Some("2"));
            assert_eq!(resolved.get("level").map(String::as_str), Some("program"));
            let target = "/v3/namespaces/default/apps/contract_scratch/preferences";
            assert_eq!(it.raw("DELETE", target, None).await.status, 200);
            assert!(it.must(&get(application(), false)).await.is_empty());
        }),
        case!(
            "a run without arguments of its own takes the preferences, and keeps them",
            "API 7.4, 3.1",
            |it| {
                it.scratch("invoices_monthly").await;
                let preferences = arguments(&[("wait", "1"), ("colour", "blue")]);
                it.must(&PutPreferences { level: application(), preferences }).await;
                it.must(&Start {
                    program: scratch(),
                    version: None,
                    arguments: Some(arguments(&[("wait", "2")])),
                })
                .await;
                let run = it.until("it ran", || async { it.runs(&scratch()).await.into_iter().next() }).await;
                let run = it.record(&scratch(), &run, |run| run.status.is_end()).await;
                assert_eq!(run.status, RunStatus::Completed);
                let given = run.runtime_arguments().expect("arguments");
                assert_eq!(given.get("wait").map(String::as_str), Some("2"));
                assert_eq!(given.get("colour").map(String::as_str), Some("blue"));
                it.no_scratch().await;
            }
        ),
        case!("preferences and arguments of what is not there are 404", "API 2.4, 7.4", |it| {
            let words = "nope' was not found.";
            refused(it.call(&GetRuntimeArguments { program: nothing() }).await, 404, words);
            let put = PutRuntimeArguments { program: nothing(), arguments: arguments(&[]) };
            assert!(it.call(&put).await.is_err_and(|it| it.refusal().is_some_and(|it| it.status == 404)));
            let nope = PreferenceLevel::Application(namespace(), "nope".into());
            let status = it.call(&get(nope, false)).await.expect_err("a refusal");
            assert_eq!(status.refusal().map(|it| it.status), Some(404));
            let nope = PreferenceLevel::Namespace("nope".into());
            refused(it.call(&get(nope, false)).await, 404, "Namespace nope not present");
        }),
        case!("preferences that are no object of strings are 400", "API 7.4", |it| {
            let target = "/v3/namespaces/default/preferences";
            let before = it.must(&get(PreferenceLevel::Namespace(namespace()), false)).await;
            for body in ["[1]", "{"] {
                answered(&it.raw("PUT", target, Some(body)).await, 400, TEXT, "");
            }
            assert_eq!(it.must(&get(PreferenceLevel::Namespace(namespace()), false)).await, before);
        }),
    ]
}
