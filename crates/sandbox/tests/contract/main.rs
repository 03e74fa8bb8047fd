//! The contract: what the console relies on, asked of the sandbox in process, of the sandbox over HTTP and of a real
//! CDAP 6.11.0. The cases are the same; a difference is a fault of the sandbox.
//!
//! | variable | meaning |
//! | --- | --- |
//! | `CDAP_URL` | the real server (`cargo xtask test` starts one and sets it) of the ignored test |
//! | `CDAP_SECURED_URL` | the same, for one that asks for a token of alice, whose password is secret |
//! | `CONTRACT_ONLY` | only cases with these words in their name or subject |
//! | `CONTRACT_TABLE=write` | writes what was found into the table of docs/testing.md; without it a table that says something else fails |

#![allow(clippy::expect_used, reason = "a test may fail at any line")]

mod cases;
mod fixtures;
mod table;
mod target;

use cases::{Agreement, Subject, all, keep, secured};
use quiesce_sandbox::Profile;
use table::Column;
use target::Target;

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_in_process_keeps_the_contract() {
    let mut agreements = keep(&Target::in_process(Profile::Cdap6_11), all()).await;
    agreements.extend(keep(&Target::in_process(Profile::Secured), secured()).await);
    told(Column::Sandbox, &agreements);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_over_http_keeps_the_contract() {
    let mut agreements = keep(&Target::over_http(Profile::Cdap6_11).await, all()).await;
    agreements.extend(keep(&Target::over_http(Profile::Secured).await, secured()).await);
    whole(&agreements);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs CDAP_URL, a real server"]
async fn a_real_cdap_keeps_the_contract() {
    real("CDAP_URL", all).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs CDAP_SECURED_URL, a real server"]
async fn a_real_secured_cdap_keeps_the_contract() {
    real("CDAP_SECURED_URL", secured).await;
}

async fn real(variable: &str, subjects: fn() -> Vec<Subject>) {
    let url = std::env::var(variable).unwrap_or_else(|_| panic!("{variable} is not set"));
    told(Column::Real, &keep(&Target::real(&url), subjects()).await);
}

/// Holds the table to what was found, or the other way round, and then the server to its contract.
fn told(column: Column, agreements: &[Agreement]) {
    let only_some = std::env::var("CONTRACT_ONLY").is_ok();
    if std::env::var("CONTRACT_TABLE").is_ok_and(|it| it == "write") {
        table::write(column, agreements);
    } else if !only_some {
        table::hold(column, agreements);
    }
    if !only_some {
        whole(agreements);
    }
}

fn whole(agreements: &[Agreement]) {
    let lacking: Vec<_> = agreements.iter().filter(|it| it.agree < it.cases).collect();
    let only_some = std::env::var("CONTRACT_ONLY").is_ok();
    assert!(lacking.is_empty() || only_some, "not all cases agree: {lacking:#?}");
}
