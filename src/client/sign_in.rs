//! Signs in and out, and lets what is refused for its token wait until the operator has signed in.

use super::session::Client;
use super::session::channel::Channel;
use super::session::credential::{Credential, Token};
use super::session::password::{self, SignInError};
use super::session::state::{Phase, Refused, Session};
use super::storage::{self, Key};
use super::{clock, polling, transport};
use futures::channel::oneshot;
use leptos::prelude::*;
use quiesce_api::system::GetVersion;
use quiesce_api::{Endpoint, Error, Method, Request, Response, json};
use quiesce_lifecycle::findings::ServerFindings;
use quiesce_lifecycle::user::{Identity, UserName};
use send_wrapper::SendWrapper;

/// Who is signed in to a router, and what waits for it.
#[derive(Clone, Copy)]
pub struct SignIn {
    /// The session of this tab.
    pub session: RwSignal<Session>,
    /// Where it stands. Changes with the time, too.
    pub phase: RwSignal<Phase>,
    /// Whether the sign-in is open over the page.
    pub asking: RwSignal<bool>,
    /// Whether the next token is kept in the session storage of this tab.
    pub stays: RwSignal<bool>,
    /// Requests that wait until the operator signs in, or closes the sign-in.
    waiting: StoredValue<Vec<oneshot::Sender<()>>>,
    channel: StoredValue<Option<SendWrapper<Channel>>>,
}

impl SignIn {
    /// Nobody is signed in.
    pub fn new() -> Self {
        Self {
            session: RwSignal::new(Session::default()),
            phase: RwSignal::new(Phase::default()),
            asking: RwSignal::new(false),
            stays: RwSignal::new(false),
            waiting: StoredValue::new(Vec::new()),
            channel: StoredValue::new(None),
        }
    }

    /// When the sign-in expires, as text, if that is known.
    pub fn expiry(self) -> Option<String> {
        let expiry = self.session.with(|session| session.credential()?.expiry)?;
        Some(clock::short(expiry.at))
    }

    /// Ends the wait of all requests that wait for the operator.
    fn release(self) {
        drop(self.waiting.try_update_value(std::mem::take));
    }

    /// The phase now, and again when the time changes it.
    fn follow_time(self) {
        Effect::new(move |_| {
            let now = clock::now();
            let next = self.session.with(|session| {
                self.phase.set(session.phase(now));
                session.credential().and_then(|credential| credential.next_change(now))
            });
            if let Some(wait) = next {
                // It belongs to this session: with the next one it is gone, and its timer sets nothing.
                let turn = RwSignal::new(());
                turn.track();
                leptos::task::spawn_local(async move {
                    clock::sleep(wait).await;
                    turn.try_set(());
                });
            }
        });
    }
}

impl Client {
    /// Begins the session of this tab: with the token that the tab kept, if there is one.
    pub(super) fn begin_session(self) {
        let name = self.router().prefix();
        let kept = storage::read(Key::Session(&name)).and_then(|text| json::from_str(&text).ok());
        if let Some(kept) = kept {
            self.sign_in().session.update(|session| session.sign_in(kept));
            self.sign_in().stays.set(true);
        }
        let channel = Channel::join(&name, move || self.forget_session());
        self.sign_in().channel.set_value(Some(SendWrapper::new(channel)));
        self.sign_in().follow_time();
        // A closed sign-in releases what waits for it.
        Effect::new(move |before: Option<bool>| {
            let asking = self.sign_in().asking.get();
            if before == Some(true) && !asking {
                self.sign_in().release();
            }
            asking
        });
    }

    /// The user for whom operations are recorded: the one who signed in, else the one that a proxy reports.
    pub fn user(self) -> Option<UserName> {
        let signed_in = self.sign_in().session.with(|session| session.user().cloned());
        signed_in.or_else(|| self.info.with(|info| info.user.clone()))
    }

    /// Who sends the requests of this tab.
    pub fn identity(self) -> Identity {
        match self.user() {
            Some(name) => Identity::Named(name),
            None if self.has_token() => Identity::Unnamed,
            None => Identity::Anonymous,
        }
    }

    /// Whether a token is in use, so that a copied curl line needs one.
    pub fn has_token(self) -> bool {
        self.sign_in().session.with(|session| session.credential().is_some())
    }

    /// The token in use, for a request that is not sent by [`Client::send`].
    pub(super) fn token(self) -> Option<String> {
        let session = self.sign_in().session;
        session.with_untracked(|session| Some(session.credential()?.token.secret().to_owned()))
    }

    /// Opens the sign-in over the page.
    pub fn ask_to_sign_in(self) {
        self.sign_in().asking.set(true);
    }

