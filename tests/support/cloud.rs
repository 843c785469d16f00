//! A Cloud Foundry with faults on a separate port: in front of a practice tenant, whose keys pass the live test, or
//! around any model.
//!
//! ```ignore
//! let practice = Practice::start_on_own_thread(&content, Latency::None)?;
//! let cloud = Cloud::before(&practice);
//! cloud.once("POST /v3/service_instances", Fault::LoseAnswer);
//! cloud.nth(3, "GET /v3/service_instances/*", Fault::Answer(say::rate_limited(2)));
//! cloud.always("GET /v3/service_credential_bindings/*/details", Fault::Answer(say::bad_gateway()));
//! ```
//!
//! A request is named by its method and path without query; `*` is any one part of the path, and `* **` is any request. A
//! third word must be in the body: `POST /uaa/oauth/token refresh_token`.

use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use cpikey::{
    domain::content::Content,
    practice::{
        Practice,
        cf::{Config, Model, Request, Response},
    },
};
use hyper::Method;
use serde_json::{Value, json};

/// What happens to a request.
pub enum Fault {
    /// It is performed, and the connection breaks before the response.
    LoseAnswer,
    /// The connection breaks before it is performed.
    Drop,
    /// Nothing is done, and there is never a response.
    Stall,
    /// Another response is returned; nothing is done.
    Answer(Response),
    /// It is performed, and another response is returned.
    DoneBut(Response),
    /// Nothing is done, and the error response repeats the whole request.
    Echo(Response),
    /// It is performed, and the response is changed.
    Change(Box<dyn FnMut(&mut Response) + Send>),
    /// It is performed the first time; from then on its response is repeated, as if there were no progress. For
    /// [`Cloud::always`].
    Repeat,
    /// Its access token is no longer valid, now and later.
    ExpireToken,
    /// Neither access nor refresh token is valid any more, until someone logs in again.
    EndSession,
    /// The token server replaces the refresh token and revokes the old one.
    OtherRefreshToken,
}

/// Responses that the model never returns by itself.
pub mod say {
    use super::{Response, json};

    /// An error in the form of the Cloud Controller.
    pub fn error(status: u16, code: u32, title: &str, detail: &str) -> Response {
        let error = json!({"code": code, "title": format!("CF-{title}"), "detail": detail});
        Response::json(status, &json!({"errors": [error]}))
    }

    /// 429 with the seconds to wait; JSON labelled as plain text.
    pub fn rate_limited(seconds: u64) -> Response {
        let body = error(429, 10_013, "RateLimitExceeded", "Rate Limit Exceeded").body;
        Response::text(429, "text/plain; charset=utf-8", body).with("Retry-After", seconds.to_string())
    }

    /// 429 because the broker is overloaded.
    pub fn broker_rate_limited(seconds: u64) -> Response {
        let text = "Service broker concurrent request limit exceeded";
        error(429, 10_016, "ServiceBrokerRateLimitExceeded", text).with("Retry-After", seconds.to_string())
    }

    /// The router cannot reach the Cloud Controller.
    pub fn bad_gateway() -> Response {
        let text = "502 Bad Gateway: Registered endpoint failed to handle the request.\n";
        Response::text(502, "text/plain; charset=utf-8", text).with("X-Cf-Routererror", "endpoint_failure")
    }

    /// Something in front of the router cannot reach it.
    pub fn unavailable() -> Response {
        let page = "<html><head><title>503 Service Temporarily Unavailable</title></head><body></body></html>";
        Response::text(503, "text/html", page)
    }

    /// The Cloud Controller itself fails.
    pub fn server_error() -> Response {
        error(500, 10_001, "UnknownError", "An unknown error occurred.")
    }

    /// The page of a proxy that requires a login, with a success status.
    pub fn page_of_a_proxy() -> Response {
        let page =
            "<!DOCTYPE html><html><head><title>Company Web Gateway</title></head><body>Please log in</body></html>";
        Response::text(200, "text/html; charset=utf-8", page)
    }

    /// A proxy that refuses.
    pub fn refusal_of_a_proxy() -> Response {
        Response::text(403, "text/html", "<html><body><h1>Access to this site is blocked</h1></body></html>")
    }

    /// The page of a proxy that echoes the request, as plain text and with a success status.
    pub fn what_was_sent() -> Response {
        Response::text(200, "text/plain", "You sent: ")
    }

    /// A redirect to another host, which nobody must follow with a token.
    pub fn redirect(to: &str) -> Response {
        Response::text(302, "text/html", "").with("Location", to)
    }

    /// The name of an instance is taken.
    pub fn name_taken(name: &str) -> Response {
        error(422, 10_008, "UnprocessableEntity", &format!("The service instance name is taken: {name}."))
    }

