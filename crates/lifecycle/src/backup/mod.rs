//! What a verified backup is. Pure over bytes: whoever has them reads and writes files.
//!
//! A backup is one archive, `quiesce-backup-{namespace}-{time}.zip`: the server's export verbatim, what the
//! export lacks, and a manifest with the SHA-256 of each. It is *verified* when the export is what the server
//! reckoned, every record in it can be read, and every chosen application is in it in its current version and
//! configuration; [`crate::upgrade`] compares that last part itself.

mod problem;
mod supplement;
mod zip;

pub use problem::Problem;
pub use supplement::{extras_of_application, extras_of_namespace};
pub use zip::{File, files};

use quiesce_api::application::ApplicationDetail;
use quiesce_api::{ApplicationId, NamespaceId, Timestamp, VersionId, json};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::cmp::Ordering;

/// The name of the server's export in a backup.
pub const EXPORT: &str = "export.zip";
/// The name of the list of files in a backup.
pub const MANIFEST: &str = "manifest.json";
/// The folder of what the export lacks.
pub const EXTRAS: &str = "extras/";

/// An application as a backup has it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Found {
    /// Its namespace; `None`: a record from when all applications of a backup were of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<NamespaceId>,
    /// The application.
    pub application: ApplicationId,
    /// Its version.
    pub version: VersionId,
    /// The SHA-256 of its configuration, see [`digest`].
    pub configuration: String,
}

/// The findings about a backup: what the journal keeps of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Summary {
    /// The name of the file on the operator's disk.
    pub file: String,
    /// How many bytes the file has.
    pub bytes: u64,
    /// The SHA-256 of the server's export.
    pub sha256: String,
    /// Whether the server sent its own and it was equal; `false`: it sent none.
    pub confirmed: bool,
    /// How many applications the export has, of all namespaces.
    pub records: usize,
    /// The applications that were asked for, as far as the export has them, by name.
    pub found: Vec<Found>,
}

/// The SHA-256 of bytes in base64, as servers and manifests write it.
pub fn digest(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let hash = Sha256::digest(bytes);
    let mut text = String::with_capacity(44);
    for three in hash.chunks(3) {
        let bits =
            three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= three.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

/// An export that is being verified, a number of records at a time: a page stays alive with thousands of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// The SHA-256 of the export.
    pub sha256: String,
    /// Whether the server sent its own.
    pub confirmed: bool,
    /// The files of the export.
    pub files: Vec<File>,
    /// How many of them were read.
    pub read: usize,
    /// The applications that are asked for, sorted.
    wanted: Vec<(NamespaceId, ApplicationId)>,
    found: Vec<Found>,
}

impl Verification {
    /// Begins: compares the digest, reads the directory. `server` is the `sha-256` of the `digest` header.
    pub fn begin(
        export: &[u8],
        server: Option<&str>,
        wanted: Vec<(NamespaceId, ApplicationId)>,
    ) -> Result<Self, Problem> {
        let sha256 = digest(export);
        if let Some(server) = server.filter(|server| *server != sha256) {
            return Err(Problem::Digest { here: sha256, server: server.to_owned() });
        }
        let mut sorted = Vec::with_capacity(wanted.len());
        for wanted in wanted {
            insert(&mut sorted, wanted, Ord::cmp);
        }
        let files = files(export)?;
        let confirmed = server.is_some();
        Ok(Self { sha256, confirmed, files, read: 0, wanted: sorted, found: Vec::new() })
    }

    /// Reads this many more records. `false`: all are read.
    pub fn go_on(&mut self, export: &[u8], most: usize) -> Result<bool, Problem> {
        for file in self.files.iter().skip(self.read).take(most) {
            let (namespace, detail) = record(file, export)?;
            let this = (namespace, detail.name);
            if self.wanted.binary_search(&this).is_ok() {
                let configuration = digest(detail.configuration.as_bytes());
                let (namespace, application) = this;
                let version = detail.version;
                let found = Found { namespace: Some(namespace), application, version, configuration };
                insert(&mut self.found, found, |one, other| one.application.cmp(&other.application));
            }
            self.read += 1;
        }
        Ok(self.read < self.files.len())
    }

    /// What was found, to go with the archive that holds the export.
    pub fn summary(self, file: String, bytes: u64) -> Summary {
        let Self { sha256, confirmed, read, found, .. } = self;
        Summary { file, bytes, sha256, confirmed, records: read, found }
    }
}

/// Puts an item into its place in a sorted list. A sort would be compiled anew for each type, and the lists are short.
pub(crate) fn insert<T>(list: &mut Vec<T>, item: T, order: impl Fn(&T, &T) -> Ordering) {
    // The items mostly come in order.
    let at = if list.last().is_none_or(|last| order(last, &item) == Ordering::Less) {
        list.len()
    } else {
        list.partition_point(|other| order(other, &item) == Ordering::Less)
    };
    list.insert(at, item);
}

/// The record of an application in an export, and its namespace, which only the file's name tells.
fn record(file: &File, export: &[u8]) -> Result<(NamespaceId, ApplicationDetail), Problem> {
    let wrong = |message: String| Problem::Record { file: file.name.clone(), message };
    let (namespace, name) = file.name.split_once('/').ok_or_else(|| wrong("it is not in a folder".into()))?;
    let detail: ApplicationDetail =
        json::from_slice(&file.read(export)?).map_err(|problem| wrong(problem.to_string()))?;
    if name.strip_suffix(".json") != Some(detail.name.as_str()) {
        return Err(wrong(format!("it is the record of {}", detail.name)));
    }
    Ok((namespace.into(), detail))
}

/// The record of one application in an export: what a redeploy and a roll back deploy.
pub fn application(
    export: &[u8],
    namespace: &NamespaceId,
    application: &ApplicationId,
) -> Result<ApplicationDetail, Problem> {
    let name = format!("{namespace}/{application}.json");
    match files(export)?.into_iter().find(|file| file.name == name) {
        Some(file) => Ok(record(&file, export)?.1),
        None => Err(Problem::Missing(name)),
    }
}

/// What is in a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this format: 1.
    pub quiesce: u32,
    /// The namespaces of the chosen applications, with commas between them.
    pub namespace: String,
    /// The server, as the page called it.
    pub server: String,
    /// When it was made, by the browser's clock.
    pub made: Timestamp,
    /// The chosen applications.
    pub applications: Vec<Found>,
    /// Every other file of the backup.
    pub files: Vec<Part>,
}

