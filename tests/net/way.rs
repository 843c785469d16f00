//! Connecting to servers: names, ports, proxies, and misbehaving servers.

use std::{io::Write as _, net::SocketAddr, time::Duration};

use cpikey::{
    domain::{
        check::{CheckStep, MONITORING_ROLE, Seen, Site},
        finding::{FindingCode as C, Verdict},
    },
    net::{NetOptions, ProxyUrl},
};
use tokio::{
    io::AsyncWriteExt as _,
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
};

use super::support::{
    Tested, asking, key, options,
    proxy::{Conduct, Proxy},
    run,
    server::{Asked, Canned, Server, hangs, raw, read_head, says},
    tls::{Authority, BOTH, config, server},
};

/// A limit that a test exceeds. Not shorter, because the earlier steps also take time on a busy machine.
const SOON: Duration = Duration::from_secs(1);

/// Tests a token server at this address.
async fn token_at(address: SocketAddr, options: NetOptions) -> Tested {
    let url = format!("http://{address}");
    run(asking(key(&url, &format!("{url}/oauth/token")), &[]), options).await
}

/// Tests an API at this address, with a working token server.
async fn api_at(address: SocketAddr, options: NetOptions) -> Tested {
    let token = Server::http(|_| Canned::token()).await;
    run(asking(key(&format!("http://{address}"), &token.token_url()), &[MONITORING_ROLE]), options).await
}

/// A port without a listener.
async fn closed() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

fn limited(change: impl FnOnce(&mut NetOptions)) -> NetOptions {
    let mut all = options();
    change(&mut all);
    all
}

