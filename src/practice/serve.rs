//! The practice tenant on its ports.

use std::{
    convert::Infallible,
    net::{SocketAddr, TcpListener},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{
    Request,
    body::Incoming,
    header::{self, HeaderName, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    Latency,
    answers::Reply,
    cf::{self, Config, Model, Pace},
    clients::Clients,
};
use crate::domain::content::Content;

/// Maximum size of a request in bytes.
const REQUEST_LIMIT: usize = 64 * 1024;

/// Accepts connections until `stop` is cancelled.
pub(super) async fn serve<A, F>(listener: TcpListener, stop: CancellationToken, answer: A)
where
    A: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
    F: Future<Output = Result<Reply, Infallible>> + Send + 'static,
{
    // Fails only if the runtime has no I/O driver; then nothing ever responds, and the test reports that.
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else { continue };
        let (answer, stop) = (answer.clone(), stop.clone());
        tokio::spawn(async move {
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer));
            // A disconnecting client is not an error of the tenant.
            tokio::select! {
                () = stop.cancelled() => {}
                _ = connection => {}
            }
        });
    }
}

/// The Cloud Foundry model with a clock and a port.
#[derive(Debug)]
pub(super) struct CloudFoundry {
    model: Mutex<Model>,
    latency: Latency,
    /// The time since 1970 at the start, and the start itself: the sum never decreases.
    started: Duration,
    start: Instant,
}

impl CloudFoundry {
    /// A Cloud Foundry at `address`, with a token server and an API at `tenant` that share its clients.
    pub(super) fn new(
        content: &Content,
        latency: Latency,
        tenant: SocketAddr,
        address: SocketAddr,
        clients: Clients,
    ) -> Self {
        let started = Duration::from_secs(u64::try_from(Timestamp::now().as_second()).unwrap_or_default());
        let pace = match latency {
            Latency::None => Pace::Looks(1),
            Latency::Realistic => Pace::Lifelike,
        };
        let config = Config::new(format!("http://{tenant}"), format!("http://{address}"), pace, started);
        let model = Mutex::new(Model::with_clients(content, config, clients));
        Self { model, latency, started, start: Instant::now() }
    }

    /// A fresh passcode.
    pub(super) fn passcode(&self) -> String {
        let now = self.now();
        self.model().passcode(now)
    }

    /// Answers one request.
    pub(super) async fn answer(&self, request: Request<Incoming>) -> Result<Reply, Infallible> {
        let (parts, body) = request.into_parts();
        let path_and_query = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        tokio::time::sleep(self.latency.of(&path_and_query)).await;
        let header = |name: HeaderName| Some(parts.headers.get(name)?.to_str().ok()?.to_owned());
        let body = Limited::new(body, REQUEST_LIMIT).collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        let request = cf::Request {
            method: parts.method.clone(),
            path_and_query,
            authorization: header(header::AUTHORIZATION),
            accept: header(header::ACCEPT),
            body: String::from_utf8_lossy(&body).into_owned(),
        };
        let now = self.now();
        Ok(reply(self.model().answer(&request, now)))
    }

    fn now(&self) -> Duration {
        self.started + self.start.elapsed()
    }

    /// After a panic, the model still works.
    fn model(&self) -> MutexGuard<'_, Model> {
        self.model.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Converts a response for hyper.
fn reply(response: cf::Response) -> Reply {
    let mut reply = Reply::new(Full::from(response.body));
    *reply.status_mut() = hyper::StatusCode::from_u16(response.status).unwrap_or_default();
    for (name, value) in response.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value)) {
            reply.headers_mut().append(name, value);
        }
    }
    reply
}