    /// The quota of the org is exhausted.
    pub fn quota() -> Response {
        error(422, 10_008, "UnprocessableEntity", "You have exceeded your organization's services limit.")
    }

    /// Another operation of the broker is in progress.
    pub fn broker_busy() -> Response {
        let text =
            "The service instance cannot be created because there is an operation in progress for the service broker.";
        error(422, 10_008, "UnprocessableEntity", text)
    }

    /// The user lacks the permission.
    pub fn not_authorized() -> Response {
        error(403, 10_003, "NotAuthorized", "You are not authorized to perform the requested action")
    }

    /// An invalid refresh token.
    pub fn dead_refresh_token() -> Response {
        let text = "The token expired, was revoked, or the token ID is incorrect";
        Response::json(401, &json!({"error": "invalid_token", "error_description": text}))
    }

    /// An invalid access token.
    pub fn dead_access_token() -> Response {
        error(401, 1_000, "InvalidAuthToken", "Invalid Auth Token")
    }
}

/// How to handle requests without a fault.
type Upstream = Box<dyn FnMut(&Request) -> Response + Send>;

/// A fault that waits for its request.
struct Waiting {
    request: String,
    /// Requests of this kind to let through first; `None` means that it applies permanently.
    after: Option<usize>,
    fault: Fault,
    /// The response to repeat.
    repeated: Option<Response>,
}

struct State {
    upstream: Upstream,
    waiting: Vec<Waiting>,
    requests: Vec<Request>,
    /// Issued access and refresh tokens that are valid.
    issued: BTreeSet<String>,
    /// Issued tokens that are no longer valid.
    dead: BTreeSet<String>,
    /// Secrets that are replaced by others.
    renamed: Vec<(String, String)>,
}

/// What to do with a connection.
enum Conduct {
    Answer(Response),
    BreakOff,
    Hold,
}

/// The port. It closes when this value is dropped.
pub struct Cloud {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
    /// That a request has arrived.
    arrived: Arc<Condvar>,
    stop: Arc<AtomicBool>,
}

impl Cloud {
    /// In front of a practice tenant. All links lead back to this port.
    pub fn before(practice: &Practice) -> Self {
        let behind = practice.cloud_foundry();
        Self::new(|here| {
            Box::new(move |request| {
                let mut response = forward(behind, request);
                let (behind, here) = (behind.to_string(), here.to_string());
                response.body = response.body.replace(&behind, &here);
                for (_, value) in &mut response.headers {
                    *value = value.replace(&behind, &here);
                }
                response
            })
        })
    }

    /// Around any model, with a stopped clock. `config` receives the address of the port. Keys
    /// created there do not work.
    pub fn around(content: &Content, config: impl FnOnce(String) -> Config) -> Self {
        Self::new(|here| {
            let config = config(format!("http://{here}"));
            let now = config.started;
            let mut model = Model::new(content, config);
            Box::new(move |request| model.answer(request, now))
        })
    }

    /// A new passcode, as shown by its page.
    pub fn passcode(&self) -> String {
        let request = Request {
            method: Method::GET,
            path_and_query: "/login/passcode".to_owned(),
            authorization: None,
            accept: None,
            body: String::new(),
        };
        let page = (self.state.lock().unwrap().upstream)(&request).body;
        page.split("<p>").nth(1).unwrap().split("</p>").next().unwrap().to_owned()
    }

