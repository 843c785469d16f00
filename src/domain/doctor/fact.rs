//! The facts that the doctor checks, and their state.

use jiff::Timestamp;

use super::{CheckId, Level};
use crate::{
    domain::{
        finding,
        platform::Platform,
        text::{safe_text::SafeText, shown::Shown as _},
    },
    words::{Explanation, Words},
};

/// An optional feature of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// The system's clipboard.
    Clipboard,
    /// The keyring.
    Keyring,
}

/// The terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminalFacts {
    /// `TERM`, and the name that the terminal reports.
    pub name: Option<SafeText>,
    /// Columns and rows; `None` if it is not a terminal.
    pub size: Option<(u16, u16)>,
    /// Whether it can only print.
    pub dumb: bool,
}

/// The number of colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// None.
    None,
    /// Sixteen.
    Sixteen,
    /// 256.
    Many,
}

/// A method to copy text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The system's clipboard.
    Native,
    /// tmux.
    Tmux,
    /// An escape sequence to the terminal.
    Terminal,
}

/// The trusted authorities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Certificates {
    /// The system verifies certificates itself.
    OfSystem,
    /// The number of authorities, and the path set by a variable, if any.
    Loaded(usize, Option<SafeText>),
}

/// Whether a directory can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It exists and is writable.
    Writable,
    /// The same, and other accounts may be able to read what is written there.
    WritableForOthers,
    /// It can be created.
    CanBeMade,
    /// It is not writable.
    ReadOnly,
}

/// A directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    /// API, org, space and login.
    pub path: SafeText,
    /// Whether it is writable.
    pub access: Access,
}

/// The target of cf.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CfTarget {
    /// The API endpoint.
    pub api: SafeText,
    /// The org.
    pub org: SafeText,
    /// The space.
    pub space: SafeText,
}

/// The cf CLI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cf {
    /// Not installed.
    Missing,
    /// Installed, and not logged in.
    NeverUsed,
    /// Installed, with a login that this program cannot use.
    Unusable(finding::Fact),
    /// Installed and logged in; an org or a space may be missing.
    Target(CfTarget),
}

/// A fact about the environment. Contains no secret: no token, no proxy password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The program: version, system, and the features missing in this build.
    Program(&'static str, String, Vec<Feature>),
    /// The terminal.
    Terminal(TerminalFacts),
    /// Colours, and whether non-ASCII marks are used.
    Colours(Colours, bool),
    /// The session: over SSH, and inside which other programs.
    Session {
        /// Over SSH.
        ssh: bool,
        /// `tmux`, `screen`
        inside: Vec<&'static str>,
    },
    /// How text is copied, and why not with the system clipboard.
    TextClipboard(Way, Option<Explanation>),
    /// How long copied secrets stay in the clipboard, in seconds, or why they cannot be copied.
    SecretClipboard(Result<u64, Explanation>),
    /// Whether the keyring works.
    Keyring(Result<(), Explanation>),
    /// The proxy for SAP's hosts, without user and password.
    Proxy(Option<SafeText>),
    /// No proxy is known, but the system uses a proxy script.
    ProxyScript(SafeText),
    /// The trusted authorities.
    Certificates(Certificates),
    /// The time.
    Clock(Timestamp),
    /// The directory of saved systems; `None` without a home directory.
    DataDirectory(Option<Directory>),
    /// The directory of saved progress; `None` without a home directory.
    StateDirectory(Option<Directory>),
    /// The current directory.
    WorkingDirectory(Directory),
    /// The cf CLI.
    Cf(Cf),
    /// This check did not respond in time.
    Silent(CheckId),
}

/// The smallest terminal of the wizard.
const SMALLEST: (u16, u16) = (40, 10);
/// The size from which nothing is shortened.
const COMFORTABLE: (u16, u16) = (60, 16);

/// A correct clock never shows a time before this program was written, or one beyond the life of any certificate.
const PLAUSIBLE: std::ops::Range<i64> = 1_735_689_600..4_102_444_800;

