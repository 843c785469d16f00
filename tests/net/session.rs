//! A Cloud Foundry login at servers that misbehave: at the API before the login, at the token server, and at the API after it.

use std::{net::SocketAddr, time::Duration};

use cpikey::{
    domain::{
        cf::{
            call::{Call, Reply},
            login::{Credentials, Servers},
        },
        finding::FindingCode as C,
        text::secret::Secret,
    },
    net::{
        NetOptions,
        cf::{Session, servers},
    },
};
use tokio::io::AsyncWriteExt as _;
use url::Url;

use super::{
    support::{
        options,
        server::{Canned, Server, hangs, raw, read_head},
    },
    way::{FLOODS, bomb, endless, floods},
};

fn quick() -> NetOptions {
    let mut quick = options();
    quick.limits.request = Duration::from_secs(1);
    quick
}

fn at(address: SocketAddr) -> Url {
    Url::parse(&format!("http://{address}")).unwrap()
}

async fn logs_in(api: &Url, token_server: &Url, net: &NetOptions) -> Result<Session, C> {
    let uaa = token_server.to_string();
    let servers = Servers { login: uaa.clone(), uaa, version: None };
    let session = Session::log_in(api, &servers, &Credentials::Passcode(Secret::new("Abcdefghij")), net).await;
    session.map_err(|finding| finding.code)
}

/// The finding about this server at each of the three places.
async fn everywhere(server: &Url, net: &NetOptions) -> [C; 3] {
    let found = servers(server, net).await.unwrap_err().code;
    let logged_in = logs_in(server, server, net).await.err().unwrap();
    let token_server = Server::http(|_| Canned::token()).await;
    let mut session = logs_in(server, &at(token_server.address), net).await.ok().unwrap();
    let Reply::Lost(lost) = session.send(&Call::get("/v3/spaces")).await else { panic!("an answer") };
    [found, logged_in, lost.code]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_every_place_a_server_that_never_comes_to_its_answer_exceeds_the_timeout() {
    assert_eq!(everywhere(&at(hangs().await), &quick()).await, [C::TimeoutAnswer; 3]);
    let (address, mut gone) = floods(FLOODS[0]).await;
    assert_eq!(everywhere(&at(address), &quick()).await, [C::TimeoutAnswer; 3]);
    for _ in 0..3 {
        gone.recv().await.unwrap();
    }
    let drips = raw(|mut stream| async move {
        read_head(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nX-Slow: ").await;
        while stream.write_all(b"a").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    assert_eq!(everywhere(&at(drips.await), &quick()).await, [C::TimeoutAnswer; 3]);
}

#[tokio::test]
async fn at_every_place_an_answer_without_end_and_one_that_swells_are_cut_off_at_the_limit() {
    assert_eq!(everywhere(&at(endless().await), &options()).await, [C::AnswerTooLarge; 3]);
    let bomb = bomb();
    let swells = Server::http(move |_| bomb.clone()).await;
    assert_eq!(everywhere(&at(swells.address), &options()).await, [C::AnswerTooLarge; 3]);
}

#[tokio::test]
async fn no_redirect_is_followed_with_a_passcode_or_a_token() {
    let other = Server::http(|_| Canned::token()).await;
    let to_other = other.url();
    for status in [301, 302, 303, 307, 308] {
        let location = to_other.clone();
        let redirects = Server::http(move |asked| match asked.path.as_str() {
            "/token/oauth/token" => Canned::token(),
            _ => Canned::new(status, "").header("location", location.clone()),
        })
        .await;
        let here = at(redirects.address);
        assert_eq!(servers(&here, &options()).await.unwrap_err().code, C::CfNotAnApi, "{status}");
        assert!(logs_in(&here, &here, &options()).await.is_err(), "{status}");
        let mut session = logs_in(&here, &here.join("/token").unwrap(), &options()).await.ok().unwrap();
        let reply = session.send(&Call::get("/v3/spaces")).await;
        assert!(matches!(&reply, Reply::Answer(answer) if answer.status == status), "{status}: {reply:?}");
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_login_is_never_sent_unencrypted_nor_a_token_to_another_origin() {
    for unencrypted in ["http://login.example.invalid", "ftp://127.0.0.1", "login"] {
        for (login, uaa) in [(unencrypted, "https://uaa.example.invalid"), ("https://uaa.example.invalid", unencrypted)]
        {
            let links = format!(r#"{{"links":{{"login":{{"href":"{login}"}},"uaa":{{"href":"{uaa}"}}}}}}"#);
            let api = Server::http(move |_| Canned::new(200, links.clone())).await;
            assert_eq!(servers(&at(api.address), &options()).await.unwrap_err().code, C::CfNotAnApi, "{login} {uaa}");
        }
    }
    // The next page of a list, as an API names it.
    let other = Server::http(|_| Canned::entries()).await;
    let here = Server::http(|_| Canned::token()).await;
    let mut session = logs_in(&at(here.address), &at(here.address), &options()).await.ok().unwrap();
    for path in [format!("{}/v3/spaces?page=2", other.url()), format!("//{}/v3/spaces", other.address)] {
        let Reply::Lost(lost) = session.send(&Call::get(path)).await else { panic!("an answer") };
        assert_eq!(lost.code, C::CfUnexpected);
    }
    assert_eq!((other.connections(), here.asked().len()), (0, 1));
}
