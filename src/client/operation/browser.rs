//! The ports of the page: `fetch`, IndexedDB, the browser's clock, and the locks of its tabs.

use super::ports::{Clock, JournalStore, Lock, Locks, Ports, Progress, Transport};
use crate::client::journal::{self, JournalError};
use crate::client::session::Client;
use crate::client::session::state::Session;
use crate::client::tab_lock::{self, TabLock};
use crate::client::{clock, durability};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use leptos::prelude::*;
use quiesce_api::{Error, Request, Response, Timestamp};
use quiesce_lifecycle::journal::{Entry, Header, OperationId};
use quiesce_lifecycle::user::{Continuation, Identity};
use std::rc::Rc;

impl Client {
    /// The ports of an operation of this page.
    pub fn ports(self) -> Ports {
        Ports {
            transport: Rc::new(self),
            journal: Rc::new(StoredJournal(self)),
            clock: Rc::new(BrowserClock),
            locks: Rc::new(TabLocks),
        }
    }
}

impl Transport for Client {
    fn send(
        &self,
        request: Request,
        patience: u32,
        progress: Progress,
    ) -> LocalBoxFuture<'static, Result<Response, Error>> {
        self.send_for(request, patience, progress)
    }

    fn server(&self) -> LocalBoxFuture<'static, String> {
        std::future::ready(Client::server(*self)).boxed_local()
    }

    fn identity(&self) -> Identity {
        untrack(|| Client::identity(*self))
    }

    fn requires_sign_in(&self) -> bool {
        self.sign_in().session.with_untracked(Session::requires_sign_in)
    }

    fn is_read_only(&self) -> bool {
        let is_read_only = self.permissions().with_untracked(|permissions| permissions.read_only);
        if is_read_only {
            self.recheck_read_only();
        }
        is_read_only
    }
}

/// The journal of this browser.
struct StoredJournal(Client);

impl JournalStore for StoredJournal {
    fn header(
        &self,
        operation: &OperationId,
    ) -> LocalBoxFuture<'static, Result<Option<Header>, JournalError>> {
        let operation = operation.clone();
        async move { journal::header(&operation).await }.boxed_local()
    }

    fn entries_from(
        &self,
        operation: &OperationId,
        from: u64,
    ) -> LocalBoxFuture<'static, Result<Vec<Entry>, JournalError>> {
        let operation = operation.clone();
        async move { journal::entries_from(&operation, from).await }.boxed_local()
    }

    fn append(&self, entries: Vec<Entry>) -> LocalBoxFuture<'static, Result<(), JournalError>> {
        async move { journal::append(&entries).await }.boxed_local()
    }

    fn mark(
        &self,
        operation: &OperationId,
        finished: bool,
    ) -> LocalBoxFuture<'static, Result<(), JournalError>> {
        let (client, operation) = (self.0, operation.clone());
        async move {
            if let Some(header) = journal::header(&operation).await?
                && header.finished != finished
            {
                journal::update(&Header { finished, ..header }).await?;
                client.refresh_operations().await;
            }
            Ok(())
        }
        .boxed_local()
    }

    fn continued(
        &self,
        operation: &OperationId,
        continuation: Continuation,
    ) -> LocalBoxFuture<'static, Result<(), JournalError>> {
        let operation = operation.clone();
        async move {
            if let Some(mut header) = journal::header(&operation).await? {
                header.continued.push(continuation);
                journal::update(&header).await?;
            }
            Ok(())
        }
        .boxed_local()
    }

    fn persist(&self) -> LocalBoxFuture<'static, ()> {
        durability::request().boxed_local()
    }
}

/// The browser's clock.
pub struct BrowserClock;

impl Clock for BrowserClock {
    fn now(&self) -> Timestamp {
        clock::now()
    }

    fn sleep(&self, milliseconds: u32) -> LocalBoxFuture<'static, ()> {
        clock::sleep(milliseconds).boxed_local()
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the number")]
    fn random(&self, below: u32) -> u32 {
        (js_sys::Math::random() * f64::from(below)) as u32
    }
}

struct TabLocks;

impl Locks for TabLocks {
    fn take(&self, operation: &OperationId) -> LocalBoxFuture<'static, Option<Box<dyn Lock>>> {
        let name = operation.0.clone();
        async move { tab_lock::take(&name).await.map(|lock| Box::new(lock) as Box<dyn Lock>) }.boxed_local()
    }
}

impl Lock for TabLock {
    fn renew(&self) -> bool {
        TabLock::renew(self)
    }
}