    /// Sends a request once, or twice if a token that was renewed meanwhile was refused: a refused request was not
    /// carried out. Tells what a refusal for the token means.
    pub(super) async fn send_once(
        self,
        request: &Request,
        patience: u32,
        progress: transport::Progress<'_>,
    ) -> Result<(Response, Option<Refused>), Error> {
        let router = self.router();
        loop {
            let sent = self.sign_in().session.with_untracked(|session| session.credential().cloned());
            let token = sent.as_ref().map(|it| it.token.secret());
            let answer = transport::send(&router, request, token, patience, progress).await?;
            let skew = clock::skew(&router);
            if self.skew.get_untracked() != skew {
                self.skew.set(skew);
            }
            self.learn_permissions(request, &answer);
            if answer.status != 401 {
                return Ok((answer, None));
            }
            match self.refused(sent.as_ref(), &answer) {
                Refused::Renewed => {}
                refused => return Ok((answer, Some(refused))),
            }
        }
    }

    /// Takes in that a request was refused for its token, and opens the sign-in if that is the token in use.
    fn refused(self, sent: Option<&Credential>, answer: &Response) -> Refused {
        let mut session = self.sign_in().session.get_untracked();
        let refused = session.refused(sent, Error::refused(answer));
        if refused == Refused::SignIn {
            storage::write(Key::Session(&self.router().prefix()), "");
            self.sign_in().session.set(session);
            self.ask_to_sign_in();
        }
        refused
    }

    /// Sends a request of a page. While the sign-in is open over the page it waits; it is sent again if it is a read,
    /// or if nobody else has signed in meanwhile.
    pub(super) async fn send_after_sign_in(self, request: Request) -> Result<Response, Error> {
        let user = self.sign_in().session.with_untracked(|session| session.last_user().cloned());
        loop {
            let (answer, refused) = self.send_once(&request, transport::PATIENCE, &|_, _| {}).await?;
            match refused {
                None => return Ok(answer),
                Some(Refused::SignIn) => {
                    let (wake, woken) = oneshot::channel();
                    self.sign_in().waiting.update_value(|waiting| waiting.push(wake));
                    // It is dropped, not sent.
                    let _ = woken.await;
                }
                Some(_) => {}
            }
            let (required, now) =
                self.sign_in().session.with_untracked(|it| (it.requires_sign_in(), it.user().cloned()));
            let may = request.method == Method::Get || user.is_none() || user == now;
            if required || !may {
                return Ok(answer);
            }
        }
    }

    /// Signs in with a name and a password.
    pub async fn sign_in_with_password(self, name: &str, password: &str) -> Result<(), SignInError> {
        let sent = clock::now();
        let request = password::request(name, password);
        let failed = |error: quiesce_api::TransportError| SignInError::Failed(error.into());
        let router = self.router();
        let answer = transport::send(&router, &request, None, transport::PATIENCE, &|_, _| {}).await;
        let answer = answer.map_err(failed)?;
        self.sign_in_as(password::read(&answer, name, sent)?).await.map_err(SignInError::Failed)
    }

    /// Signs in with a pasted token.
    pub async fn sign_in_with_token(self, token: Token) -> Result<(), Error> {
        self.sign_in_as(Credential { token, user: None, expiry: None }).await
    }

    /// Tries a token. It is used from now on if the server accepts it. A token that is not base64 is answered with 500
    /// by the router (docs/cdap-api.md#authentication), so that means the same.
    async fn sign_in_as(self, credential: Credential) -> Result<(), Error> {
        let token = Some(credential.token.secret());
        let (router, request) = (self.router(), GetVersion.request());
        let answer = transport::send(&router, &request, token, transport::PATIENCE, &|_, _| {}).await?;
        if answer.status != 403 {
            GetVersion.read(&answer)?;
        }
        let kept = match (self.sign_in().stays.get_untracked(), serde_json::to_string(&credential)) {
            (true, Ok(text)) => text,
            _ => String::new(),
        };
        storage::write(Key::Session(&self.router().prefix()), &kept);
        self.sign_in().session.update(|session| session.sign_in(credential));
        self.sign_in().asking.set(false);
        self.continue_what_waits();
        Ok(())
    }

    /// Tries again without signing in: the console's server signs in.
    pub fn try_again(self) {
        self.sign_in().session.update(Session::try_again);
        self.sign_in().asking.set(false);
        self.continue_what_waits();
    }

    fn continue_what_waits(self) {
        self.sign_in().release();
        self.signed_in.update(|times| *times += 1);
    }

    /// Signs out, in all tabs.
    pub fn sign_out(self) {
        self.sign_in().channel.with_value(|channel| {
            if let Some(channel) = channel {
                channel.sign_out();
            }
        });
        self.forget_session();
    }

    /// Forgets the token, and what was read with it.
    fn forget_session(self) {
        storage::write(Key::Session(&self.router().prefix()), "");
        self.sign_in().stays.set(false);
        self.sign_in().asking.set(false);
        self.sign_in().session.update(Session::sign_out);
        polling::forget(&self.router());
        self.findings.set(ServerFindings::default());
    }
}