fn through(proxy: &str) -> NetOptions {
    NetOptions { proxy: Some(ProxyUrl::parse(proxy).unwrap()), ..options() }
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_reported_with_the_name() {
    let url = "https://cpikey-test.invalid";
    let tested = run(asking(key(url, &format!("{url}/oauth/token")), &[]), options()).await;
    assert_eq!(tested.comes_to(), (C::NameNotFound, Verdict::Unreachable), "{:#?}", tested.events);
    assert_eq!(tested.facts().0, "cpikey-test.invalid");
    assert!(tested.waits().is_empty());
}

#[tokio::test]
async fn a_port_that_is_closed_is_tried_three_times() {
    let tested = token_at(closed().await, options()).await;
    assert_eq!(tested.comes_to(), (C::ConnectionRefused, Verdict::Unreachable));
    let step = CheckStep::Connect(Site::Token);
    assert_eq!(tested.waits(), [(&step, "connection refused"), (&step, "connection refused")]);
    assert!(matches!(tested.seen(&step), Some(Seen::Fault(_))));

    let tested = api_at(closed().await, options()).await;
    assert_eq!(tested.comes_to(), (C::ConnectionRefused, Verdict::Unreachable));
    assert!(matches!(tested.seen(&CheckStep::Token), Some(Seen::Token(_))));
}

#[tokio::test]
async fn a_server_that_sends_nothing_exceeds_the_response_timeout() {
    let quick = || limited(|options| options.limits.request = SOON);
    let tested = token_at(hangs().await, quick()).await;
    assert_eq!(tested.comes_to(), (C::TimeoutAnswer, Verdict::Unreachable));
    assert_eq!(api_at(hangs().await, quick()).await.comes_to(), (C::TimeoutAnswer, Verdict::Unreachable));
}

#[tokio::test]
async fn a_handshake_that_does_not_end_exceeds_the_connection_timeout() {
    let url = format!("https://localhost:{}", hangs().await.port());
    let quick = limited(|options| options.limits.connect = Duration::from_millis(50));
    let tested = run(asking(key(&url, &format!("{url}/oauth/token")), &[]), quick).await;
    assert_eq!(tested.comes_to(), (C::TimeoutConnect, Verdict::Unreachable), "{:#?}", tested.events);
}

#[tokio::test]
async fn an_answer_that_drips_exceeds_the_response_timeout() {
    let address = raw(|mut stream| async move {
        read_head(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{").await;
        std::future::pending::<()>().await;
    })
    .await;
    let quick = limited(|options| options.limits.request = SOON);
    assert_eq!(token_at(address, quick).await.comes_to(), (C::TimeoutAnswer, Verdict::Unreachable));
}

#[tokio::test]
async fn an_incomplete_answer_is_reported_as_a_closed_connection() {
    for bytes in [
        &b""[..],
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"access_token\"",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{",
    ] {
        let tested = token_at(says(bytes).await, options()).await;
        let shown = String::from_utf8_lossy(bytes);
        assert_eq!(tested.comes_to(), (C::BrokenOff, Verdict::Unreachable), "{shown} {:#?}", tested.events);
    }
}

#[tokio::test]
async fn a_non_http_answer_is_reported_as_not_http() {
    for bytes in [&b"SSH-2.0-OpenSSH_9.2\r\n"[..], b"\x00\x01\x02\x03\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"] {
        let tested = token_at(says(bytes).await, options()).await;
        assert_eq!(tested.comes_to().0, C::NotHttp, "{bytes:?} {:#?}", tested.events);
    }
}

#[tokio::test]
async fn an_answer_without_end_and_one_that_swells_are_cut_off_at_the_limit() {
    assert_eq!(token_at(endless().await, options()).await.comes_to().0, C::AnswerTooLarge);
    let bomb = bomb();
    let server = Server::tenant(move |_| bomb.clone()).await;
    let tested = run(asking(key(&server.url(), &server.token_url()), &[]), options()).await;
    assert_eq!(tested.comes_to().0, C::AnswerTooLarge);
    assert_eq!(tested.facts().1, "more than 1048576 bytes");
}

#[tokio::test]
async fn an_outage_with_a_huge_page_is_still_an_outage() {
    let server = Server::tenant(|_| Canned::new(500, vec![b'x'; 2 * 1024 * 1024])).await;
    let tested = run(asking(key(&server.url(), &server.token_url()), &[]), options()).await;
    assert_eq!(tested.comes_to(), (C::ApiUnavailable, Verdict::Unavailable));
}

#[tokio::test]
async fn an_answer_with_a_false_content_encoding_is_garbled() {
    let server = Server::tenant(|_| Canned::new(200, "{}").header("content-encoding", "gzip")).await;
    let tested = run(asking(key(&server.url(), &server.token_url()), &[]), options()).await;
    assert_eq!(tested.comes_to(), (C::AnswerGarbled, Verdict::Unexpected), "{:#?}", tested.events);
}

#[tokio::test]
async fn endless_headers_are_cut_off_too() {
    let address = raw(|mut stream| async move {
        read_head(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n").await;
        while stream.write_all(b"X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n").await.is_ok() {}
    })
    .await;
    assert_eq!(token_at(address, options()).await.comes_to().0, C::NotHttp);
    let (address, mut gone) = floods(b"\r\n").await;
    assert_eq!(token_at(address, options()).await.comes_to().0, C::NotHttp);
    gone.recv().await.unwrap();
}

/// A server whose response never ends.
pub async fn endless() -> SocketAddr {
    raw(|mut stream| async move {
        read_head(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n").await;
        while stream.write_all(&[b' '; 8192]).await.is_ok() {}
    })
    .await
}

/// A small response that is far too large when it is unpacked.
pub fn bomb() -> Canned {
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    bomb.write_all(&vec![b' '; 8 * 1024 * 1024]).unwrap();
    let bomb = bomb.finish().unwrap();
    assert!(bomb.len() < 64 * 1024);
    Canned::new(200, bomb).header("content-encoding", "gzip")
}

/// Says that over and over, until nobody reads it any more; then it sends a message.
pub async fn floods(bytes: &'static [u8]) -> (SocketAddr, UnboundedReceiver<()>) {
    let (gone, hears) = unbounded_channel();
    let address = raw(move |mut stream| {
        let gone = gone.clone();
        async move {
            read_head(&mut stream).await;
            let many = bytes.repeat(64 * 1024 / bytes.len());
            while stream.write_all(&many).await.is_ok() {}
            let _ = gone.send(());
        }
    })
    .await;
    (address, hears)
}

/// What a server can say without an end before its answer.
pub const FLOODS: [&[u8]; 3] = [
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 102 Processing\r\n\r\n",
    b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_provisional_answers_exceeds_the_response_timeout_and_is_then_no_longer_read() {
    let quick = || limited(|options| options.limits.request = SOON);
    for bytes in FLOODS {
        let (address, mut gone) = floods(bytes).await;
        let tested = token_at(address, quick()).await;
        assert_eq!(tested.comes_to(), (C::TimeoutAnswer, Verdict::Unreachable), "{:#?}", tested.events);
        gone.recv().await.unwrap();
    }
    let (address, mut gone) = floods(FLOODS[0]).await;
    assert_eq!(api_at(address, quick()).await.comes_to(), (C::TimeoutAnswer, Verdict::Unreachable));
    gone.recv().await.unwrap();
}

#[tokio::test]
async fn headers_that_drip_exceed_the_response_timeout() {
    let address = raw(|mut stream| async move {
        read_head(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nX-Slow: ").await;
        loop {
            tokio::time::sleep(SOON / 20).await;
            if stream.write_all(b"a").await.is_err() {
                return;
            }
        }
    })
    .await;
    let quick = || limited(|options| options.limits.request = SOON);
    assert_eq!(token_at(address, quick()).await.comes_to(), (C::TimeoutAnswer, Verdict::Unreachable));
    assert_eq!(api_at(address, quick()).await.comes_to(), (C::TimeoutAnswer, Verdict::Unreachable));
}

fn tenant(asked: &Asked) -> Canned {
    // A proxy receives complete URLs.
    if asked.path.ends_with("/oauth/token") { Canned::token() } else { Canned::entries() }
}

#[tokio::test]
async fn https_goes_through_a_tunnel_and_the_proxy_is_shown_without_its_login() {
    let authority = Authority::new("CA");
    let server = Server::https(config(&authority.sign(&server("localhost")), BOTH, None), tenant).await;
    let proxy = Proxy::start(Conduct::Login("Y2FuYXJ5OkNhbmFyeSs=")).await;
    let options =
        NetOptions { ca_pem: Some(authority.pem()), ..through(&format!("http://canary:Canary%2B@{}", proxy.address)) };
    let tested = run(asking(key(&server.url(), &server.token_url()), &[]), options).await;
    assert_eq!(tested.report.verdict, Verdict::Ready, "{:#?}", tested.events);
    let shown = format!("http://{}", proxy.address);
    let wanted = Seen::Connected { tls: Some("TLS 1.3".into()), proxy: Some(shown.as_str().into()) };
    assert_eq!(tested.seen(&CheckStep::Connect(Site::Token)), Some(&wanted));
    let connect = format!("CONNECT localhost:{} HTTP/1.1", server.address.port());
    assert_eq!(proxy.lines(), [connect.clone(), connect]);
}

#[tokio::test]
async fn errors_of_a_proxy_are_distinguished_from_those_of_the_host() {
    let https = "https://localhost:1";
    let cases = [(Conduct::Login("x"), C::ProxyLogin), (Conduct::Refuse, C::ProxyRefused)];
    for (conduct, code) in cases {
        let proxy = Proxy::start(conduct).await;
        let options = through(&format!("http://{}", proxy.address));
        let tested = run(asking(key(https, &format!("{https}/oauth/token")), &[]), options).await;
        assert_eq!(tested.comes_to(), (code, Verdict::Unreachable), "{:#?}", tested.events);
        assert!(tested.waits().is_empty());
    }
    for url in [https, "http://localhost:1"] {
        for proxy in [format!("http://{}", closed().await), "http://cpikey-test.invalid:8080".to_owned()] {
            let tested = run(asking(key(url, &format!("{url}/oauth/token")), &[]), through(&proxy)).await;
            assert_eq!(tested.comes_to(), (C::ProxyUnreachable, Verdict::Unreachable), "{:#?}", tested.events);
            assert_eq!(tested.facts(), (proxy, "while connecting to localhost".to_owned()));
        }
    }
}

#[tokio::test]
async fn plain_http_goes_through_an_explicit_proxy_and_a_407_is_reported() {
    let server = Server::http(tenant).await;
    let open = Proxy::start(Conduct::Open).await;
    let tested =
        run(asking(key(&server.url(), &server.token_url()), &[]), through(&format!("http://{}", open.address))).await;
    assert_eq!(tested.codes(), [], "{:#?}", tested.events);
    assert_eq!(open.lines()[0], format!("POST {} HTTP/1.1", server.token_url()));

    let closed = Proxy::start(Conduct::Login("x")).await;
    let proxied = through(&format!("http://{}", closed.address));
    let tested = run(asking(key(&server.url(), &server.token_url()), &[]), proxied).await;
    assert_eq!(tested.comes_to(), (C::ProxyLogin, Verdict::Unreachable));
    assert_eq!(tested.facts().0, format!("http://{}", closed.address));
}

#[tokio::test]
async fn a_socks_proxy_that_is_not_there_is_the_proxys_fault() {
    let proxy = format!("socks5h://{}", closed().await);
    let url = "https://localhost:1";
    let tested = run(asking(key(url, &format!("{url}/oauth/token")), &[]), through(&proxy)).await;
    assert_eq!(tested.comes_to(), (C::ProxyUnreachable, Verdict::Unreachable), "{:#?}", tested.events);
}