    fn new(upstream: impl FnOnce(SocketAddr) -> Upstream) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = State {
            upstream: upstream(address),
            waiting: Vec::new(),
            requests: Vec::new(),
            issued: BTreeSet::new(),
            dead: BTreeSet::new(),
            renamed: Vec::new(),
        };
        let (state, stop) = (Arc::new(Mutex::new(state)), Arc::new(AtomicBool::new(false)));
        let arrived = Arc::new(Condvar::new());
        let (for_all, stopped, told) = (Arc::clone(&state), Arc::clone(&stop), Arc::clone(&arrived));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let (state, told) = (Arc::clone(&for_all), Arc::clone(&told));
                if let Ok(stream) = stream {
                    thread::spawn(move || serve(stream, &state, &told));
                }
            }
        });
        Self { address, state, arrived, stop }
    }

    /// The address of the API.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The next request of this kind gets a fault.
    pub fn once(&self, request: &str, fault: Fault) {
        self.nth(1, request, fault);
    }

    /// The request with this number of this kind, counted from now on and from 1, gets a fault.
    pub fn nth(&self, number: usize, request: &str, fault: Fault) {
        self.add(request, Some(number - 1), fault);
    }

    /// All requests of this kind get a fault.
    pub fn always(&self, request: &str, fault: Fault) {
        self.add(request, None, fault);
    }

    /// Replaces `given` in requests by `real`, so that a test can log in with its own secret.
    pub fn takes(&self, given: &str, real: &str) {
        self.state.lock().unwrap().renamed.push((given.to_owned(), real.to_owned()));
    }

    /// The tokens issued so far, valid or not.
    pub fn tokens(&self) -> Vec<String> {
        let state = self.state.lock().unwrap();
        state.issued.iter().chain(&state.dead).cloned().collect()
    }

    /// Removes all faults. What is already broken stays broken.
    pub fn heal(&self) {
        self.state.lock().unwrap().waiting.clear();
    }

    fn add(&self, request: &str, after: Option<usize>, fault: Fault) {
        let waiting = Waiting { request: request.to_owned(), after, fault, repeated: None };
        self.state.lock().unwrap().waiting.push(waiting);
    }

    /// All requests that arrived, including those with a fault.
    pub fn requests(&self) -> Vec<Request> {
        self.state.lock().unwrap().requests.clone()
    }

    /// How many requests of this kind have arrived.
    pub fn count(&self, request: &str) -> usize {
        self.requests().iter().filter(|arrived| is(arrived, request)).count()
    }

    /// Waits until this many requests of this kind have arrived.
    pub fn wait_for(&self, number: usize, request: &str) {
        let few = |state: &mut State| state.requests.iter().filter(|one| is(one, request)).count() < number;
        let state = self.state.lock().unwrap();
        let (_state, waited) = self.arrived.wait_timeout_while(state, Duration::from_secs(120), few).unwrap();
        assert!(!waited.timed_out(), "{number} of {request} have not arrived");
    }

    /// The requests of the API that change something: method and path.
    pub fn changes(&self) -> Vec<String> {
        let requests = self.requests();
        let changing =
            requests.iter().filter(|one| one.method != Method::GET && one.path_and_query.starts_with("/v3/"));
        changing.map(|one| format!("{} {}", one.method, one.path_and_query)).collect()
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // Wakes the listener up.
        let _ = TcpStream::connect(self.address);
    }
}

/// Whether a request is of the named kind.
fn is(request: &Request, name: &str) -> bool {
    let mut words = name.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let real = request.path_and_query.split('?').next().unwrap_or_default();
    let (wanted, found): (Vec<&str>, Vec<&str>) = (path.split('/').collect(), real.split('/').collect());
    let same_path = path == "**"
        || wanted.len() == found.len()
            && wanted.iter().zip(&found).all(|(wanted, found)| *wanted == "*" || wanted == found);
    let in_body = words.next().is_none_or(|word| request.body.contains(word));
    (method == "*" || method == request.method.as_str()) && same_path && in_body
}

impl State {
    fn conduct(&mut self, mut request: Request) -> Conduct {
        self.requests.push(request.clone());
        if let Some(refusal) = self.refused(&request) {
            return Conduct::Answer(refusal);
        }
        let sent = refresh_token(&request);
        let came = format!("{} {}", request.authorization.as_deref().unwrap_or_default(), request.body);
        for (given, real) in &self.renamed {
            request.body = request.body.replace(given, real);
        }
        let Some((at, mut met)) = self.met(&request) else { return Conduct::Answer(self.perform(&request)) };
        let conduct = match &mut met.fault {
            Fault::LoseAnswer => {
                self.perform(&request);
                Conduct::BreakOff
            }
            Fault::Drop => Conduct::BreakOff,
            Fault::Stall => Conduct::Hold,
            Fault::Answer(response) => Conduct::Answer(response.clone()),
            Fault::Echo(response) => Conduct::Answer(echo(response.clone(), &came)),
            Fault::DoneBut(response) => {
                self.perform(&request);
                Conduct::Answer(response.clone())
            }
            Fault::Change(change) => {
                let mut response = self.perform(&request);
                change(&mut response);
                Conduct::Answer(response)
            }
            Fault::Repeat => {
                let first = met.repeated.take().unwrap_or_else(|| self.perform(&request));
                met.repeated = Some(first.clone());
                Conduct::Answer(first)
            }
            Fault::ExpireToken => {
                self.dead.extend(access_token(&request));
                Conduct::Answer(say::dead_access_token())
            }
            Fault::EndSession => {
                self.dead.append(&mut self.issued);
                Conduct::Answer(self.refused(&request).unwrap_or_else(say::dead_access_token))
            }
            Fault::OtherRefreshToken => Conduct::Answer(self.rename(&request, sent)),
        };
        if met.after.is_none() {
            self.waiting.insert(at, met);
        }
        conduct
    }