impl Fact {
    /// The step.
    pub fn id(&self) -> CheckId {
        match self {
            Fact::Program(..) => CheckId::Program,
            Fact::Terminal(_) => CheckId::Terminal,
            Fact::Colours(..) => CheckId::Colours,
            Fact::Session { .. } => CheckId::Session,
            Fact::TextClipboard(..) => CheckId::TextClipboard,
            Fact::SecretClipboard(_) => CheckId::SecretClipboard,
            Fact::Keyring(_) => CheckId::Keyring,
            Fact::Proxy(_) | Fact::ProxyScript(_) => CheckId::Proxy,
            Fact::Certificates(_) => CheckId::Certificates,
            Fact::Clock(_) => CheckId::Clock,
            Fact::DataDirectory(_) => CheckId::DataDirectory,
            Fact::StateDirectory(_) => CheckId::StateDirectory,
            Fact::WorkingDirectory(_) => CheckId::WorkingDirectory,
            Fact::Cf(_) => CheckId::Cf,
            Fact::Silent(id) => *id,
        }
    }

    /// Its level, meaning and fix.
    pub(super) fn judged(&self, words: Words) -> (Level, Explanation) {
        let labels = words.doctor();
        match self {
            Fact::Program(version, system, without) if without.is_empty() => ok(labels.program_found(version, system)),
            Fact::Program(version, system, without) => {
                let names: Vec<&str> = without.iter().map(|feature| feature.name(words)).collect();
                let facts = labels.program_without();
                (Level::Note, facts.fill(&[("version", version), ("system", system), ("features", &names.join(", "))]))
            }
            Fact::Terminal(terminal) => terminal.judged(words),
            Fact::Colours(colours, unicode) => {
                let marks = if *unicode { labels.marks_unicode() } else { labels.marks_ascii() };
                match colours {
                    Colours::Many => ok(labels.colours_many(marks)),
                    Colours::Sixteen => ok(labels.colours_few(marks)),
                    Colours::None => (Level::Note, labels.colours_none().fill(&[("marks", &marks)])),
                }
            }
            Fact::Session { ssh: false, inside } if inside.is_empty() => ok(labels.session_local().to_owned()),
            Fact::Session { ssh, inside } => {
                let ssh_name = ssh.then_some("SSH");
                let ways: Vec<&str> = ssh_name.into_iter().chain(inside.iter().copied()).collect();
                let template = if *ssh { labels.session_far() } else { labels.session_inside() };
                (Level::Note, template.fill(&[("ways", &ways.join(", "))]))
            }
            Fact::TextClipboard(Way::Native, _) => ok(labels.clipboard_native().to_owned()),
            Fact::TextClipboard(way, why) => {
                let template = if *way == Way::Tmux { labels.clipboard_tmux() } else { labels.clipboard_terminal() };
                let cause = why.as_ref().map_or("", |why| why.what.as_str());
                (Level::Note, template.fill(&[("cause", &cause)]))
            }
            Fact::SecretClipboard(Ok(seconds)) => ok(labels.secrets_native(seconds)),
            Fact::SecretClipboard(Err(why)) => (Level::Warning, labels.secrets_nowhere().fill(&[("cause", &why.what)])),
            Fact::Keyring(Ok(())) => ok(labels.keyring_works().to_owned()),
            Fact::Keyring(Err(Explanation { what, why, fix })) => {
                let facts = labels.keyring_unusable();
                (Level::Warning, facts.fill(&[("what", what), ("why", why), ("fix", fix)]))
            }
            Fact::Proxy(None) => ok(labels.proxy_none().to_owned()),
            Fact::Proxy(Some(proxy)) => (Level::Note, labels.proxy_used().fill(&[("proxy", proxy)])),
            Fact::ProxyScript(script) => (Level::Warning, labels.proxy_script().fill(&[("script", script)])),
            Fact::Certificates(certificates) => certificates.judged(words),
            Fact::Clock(now) => {
                let plausible = PLAUSIBLE.contains(&now.as_second());
                let shown = now.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
                let (level, template) = if plausible {
                    (Level::Ok, labels.clock_plausible())
                } else {
                    (Level::Problem, labels.clock_wrong())
                };
                (level, template.fill(&[("now", &shown)]))
            }
            Fact::DataDirectory(None) => {
                (Level::Warning, labels.no_home().fill(&[("advice", &Platform::HERE.without_home(words))]))
            }
            Fact::DataDirectory(Some(directory)) => {
                directory.judged(labels.data_read_only_why(), labels.data_read_only_fix(), words)
            }
            Fact::StateDirectory(None) => {
                (Level::Warning, labels.no_home_for_state().fill(&[("advice", &Platform::HERE.without_home(words))]))
            }
            Fact::StateDirectory(Some(directory)) => {
                directory.judged(labels.state_read_only_why(), labels.state_read_only_fix(), words)
            }
            Fact::WorkingDirectory(directory) => {
                directory.judged(labels.working_read_only_why(), labels.working_read_only_fix(), words)
            }
            Fact::Cf(Cf::Missing) => (Level::Note, labels.cf_missing().fill(&[])),
            Fact::Cf(Cf::NeverUsed) => (Level::Note, labels.cf_never_used().fill(&[])),
            Fact::Cf(Cf::Unusable(why)) => (Level::Warning, labels.cf_unusable().fill(&[("why", &why.shown(words))])),
            Fact::Cf(Cf::Target(target)) if target.org.is_empty() || target.space.is_empty() => {
                (Level::Note, labels.cf_no_target().fill(&[]))
            }
            Fact::Cf(Cf::Target(CfTarget { api, org, space })) => ok(labels.cf_target(org, space, api)),
            Fact::Silent(_) => (Level::Warning, labels.silent().fill(&[])),
        }
    }
}

