//! Programs and their types. The API spells a type in three ways (docs/cdap-api.md#program-types).

use crate::id::{ApplicationId, NamespaceId, ProgramId, RunId, VersionId, from_text};
use quiesce_json::node::Node;
use quiesce_json::{Problem, from_node};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::sync::Arc;

/// The type of a program. Open: a server can send other words.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProgramType {
    /// A workflow; a batch pipeline runs as one.
    Workflow,
    /// A Spark program; a real-time pipeline runs as one.
    Spark,
    /// A MapReduce program.
    MapReduce,
    /// A service that answers HTTP requests.
    Service,
    /// A worker: a program that runs until it is stopped.
    Worker,
    /// A custom action of a workflow. It cannot be started on its own.
    CustomAction,
    /// Any other word, verbatim.
    Other(Arc<str>),
}

impl ProgramType {
    /// The types that can be listed, started and stopped.
    pub const RUNNABLE: [Self; 5] =
        [Self::Workflow, Self::Spark, Self::Service, Self::Worker, Self::MapReduce];

    /// The word in a path: plural for three types, and case-sensitive.
    pub fn path(&self) -> &str {
        match self {
            Self::Workflow => "workflows",
            Self::Spark => "spark",
            Self::MapReduce => "mapreduce",
            Self::Service => "services",
            Self::Worker => "workers",
            Self::CustomAction => "custom",
            Self::Other(word) => word,
        }
    }

    /// The word in a JSON body. A plural there fails the whole request.
    pub fn word(&self) -> &str {
        match self {
            Self::Workflow => "Workflow",
            Self::Spark => "Spark",
            Self::MapReduce => "MapReduce",
            Self::Service => "Service",
            Self::Worker => "Worker",
            Self::CustomAction => "Custom",
            Self::Other(word) => word,
        }
    }

    /// Parses the word of a path.
    pub fn from_path(word: &str) -> Self {
        [Self::CustomAction]
            .into_iter()
            .chain(Self::RUNNABLE)
            .find(|kind| kind.path() == word)
            .unwrap_or_else(|| Self::Other(word.into()))
    }

    /// Parses the word of a JSON response, ignoring case (`Mapreduce`, `MapReduce`, `MAPREDUCE`).
    pub fn from_word(word: &str) -> Self {
        if word.eq_ignore_ascii_case("CUSTOM_ACTION") {
            return Self::CustomAction;
        }
        [Self::CustomAction]
            .into_iter()
            .chain(Self::RUNNABLE)
            .find(|kind| kind.word().eq_ignore_ascii_case(word))
            .unwrap_or_else(|| Self::Other(word.into()))
    }
}

impl fmt::Display for ProgramType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Serialize for ProgramType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for ProgramType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_text(deserializer, Self::from_word)
    }
}

/// A program in all versions.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ProgramRef {
    /// Namespace of the application.
    pub namespace: NamespaceId,
    /// The application that contains the program.
    pub application: ApplicationId,
    /// Type of the program.
    pub program_type: ProgramType,
    /// Its name within the application.
    pub program: ProgramId,
}

impl ProgramRef {
    /// A reference of these four names.
    pub fn new(
        namespace: impl Into<NamespaceId>,
        application: impl Into<ApplicationId>,
        program_type: ProgramType,
        program: impl Into<ProgramId>,
    ) -> Self {
        Self {
            namespace: namespace.into(),
            application: application.into(),
            program_type,
            program: program.into(),
        }
    }

    /// The path segments without a version: the server uses the latest, or all versions.
    pub(crate) fn segments(&self) -> [&str; 7] {
        [
            "v3",
            "namespaces",
            self.namespace.as_str(),
            "apps",
            self.application.as_str(),
            self.program_type.path(),
            self.program.as_str(),
        ]
    }

    /// The path segments, with a version if one is given.
    pub(crate) fn versioned<'a>(&'a self, version: Option<&'a VersionId>) -> impl Iterator<Item = &'a str> {
        let [v3, namespaces, namespace, apps, application, kind, program] = self.segments();
        let version = version.map(|version| ["versions", version.as_str()]);
        [v3, namespaces, namespace, apps, application]
            .into_iter()
            .chain(version.into_iter().flatten())
            .chain([kind, program])
    }

    /// The run of this program with the given ID.
    pub fn run(&self, run: impl Into<RunId>) -> RunRef {
        RunRef { program: self.clone(), run: run.into() }
    }
}

impl fmt::Display for ProgramRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/{}", self.namespace, self.application, self.program_type.path(), self.program)
    }
}

/// One run of a program, of any version.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RunRef {
    /// Program of the run.
    pub program: ProgramRef,
    /// ID of the run.
    pub run: RunId,
}

impl RunRef {
    /// The path segments.
    pub(crate) fn segments(&self) -> impl Iterator<Item = &str> {
        self.program.segments().into_iter().chain(["runs", self.run.as_str()])
    }
}

impl fmt::Display for RunRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.program, self.run)
    }
}

/// An element of a batch request: three names, no version (docs/cdap-api.md#batch-stop).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BatchProgram<'a> {
    app_id: &'a ApplicationId,
    program_type: &'a ProgramType,
    program_id: &'a ProgramId,
}

impl<'a> From<&'a ProgramRef> for BatchProgram<'a> {
    fn from(program: &'a ProgramRef) -> Self {
        Self {
            app_id: &program.application,
            program_type: &program.program_type,
            program_id: &program.program,
        }
    }
}

/// An element of a batch response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchResult<T> {
    /// The application.
    pub app_id: ApplicationId,
    /// Type of the program.
    pub program_type: ProgramType,
    /// The program.
    pub program_id: ProgramId,
    /// Status of this element alone.
    pub status_code: u16,
    /// The server's message if it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The result; its fields are absent if the element failed.
    #[serde(flatten)]
    pub value: T,
}

impl<T> BatchResult<T> {
    /// The program of this element.
    pub fn program(&self, namespace: &NamespaceId) -> ProgramRef {
        ProgramRef {
            namespace: namespace.clone(),
            application: self.app_id.clone(),
            program_type: self.program_type.clone(),
            program: self.program_id.clone(),
        }
    }
}

impl<T: DeserializeOwned> BatchResult<T> {
    /// Reads an element.
    pub(crate) fn read(node: &Node<'_>) -> Result<Self, Problem> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct OfAll {
            app_id: ApplicationId,
            program_type: ProgramType,
            program_id: ProgramId,
            status_code: u16,
            #[serde(default)]
            error: Option<String>,
        }
        let value = from_node(node)?;
        let OfAll { app_id, program_type, program_id, status_code, error } = from_node(node)?;
        Ok(Self { app_id, program_type, program_id, status_code, error, value })
    }
}

/// The body of a batch request for these programs.
pub(crate) fn batch(programs: &[ProgramRef]) -> Vec<BatchProgram<'_>> {
    programs.iter().map(Into::into).collect()
}
