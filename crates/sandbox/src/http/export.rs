//! The backup: all applications in a zip, with its digest.

use super::request::Request;
use super::response::Response;
use crate::json;
use crate::model::refusal::Refusal;
use crate::model::server_state::ServerState;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

pub(super) fn export(server: &mut ServerState, _: &Request, _: &[&str]) -> Result<Response, Refusal> {
    let zip = pack(server).map_err(|error| Refusal::new(500, error.to_string()))?;
    let digest = format!("sha-256={}", BASE64.encode(Sha256::digest(&zip)));
    let name = format!("attachment; filename=\"export-{}.zip\"", server.now());
    Ok(Response::typed(200, "application/zip", zip)
        .header("digest", &digest)
        .header("content-disposition", &name))
}

/// A folder for each namespace that has applications, a file for the latest version of each application.
fn pack(server: &ServerState) -> Result<Vec<u8>, ZipError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    for (name, namespace) in server.namespaces.iter().filter(|(_, it)| !it.applications.is_empty()) {
        zip.add_directory(name.as_str(), options)?;
        for application in namespace.all() {
            let Some(version) = application.latest() else { continue };
            zip.start_file(format!("{name}/{}.json", application.name), options)?;
            zip.write_all(&json::write(&server.detail(application, version, true)))?;
        }
    }
    Ok(zip.finish()?.into_inner())
}
