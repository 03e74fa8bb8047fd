//! Requests verbatim: before they are sent, and then with their answers.

use crate::client::{Client, use_client};
use crate::text::stop as messages;
use crate::ui::{CopyButton, Disclosure, RequestBlock, RequestBlockProps, Tone};
use leptos::prelude::*;
use quiesce_api::Request;
use quiesce_lifecycle::stop::StopCall;

/// Requests that are drawn at first.
const FIRST: usize = 12;

/// The requests of a stop; each with what came back, once it was sent.
#[component]
pub(crate) fn Requests(
    /// The calls in the order in which they are sent.
    #[prop(into)]
    calls: Signal<Vec<(StopCall, Option<(Tone, String)>)>>,
) -> impl IntoView {
    let client = use_client();
    let all_shown = RwSignal::new(false);
    let heading = move || {
        calls.with(|calls| {
            let sent = calls.iter().filter(|(_, answer)| answer.is_some()).count();
            match (sent, calls.len()) {
                (0, all) => messages::requests_to_send(all),
                (sent, all) => messages::requests_sent(sent, all),
            }
        })
    };
    let all = move || {
        let at = client.api();
        let token = client.has_token();
        calls.with(|calls| {
            calls.iter().map(|(call, _)| call.request().curl(&at, token)).collect::<Vec<_>>().join("\n")
        })
    };
    view! {
        <section aria-label=messages::REQUEST>
            <Disclosure summary=Signal::derive(heading) open=true>
                <div class="stack stack-2">
                    {move || calls.with(|calls| calls.len() > 1).then(|| view! { <div class="actions"><CopyButton word=messages::COPY_ALL text=Signal::derive(all)/></div> })}
                    {move || {
                        let most = if all_shown.get() { usize::MAX } else { FIRST };
                        calls.get().into_iter().take(most).map(|(call, answer)| one(client, &call, answer)).collect::<Vec<_>>()
                    }}
                    {move || {
                        let many = calls.with(Vec::len);
                        (many > FIRST && !all_shown.get()).then(|| view! {
                            <div class="actions">
                                <button class="btn small" type="button" on:click=move |_| all_shown.set(true)>
                                    {messages::show_all_requests(many)}
                                </button>
                            </div>
                        })
                    }}
                </div>
            </Disclosure>
        </section>
    }
}

/// One call, with what came back once it was sent.
fn one(client: Client, call: &StopCall, answer: Option<(Tone, String)>) -> AnyView {
    let what = match call {
        StopCall::Run(_) => messages::ONE_RUN.to_owned(),
        StopCall::Batch(stop) => messages::batch_call(stop.programs.len()),
        StopCall::Program(stop) => match stop.version {
            Some(_) => messages::PROGRAM_CALL_SUPERSEDED.to_owned(),
            None => messages::PROGRAM_CALL.to_owned(),
        },
    };
    block(client, what, &call.request(), answer)
}

/// A request verbatim, with what came back once it was sent.
pub(crate) fn block(
    client: Client,
    what: String,
    request: &Request,
    answer: Option<(Tone, String)>,
) -> AnyView {
    let curl = request.curl(&client.api(), client.has_token());
    let block = RequestBlockProps::builder()
        .what(what)
        .method(request.method.as_str().to_owned())
        .target(request.target.clone())
        .curl(curl);
    match (request.body.as_deref().map(pretty), answer) {
        (Some(body), Some(answer)) => RequestBlock(block.body(body).answer(answer).build()).into_any(),
        (Some(body), None) => RequestBlock(block.body(body).build()).into_any(),
        (None, Some(answer)) => RequestBlock(block.answer(answer).build()).into_any(),
        (None, None) => RequestBlock(block.build()).into_any(),
    }
}

/// A list with one element a line, each verbatim; anything else as it is.
fn pretty(body: &str) -> String {
    match serde_json::from_str::<Vec<&serde_json::value::RawValue>>(body) {
        Ok(elements) if !elements.is_empty() => {
            let lines: Vec<_> = elements.iter().map(|element| format!("  {element}")).collect();
            format!("[\n{}\n]", lines.join(",\n"))
        }
        _ => body.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_list_is_laid_out_without_changing_a_letter_of_its_elements() {
        let body = r#"[{"b":1,"a":2},{"c":3}]"#;
        assert_eq!(super::pretty(body), "[\n  {\"b\":1,\"a\":2},\n  {\"c\":3}\n]");
        assert_eq!(super::pretty("{}"), "{}");
    }
}
