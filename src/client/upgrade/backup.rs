//! Makes a backup: the server's export and what it lacks, verified, as one archive. In slices: the page stays alive.

use super::progress::{Transfer, UpgradeProgress};
use crate::client::operation::Ports;
use crate::client::polling;
use crate::client::transport::PATIENCE;
use futures::stream::{self, StreamExt};
use leptos::prelude::*;
use quiesce_api::export::{Export, ExportApplications};
use quiesce_api::{ApplicationId, Endpoint, Error, NamespaceId, Request, Response, Timestamp};
use quiesce_lifecycle::backup::{self, Manifest, Summary, Verification};
use quiesce_lifecycle::plural::list;
use quiesce_lifecycle::upgrade::BackupFailure;
use std::collections::BTreeSet;

/// How long the server may take to pack and send all applications, in seconds.
const EXPORT: u32 = 1_800;
/// How often a read is tried while the server is away: about two minutes.
const TRIES: u32 = 6;
/// How many reads are under way at once.
const AT_ONCE: usize = 5;
/// How long the page may be kept from anything else, in milliseconds.
const SLICE: i64 = 16;

/// Asks again while the server is away, and waits while it wants a token. An answer that ended early is given as it
/// came.
async fn ask(
    ports: &Ports,
    request: &Request,
    patience: u32,
    progress: impl Fn(u64, Option<u64>) + Copy + 'static,
) -> Result<Response, Error> {
    let mut tries = 0;
    loop {
        let error = match ports.transport.send(request.clone(), patience, Box::new(progress)).await {
            Ok(answer) if (200..300).contains(&answer.status) => return Ok(answer),
            Ok(answer) => Error::refused(&answer),
            Err(error) => error,
        };
        if error.refusal().is_some_and(|refusal| refusal.status == 401) {
            while ports.transport.requires_sign_in() {
                ports.sleep(500).await;
            }
        } else if tries < TRIES && polling::is_outage(&error) {
            tries += 1;
            ports.sleep(ports.clock.back_off(tries)).await;
        } else {
            return Err(error);
        }
    }
}

/// A rest for the page, once a slice is over.
struct Slices(Ports, Timestamp);

impl Slices {
    async fn rest(&mut self) {
        if self.0.since(self.1) > SLICE {
            self.0.sleep(0).await;
            self.1 = self.0.now();
        }
    }
}

/// Reads and verifies the export, reads what it lacks, and packs both.
pub(super) async fn make(
    ports: Ports,
    progress: UpgradeProgress,
    applications: Vec<(NamespaceId, ApplicationId)>,
) -> Result<(Summary, Vec<u8>), BackupFailure> {
    let made = read(&ports, progress, applications).await;
    progress.transfer.try_set(None);
    made
}

async fn read(
    ports: &Ports,
    progress: UpgradeProgress,
    applications: Vec<(NamespaceId, ApplicationId)>,
) -> Result<(Summary, Vec<u8>), BackupFailure> {
    let mut far = Transfer { bytes: 0, of_bytes: None, extras: 0, of_extras: 0 };
    progress.transfer.try_set(Some(far));
    let told = move |bytes, of_bytes| {
        progress.transfer.try_set(Some(Transfer { bytes, of_bytes, ..far }));
    };
    let export = match ask(ports, &ExportApplications.request(), EXPORT, told).await {
        Ok(answer) => ExportApplications.read(&answer),
        Err(error) => Err(error),
    };
    let Export { bytes: export, sha256, .. } = export.map_err(BackupFailure::ExportUnread)?;
    (far.bytes, far.of_bytes) = (export.len() as u64, None);
    let mut slices = Slices(ports.clone(), ports.now());
    let mut verification = Verification::begin(&export, sha256.as_deref(), applications.clone())
        .map_err(BackupFailure::ExportInvalid)?;
    while verification.go_on(&export, 4).map_err(BackupFailure::ExportInvalid)? {
        slices.rest().await;
    }
    let mut namespaces = BTreeSet::new();
    namespaces.extend(applications.iter().map(|(namespace, _)| namespace));
    let mut lacking = Vec::new();
    for namespace in &namespaces {
        lacking.extend(backup::extras_of_namespace(namespace));
    }
    for (namespace, application) in &applications {
        // One that the export lacks is detected when the backup is held against what was checked.
        if let Ok(detail) = backup::application(&export, namespace, application) {
            lacking.extend(backup::extras_of_application(namespace, &detail));
        }
        slices.rest().await;
    }
    far.of_extras = lacking.len();
    progress.transfer.try_set(Some(far));
    let mut extras = Vec::with_capacity(lacking.len());
    let reads = lacking.into_iter().map(|(name, request)| async move {
        let answer = ask(ports, &request, PATIENCE, |_, _| {}).await;
        (name, answer)
    });
    let mut reads = stream::iter(reads).buffer_unordered(AT_ONCE);
    while let Some((name, answer)) = reads.next().await {
        match answer {
            Ok(Response { body, cut: None, .. }) => extras.push((name, body)),
            Ok(_) => return Err(BackupFailure::ExtraCut(name)),
            // A refusal is what the server has to say of it, and is kept as that.
            Err(Error::Refused(refusal)) if refusal.status < 500 => {
                extras.push((format!("{name}.{}.txt", refusal.status), refusal.message.into_bytes()));
            }
            Err(error) => return Err(BackupFailure::ExtraUnread(name, error)),
        }
        far.extras += 1;
        if progress.transfer.try_set(Some(far)).is_some() {
            return Err(BackupFailure::PageClosed);
        }
        slices.rest().await;
    }
    let made = ports.now();
    let scope = match namespaces.first() {
        Some(one) if namespaces.len() == 1 => one.to_string(),
        _ => "server".to_owned(),
    };
    let file = backup::file_name(&scope, made);
    let mut summary = verification.summary(file, 0);
    let manifest = Manifest {
        quiesce: 1,
        namespace: list(&namespaces),
        server: ports.transport.server().await,
        made,
        applications: summary.found.clone(),
        files: Vec::new(),
    };
    let archive = backup::make(manifest, export, extras).map_err(BackupFailure::ExportInvalid)?;
    summary.bytes = archive.len() as u64;
    Ok((summary, archive))
}
