//! The export of all applications (docs/cdap-api.md#export).

use crate::{Endpoint, Error, Request, Response, Undecodable};

/// The latest version of every application of every namespace but `system`, as one archive. The server packs all
/// of it before it sends the first byte.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExportApplications;

/// The archive: a zip with a file `<namespace>/<application>.json` for each application, each holding an
/// [`crate::application::ApplicationDetail`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// The zip as it came.
    pub bytes: Vec<u8>,
    /// The SHA-256 of the bytes in base64, as the server reckoned it; `None` when it sent none.
    pub sha256: Option<String>,
    /// The name that the server gives the file, for example `export-1795418485812.zip`.
    pub filename: Option<String>,
}

impl Endpoint for ExportApplications {
    type Output = Export;

    fn request(&self) -> Request {
        Request::get(["v3", "export", "apps"])
    }

    /// An archive that ended early is an error: half a backup is none.
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

/// The value of `sha-256` in a `digest` header, which may list several.
fn sha256(header: &str) -> Option<String> {
    header.split(',').find_map(|digest| {
        let (name, value) = digest.trim().split_once('=')?;
        name.eq_ignore_ascii_case("sha-256").then(|| value.to_owned())
    })
}

/// The file name in a `content-disposition` header, with or without quotes.
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
    fn an_archive_that_ended_early_is_no_archive() {
        let short = Response::new(200, "PK").header("content-length", "6519");
        assert!(matches!(ExportApplications.read(&short), Err(Error::Undecodable(_))));
        let cut = Response { cut: Some("reset".into()), ..Response::new(200, "PK") };
        assert!(matches!(ExportApplications.read(&cut), Err(Error::Undecodable(_))));
    }

    #[test]
    fn headers_that_are_missing_or_odd_leave_their_field_empty() {
        let bare = ExportApplications.read(&Response::new(200, "PK")).unwrap();
        assert_eq!((bare.sha256, bare.filename), (None, None));
        let odd = Response::new(200, "PK")
            .header("Digest", "md5=x==, SHA-256=abc=")
            .header("Content-Disposition", "attachment");
        let odd = ExportApplications.read(&odd).unwrap();
        assert_eq!((odd.sha256.as_deref(), odd.filename), (Some("abc="), None));
    }
}
