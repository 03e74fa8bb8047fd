//! Nothing there, or not there yet.

use super::icon::{Icon, icon};
use leptos::prelude::*;

/// Says that nothing is there, why, and what leads on.
#[component]
pub fn EmptyState(
    /// Its icon.
    shape: Icon,
    /// What is missing.
    #[prop(into)]
    title: String,
    /// Buttons under it.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
    /// Why, in a paragraph or two.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="empty">
            {icon(shape)}
            <h2 class="empty-title">{title}</h2>
            {children()}
            {actions.map(|actions| view! { <div class="actions">{actions.run()}</div> })}
        </div>
    }
}

/// Rows of a table that is read for the first time. They appear after 200 ms. The table has `aria-busy`.
#[component]
pub fn SkeletonRows(
    /// How many columns the table has.
    columns: usize,
    /// Whether the first column holds check boxes.
    #[prop(optional)]
    checks: bool,
    /// How many rows to draw.
    #[prop(default = 8)]
    rows: usize,
) -> impl IntoView {
    const WIDTHS: [&str; 5] = ["bone w-4", "bone w-3", "bone w-2", "bone w-1", "bone w-2"];
    (0..rows)
        .map(|_| {
            let bones = WIDTHS.iter().cycle().take(columns.saturating_sub(usize::from(checks)));
            view! {
                <tr class="bones" aria-hidden="true">
                    {checks.then(|| view! { <td class="c-check"><span class="bone w-1b"></span></td> })}
                    {bones.map(|width| view! { <td><span class=*width></span></td> }).collect_view()}
                </tr>
            }
        })
        .collect_view()
}
