//! The head of a page: crumbs, title, facts, actions.

use super::icon::{Icon, icon};
use crate::text::shell;
use leptos::html;
use leptos::prelude::*;

/// Whether one has just come to a page, so that its heading is to take the focus.
#[derive(Clone, Copy)]
pub struct Arrival(StoredValue<bool>);

impl Arrival {
    /// Makes it and puts it into the context.
    pub fn provide() -> Self {
        let arrival = Self(StoredValue::new(false));
        provide_context(arrival);
        arrival
    }

    /// Called when the page has changed, but not for the first page: there the focus stays where the browser put it.
    pub fn expect(self) {
        self.0.set_value(true);
    }

    fn take(self) -> bool {
        let expected = self.0.get_value();
        self.0.set_value(false);
        expected
    }
}

/// What the title of the document says besides the page.
#[derive(Clone)]
pub struct TitleContext {
    /// The name of the router; empty where there is one router without a name.
    pub router: String,
    /// How many operations wait for a person.
    pub waiting: RwSignal<usize>,
}

/// One step of the way to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    /// Its label.
    pub word: String,
    /// Where it leads; none for where one is.
    pub href: Option<String>,
}

impl Crumb {
    /// A step that leads somewhere.
    pub fn link(word: impl Into<String>, href: impl Into<String>) -> Self {
        Self { word: word.into(), href: Some(href.into()) }
    }

    /// Where one is.
    pub fn here(word: impl Into<String>) -> Self {
        Self { word: word.into(), href: None }
    }
}

/// The head of a page. It also sets the title of the document, and takes the focus after a change of page.
#[component]
pub fn PageHead(
    /// The heading of first order.
    #[prop(into)]
    title: Signal<String>,
    /// The way here.
    #[prop(optional)]
    crumbs: Vec<Crumb>,
    /// One line of facts.
    #[prop(optional, into)]
    lede: Option<ViewFn>,
    /// Freshness and buttons at its end.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    let arrival = use_context::<Arrival>();
    let context = use_context::<TitleContext>();
    Effect::new(move |_| {
        let (router, waiting) =
            context.as_ref().map_or(("", 0), |context| (context.router.as_str(), context.waiting.get()));
        document().set_title(&shell::document_title(&title.get(), router, waiting));
    });
    Effect::new(move |_| {
        if let Some(heading) = heading.get()
            && arrival.is_some_and(Arrival::take)
        {
            // A heading can always take the focus; the result says nothing.
            let _ = heading.focus();
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    });
    view! {
        <div class="page-head">
            <div>
                {(!crumbs.is_empty()).then(|| crumbs_view(crumbs))}
                <h1 tabindex="-1" node_ref=heading>{title}</h1>
                {lede.map(|lede| view! { <p class="lede">{lede.run()}</p> })}
            </div>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </div>
    }
}

fn crumbs_view(crumbs: Vec<Crumb>) -> impl IntoView {
    let steps = crumbs
        .into_iter()
        .enumerate()
        .map(|(index, crumb)| {
            let step = match crumb.href {
                Some(href) => view! { <a href=href>{crumb.word}</a> }.into_any(),
                None => view! { <span>{crumb.word}</span> }.into_any(),
            };
            view! { {(index > 0).then(|| icon(Icon::Right))} {step} }
        })
        .collect_view();
    view! { <nav class="crumbs" aria-label=shell::BREADCRUMB>{steps}</nav> }
}
