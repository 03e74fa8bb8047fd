//! Every widget and every state of a page from fixed data, for those who change them (CONTRIBUTING.md). One section at a
//! time, named by the fragment of the address: pages have landmarks of which a document has one each.

mod failures;
mod journals;
mod labels;
mod rows;
mod runs;
mod sections;
mod widgets;

use crate::navigation::use_location;
use crate::text::gallery as text;
use crate::ui::PageHead;
use leptos::prelude::*;
use sections::{SECTIONS, Section, index_of};

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
        <section class="stack" id=section.id aria-labelledby=names>
            <h2 id=heading>{section.title}</h2>
            {(section.view)()}
        </section>
    }
    .into_any()
}
