//! The [`Endpoint`] trait.

use crate::error::Error;
use crate::request::Request;
use crate::response::Response;

/// One call of the API with all its parameters.
///
/// ```
/// use quiesce_api::system::GetVersion;
/// use quiesce_api::{Endpoint, Response};
///
/// assert_eq!(GetVersion.request().to_string(), "GET /v3/version");
/// let version = GetVersion.read(&Response::new(200, r#"{"version":"6.11.0"}"#))?;
/// assert_eq!(version.version, "6.11.0");
///
/// let error = GetVersion.read(&Response::new(503, "starting")).unwrap_err();
/// assert_eq!(error.to_string(), "503 Service Unavailable: starting");
/// # Ok::<(), quiesce_api::Error>(())
/// ```
pub trait Endpoint {
    /// The decoded body of a successful response.
    type Output;

    /// The request, exactly as it is sent.
    fn request(&self) -> Request;

    /// Decodes a successful response. Called only with a 2xx status; [`Endpoint::read`] handles all others.
    fn decode(&self, response: &Response) -> Result<Self::Output, Error>;

    /// Reads any response: a status other than 2xx becomes [`Error::Refused`].
    fn read(&self, response: &Response) -> Result<Self::Output, Error> {
        match response.status {
            200..=299 => self.decode(response),
            _ => Err(Error::refused(response)),
        }
    }
}
