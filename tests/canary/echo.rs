//! A token server and an API that echo what they were sent, in every form known from servers.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    thread,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cpikey::domain::text::secret::Secret;

use crate::world::TOKEN;

/// How the token server echoes the secret; `grant` issues a token.
pub const WAYS: [&str; 12] =
    ["grant", "plain", "json", "html", "percent", "hex", "basic", "redirect", "scope", "number", "cut", "form"];

/// Starts it; it runs until the tests end.
pub fn start() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for (number, stream) in listener.incoming().flatten().enumerate() {
            thread::spawn(move || drop(answer(stream, number)));
        }
    });
    format!("http://{address}")
}

fn answer(mut stream: TcpStream, number: usize) -> std::io::Result<()> {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    let (head, body) = loop {
        let count = stream.read(&mut buffer)?;
        request.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&request).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if count == 0 || body.len() >= length.unwrap_or(0) {
            break (head.to_owned(), body.to_owned());
        }
    };
    let path = head.split(' ').nth(1).unwrap_or_default();
    let (status, location, body) = match path.split('/').nth(1) {
        Some("api") => of_api(&head, number),
        Some(way) => of_token(way, &body),
        None => (404, String::new(), String::new()),
    };
    let location = if location.is_empty() { location } else { format!("location: {location}\r\n") };
    write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: {}\r\n{location}connection: close\r\n\r\n{body}", body.len())
}

fn each(text: &str, form: impl Fn(char) -> String) -> String {
    text.chars().map(form).collect()
}

fn json(text: &str) -> String {
    each(text, |c| if c.is_alphanumeric() { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) })
}

fn of_token(way: &str, body: &str) -> (u16, String, String) {
    let secret = url::form_urlencoded::parse(body.as_bytes()).find(|(name, _)| name == "client_secret");
    let secret = Secret::new(secret.map(|(_, value)| value.into_owned()).unwrap_or_default());
    let secret = secret.expose();
    let refused =
        |said: String| (401, String::new(), format!(r#"{{"error":"unauthorized","error_description":"{said}"}}"#));
    let granted = |scope: &str| {
        let scope = format!("it!b2.IntegrationOperationServer.read {scope}");
        let body =
            format!(r#"{{"access_token":"{TOKEN}","token_type":"bearer","expires_in":43199,"scope":"{scope}"}}"#);
        (200, String::new(), body)
    };
    match way {
        "grant" => granted(""),
        "scope" => granted(&format!("{secret} {TOKEN}")),
        // Tokens in answers that cannot be read.
        "number" => (200, String::new(), format!(r#"{{"access_token":"{TOKEN}","expires_in":1e400}}"#)),
        "cut" => (200, String::new(), format!(r#"{{"access_token":"{TOKEN}","token_type":"#)),
        "form" => (200, String::new(), format!("access_token={TOKEN}&token_type=bearer")),
        "plain" => refused(format!("Bad credentials: {secret}")),
        "json" => refused(format!("Bad credentials: {}", json(secret))),
        "hex" => refused(each(secret, |c| format!("{:02x}", u32::from(c)))),
        "basic" => refused(format!("Authorization: Basic {}", STANDARD.encode(format!("sb-1:{secret}")))),
        "percent" => (500, String::new(), each(secret, |c| format!("%{:02x}", u32::from(c)))),
        "html" => {
            let title =
                each(secret, |c| if c.is_alphanumeric() { c.to_string() } else { format!("&#{};", u32::from(c)) });
            (404, String::new(), format!("<html><head><title>{title}</title></head><body>{title}</body></html>"))
        }
        _ => (302, format!("https://acme.example/{}", secret.replace('$', "%24")), String::new()),
    }
}

fn of_api(head: &str, number: usize) -> (u16, String, String) {
    let bearer = head.lines().find_map(|line| line.split_once("Bearer ")).map_or("", |(_, token)| token);
    let said = match number % 4 {
        0 => bearer.to_owned(),
        1 => each(bearer, |c| format!("\\u{:04x}", u32::from(c))),
        2 => STANDARD.encode(bearer),
        _ => each(bearer, |c| format!("&#x{:x};", u32::from(c))),
    };
    let error = format!(r#"{{"error":{{"code":"Forbidden","message":{{"lang":"en","value":"Not with {said}"}}}}}}"#);
    match number % 3 {
        0 => (200, String::new(), r#"{"d":{"results":[]}}"#.to_owned()),
        1 => (403, String::new(), error),
        _ => (500, String::new(), error),
    }
}
