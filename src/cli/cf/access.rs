//! Logging in: which API, which login, and the resulting session.

use std::io::{self, IsTerminal as _};

use tokio::runtime::Runtime;

use super::{Stop, api};
use crate::{
    cli::{
        args::cloud::PlaceArgs,
        ask,
        hosts::{agree_to_login, allowed},
        interrupt::ask_secret,
        live_test::runtime,
        output::Output,
    },
    domain::{
        cf::{
            cf_cli::{self, CfLogin},
            kept::KeptLogin,
            login::{Credentials, Servers},
        },
        finding::{Fact, Finding, FindingCode},
        key::address::Address,
        problem::Problem,
        systems::vault::Protection,
        text::{safe_text::SafeText, secret::Secret},
    },
    jobs::{
        Context,
        cf::{self, Session},
        keep_login::{keep_login, kept_login, open_login},
    },
    net::NetOptions,
    platform::{cf_config, env::Environment, files},
    practice::{Latency, Practice},
    words::{CfCommandLabels, Words},
};

/// The longest line with a passcode or a password.
const LINE_LIMIT: usize = 4096;

/// A login method.
enum Way {
    /// The login of the cf CLI.
    Cf(CfLogin),
    /// The stored login, with its passphrase.
    Kept(KeptLogin, Option<Secret>),
    /// A passcode from standard input, or typed.
    Passcode { from_stdin: bool },
    /// User and password, the latter from standard input or typed.
    Password { user: String, origin: Option<String>, from_stdin: bool },
    /// A passcode of the practice tenant.
    Practice(Practice),
}

/// A login, and the org and space it targets.
pub struct Access {
    /// The login.
    pub session: Session,
    /// The runtime for requests.
    pub runtime: &'static Runtime,
    /// The network options.
    pub net: NetOptions,
    /// The org and space that the login targets.
    pub usual: (Option<String>, Option<String>),
    /// Findings about the login.
    pub notes: Vec<Finding>,
    way: Way,
}

impl Access {
    /// The URL of the API.
    pub fn api(&self) -> &str {
        self.session.api().as_str().trim_end_matches('/')
    }

    /// Whether the login is that of the cf CLI.
    pub fn is_of_cf(&self) -> bool {
        matches!(self.way, Way::Cf(_))
    }

    /// Whether it is the practice tenant, which ends with the command.
    pub fn is_practice(&self) -> bool {
        matches!(self.way, Way::Practice(_))
    }

    /// Who is logged in.
    pub fn user(&self, words: Words) -> SafeText {
        self.session.user().cloned().unwrap_or_else(|| SafeText::line(words.cf_command().nobody()))
    }

    /// Handles a new refresh token: the one in cf's configuration file is then invalid, and a stored one is replaced.
    pub fn settle(&mut self, context: &Context, output: &mut Output<'_>) {
        match &mut self.way {
            Way::Cf(_) if self.session.replaced_refresh_token() => {
                let finding = Finding::cf(FindingCode::CfRefreshTokenReplaced);
                if !self.notes.contains(&finding) {
                    self.notes.push(finding);
                }
            }
            Way::Kept(login, passphrase) => {
                let Some(token) = self.session.refresh_token().filter(|token| **token != login.refresh_token) else {
                    return;
                };
                login.refresh_token = token.clone();
                if let Err(error) = keep_login(context, login, passphrase.as_ref()) {
                    output.problem(&error.into_problem());
                }
            }
            _ => {}
        }
    }
}

