//! The paths, and what happens to one that is none.

use super::request::Request;
use super::response::Response;
use super::{
    applications, artifacts, auth, batch, control, details, export, logs, metrics, preferences, programs,
    runs, schedules, stops, system, triggers, unused, upgrades,
};
use crate::model::refusal::Refusal;
use crate::model::server_state::ServerState;

/// Answers what a path with these parts asks.
pub(super) type Handler = fn(&mut ServerState, &Request, &[&str]) -> Result<Response, Refusal>;

/// Method, path and handler. `*` stands for any part; of two paths that fit the first wins.
#[rustfmt::skip]
const ROUTES: &[(&str, &str, Handler)] = &[
    ("GET", "", system::root),
    ("GET", "status", system::router_status),
    ("GET", "ping", system::ping),
    ("GET", "token", auth::token),
    ("GET", "extendedtoken", auth::token),
    ("POST", "token", auth::method_not_allowed),
    ("POST", "extendedtoken", auth::method_not_allowed),

    ("GET", "v3/version", system::version),
    ("GET", "v3/versions", system::versions),
    ("GET", "v3/config/cdap", system::config),
    ("GET", "v3/system/services", system::services),
    ("GET", "v3/system/services/status", system::services_status),
    ("GET", "v3/system/services/*/status", system::service_status),
    ("GET", "v3/namespaces", system::namespaces),
    ("GET", "v3/namespaces/*", system::namespace),
    ("PUT", "v3/namespaces/*", system::create_namespace),
    ("DELETE", "v3/unrecoverable/namespaces/*", system::delete_namespace),
    ("GET", "v3/export/apps", export::export),
    ("POST", "v3/metrics/query", metrics::query),
    ("GET", "v3/system/serviceproviders", unused::service_providers),
    ("GET", "v3/profiles", unused::system_profiles),
    ("GET", "v3/profiles/*", unused::system_profile),
    ("GET", "v3/namespaces/*/profiles", unused::profiles),
    ("GET", "v3/namespaces/*/profiles/*", unused::profile),
    ("GET", "v3/namespaces/*/securekeys", unused::secure_keys),
    ("GET", "v3/namespaces/*/securekeys/*", unused::secure_keys),
    ("GET", "v3/namespaces/*/operations", unused::operations),
    ("GET", "v3/namespaces/*/operations/*", unused::operation),
    ("GET", "v3/preferences", preferences::get),
    ("PUT", "v3/preferences", preferences::put),
    ("DELETE", "v3/preferences", preferences::delete),

    ("GET", "v3/namespaces/*/artifacts", artifacts::list),
    ("GET", "v3/namespaces/*/artifacts/*", artifacts::versions),
    ("POST", "v3/namespaces/*/artifacts/*", artifacts::upload),
    ("GET", "v3/namespaces/*/artifacts/*/versions/*", artifacts::detail),
    ("DELETE", "v3/namespaces/*/artifacts/*/versions/*", artifacts::delete),
    ("GET", "v3/namespaces/*/artifacts/*/versions/*/extensions", artifacts::plugin_types),
    ("GET", "v3/namespaces/*/artifacts/*/versions/*/extensions/*", artifacts::plugins_of_type),
    ("GET", "v3/namespaces/*/artifacts/*/versions/*/extensions/*/plugins/*", artifacts::plugin),
    ("GET", "v3/namespaces/*/preferences", preferences::get),
    ("PUT", "v3/namespaces/*/preferences", preferences::put),
    ("DELETE", "v3/namespaces/*/preferences", preferences::delete),
    ("POST", "v3/namespaces/*/appdetail", details::batch),
    ("POST", "v3/namespaces/*/status", batch::status),
    ("POST", "v3/namespaces/*/runs", batch::runs),
    ("POST", "v3/namespaces/*/runcount", batch::run_count),
    ("POST", "v3/namespaces/*/instances", batch::instances),
    ("POST", "v3/namespaces/*/start", batch::start),
    ("POST", "v3/namespaces/*/stop", stops::batch),
    ("POST", "v3/namespaces/*/upgrade", upgrades::list),
    ("POST", "v3/namespaces/*/nextruntime", schedules::next_runtimes),
    ("POST", "v3/namespaces/*/previousruntime", schedules::previous_runtimes),
    ("PUT", "v3/namespaces/*/schedules/re-enable", schedules::re_enable),
    ("GET", "v3/namespaces/*/schedules/trigger-type/program-status", triggers::waiting),

    ("GET", "v3/namespaces/*/apps", applications::list),
    ("POST", "v3/namespaces/*/apps", applications::upload),
    ("DELETE", "v3/namespaces/*/apps", applications::delete_all),
    ("GET", "v3/namespaces/*/apps/*", details::latest),
    ("PUT", "v3/namespaces/*/apps/*", applications::deploy),
    ("DELETE", "v3/namespaces/*/apps/*", applications::delete),
    ("GET", "v3/namespaces/*/apps/*/versions", details::versions),
    ("GET", "v3/namespaces/*/apps/*/plugins", details::plugins),
    ("POST", "v3/namespaces/*/apps/*/upgrade", upgrades::one),
    ("DELETE", "v3/namespaces/*/apps/*/state", applications::delete_state),
    ("GET", "v3/namespaces/*/apps/*/preferences", preferences::get),
    ("PUT", "v3/namespaces/*/apps/*/preferences", preferences::put),
    ("DELETE", "v3/namespaces/*/apps/*/preferences", preferences::delete),
    ("GET", "v3/namespaces/*/apps/*/schedules", schedules::list),
    ("GET", "v3/namespaces/*/apps/*/schedules/*", schedules::get),
    ("PUT", "v3/namespaces/*/apps/*/schedules/*", triggers::add),
    ("DELETE", "v3/namespaces/*/apps/*/schedules/*", triggers::remove),
    ("GET", "v3/namespaces/*/apps/*/schedules/*/status", schedules::status),
    ("POST", "v3/namespaces/*/apps/*/schedules/*/*", schedules::act),
    ("GET", "v3/namespaces/*/apps/*/versions/*", details::version),
    ("DELETE", "v3/namespaces/*/apps/*/versions/*", applications::delete_version),
    ("PUT", "v3/namespaces/*/apps/*/versions/*/restart-programs", programs::restart),
    ("GET", "v3/namespaces/*/apps/*/versions/*/*/*", programs::version_specification),
    ("GET", "v3/namespaces/*/apps/*/versions/*/*/*/status", programs::version_status),
    ("GET", "v3/namespaces/*/apps/*/versions/*/*/*/runs", runs::version_list),
    ("GET", "v3/namespaces/*/apps/*/versions/*/*/*/runcount", runs::version_count),
    ("GET", "v3/namespaces/*/apps/*/versions/*/*/*/runs/*", runs::version_one),
    ("POST", "v3/namespaces/*/apps/*/versions/*/*/*/*", stops::version_act),

    ("GET", "v3/namespaces/*/apps/*/*/*", programs::specification),
    ("GET", "v3/namespaces/*/apps/*/*/*/status", programs::status),
    ("GET", "v3/namespaces/*/apps/*/*/*/runs", runs::list),
    ("GET", "v3/namespaces/*/apps/*/*/*/runcount", runs::count),
    ("GET", "v3/namespaces/*/apps/*/*/*/runs/*", runs::one),
    ("POST", "v3/namespaces/*/apps/*/*/*/runs/*/stop", stops::run),
    ("GET", "v3/namespaces/*/apps/*/*/*/runs/*/logs", logs::of_run),
    ("GET", "v3/namespaces/*/apps/*/*/*/runs/*/logs/next", logs::next_of_run),
    ("GET", "v3/namespaces/*/apps/*/*/*/runs/*/logs/prev", logs::previous_of_run),
    ("GET", "v3/namespaces/*/apps/*/*/*/logs", logs::of_program),
    ("GET", "v3/namespaces/*/apps/*/*/*/logs/next", logs::next_of_program),
    ("GET", "v3/namespaces/*/apps/*/*/*/logs/prev", logs::previous_of_program),
    ("GET", "v3/namespaces/*/apps/*/*/*/runtimeargs", preferences::get_arguments),
    ("PUT", "v3/namespaces/*/apps/*/*/*/runtimeargs", preferences::put_arguments),
    ("GET", "v3/namespaces/*/apps/*/*/*/preferences", preferences::get),
    ("PUT", "v3/namespaces/*/apps/*/*/*/preferences", preferences::put),
    ("DELETE", "v3/namespaces/*/apps/*/*/*/preferences", preferences::delete),
    ("GET", "v3/namespaces/*/apps/*/*/*/schedules", schedules::of_program),
    ("GET", "v3/namespaces/*/apps/*/*/*/nextruntime", schedules::next_runtime),
    ("GET", "v3/namespaces/*/apps/*/*/*/previousruntime", schedules::previous_runtime),
    ("GET", "v3/namespaces/*/apps/*/services/*/instances", programs::service_instances),
    ("GET", "v3/namespaces/*/apps/*/workers/*/instances", programs::worker_instances),
    ("GET", "v3/namespaces/*/apps/*/*/*/live-info", programs::live_info),
    ("POST", "v3/namespaces/*/apps/*/*/*/*", stops::act),
    // Last: any other word behind a namespace would be read as one of the five types.
    ("GET", "v3/namespaces/*/mapreduce", programs::list),
    ("GET", "v3/namespaces/*/services", programs::list),
    ("GET", "v3/namespaces/*/spark", programs::list),
    ("GET", "v3/namespaces/*/workers", programs::list),
    ("GET", "v3/namespaces/*/workflows", programs::list),

    ("GET", "sandbox", control::about),
    ("POST", "sandbox/clock", control::clock),
    ("POST", "sandbox/settings", control::settings),
    ("GET", "sandbox/faults", control::faults),
    ("POST", "sandbox/faults", control::add_fault),
    ("DELETE", "sandbox/faults", control::clear_faults),
    ("GET", "sandbox/requests", control::requests),
    ("DELETE", "sandbox/requests", control::forget_requests),
    ("GET", "sandbox/drains", control::drains),
    ("POST", "sandbox/reset", control::reset),
];

