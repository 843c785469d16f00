//! Network situations: names, ports, proxies, TLS, time, misbehaving servers.

use std::io::Write as _;

use tokio::io::AsyncWriteExt as _;

use crate::{
    scene::{API_HOST, Scene, TOKEN_HOST, closed, tenant},
    support::{
        proxy::{Conduct, Proxy},
        server::{Canned, Server, hangs, raw, read_head, says},
        tls::{Authority, BOTH, config, publish_issuer, self_signed, server, set_validity},
    },
};

/// User and password of the proxies that require authentication.
const LOGIN: &str = "canary:Canary%2B";
const LOGIN_SENT: &str = "Y2FuYXJ5OkNhbmFyeSs=";

/// A token server whose TLS handshake fails.
fn secure_at(port: u16) -> Scene {
    Scene::at("https://localhost:9", &format!("https://localhost:{port}/oauth/token"))
}

/// A tenant with SAP's host names behind a proxy that requires a login, which comes from the environment.
async fn behind_login(login: &str) -> Scene {
    let scene =
        Scene::named(TOKEN_HOST, API_HOST, |address| Conduct::LoginTo(LOGIN_SENT, address)).await.by_environment();
    let proxy = scene.proxy.clone().unwrap().replace("http://", &format!("http://{login}"));
    scene.through(&proxy)
}

/// One gibibyte of spaces compressed to one mebibyte: a complete block, repeated.
fn swelling() -> Vec<u8> {
    let mut block = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    block.write_all(&vec![b' '; 8 * 1024 * 1024]).unwrap();
    // A flush aligns the end of the block to a byte.
    block.flush().unwrap();
    let block = block.get_ref().clone();
    let mut all = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    all.extend(block.repeat(128));
    assert!(all.len() < 2 * 1024 * 1024, "{}", all.len());
    all
}

