//! A small proxy: tunnels HTTPS, forwards HTTP, may require authentication or refuse everything.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use super::server::{raw, read_head};

/// What the proxy does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conduct {
    Open,
    /// Requires `user:password`, in base64.
    Login(&'static str),
    Refuse,
    /// Both: requires `user:password`, and connects every tunnel to this server.
    LoginTo(&'static str, SocketAddr),
    /// Connects every tunnel to this server, whatever host was requested.
    To(SocketAddr),
}

/// A running proxy with the first line of every request.
pub struct Proxy {
    pub address: SocketAddr,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    pub async fn start(conduct: Conduct) -> Self {
        let lines: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = Arc::clone(&lines);
        let address = raw(move |stream| {
            let log = Arc::clone(&log);
            async move { pass(stream, conduct, &log).await }
        })
        .await;
        Self { address, lines }
    }

    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }
}

async fn pass(mut client: TcpStream, conduct: Conduct, log: &Mutex<Vec<String>>) {
    let head = read_head(&mut client).await;
    let first = head.lines().next().unwrap_or_default().to_owned();
    log.lock().unwrap().push(first.clone());
    let refusal: &[u8] = match conduct {
        Conduct::Login(login) | Conduct::LoginTo(login, _) if !head.contains(&format!("Basic {login}")) => {
            b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n"
        }
        Conduct::Refuse => b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
        Conduct::Open | Conduct::Login(_) | Conduct::LoginTo(..) | Conduct::To(_) => b"",
    };
    if !refusal.is_empty() {
        let _ = client.write_all(refusal).await;
        return;
    }
    let target = first.split(' ').nth(1).unwrap_or_default();
    let (host, tunnel) = match target.strip_prefix("http://") {
        Some(rest) => (rest.split('/').next().unwrap_or_default(), false),
        None => (target, true),
    };
    let connected = match conduct {
        Conduct::To(address) | Conduct::LoginTo(_, address) => TcpStream::connect(address).await,
        _ => TcpStream::connect(host).await,
    };
    let Ok(mut server) = connected else { return };
    if tunnel {
        let _ = client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
    } else {
        let _ = server.write_all(head.as_bytes()).await;
    }
    let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
}
