//! What an endpoint is.

use crate::{Error, Request, Response};

/// One call of the API, complete with its parameters.
pub trait Endpoint {
    /// What a good answer says.
    type Output;

    /// The request to the letter.
    fn request(&self) -> Request;

    /// Reads a good answer. Only called with a 2xx status; [`Endpoint::read`] has dealt with the others.
    fn decode(&self, response: &Response) -> Result<Self::Output, Error>;

    /// Reads any answer: a status that is not 2xx becomes [`Error::Refused`].
    fn read(&self, response: &Response) -> Result<Self::Output, Error> {
        match response.status {
            200..=299 => self.decode(response),
            _ => Err(Error::refused(response)),
        }
    }
}
