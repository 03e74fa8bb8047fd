//! The cells by which a row of the stop's tables names its run.

use crate::text::common;
use crate::ui::OlderVersion;
use leptos::prelude::*;
use quiesce_lifecycle::stop::Target;

/// The application with its program, and the run with its badge. `program` is the line below the application.
pub(super) fn run_cells(target: &Target, program: String) -> impl IntoView + use<> {
    let (application, run) = (target.run.program.application.to_string(), target.run.run.clone());
    let title = application.clone();
    view! {
        <th class="c-main" scope="row">
            <span class="clip" title=title>{application}</span>
            <span class="sub">{program}</span>
        </th>
        <td class="quiet nowrap run-cell" data-label=common::RUN>
            <span>
                <code title=run.to_string()>{run.short().to_owned()}</code>
                {target.older.then(|| view! { <OlderVersion/> })}
            </span>
        </td>
    }
}
