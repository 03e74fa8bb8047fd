//! Recorded exchanges, the cases that check them, and helpers.

use quiesce_api::{
    ApplicationId, Endpoint, Error, NamespaceId, ProgramRef, ProgramType, RefusalKind, Request, Response,
    Rows, RunRef, VersionId,
};
use serde_json::Value;
use std::fmt::{self, Debug};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The server of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// 6.11.0 with its default configuration.
    New,
    /// 6.7.2 with its default configuration.
    Old,
    /// 6.11.0 with a stop timeout of 5 seconds and a terminator that runs every 5 seconds.
    Short,
    /// 6.11.0 with security enabled.
    Secured,
}

pub const NEW: &[On] = &[On::New];
pub const OLD: &[On] = &[On::Old];
pub const BOTH: &[On] = &[On::New, On::Old];
pub const SHORT: &[On] = &[On::Short];
pub const SECURED: &[On] = &[On::Secured];

const FILES: [(On, &str); 4] = [
    (On::New, include_str!("../recordings/cdap-6.11.0.jsonl")),
    (On::Old, include_str!("../recordings/cdap-6.7.2.jsonl")),
    (On::Short, include_str!("../recordings/cdap-6.11.0-short-deadline.jsonl")),
    (On::Secured, include_str!("../recordings/cdap-6.11.0-secured.jsonl")),
];

/// One recorded exchange.
pub struct Record {
    pub on: On,
    pub name: String,
    pub method: String,
    pub target: String,
    pub body: Option<String>,
    pub response: Response,
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}: {} {}", self.on, self.name, self.method, self.target)
    }
}

/// The checks for the records of one name.
pub struct Case {
    pub on: &'static [On],
    pub name: &'static str,
    check: Box<dyn Fn(&Record)>,
}

impl Case {
    pub fn is_of(&self, record: &Record) -> bool {
        self.name == record.name && self.on.contains(&record.on)
    }
}

/// The check for the records of this name and these servers.
pub fn case(on: &'static [On], name: &'static str, check: impl Fn(&Record) + 'static) -> Case {
    Case { on, name, check: Box::new(check) }
}

/// The records of all files.
pub fn records() -> Vec<Record> {
    FILES
        .iter()
        .flat_map(|(on, text)| text.lines().map(|line| record(*on, &serde_json::from_str(line).unwrap())))
        .collect()
}

fn record(on: On, line: &Value) -> Record {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let answer = &line["response"];
    let body = answer["body"].as_str().unwrap_or_default();
    let mut response = Response::new(
        u16::try_from(answer["status"].as_u64().unwrap()).unwrap(),
        if answer["encoding"] == "base64" { base64(body) } else { body.as_bytes().to_vec() },
    );
    for (name, value) in answer["headers"].as_object().unwrap() {
        response = response.header(name, value.as_str().unwrap());
    }
    Record {
        on,
        name: text(&line["name"]).unwrap(),
        method: text(&line["request"]["method"]).unwrap(),
        target: text(&line["request"]["path"]).unwrap(),
        body: text(&line["request"]["body"]),
        response,
    }
}

/// Runs every case on its records and names all failures.
pub fn replay(cases: &[Case]) {
    let records = records();
    let mut failed = Vec::new();
    for record in &records {
        for case in cases.iter().filter(|case| case.is_of(record)) {
            if catch_unwind(AssertUnwindSafe(|| (case.check)(record))).is_err() {
                failed.push(record.to_string());
            }
        }
    }
    assert!(failed.is_empty(), "{} records are not as expected:\n{}", failed.len(), failed.join("\n"));
}

impl Record {
    /// The request must equal this one; a JSON body may differ in whitespace and order.
    #[track_caller]
    pub fn is(&self, request: &Request) {
        assert_eq!(request.method.as_str(), self.method);
        assert_eq!(request.target, self.target);
        match (&request.body, &self.body) {
            (Some(ours), Some(theirs)) => assert_eq!(json(ours), json(theirs)),
            (ours, theirs) => assert_eq!(ours, theirs),
        }
    }