/// What a path has in the place of each `*`; none if it is another path.
fn fit<'a>(pattern: &str, segments: &'a [String]) -> Option<Vec<&'a str>> {
    let mut parts = Vec::new();
    let mut pattern = pattern.split('/').filter(|it| !it.is_empty());
    for segment in segments {
        match pattern.next()? {
            "*" => parts.push(segment.as_str()),
            literal if literal == segment => {}
            _ => return None,
        }
    }
    pattern.next().is_none().then_some(parts)
}

/// Finds the handler and lets it answer. On a secured server all but the router's own status needs a token.
pub(super) fn dispatch(server: &mut ServerState, request: &Request) -> Response {
    let open =
        matches!(request.segments.first().map(String::as_str), Some("sandbox" | "token" | "extendedtoken"))
            || request.path == "/status";
    if server.options.profile.secured()
        && !open
        && let Some(refusal) = auth::reject(server, request)
    {
        return refusal;
    }
    let mut known = false;
    for (method, pattern, handler) in ROUTES {
        let Some(parts) = fit(pattern, &request.segments) else { continue };
        if *method == request.method {
            return handler(server, request, &parts).unwrap_or_else(Into::into);
        }
        known = true;
    }
    if known {
        Response::bare(405, &request.target).closing()
    } else {
        let text = format!("Problem accessing: {}. Reason: Not Found", request.target);
        Response::bare(404, &text).closing()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_one_part() {
        let segments = ["v3", "namespaces", "default"].map(str::to_owned);
        assert_eq!(fit("v3/namespaces/*", &segments), Some(vec!["default"]));
        assert_eq!(fit("v3/namespaces", &segments), None);
        assert_eq!(fit("v3/namespaces/*/apps", &segments), None);
    }
}