/// Logs in. The hosts are printed before anything is sent to them.
pub fn log_in(
    args: &PlaceArgs,
    use_kept: bool,
    context: &Context,
    environment: &Environment,
    output: &mut Output<'_>,
) -> Result<Access, Stop> {
    let (content, words) = (&context.content, context.content.words.cf_command());
    let net = args.network.options(environment, content.words)?;
    let given = api::given(args.api.as_deref(), content)?;
    let way = way(args, use_kept, &given, context, environment, output)?;
    let runtime = runtime(content.words)?;
    let usual = match &way {
        Way::Cf(login) => Some(login.api.clone()),
        Way::Kept(login, _) => Some(login.api.clone()),
        Way::Practice(practice) => Some(format!("http://{}", practice.cloud_foundry())),
        Way::Passcode { .. } | Way::Password { .. } => None,
    };
    let address = api::choose(args.api.as_deref(), given, usual.as_deref(), content, output)?;
    let mut agreed = allowed(&args.allowed_hosts);
    output.message(words.api_server(SafeText::line(address.host())));
    agree_to_login(&[&address], &mut agreed, output)?;
    let servers = runtime.block_on(cf::servers(address.url(), &net)).map_err(|finding| about(finding, &address))?;
    let (login, token) = (server(&servers.login)?, server(&servers.uaa)?);
    output.message(words.login_servers(SafeText::line(login.host()), SafeText::line(token.host())));
    agree_to_login(&[&login, &token], &mut agreed, output)?;
    let mut notes = Vec::new();
    let credentials = credentials(&way, &servers, context, &mut notes, output)?;
    let session = runtime.block_on(cf::log_in(address.url(), &servers, &credentials, &net));
    let session = session.map_err(|finding| with_user(finding, &way))?;
    let usual = match &way {
        Way::Cf(login) => (login.org.clone(), login.space.clone()),
        Way::Kept(login, _) => (login.org.clone(), login.space.clone()),
        _ => (None, None),
    };
    let mut access = Access { session, runtime, net, usual, notes, way };
    access.settle(context, output);
    Ok(access)
}

/// Selects the login method.
fn way(
    args: &PlaceArgs,
    use_kept: bool,
    given: &[Address],
    context: &Context,
    environment: &Environment,
    output: &mut Output<'_>,
) -> Result<Way, Stop> {
    let words = context.content.words.cf_command();
    if args.practice {
        let practice = Practice::start_on_own_thread(&context.content, Latency::Realistic);
        let practice = practice.map_err(|error| words.no_practice().fill(&[("cause", &error)]).failed())?;
        output.remark(words.practice());
        return Ok(Way::Practice(practice));
    }
    if args.cf {
        let login = cf_config::read(environment)?;
        if !api::fits(given, &login.api) {
            return Err(cf_cli::unusable(Fact::CfLoggedInAt { api: SafeText::line(&login.api) }).into());
        }
        return Ok(Way::Cf(login));
    }
    if args.passcode_stdin {
        return Ok(Way::Passcode { from_stdin: true });
    }
    if let Some(user) = &args.user {
        let (user, origin) = (user.clone(), args.origin.clone());
        return Ok(Way::Password { user, origin, from_stdin: args.password_stdin });
    }
    if use_kept
        && let Some((login, passphrase)) = kept(context, words)?
        && api::fits(given, &login.api)
    {
        return Ok(Way::Kept(login, passphrase));
    }
    if !ask::can_ask() {
        return Err(words.no_login().fill(&[]).unusable().into());
    }
    match cf_config::read(environment) {
        Ok(login) if api::fits(given, &login.api) => {
            let user = login.user.clone().unwrap_or_else(|| SafeText::line(words.nobody()));
            let place = login.org.as_ref().map_or_else(String::new, |org| {
                words.in_place(SafeText::line(org), SafeText::line(login.space.as_deref().unwrap_or_default()))
            });
            let question = words.use_cf(user, SafeText::line(&login.api), place);
            match ask::agrees(&question, output) {
                true => Ok(Way::Cf(login)),
                false => Ok(Way::Passcode { from_stdin: false }),
            }
        }
        _ => Ok(Way::Passcode { from_stdin: false }),
    }
}

/// The stored login, opened.
fn kept(context: &Context, words: CfCommandLabels) -> Result<Option<(KeptLogin, Option<Secret>)>, Problem> {
    let passphrase = match kept_login(context)? {
        None => return Ok(None),
        Some(Protection::Keyring) => None,
        Some(Protection::Passphrase) => {
            let typed = ask_secret(words.ask_login_passphrase());
            Some(typed.map_err(|error| error.problem(context.content.words))?)
        }
    };
    Ok(open_login(context, passphrase.as_ref())?.map(|login| (login, passphrase)))
}

/// A server that the API names.
fn server(address: &str) -> Result<Address, Finding> {
    let other = |_| Finding::cf(FindingCode::CfNotAnApi).seen(SafeText::line(address));
    Address::parse_cloud_foundry(address).map_err(other)
}

