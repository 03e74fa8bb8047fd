//! Every widget and every state of a page from fixed data, for those who change them (CONTRIBUTING.md). One section at a
//! time, named by the fragment of the address: pages have landmarks of which a document has one each.

mod example_server;
mod failures;
mod journals;
mod labels;
mod pages;
mod rows;
mod runs;
mod sections;
mod widgets;

use crate::navigation::use_location;
use crate::text::gallery as text;
use crate::ui::PageHead;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use sections::{SECTIONS, Section, index_of};
use web_sys::{Element, MouseEvent};

/// The gallery.
#[component]
pub fn Gallery() -> impl IntoView {
    let hash = use_location().hash;
    let chosen = Memo::new(move |_| hash.with(|hash| index_of(hash)));
    let links = SECTIONS.iter().enumerate().map(|(index, section)| {
        let current = move || chosen.get() == index;
        view! {
            <a
                class=move || if current() { "btn small primary" } else { "btn small" }
                href=format!("#{}", section.id)
                aria-current=move || current().then_some("true")
            >
                {section.title}
            </a>
        }
    });
    view! {
        <PageHead title=text::TITLE lede=|| text::LEDE/>
        <nav class="actions" aria-label=text::SECTIONS>{links.collect_view()}</nav>
        {move || SECTIONS.get(chosen.get()).map(section_view)}
    }
}

fn section_view(section: &'static Section) -> AnyView {
    let heading = format!("{}-heading", section.id);
    // A page brings landmarks of its own, which no other may hold.
    let names = section.is_widget.then(|| heading.clone());
    view! {
        <section class="stack" id=section.id aria-labelledby=names on:click=stay>
            <h2 id=heading>{section.title}</h2>
            {(section.view)()}
        </section>
    }
    .into_any()
}

/// Keeps the gallery: a link within a page of the example server leads to no page.
fn stay(event: MouseEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = target.and_then(|target| target.closest("a[href]").ok().flatten());
    if link.and_then(|link| link.get_attribute("href")).is_some_and(|href| example_server::is_own(&href)) {
        event.prevent_default();
    }
}
