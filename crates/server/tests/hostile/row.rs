//! One row of the table: a request, its answer, and what the router may receive.

use crate::recorder::Received;
use crate::support::wire::Wire;
use std::net::SocketAddr;

/// The server that receives the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Plain,
    ReadOnly,
    /// With the routers `prod` and `test`.
    Named,
    /// With `--user-header` of a proxy that is not the client.
    UserHeader,
}

/// Unless it says otherwise, a request is answered with 400 and not forwarded.
#[derive(Clone, Debug)]
pub struct Row {
    pub name: &'static str,
    pub mode: Mode,
    request: Request,
    /// Whether the request has no end.
    pub truncated: bool,
    pub expect: Expect,
    pub forwards: Forwards,
}

#[derive(Clone, Debug)]
enum Request {
    /// A line, headers and a body; `Host` and `Connection: close` are added.
    Built { line: String, headers: Vec<String>, body: Vec<u8>, host: bool },
    /// All bytes; `{host}` stands for the server's address.
    Raw(Vec<u8>),
}

/// The answer.
#[derive(Clone, Copy, Debug)]
pub enum Expect {
    /// This server's own error.
    Error(u16, &'static str),
    /// This status, whoever answers.
    Status(u16),
    /// The statuses of several answers.
    Answers(&'static [u16]),
    /// A closed connection without an answer.
    Nothing,
}

impl Expect {
    pub fn check(self, answer: &Wire) -> Result<(), String> {
        let (status, code) = (answer.status(), answer.header("x-quiesce-error"));
        match self {
            Self::Error(..) | Self::Status(_) if answer.statuses().len() != 1 => {
                return Err(format!("{} answers instead of one", answer.statuses().len()));
            }
            Self::Error(expected, error) if status != Some(expected) || code.as_deref() != Some(error) => {
                return Err(format!("expected {expected} {error}, not {status:?} {code:?}"));
            }
            Self::Status(expected) if status != Some(expected) => {
                return Err(format!("expected {expected}, not {status:?}"));
            }
            Self::Answers(expected) if answer.statuses() != expected => {
                return Err(format!("expected {expected:?}, not {:?}", answer.statuses()));
            }
            Self::Nothing if !answer.is_empty() => {
                return Err(format!("expected a closed connection, not {status:?}"));
            }
            _ => {}
        }
        if code.is_some() && answer.header("x-request-id").is_none() {
            return Err("an error without an identifier".to_owned());
        }
        for name in ["set-cookie", "access-control-allow-origin", "server"] {
            if let Some(value) = answer.header(name) {
                return Err(format!("the answer has {name}: {value}"));
            }
        }
        Ok(())
    }
}

/// What the router may receive.
#[derive(Clone, Copy, Debug)]
pub enum Forwards {
    /// Nothing, or only a request without its end, which no router executes.
    Nothing,
    /// Exactly this request line, without these headers.
    Only(&'static str, &'static [&'static str]),
}

impl Forwards {
    pub fn check(self, received: &[Received]) -> Result<(), String> {
        let complete: Vec<_> = received.iter().filter(|it| it.body.is_some()).collect();
        let lines: Vec<_> = complete.iter().map(|it| it.line()).collect();
        match self {
            Self::Nothing if complete.is_empty() => Ok(()),
            Self::Nothing => Err(format!("forwarded {lines:?}")),
            Self::Only(line, _) if lines != [line] => Err(format!("forwarded {lines:?} and not {line}")),
            Self::Only(_, absent) => {
                let found =
                    absent.iter().find(|name| complete.iter().any(|it| it.headers.contains_key(**name)));
                found.map_or(Ok(()), |name| Err(format!("forwarded the header {name}")))
            }
        }
    }
}

impl Row {
    fn new(name: &'static str, line: String) -> Self {
        let request = Request::Built { line, headers: Vec::new(), body: Vec::new(), host: true };
        Self {
            name,
            mode: Mode::Plain,
            request,
            truncated: false,
            expect: Expect::Error(400, "bad_request"),
            forwards: Forwards::Nothing,
        }
    }

    pub fn get(name: &'static str, target: &str) -> Self {
        Self::new(name, format!("GET {target}"))
    }

    /// Any method and target.
    pub fn line(name: &'static str, line: &str) -> Self {
        Self::new(name, line.to_owned())
    }

    pub fn post(name: &'static str, target: &str, body: impl Into<Vec<u8>>) -> Self {
        let body: Vec<u8> = body.into();
        let length = format!("content-length: {}", body.len());
        Self::new(name, format!("POST {target}")).header(&length).body(body)
    }

    /// Bytes as they are.
    pub fn raw(name: &'static str, bytes: impl Into<Vec<u8>>) -> Self {
        Self { request: Request::Raw(bytes.into()), ..Self::new(name, String::new()) }
    }

    pub fn header(mut self, header: &str) -> Self {
        if let Request::Built { headers, .. } = &mut self.request {
            headers.push(header.to_owned());
        }
        self
    }

    pub fn body(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        if let Request::Built { body, .. } = &mut self.request {
            *body = bytes.into();
        }
        self
    }

    pub fn without_host(mut self) -> Self {
        if let Request::Built { host, .. } = &mut self.request {
            *host = false;
        }
        self
    }

    /// The client sends nothing more.
    pub fn truncated(self) -> Self {
        Self { truncated: true, ..self }
    }

    pub fn on(self, mode: Mode) -> Self {
        Self { mode, ..self }
    }

    pub fn error(self, status: u16, code: &'static str) -> Self {
        Self { expect: Expect::Error(status, code), ..self }
    }

    /// The server closes the connection without an answer.
    pub fn closed(self) -> Self {
        Self { expect: Expect::Nothing, ..self }
    }

    pub fn status(self, status: u16) -> Self {
        Self { expect: Expect::Status(status), ..self }
    }

    pub fn answers(self, statuses: &'static [u16]) -> Self {
        Self { expect: Expect::Answers(statuses), ..self }
    }

    pub fn forwards(self, forwards: Forwards) -> Self {
        Self { forwards, ..self }
    }

    /// The request is answered by the router, which receives this line without these headers.
    pub fn only(self, line: &'static str, absent: &'static [&'static str]) -> Self {
        self.status(200).forwards(Forwards::Only(line, absent))
    }

    pub fn bytes(&self, address: SocketAddr) -> Vec<u8> {
        let own = address.to_string();
        match &self.request {
            Request::Raw(bytes) => replaced(bytes, &own),
            Request::Built { line, headers, body, host } => {
                let mut head = format!("{line} HTTP/1.1\r\n");
                if *host {
                    head.push_str("host: {host}\r\n");
                }
                for header in headers {
                    head.push_str(header);
                    head.push_str("\r\n");
                }
                head.push_str("connection: close\r\n\r\n");
                [replaced(head.as_bytes(), &own), body.clone()].concat()
            }
        }
    }
}

/// The bytes with the server's address for `{host}`.
fn replaced(bytes: &[u8], host: &str) -> Vec<u8> {
    const PLACE: &[u8] = b"{host}";
    let mut result = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.windows(PLACE.len()).position(|window| window == PLACE) {
        result.extend_from_slice(&rest[..at]);
        result.extend_from_slice(host.as_bytes());
        rest = &rest[at + PLACE.len()..];
    }
    result.extend_from_slice(rest);
    result
}
