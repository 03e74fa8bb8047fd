//! The saved runtime arguments of a program (docs/cdap-api.md#saved-runtime-arguments).

use crate::list::decode_body;
use crate::{Endpoint, Error, ProgramRef, Request, Response};
use serde::{Deserialize, Serialize};
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

/// Replaces the saved arguments of a program. They are its preferences under another name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PutRuntimeArguments {
    /// The program.
    pub program: ProgramRef,
    /// All of them: what is left out is gone.
    pub arguments: BTreeMap<String, String>,
}

impl Endpoint for PutRuntimeArguments {
    type Output = ();

    fn request(&self) -> Request {
        Request::put(self.program.segments().into_iter().chain(["runtimeargs"])).json(&self.arguments)
    }

    fn decode(&self, _: &Response) -> Result<(), Error> {
        Ok(())
    }
}
