//! What the server's export lacks, and the requests that read it.

use crate::kind::Kind;
use quiesce_api::application::{ApplicationDetail, ListVersions};
use quiesce_api::arguments::GetRuntimeArguments;
use quiesce_api::artifact::ListArtifacts;
use quiesce_api::preferences::{GetPreferences, PreferenceLevel};
use quiesce_api::schedule::ListSchedules;
use quiesce_api::{Endpoint, NamespaceId, Request};

/// What belongs to the namespace: the name of a file below [`super::EXTRAS`], and the request whose answer goes into
/// it verbatim.
pub fn extras_of_namespace(namespace: &NamespaceId) -> Vec<(String, Request)> {
    let preferences = |level| GetPreferences { level, resolved: false }.request();
    vec![
        (
            format!("{namespace}/artifacts.json"),
            ListArtifacts { namespace: namespace.clone(), scope: None }.request(),
        ),
        (format!("{namespace}/preferences.json"), preferences(PreferenceLevel::Namespace(namespace.clone()))),
    ]
}

/// What belongs to an application: its schedules with their states, its versions, its preferences, and the saved
/// arguments of its programs, which are their preferences too (docs/cdap-api.md#saved-runtime-arguments). Steps of
/// a pipeline have none.
pub fn extras_of_application(namespace: &NamespaceId, detail: &ApplicationDetail) -> Vec<(String, Request)> {
    let (namespace, application) = (namespace.clone(), detail.name.clone());
    let level = PreferenceLevel::Application(namespace.clone(), application.clone());
    let schedules = ListSchedules { namespace: namespace.clone(), application: application.clone() };
    let versions = ListVersions { namespace: namespace.clone(), application: application.clone() };
    let mut extras = vec![
        (format!("{namespace}/{application}/schedules.json"), schedules.request()),
        (format!("{namespace}/{application}/versions.json"), versions.request()),
        (
            format!("{namespace}/{application}/preferences.json"),
            GetPreferences { level, resolved: false }.request(),
        ),
    ];
    for record in &detail.programs {
        let kind = Kind::of(&record.program_type, &record.program, Some(&detail.artifact));
        if !matches!(kind, Kind::PipelineStep | Kind::Other) {
            let request = GetRuntimeArguments { program: record.program(&namespace) }.request();
            let path = record.program_type.path();
            extras.push((
                format!("{namespace}/{application}/{path}/{}.arguments.json", record.program),
                request,
            ));
        }
    }
    extras
}