/// A file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// How many bytes it has.
    pub bytes: usize,
    /// Their SHA-256.
    pub sha256: String,
}

/// The name of a backup's file. `scope` is the namespace, if there is one.
pub fn file_name(scope: &str, made: Timestamp) -> String {
    let time = made.to_string();
    let mut name = format!("quiesce-backup-{scope}-");
    name.extend(time.split('.').next().unwrap_or_default().chars().filter(char::is_ascii_alphanumeric));
    name.truncate(name.trim_end_matches('Z').len());
    name + "Z.zip"
}

/// Makes a backup of an export and of what it lacks: file names below [`EXTRAS`] and their contents.
pub fn make(
    mut manifest: Manifest,
    export: Vec<u8>,
    extras: Vec<(String, Vec<u8>)>,
) -> Result<Vec<u8>, Problem> {
    let mut files = vec![(EXPORT.to_owned(), export)];
    for (name, bytes) in extras {
        files.push((format!("{EXTRAS}{name}"), bytes));
    }
    for (name, bytes) in &files {
        manifest.files.push(Part { name: name.clone(), bytes: bytes.len(), sha256: digest(bytes) });
    }
    let text = serde_json::to_vec(&manifest).unwrap_or_default();
    files.push((MANIFEST.to_owned(), text));
    zip::pack(&files)
}

/// A backup that was opened again: every file is the one that was put into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// What is in it.
    pub manifest: Manifest,
    /// The server's export.
    pub export: Vec<u8>,
}

/// Opens a backup again, here or in another browser, and holds every file against the manifest. Go on with
/// [`Backup::verification`].
pub fn open(archive: &[u8]) -> Result<Backup, Problem> {
    let files = files(archive)?;
    let find = |name: &str| {
        let missing = || Problem::Missing(name.to_owned());
        files.iter().find(|file| file.name == name).ok_or_else(missing)?.read(archive)
    };
    let manifest: Manifest = json::from_slice(&find(MANIFEST)?)
        .map_err(|problem| Problem::Record { file: MANIFEST.to_owned(), message: problem.to_string() })?;
    let mut export = None;
    for part in &manifest.files {
        let bytes = find(&part.name)?;
        if bytes.len() != part.bytes || digest(&bytes) != part.sha256 {
            return Err(Problem::Changed(part.name.clone()));
        }
        if part.name == EXPORT {
            export = Some(bytes);
        }
    }
    let named = |file: &File| manifest.files.iter().any(|part| part.name == file.name);
    if let Some(file) = files.iter().find(|file| file.name != MANIFEST && !named(file)) {
        return Err(Problem::Missing(file.name.clone()));
    }
    let export = export.ok_or_else(|| Problem::Missing(EXPORT.to_owned()))?;
    Ok(Backup { manifest, export })
}

impl Backup {
    fn namespace(&self, found: &Found) -> NamespaceId {
        found.namespace.clone().unwrap_or_else(|| self.manifest.namespace.as_str().into())
    }

    /// Begins to verify the export in it, as it was when the backup was made.
    pub fn verification(&self) -> Result<Verification, Problem> {
        let mut wanted = Vec::with_capacity(self.manifest.applications.len());
        for found in &self.manifest.applications {
            wanted.push((self.namespace(found), found.application.clone()));
        }
        Verification::begin(&self.export, None, wanted)
    }

    /// The applications of the manifest that the export does not have in that version and configuration.
    pub fn lacks(&self, summary: &Summary) -> Vec<ApplicationId> {
        let mut lacking = Vec::new();
        for found in &self.manifest.applications {
            let namespace = Some(self.namespace(found));
            if !summary.found.contains(&Found { namespace, ..found.clone() }) {
                lacking.push(found.application.clone());
            }
        }
        lacking
    }
}

#[cfg(test)]
mod tests;
