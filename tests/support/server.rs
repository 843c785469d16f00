//! Test servers: one that responds from a script over HTTP or HTTPS, and one that is not HTTP.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use http_body_util::{BodyExt as _, Full};
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig};
use tokio_util::sync::{CancellationToken, DropGuard};

/// The token issued by the scripted token server; it must not appear anywhere.
pub const TOKEN: &str = "canary-token-part.canary-token-part.canary-token-part";

/// A request as the server saw it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// A response of the script.
#[derive(Clone, Debug)]
pub struct Canned {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Canned {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into() }
    }

    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// A token with the scopes of the monitoring role.
    pub fn token() -> Self {
        Self::new(
            200,
            serde_json::json!({
                "access_token": TOKEN, "token_type": "bearer", "expires_in": 43_199,
                "scope": "uaa.resource it!b5678.IntegrationOperationServer.read it!b5678.NodeManager.read it!b5678.Roles.Read",
            })
            .to_string(),
        )
    }

    /// A response with one entry.
    pub fn entries() -> Self {
        Self::new(200, r#"{"d":{"results":[{"MessageGuid":"AGV"}]}}"#)
    }
}

/// A running server. It stops when this value is dropped.
pub struct Server {
    pub address: SocketAddr,
    scheme: &'static str,
    asked: Arc<Mutex<Vec<Asked>>>,
    connections: Arc<AtomicUsize>,
    _stop: DropGuard,
}

type Script = Arc<dyn Fn(&Asked) -> Canned + Send + Sync>;

impl Server {
    /// A server without TLS.
    pub async fn http(script: impl Fn(&Asked) -> Canned + Send + Sync + 'static) -> Self {
        Self::start(None, Arc::new(script)).await
    }

    /// A server with TLS.
    pub async fn https(config: ServerConfig, script: impl Fn(&Asked) -> Canned + Send + Sync + 'static) -> Self {
        Self::start(Some(TlsAcceptor::from(Arc::new(config))), Arc::new(script)).await
    }

    /// A tenant without TLS: a token, then `api` for each read.
    pub async fn tenant(api: impl Fn(&Asked) -> Canned + Send + Sync + 'static) -> Self {
        Self::http(move |asked| if asked.path == "/oauth/token" { Canned::token() } else { api(asked) }).await
    }

    async fn start(tls: Option<TlsAcceptor>, script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            scheme: if tls.is_some() { "https" } else { "http" },
            asked: Arc::default(),
            connections: Arc::default(),
            _stop: CancellationToken::new().drop_guard(),
        };
        let (asked, connections) = (Arc::clone(&server.asked), Arc::clone(&server.connections));
        let stop = CancellationToken::new();
        let server = Self { _stop: stop.clone().drop_guard(), ..server };
        tokio::spawn(stop.run_until_cancelled_owned(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                let (tls, script, asked) = (tls.clone(), Arc::clone(&script), Arc::clone(&asked));
                tokio::spawn(async move {
                    match tls {
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, script, asked).await;
                            }
                        }
                        None => serve(stream, script, asked).await,
                    }
                });
            }
        }));
        server
    }

    /// Its address with the host name in its certificates.
    pub fn url(&self) -> String {
        format!("{}://localhost:{}", self.scheme, self.address.port())
    }

    pub fn token_url(&self) -> String {
        format!("{}/oauth/token", self.url())
    }

    /// The requests so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The number of requests for this path, with or without query.
    pub fn count(&self, path: &str) -> usize {
        self.asked().iter().filter(|asked| asked.path.split('?').next() == Some(path)).count()
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn serve<S>(stream: S, script: Script, log: Arc<Mutex<Vec<Asked>>>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let (script, log) = (Arc::clone(&script), Arc::clone(&log));
        async move {
            let (head, body) = request.into_parts();
            let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
            let text = |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
            let asked = Asked {
                method: head.method.to_string(),
                path: head.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
                headers: head.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
                body: String::from_utf8_lossy(&body).into_owned(),
            };
            let canned = script(&asked);
            log.lock().unwrap().push(asked);
            let mut response = Response::builder().status(canned.status);
            for (name, value) in canned.headers {
                response = response.header(name, value);
            }
            Ok::<_, Infallible>(response.body(Full::new(Bytes::from(canned.body))).unwrap())
        }
    });
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// A server that calls `conduct` for each connection.
pub async fn raw<F, Fut>(conduct: F) -> SocketAddr
where
    F: Fn(TcpStream) -> Fut + Send + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(conduct(stream));
        }
    });
    address
}

/// A server that reads a request, sends `bytes` and closes the connection.
pub async fn says(bytes: &'static [u8]) -> SocketAddr {
    raw(move |mut stream| async move {
        read_head(&mut stream).await;
        let _ = stream.write_all(bytes).await;
        let _ = stream.shutdown().await;
    })
    .await
}

/// Reads the first data of a client.
pub async fn read_head(stream: &mut TcpStream) -> String {
    let mut buffer = vec![0; 64 * 1024];
    let mut length = 0;
    while let Ok(more) = stream.read(&mut buffer[length..]).await {
        length += more;
        let text = &buffer[..length];
        // A ClientHello arrives in one piece; a request ends with its head or with the form after it.
        if more == 0 || text.starts_with(&[0x16]) || text.windows(4).any(|four| four == b"\r\n\r\n") {
            break;
        }
    }
    String::from_utf8_lossy(&buffer[..length]).into_owned()
}

/// A server that accepts connections and sends nothing.
pub async fn hangs() -> SocketAddr {
    raw(|stream| async move {
        let _held = stream;
        std::future::pending::<()>().await;
    })
    .await
}
