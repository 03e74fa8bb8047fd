//! The server of the console: it serves the page, and under the same origin it either forwards CDAP's lifecycle API
//! to a real router or answers it from the sandbox. It holds no state and knows no credentials.
//!
//! * [`console`]: which part answers which path.
//! * [`guard`]: who may ask: the `Host` header and requests from other sites.
//! * [`page`]: the page's files, their caching and their security headers.
//! * [`forward`]: the way to a router and back.
//! * [`answer`]: joining and compressing what goes to the browser.
//! * [`listen`]: connections, and a clean end.
//! * [`refusal`]: answers of this server's own.

pub mod answer;
pub mod console;
mod demo;
pub mod encoding;
pub mod forward;
pub mod guard;
pub mod listen;
pub mod page;
pub mod refusal;