    /// The fault for a request, and its index. It is removed, and the others count the request.
    fn met(&mut self, request: &Request) -> Option<(usize, Waiting)> {
        let mut met = None;
        for (at, waiting) in self.waiting.iter_mut().enumerate().filter(|(_, waiting)| is(request, &waiting.request)) {
            match &mut waiting.after {
                Some(left) if *left > 0 => *left -= 1,
                _ => met = met.or(Some(at)),
            }
        }
        met.map(|at| (at, self.waiting.remove(at)))
    }

    fn perform(&mut self, request: &Request) -> Response {
        let response = (self.upstream)(request);
        if request.path_and_query.contains("/oauth/token") {
            let body: Value = serde_json::from_str(&response.body).unwrap_or_default();
            let tokens = ["access_token", "refresh_token"].into_iter().filter_map(|name| body[name].as_str());
            self.issued.extend(tokens.map(str::to_owned));
        }
        response
    }

    /// Replaces the refresh token by another one.
    fn rename(&mut self, request: &Request, sent: Option<String>) -> Response {
        let mut response = self.perform(request);
        let mut body: Value = serde_json::from_str(&response.body).unwrap_or_default();
        if let Some(real) = body["refresh_token"].as_str().map(str::to_owned) {
            let given = format!("{:032x}-r", self.renamed.len() + 1);
            body["refresh_token"] = json!(given);
            response.body = body.to_string();
            self.renamed.push((given.clone(), real));
            self.issued.insert(given);
            self.dead.extend(sent);
        }
        response
    }

    /// The response to a token that is no longer valid.
    fn refused(&self, request: &Request) -> Option<Response> {
        if access_token(request).is_some_and(|token| self.dead.contains(&token)) {
            return Some(say::dead_access_token());
        }
        refresh_token(request).filter(|token| self.dead.contains(token)).map(|_| say::dead_refresh_token())
    }
}

/// An error with a custom text.
fn echo(mut answer: Response, text: &str) -> Response {
    let Ok(mut body) = serde_json::from_str::<Value>(&answer.body) else {
        answer.body.push_str(text);
        return answer;
    };
    let place = if body["errors"].is_array() { "/errors/0/detail" } else { "/error_description" };
    *body.pointer_mut(place).unwrap() = json!(text);
    answer.body = body.to_string();
    answer
}

fn access_token(request: &Request) -> Option<String> {
    let (kind, token) = request.authorization.as_deref()?.split_once(' ')?;
    kind.eq_ignore_ascii_case("bearer").then(|| token.to_owned())
}

fn refresh_token(request: &Request) -> Option<String> {
    let mut form = url::form_urlencoded::parse(request.body.as_bytes());
    form.find(|(name, _)| name == "refresh_token").map(|(_, token)| token.into_owned())
}

/// Handles the only request of a connection.
fn serve(mut stream: TcpStream, state: &Mutex<State>, arrived: &Condvar) {
    let Some(request) = read(&stream) else { return };
    let conduct = state.lock().unwrap().conduct(request);
    arrived.notify_all();
    match conduct {
        Conduct::Answer(response) => {
            let mut head = format!("HTTP/1.1 {} X\r\nConnection: close\r\n", response.status);
            for (name, value) in &response.headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            let _ = write!(stream, "{head}Content-Length: {}\r\n\r\n{}", response.body.len(), response.body);
        }
        Conduct::BreakOff => {}
        // Until the client gives up.
        Conduct::Hold => {
            let _ = stream.read(&mut [0]);
        }
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ').map(str::to_owned);
    let (method, path_and_query) = (words.next()?, words.next()?);
    let (mut headers, mut length) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().ok()?;
        }
        headers.push((name.to_owned(), value.to_owned()));
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let header = |wanted: &str| {
        let found = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.clone())
    };
    Some(Request {
        method: Method::from_bytes(method.as_bytes()).ok()?,
        path_and_query,
        authorization: header("authorization"),
        accept: header("accept"),
        body: String::from_utf8(body).ok()?,
    })
}

/// Sends a request to another port, and returns its response.
pub fn forward(to: SocketAddr, request: &Request) -> Response {
    let mut stream = TcpStream::connect(to).unwrap();
    let Request { method, path_and_query, authorization, accept, body } = request;
    let mut head = format!("{method} {path_and_query} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n");
    for (name, value) in [("Authorization", authorization), ("Accept", accept)] {
        if let Some(value) = value {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    // Headers about this connection only are not forwarded.
    let ours = ["connection", "content-length", "transfer-encoding"];
    let headers = lines.filter_map(|line| line.split_once(": ")).filter(|(name, _)| !ours.contains(name));
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Response { status, headers, body: body.to_owned() }
}
