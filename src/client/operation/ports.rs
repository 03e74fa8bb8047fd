//! What a runner needs of the browser and the server, as traits: the page has one implementation of each, and the tests
//! others.

use crate::client::clock::{self, Moment};
use crate::client::journal::JournalError;
use crate::client::transport::{self, PATIENCE};
use futures::future::LocalBoxFuture;
use quiesce_api::{Endpoint, Error, Request, Response, Timestamp};
use quiesce_lifecycle::journal::{Entry, Header, OperationId};
use quiesce_lifecycle::operation::back_off;
use quiesce_lifecycle::user::{Continuation, Identity};
use std::rc::Rc;

/// Told how many bytes of a response have come, and how many there are in all if the server says it.
pub type Progress = Box<dyn Fn(u64, Option<u64>)>;

/// Sends requests to the server.
pub trait Transport {
    /// Sends a request whose response may take this many seconds.
    fn send(
        &self,
        request: Request,
        patience: u32,
        progress: Progress,
    ) -> LocalBoxFuture<'static, Result<Response, Error>>;
    /// The server, as the operator would name it.
    fn server(&self) -> LocalBoxFuture<'static, String>;
    /// Who sends the requests.
    fn identity(&self) -> Identity;
    /// Whether the operator has to sign in.
    fn requires_sign_in(&self) -> bool;
    /// Whether the console is known to reject every change. While it is, its server is asked again now and then.
    fn is_read_only(&self) -> bool;
}

/// Stores the journal of operations. What is appended is stored for good when the future ends.
pub trait JournalStore {
    /// What an operation is.
    fn header(
        &self,
        operation: &OperationId,
    ) -> LocalBoxFuture<'static, Result<Option<Header>, JournalError>>;
    /// The entries of an operation from a place on, in order.
    fn entries_from(
        &self,
        operation: &OperationId,
        from: u64,
    ) -> LocalBoxFuture<'static, Result<Vec<Entry>, JournalError>>;
    /// Appends entries, all or none. Fails if a place is taken.
    fn append(&self, entries: Vec<Entry>) -> LocalBoxFuture<'static, Result<(), JournalError>>;
    /// Notes whether nothing is left to do for an operation.
    fn mark(
        &self,
        operation: &OperationId,
        finished: bool,
    ) -> LocalBoxFuture<'static, Result<(), JournalError>>;
    /// Notes who continues an operation of another user.
    fn continued(
        &self,
        operation: &OperationId,
        continuation: Continuation,
    ) -> LocalBoxFuture<'static, Result<(), JournalError>>;
    /// Asks the browser to keep what is stored.
    fn persist(&self) -> LocalBoxFuture<'static, ()>;
}

/// Tells the time and waits.
pub trait Clock {
    /// The moment by the browser's clock.
    fn now(&self) -> Timestamp;
    /// Waits for this many milliseconds.
    fn sleep(&self, milliseconds: u32) -> LocalBoxFuture<'static, ()>;
    /// A number below this one by chance; 0 for 0.
    fn random(&self, below: u32) -> u32;

    /// How long to wait after this many failed requests in a row, in milliseconds: up to a quarter less by chance, so
    /// that many consoles do not come back at the same moment.
    fn back_off(&self, attempts: u32) -> u32 {
        let wait = back_off(attempts);
        wait - self.random(wait / 4)
    }
}

/// Lets one tab run an operation, and the others watch.
pub trait Locks {
    /// Takes the lock of an operation, or says at once that another tab has it.
    fn take(&self, operation: &OperationId) -> LocalBoxFuture<'static, Option<Box<dyn Lock>>>;
}

/// The right to run an operation. Given back when dropped.
pub trait Lock {
    /// Renews it, every two seconds. `false`: another tab has it.
    fn renew(&self) -> bool;
}

/// All of them.
#[derive(Clone)]
pub struct Ports {
    /// Sends requests to the server.
    pub transport: Rc<dyn Transport>,
    /// Stores the journal.
    pub journal: Rc<dyn JournalStore>,
    /// Tells the time.
    pub clock: Rc<dyn Clock>,
    /// Locks operations.
    pub locks: Rc<dyn Locks>,
}

impl Ports {
    /// Calls an endpoint.
    pub fn call<'a, E: Endpoint>(&self, endpoint: &'a E) -> LocalBoxFuture<'a, Result<E::Output, Error>> {
        transport::read(endpoint, self.send(endpoint.request()))
    }

    /// Sends a request as it is.
    pub fn send(&self, request: Request) -> LocalBoxFuture<'static, Result<Response, Error>> {
        self.transport.send(request, PATIENCE, Box::new(|_, _| {}))
    }

    /// The moment by the browser's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The milliseconds since another moment.
    pub fn since(&self, then: Timestamp) -> i64 {
        clock::millis_between(Moment::Browser(then), Moment::Browser(self.now()))
    }

    /// Waits for this many milliseconds.
    pub fn sleep(&self, milliseconds: u32) -> LocalBoxFuture<'static, ()> {
        self.clock.sleep(milliseconds)
    }
}