    /// The endpoint must write the recorded request; returns what it decodes from the response.
    #[track_caller]
    pub fn read<E: Endpoint>(&self, endpoint: &E) -> Result<E::Output, Error> {
        self.is(&endpoint.request());
        endpoint.read(&self.response)
    }

    /// The same for a successful response.
    #[track_caller]
    pub fn good<E: Endpoint>(&self, endpoint: &E) -> E::Output {
        self.read(endpoint).unwrap_or_else(|error| panic!("{error:?}"))
    }

    /// The same for a complete list.
    #[track_caller]
    pub fn rows<T: Debug, E: Endpoint<Output = Rows<T>>>(&self, endpoint: &E) -> Vec<T> {
        let rows = self.good(endpoint);
        assert!(rows.is_whole(), "{rows:?}");
        rows.good
    }

    /// The same for a refusal of this kind with this message.
    #[track_caller]
    pub fn refused<E: Endpoint>(&self, endpoint: &E, status: u16, kind: RefusalKind, words: &str)
    where
        E::Output: Debug,
    {
        let error = self.read(endpoint).unwrap_err();
        refusal(&error, status, kind, words);
    }

    /// Selects by server: the first for a new one, the second for an old one.
    pub fn pick<T>(&self, new: T, old: T) -> T {
        if self.on == On::Old { old } else { new }
    }

    /// The decoded segments of the path.
    pub fn segments(&self) -> Vec<String> {
        self.target.split('?').next().unwrap().split('/').skip(1).map(percent).collect()
    }

    /// The value of a parameter; `Some("")` for one without a value.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.parameters().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// All parameters in order.
    pub fn parameters(&self) -> Vec<(String, String)> {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        query
            .split('&')
            .filter(|part| !part.is_empty())
            .map(|part| part.split_once('=').unwrap_or((part, "")))
            .map(|(name, value)| (percent(name), percent(value)))
            .collect()
    }

    pub fn namespace(&self) -> NamespaceId {
        self.segments()[2].as_str().into()
    }

    pub fn application(&self) -> ApplicationId {
        self.segments()[4].as_str().into()
    }

    /// The version in the path, if any.
    pub fn version(&self) -> Option<VersionId> {
        let segments = self.segments();
        (segments.get(5)? == "versions").then(|| segments[6].as_str().into())
    }

    pub fn program(&self) -> ProgramRef {
        let segments = self.segments();
        let at = if self.version().is_some() { 7 } else { 5 };
        ProgramRef::new(
            self.namespace(),
            self.application(),
            ProgramType::from_path(&segments[at]),
            segments[at + 1].as_str(),
        )
    }

    pub fn run(&self) -> RunRef {
        let segments = self.segments();
        let at = segments.iter().position(|segment| segment == "runs").unwrap();
        self.program().run(segments[at + 1].as_str())
    }

    /// The programs in the body of a batch call.
    pub fn programs(&self) -> Vec<ProgramRef> {
        let program = |element: &Value| {
            ProgramRef::new(
                self.namespace(),
                element["appId"].as_str().unwrap(),
                ProgramType::from_word(element["programType"].as_str().unwrap()),
                element["programId"].as_str().unwrap(),
            )
        };
        self.json().as_array().unwrap().iter().map(program).collect()
    }

    /// The body of the request.
    pub fn json(&self) -> Value {
        json(self.body.as_deref().unwrap())
    }
}

/// The error must be a refusal of this kind with this message.
#[track_caller]
pub fn refusal(error: &Error, status: u16, kind: RefusalKind, words: &str) {
    let refusal = error.refusal().unwrap_or_else(|| panic!("{error:?}"));
    assert_eq!((refusal.status, refusal.kind, refusal.message.as_str()), (status, kind, words));
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

fn percent(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        if *first == b'%' {
            let (hex, tail) = rest.split_at(2);
            bytes.push(u8::from_str_radix(std::str::from_utf8(hex).unwrap(), 16).unwrap());
            rest = tail;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn base64(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0);
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let value = ALPHABET.iter().position(|known| *known == letter).unwrap();
        bits = bits << 6 | u32::try_from(value).unwrap();
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xFF).unwrap());
        }
    }
    bytes
}