pub async fn set(id: &str) -> Option<Scene> {
    Some(match id {
        "name-not-found" => Scene::at("https://cpikey-test.invalid", "https://cpikey-test.invalid/oauth/token"),
        "connection-refused" => Scene::token_at(closed().await),
        "connection-refused-by-the-api" => Scene::api_at(closed().await).await,
        // No host has this address, and no system allows a connection to it.
        "not-reachable" => Scene::at("https://255.255.255.255", "https://255.255.255.255/oauth/token"),
        "proxy" => Scene::named(TOKEN_HOST, API_HOST, Conduct::To).await,
        "proxy-by-environment" => Scene::named(TOKEN_HOST, API_HOST, Conduct::To).await.by_environment(),
        "proxy-with-login" => behind_login(&format!("{LOGIN}@")).await,
        "proxy-login" => behind_login("").await,
        "proxy-login-wrong" => behind_login("canary:wrong-canary@").await,
        "proxy-refused" => Scene::named(TOKEN_HOST, API_HOST, |_| Conduct::Refuse).await.by_environment(),
        "proxy-unreachable" => {
            let scene = Scene::named(TOKEN_HOST, API_HOST, Conduct::To).await.by_environment();
            scene.through(&format!("http://{LOGIN}@{}", closed().await))
        }
        "proxy-name-not-found" => Scene::works().await.through("http://cpikey-test.invalid:8080"),
        "no-proxy" => {
            let scene = Scene::works().await.through(&format!("http://{}", closed().await));
            Scene { no_proxy: Some("other.example,localhost"), ..scene }
        }
        "loopback-without-the-proxy-of-the-environment" => {
            let scene = Scene::works().await.through(&format!("http://{}", closed().await)).by_environment();
            // The wizard has the same environment, which a test cannot change while others run.
            Scene { not_in_the_wizard: true, ..scene }
        }
        "authority-of-the-company" => {
            let authority = Authority::new("Company CA");
            Scene::tls(&authority.sign(&server("localhost")), Some(&authority)).await
        }
        "trust-store-unusable" => {
            let scene = Scene::tls(&Authority::new("CA").sign(&server("localhost")), None).await;
            Scene { ca: Some(b"not PEM".to_vec()), ..scene }
        }
        "tls-expired" | "tls-not-yet-valid" | "tls-other-host" => {
            let authority = Authority::new("Company CA");
            let mut params = server(if id == "tls-other-host" { "other.example" } else { "localhost" });
            match id {
                "tls-expired" => set_validity(&mut params, -30, -1),
                "tls-not-yet-valid" => set_validity(&mut params, 2, 30),
                _ => {}
            }
            Scene::tls(&authority.sign(&params), Some(&authority)).await
        }
        "tls-self-signed" => Scene::tls(&self_signed(&server("localhost")), None).await,
        "tls-unknown-authority" => Scene::tls(&Authority::new("Inspection CA").sign(&server("localhost")), None).await,
        "tls-unknown-authority-of-the-api" => {
            let identity = Authority::new("Inspection CA").sign(&server("localhost"));
            let api = Server::https(config(&identity, BOTH, None), tenant).await;
            let token = Server::http(|_| Canned::token()).await;
            Scene::at(&api.url(), &token.token_url()).keep(token).keep(api)
        }
        "tls-incomplete-chain" => {
            let mut params = server("localhost");
            publish_issuer(&mut params);
            Scene::tls(&Authority::new("Intermediate").sign(&params), None).await
        }
        "tls-no-common-version" => secure_at(says(&[0x15, 3, 2, 0, 2, 2, 0x46]).await.port()),
        // The alert internal_error.
        "tls-other" => secure_at(says(&[0x15, 3, 3, 0, 2, 2, 0x50]).await.port()),
        "tls-not-tls" => secure_at(says(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await.port()),
        "tls-client-certificate" => {
            let authority = Authority::new("Company CA");
            let own = authority.sign(&server("localhost"));
            let token = Server::https(config(&own, BOTH, Some(&authority)), tenant).await;
            let scene = Scene::at("http://localhost:9", &token.token_url());
            Scene { ca: Some(authority.pem()), ..scene.keep(token) }
        }
        "timeout-connect" => secure_at(hangs().await.port()).within(3),
        "timeout-answer" => Scene::token_at(hangs().await).within(3),
        "timeout-answer-of-the-api" => Scene::api_at(hangs().await).await.within(6),
        "timeout-answer-drips" => {
            let address = raw(|mut stream| async move {
                read_head(&mut stream).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n").await;
                while stream.write_all(b" ").await.is_ok() {
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                }
            })
            .await;
            Scene::token_at(address).within(3)
        }
        "timeout-total" => Scene::token(Canned::new(503, "").header("retry-after", "20")).await.within(2),
        "broken-off-before-the-answer" => Scene::token_at(says(b"").await),
        "broken-off" => Scene::token_at(says(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{").await),
        "broken-off-by-the-api" => {
            Scene::api_at(says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{").await).await
        }
        "not-http" => Scene::token_at(says(b"SSH-2.0-OpenSSH_9.2\r\n").await),
        "answer-without-end" => {
            let address = raw(|mut stream| async move {
                read_head(&mut stream).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
                while stream.write_all(&[b' '; 64 * 1024]).await.is_ok() {}
            })
            .await;
            Scene::token_at(address)
        }
        "answer-that-swells" => Scene::api(Canned::new(200, swelling()).header("content-encoding", "gzip")).await,
        "clock-skew" => {
            let token = || Canned::token().header("date", "Sun, 01 Mar 2020 12:00:00 GMT");
            let (token, api) = (Server::http(move |_| token()).await, Server::http(|_| Canned::entries()).await);
            Scene::at(&api.url(), &token.token_url()).keep(token).keep(api)
        }
        "socks-proxy-unreachable" => {
            let proxy = format!("socks5h://{}", closed().await);
            Scene::named(TOKEN_HOST, API_HOST, Conduct::To).await.through(&proxy)
        }
        "proxy-plain-login" => {
            let proxy = Proxy::start(Conduct::Login("x")).await;
            Scene::works().await.through(&format!("http://{}", proxy.address)).keep_proxy(proxy)
        }
        _ => return None,
    })
}