fn ok(found: String) -> (Level, Explanation) {
    (Level::Ok, Explanation { what: found, ..Explanation::default() })
}

impl Feature {
    fn name(self, words: Words) -> &'static str {
        match self {
            Feature::Clipboard => words.doctor().feature_clipboard(),
            Feature::Keyring => words.doctor().feature_keyring(),
        }
    }
}

impl TerminalFacts {
    fn judged(&self, words: Words) -> (Level, Explanation) {
        let labels = words.doctor();
        let name = self.name.as_ref().map_or(labels.unnamed(), SafeText::as_str);
        let Some((columns, rows)) = self.size else { return (Level::Note, labels.terminal_none().fill(&[])) };
        let small = |(least_columns, least_rows): (u16, u16)| columns < least_columns || rows < least_rows;
        if self.dumb {
            (Level::Warning, labels.terminal_dumb().fill(&[("name", &name)]))
        } else if small(COMFORTABLE) {
            let level = if small(SMALLEST) { Level::Warning } else { Level::Note };
            let facts = labels.terminal_small();
            (level, facts.fill(&[("name", &name), ("columns", &columns), ("rows", &rows)]))
        } else {
            ok(labels.terminal_found(name, columns, rows))
        }
    }
}

impl Certificates {
    fn judged(&self, words: Words) -> (Level, Explanation) {
        let labels = words.doctor();
        match self {
            Certificates::OfSystem => ok(labels.certificates_of_system().to_owned()),
            Certificates::Loaded(0, None) => (Level::Problem, labels.certificates_none().fill(&[])),
            Certificates::Loaded(0, Some(place)) => {
                (Level::Problem, labels.certificates_none_from().fill(&[("place", place)]))
            }
            Certificates::Loaded(count, None) => ok(labels.certificates_found(count)),
            Certificates::Loaded(count, Some(place)) => {
                (Level::Note, labels.certificates_from().fill(&[("count", count), ("place", place)]))
            }
        }
    }
}

impl Directory {
    fn judged(&self, why: &str, fix: &str, words: Words) -> (Level, Explanation) {
        let labels = words.doctor();
        match self.access {
            Access::Writable => ok(labels.directory_writable(&self.path)),
            Access::CanBeMade => ok(labels.directory_new(&self.path)),
            Access::WritableForOthers => (Level::Note, labels.directory_for_others().fill(&[("path", &self.path)])),
            Access::ReadOnly => {
                let facts = labels.directory_read_only();
                (Level::Warning, facts.fill(&[("path", &self.path), ("cause", &why), ("fix", &fix)]))
            }
        }
    }
}
