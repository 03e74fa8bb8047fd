//! The export of all applications (docs/cdap-api.md#export).
//!
//! ```
//! use quiesce_api::export::ExportApplications;
//! use quiesce_api::{Endpoint, Response};
//!
//! assert_eq!(ExportApplications.request().to_string(), "GET /v3/export/apps");
//!
//! let response = Response::new(200, "PK…").header("digest", "sha-256=AbC=");
//! assert_eq!(ExportApplications.read(&response)?.sha256.as_deref(), Some("AbC="));
//!
//! let truncated = Response { cut: Some("connection reset".into()), ..response };
//! assert!(ExportApplications.read(&truncated).is_err());
//! # Ok::<(), quiesce_api::Error>(())
//! ```

use crate::endpoint::Endpoint;
use crate::error::{Error, Undecodable};
use crate::request::Request;
use crate::response::Response;

/// Exports the latest version of every application of every namespace except `system`, as one archive. The server
/// builds the whole archive before it sends the first byte.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExportApplications;

/// A ZIP archive with a file `<namespace>/<application>.json` for each application, each containing an
/// [`crate::application::ApplicationDetail`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// The received archive.
    pub bytes: Vec<u8>,
    /// SHA-256 of the archive in base64, computed by the server; `None` if it sent none.
    pub sha256: Option<String>,
    /// The file name proposed by the server, for example `export-1795418485812.zip`.
    pub filename: Option<String>,
}

impl Endpoint for ExportApplications {
    type Output = Export;

    fn request(&self) -> Request {
        Request::get(["v3", "export", "apps"])
    }

    /// A truncated archive is an error: it is not a backup.
    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        if let Some(cut) = &response.cut {
            let message = format!("the archive ended early ({cut})");
            return Err(Undecodable::new(".", message, &[]).into());
        }
        if let Some(length) = response.get("content-length").and_then(|length| length.parse().ok())
            && response.body.len() < length
        {
            let message = format!("the archive ended after {} of {length} bytes", response.body.len());
            return Err(Undecodable::new(".", message, &[]).into());
        }
        Ok(Export {
            bytes: response.body.clone(),
            sha256: response.get("digest").and_then(sha256),
            filename: response.get("content-disposition").and_then(filename),
        })
    }
}

/// The `sha-256` value of a `digest` header, which can list several.
fn sha256(header: &str) -> Option<String> {
    header.split(',').find_map(|digest| {
        let (name, value) = digest.trim().split_once('=')?;
        name.eq_ignore_ascii_case("sha-256").then(|| value.to_owned())
    })
}

/// The file name of a `content-disposition` header, with or without quotes.
fn filename(header: &str) -> Option<String> {
    header.split(';').find_map(|part| {
        let (name, value) = part.trim().split_once('=')?;
        let value = value.trim().trim_matches('"');
        (name.trim().eq_ignore_ascii_case("filename") && !value.is_empty()).then(|| value.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_a_truncated_archive() {
        let short = Response::new(200, "PK").header("content-length", "6519");
        assert!(matches!(ExportApplications.read(&short), Err(Error::Undecodable(_))));
        let cut = Response { cut: Some("reset".into()), ..Response::new(200, "PK") };
        assert!(matches!(ExportApplications.read(&cut), Err(Error::Undecodable(_))));
    }

    #[test]
    fn missing_or_invalid_headers_leave_their_fields_empty() {
        let bare = ExportApplications.read(&Response::new(200, "PK")).unwrap();
        assert_eq!((bare.sha256, bare.filename), (None, None));
        let odd = Response::new(200, "PK")
            .header("Digest", "md5=x==, SHA-256=abc=")
            .header("Content-Disposition", "attachment");
        let odd = ExportApplications.read(&odd).unwrap();
        assert_eq!((odd.sha256.as_deref(), odd.filename), (Some("abc="), None));
    }
}
