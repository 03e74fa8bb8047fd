//! The saved runtime arguments of a program (docs/cdap-api.md#saved-runtime-arguments).
//!
//! ```
//! use quiesce_api::arguments::PutRuntimeArguments;
//! use quiesce_api::{Endpoint, ProgramRef, ProgramType};
//! use std::collections::BTreeMap;
//!
//! let program = ProgramRef::new("default", "orders", ProgramType::Workflow, "DataPipelineWorkflow");
//! let arguments = BTreeMap::from([("day".to_owned(), "monday".to_owned())]);
//! let put = PutRuntimeArguments { program, arguments }.request();
//! assert_eq!(
//!     put.to_string(),
//!     "PUT /v3/namespaces/default/apps/orders/workflows/DataPipelineWorkflow/runtimeargs"
//! );
//! assert_eq!(put.body.as_deref(), Some(r#"{"day":"monday"}"#));
//! ```

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::list::decode_body;
use crate::program::ProgramRef;
use crate::request::Request;
use crate::response::Response;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Reads the arguments that a run starts with by default.
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
    /// All arguments: the server removes those that are missing here.
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
