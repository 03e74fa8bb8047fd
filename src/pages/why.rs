//! A link from a reason on screen to the section of the documents that explains it.

use crate::routes::document;
use crate::text::common;
use leptos::prelude::*;
use quiesce_lifecycle::verdict::Rule;

/// The link to a section. `about` says to screen readers what it explains.
pub(crate) fn why(section: &str, about: &str) -> AnyView {
    view! {
        " "
        <a class="nowrap" href=document(section) target="_blank" rel="noopener" aria-label=common::why(about)>{common::WHY}</a>
    }
    .into_any()
}

/// The link to a rule, once in a row of a table: `shown` collects the rules that the row already links to.
pub(crate) fn why_once(rule: Rule, about: &str, shown: &mut Vec<Rule>) -> Option<AnyView> {
    if shown.contains(&rule) {
        return None;
    }
    shown.push(rule);
    Some(why(&rule.section(), about))
}

/// A check box, next to it the link to the rule in its label; below each other their targets would be too close.
pub(crate) fn option_with_why(option: AnyView, rule: Option<Rule>, about: &str) -> AnyView {
    match rule {
        Some(rule) => {
            view! { <div class="group">{option}<span class="option">{why(&rule.section(), about)}</span></div> }
                .into_any()
        }
        None => option,
    }
}