fn about(finding: Finding, address: &Address) -> Finding {
    match finding.code {
        FindingCode::CfNotAnApi if finding.subjects.is_empty() => finding.about(SafeText::line(address.host())),
        _ => finding,
    }
}

fn with_user(finding: Finding, way: &Way) -> Finding {
    let is_about_user = matches!(finding.code, FindingCode::CfPasswordLocked | FindingCode::CfLoginLocked);
    match way {
        Way::Password { user, .. } if is_about_user => finding.about(SafeText::line(user)),
        Way::Password { origin: Some(origin), .. } if finding.code == FindingCode::CfOriginNoPasswords => {
            finding.about(SafeText::line(origin))
        }
        _ => finding,
    }
}

/// The credentials for the token server.
fn credentials(
    way: &Way,
    servers: &Servers,
    context: &Context,
    notes: &mut Vec<Finding>,
    output: &mut Output<'_>,
) -> Result<Credentials, Problem> {
    let words = context.content.words.cf_command();
    let shown = |user: Option<&str>| SafeText::line(user.unwrap_or(words.nobody()));
    Ok(match way {
        Way::Cf(login) => {
            let user = login.user.as_ref().map(SafeText::as_str);
            output.remark(words.uses_cf(shown(user), SafeText::line(&login.api)));
            if login.skips_tls_check {
                notes.push(Finding::cf(FindingCode::CfTlsCheckOff));
            }
            Credentials::Refresh(login.refresh_token.clone())
        }
        Way::Kept(login, _) => {
            output.remark(words.uses_kept(shown(login.user.as_deref()), SafeText::line(&login.api)));
            Credentials::Refresh(login.refresh_token.clone())
        }
        Way::Practice(practice) => {
            let passcode = practice.passcode();
            let typed = match ask::can_ask() {
                true => read(&words.ask_practice_passcode(&passcode), context.content.words)?,
                false => {
                    output.message(words.practice_passcode(&passcode));
                    Secret::new("")
                }
            };
            Credentials::Passcode(if typed.is_empty() { Secret::new(passcode) } else { typed })
        }
        Way::Passcode { from_stdin } => {
            if *from_stdin && !io::stdin().is_terminal() {
                return from_stdin_line("--passcode-stdin", words.passcode(), true, words).map(Credentials::Passcode);
            }
            output.remark(words.passcode_page(SafeText::capped(&servers.passcode_page(), 400)));
            Credentials::Passcode(typed(words.ask_passcode(), context.content.words)?)
        }
        Way::Password { user, origin, from_stdin } => {
            let password = if *from_stdin && !io::stdin().is_terminal() {
                from_stdin_line("--password-stdin", words.password(), false, words)?
            } else if ask::can_ask() {
                output.remark(words.second_factor());
                typed(&words.ask_password(SafeText::line(user)), context.content.words)?
            } else {
                return Err(words.no_password().fill(&[]).unusable());
            };
            Credentials::Password { user: user.clone(), password, origin: origin.clone() }
        }
    })
}

/// Asks at the terminal, without showing what is typed.
fn read(question: &str, words: Words) -> Result<Secret, Problem> {
    ask_secret(question).map_err(|error| error.problem_of_login(words))
}

/// The same, but never empty.
fn typed(question: &str, words: Words) -> Result<Secret, Problem> {
    let typed = read(question, words)?;
    match typed.is_empty() {
        true => Err(words.prompt().login_cancelled().fill(&[]).unusable()),
        false => Ok(typed),
    }
}

/// The first line of standard input.
fn from_stdin_line(option: &str, what: &str, trims: bool, words: CfCommandLabels) -> Result<Secret, Problem> {
    let bytes = files::read_limited(io::stdin().lock(), LINE_LIMIT).unwrap_or_default();
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = if trims { line.trim_ascii() } else { line };
    match std::str::from_utf8(line) {
        Ok(line) if !line.is_empty() && bytes.len() <= LINE_LIMIT => Ok(Secret::new(line)),
        _ => Err(words.empty_stdin().fill(&[("what", &what), ("option", &option)]).unusable()),
    }
}
