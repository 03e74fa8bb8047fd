//! The saved runtime arguments of a program (API section 2.4).

use crate::list::decode_body;
use crate::{Endpoint, Error, ProgramRef, Request, Response};
use std::collections::BTreeMap;

/// What a program is started with when nobody says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GetRuntimeArguments {
    /// The program.
    pub program: ProgramRef,
}

impl Endpoint for GetRuntimeArguments {
    type Output = BTreeMap<String, String>;

    fn request(&self) -> Request {
        Request::get(self.program.segments().into_iter().chain(["runtimeargs"]))
    }

    fn decode(&self, response: &Response) -> Result<Self::Output, Error> {
        decode_body(response)
    }
}
