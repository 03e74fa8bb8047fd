//! The contract: what the console relies on, asked of the sandbox in process, of the sandbox over HTTP and of a real
//! CDAP 6.11.0. The cases are the same; a difference is a fault of the sandbox.
//!
//! The real server is taken from `CDAP_URL` (`cargo xtask test` starts one and sets it); without it that one test
//! says so and passes over. `CONTRACT_TABLE=FILE` writes the table of docs/testing.md.

mod cases;
mod fixtures;
mod target;

use target::Target;

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_in_process_keeps_the_contract() {
    cases::keep(&Target::in_process()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_over_http_keeps_the_contract() {
    cases::keep(&Target::over_http().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_cdap_keeps_the_contract() {
    let Ok(url) = std::env::var("CDAP_URL") else {
        eprintln!("no CDAP_URL: the real server was not asked (cargo xtask test starts one)");
        return;
    };
    cases::keep(&Target::real(&url)).await;
}
