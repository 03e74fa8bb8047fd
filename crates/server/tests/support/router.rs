//! Fake routers.

use axum::body::Body;
use http::{HeaderMap, Request, Response};
use http_body_util::BodyExt;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as the router received it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    pub target: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|it| it.to_str().expect("text"))
    }
}

/// A router that responds with the result of a function, without a `Date`, and records the requests.
pub struct FakeRouter {
    pub url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl FakeRouter {
    pub async fn answering(answer: impl Fn() -> Response<Body> + Clone + Send + Sync + 'static) -> Self {
        Self::responding(move |_| answer()).await
    }

    /// A router whose response depends on the request.
    pub async fn responding(
        answer: impl Fn(&Seen) -> Response<Body> + Clone + Send + Sync + 'static,
    ) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let url = Self::streaming(move |request: Request<hyper::body::Incoming>| {
            let (log, answer) = (Arc::clone(&log), answer.clone());
            async move {
                let (parts, body) = request.into_parts();
                let body = body.collect().await.expect("a whole request").to_bytes();
                let request = Seen {
                    method: parts.method.to_string(),
                    target: parts.uri.to_string(),
                    headers: parts.headers,
                    body: String::from_utf8(body.to_vec()).expect("text"),
                };
                log.lock().expect("the log").push(request.clone());
                answer(&request)
            }
        })
        .await;
        Self { url, seen }
    }

    /// A router whose function receives the request with its body still streaming. Returns its address.
    pub async fn streaming<F, A>(answer: F) -> String
    where
        F: Fn(Request<hyper::body::Incoming>) -> A + Clone + Send + Sync + 'static,
        A: Future<Output = Response<Body>> + Send + 'static,
    {
        let (listener, url) = listen().await;
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let answer = answer.clone();
                let service = service_fn(move |request| {
                    let answer = answer(request);
                    async move { Ok::<_, Infallible>(answer.await) }
                });
                let mut http = http1::Builder::new();
                http.auto_date_header(false);
                tokio::spawn(http.serve_connection(TokioIo::new(stream), service));
            }
        });
        url
    }

    /// The recorded requests; clears the record.
    pub fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.seen.lock().expect("the log"))
    }
}

/// A router that reads the header of a request, writes these bytes and passes the connection to `then`.
pub async fn raw<A>(answer: &'static str, then: impl Fn(TcpStream) -> A + Send + 'static) -> String
where
    A: Future<Output = ()> + Send + 'static,
{
    let (listener, url) = listen().await;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                match stream.read_u8().await {
                    Ok(byte) => head.push(byte),
                    Err(_) => break,
                }
            }
            stream.write_all(answer.as_bytes()).await.expect("written");
            tokio::spawn(then(stream));
        }
    });
    url
}

/// An address without a listener.
pub async fn unused_address() -> String {
    listen().await.1
}

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    (listener, url)
}
