//! Starting a program with runtime arguments.

use crate::client::use_client;
use crate::pages::server_message::server_message;
use crate::text::errors::{Asked, explain};
use crate::text::{common, program as text};
use crate::ui::{Button, ButtonVariant, Icon, Notice, RequestBlock, Tone, icon, use_toasts};
use leptos::prelude::*;
use quiesce_api::arguments::GetRuntimeArguments;
use quiesce_api::start::Start;
use quiesce_api::{Endpoint, ProgramRef};
use std::collections::BTreeMap;

/// One argument of the form.
#[derive(Clone, Copy)]
struct Argument {
    id: usize,
    key: RwSignal<String>,
    value: RwSignal<String>,
}

/// The form that starts a program. The saved arguments are filled in; what is written here comes before them.
#[component]
pub(super) fn StartForm(program: ProgramRef, close: Callback<()>) -> impl IntoView {
    let client = use_client();
    let toasts = use_toasts();
    let arguments = RwSignal::new(Vec::<Argument>::new());
    let next = StoredValue::new(0_usize);
    let add = move |key: String, value: String| {
        let id = next.get_value();
        next.set_value(id + 1);
        arguments
            .update(|all| all.push(Argument { id, key: RwSignal::new(key), value: RwSignal::new(value) }));
    };
    let saved = RwSignal::new(None::<Result<usize, String>>);
    let sending = RwSignal::new(false);
    let problem = RwSignal::new(None::<quiesce_api::Error>);
    {
        let get = GetRuntimeArguments { program: program.clone() };
        leptos::task::spawn_local(async move {
            let result = client.call(&get).await;
            if arguments.try_get_untracked().is_none() {
                return;
            }
            match result {
                Ok(found) => {
                    saved.set(Some(Ok(found.len())));
                    for (key, value) in found {
                        add(key, value);
                    }
                }
                Err(error) => saved.set(Some(Err(error.sentence()))),
            }
        });
    }
    let twice = Memo::new(move |_| {
        let mut seen = std::collections::BTreeSet::new();
        arguments.with(|all| {
            all.iter()
                .map(|it| it.key.get())
                .filter(|key| !key.is_empty())
                .find(|key| !seen.insert(key.clone()))
        })
    });
    let call = {
        let program = program.clone();
        Memo::new(move |_| {
            let mut named = BTreeMap::new();
            arguments.with(|all| {
                let all = all.iter().map(|it| (it.key.get().trim().to_owned(), it.value.get()));
                named.extend(all.filter(|(key, _)| !key.is_empty()));
            });
            Start { program: program.clone(), version: None, arguments: Some(named) }
        })
    };
    let refusal = Signal::derive(move || match (twice.get(), sending.get()) {
        (Some(key), _) => Some(text::duplicate_argument(&key)),
        (None, true) => Some(text::STARTING.to_owned()),
        _ => client.read_only(),
    });
    let start = move |()| {
        sending.set(true);
        problem.set(None);
        let call = call.get_untracked();
        leptos::task::spawn_local(async move {
            match client.call(&call).await {
                Ok(()) => {
                    toasts.show(text::start_requested(call.program.application.as_str()));
                    close.run(());
                }
                Err(error) => {
                    problem.try_set(Some(error));
                }
            }
            sending.try_set(false);
        });
    };
    view! {
        <section class="panel pad stack" aria-label=text::START_FORM>
            <h2>{text::START_FORM_TITLE}</h2>
            <p class="hint">
                {move || match saved.get() {
                    None => text::ARGUMENTS_LOADING.to_owned(),
                    Some(Ok(0)) => text::NO_ARGUMENTS.to_owned(),
                    Some(Ok(_)) => text::ARGUMENTS_LOADED.to_owned(),
                    Some(Err(problem)) => text::arguments_failed(&problem),
                }}
            </p>
            <For each=move || arguments.get() key=|it| it.id let(argument)>
                <div class="argument">
                    <input class="input" type="text" aria-label=text::ARGUMENT_NAME placeholder=text::ARGUMENT_NAME autocomplete="off" spellcheck="false"
                        prop:value=move || argument.key.get() on:input=move |event| argument.key.set(event_target_value(&event))/>
                    <input class="input" type="text" aria-label=move || text::value_of(&argument.key.get()) placeholder=text::ARGUMENT_VALUE autocomplete="off" spellcheck="false"
                        prop:value=move || argument.value.get() on:input=move |event| argument.value.set(event_target_value(&event))/>
                    <button class="btn plain small square" type="button" aria-label=move || text::remove(&argument.key.get())
                        on:click=move |_| arguments.update(|all| all.retain(|it| it.id != argument.id))>{icon(Icon::Cross)}</button>
                </div>
            </For>
            <div class="actions"><Button on_press=move |()| add(String::new(), String::new()) small=true>{text::ADD_ARGUMENT}</Button></div>
            {move || {
                let call = call.get();
                let request = call.request();
                let curl = request.curl(&client.api(), client.has_token());
                view! { <RequestBlock what=text::START_FORM method=request.method.as_str() target=request.target.clone() body=request.body.clone().unwrap_or_default() curl/> }
            }}
            {move || problem.get().map(|error| {
                let it = explain(Asked::Start, &error);
                let advice = if error.leaves_doubt() { text::MAY_HAVE_STARTED } else { it.advice };
                view! { <Notice tone=Tone::Bad alert=true><p><strong>{it.summary}</strong>" "{advice}</p>{server_message(&error)}</Notice> }
            })}
            <div class="actions">
                <Button on_press=start look=ButtonVariant::Primary shape=Icon::Play unavailable=refusal>{text::start(program.program.as_str())}</Button>
                <Button on_press=move |()| close.run(()) look=ButtonVariant::Plain>{common::CANCEL}</Button>
            </div>
        </section>
    }
}
