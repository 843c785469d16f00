//! The environment variables, read once. No other file may read any.

use std::{ffi::OsString, path::PathBuf};

/// How many colours may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colours {
    /// None.
    None,
    /// The sixteen of the terminal.
    Sixteen,
    /// The 256 fixed ones too.
    Many,
}

/// The terminal's background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    /// Text on it is light.
    Dark,
    /// Text on it is dark.
    Light,
}

/// Variables by which terminals identify themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TerminalVariables {
    /// `TERM_PROGRAM`, its name.
    pub program: Option<String>,
    /// `TERM_FEATURES`, its capabilities: <https://iterm2.com/feature-reporting/>.
    pub features: Option<String>,
    /// `PTYXIS_VERSION`.
    pub ptyxis: Option<String>,
    /// `WT_SESSION` is set: Windows Terminal.
    pub windows_terminal: bool,
    /// `ConEmuANSI` is `ON`.
    pub conemu: bool,
}

/// The environment as a value that can be passed around and made up in tests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// `NO_COLOR` is set to a non-empty value (<https://no-color.org>).
    pub no_color: bool,
    /// Colours are forced even without a colour terminal (`FORCE_COLOR`, `CLICOLOR_FORCE`).
    pub force_color: Option<Colours>,
    /// `CPIKEY_ACCESSIBLE` or `ACCESSIBLE` asks for plain mode.
    pub accessible: bool,
    /// `TERM`.
    pub term: Option<String>,
    /// The terminal is at the other end of an SSH connection.
    pub ssh: bool,
    /// The program runs inside tmux.
    pub tmux: bool,
    /// The program runs inside GNU screen.
    pub screen: bool,
    /// The variables that identify the terminal.
    pub terminal: TerminalVariables,
    /// There is an X11 display.
    pub display: bool,
    /// There is a Wayland display.
    pub wayland: bool,
    /// The locale uses UTF-8. Always true on Windows.
    pub utf8: bool,
    /// Only a terminal shows UTF-8: piped output is decoded in the console's code page, as by Windows PowerShell.
    pub pipes_in_code_page: bool,
    /// Whether the background is dark or light, if the terminal announces it (`COLORFGBG`).
    pub background: Option<Background>,
    /// The terminal is known to answer immediately when asked for its background.
    pub tells_background: bool,
    /// `NO_PROXY`: hosts for which no proxy is used.
    pub no_proxy: Option<String>,
    /// `TZ`: the name of a time zone, which may be empty.
    pub zone: Option<OsString>,
    /// The home directory, if it is set.
    pub home: Option<PathBuf>,
    /// `PATH`.
    pub path: Option<OsString>,
    /// `CF_HOME`: where the cf CLI keeps its configuration instead of in the home directory.
    pub cf_home: Option<PathBuf>,
    /// `GITHUB_STEP_SUMMARY`: the file for a workflow step's job summary.
    pub step_summary: Option<PathBuf>,
    /// `SSL_CERT_FILE` or `SSL_CERT_DIR`: the location of trusted CAs instead of the system's.
    pub certificates: Option<PathBuf>,
}

impl Environment {
    /// Reads the variables of this process.
    pub fn read() -> Self {
        Self::from_lookup(|name| std::env::var_os(name))
    }

    /// Reads from a function instead of the process. An empty variable counts as unset.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<OsString>) -> Self {
        let value = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let set = |name: &str| value(name).is_some();
        let text = |name: &str| value(name).map(|value| value.to_string_lossy().into_owned());
        // The first one that is set decides, as in setlocale(3).
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(text).unwrap_or_default().to_lowercase();
        let is_utf8 = locale.contains("utf-8") || locale.contains("utf8");
        Self {
            no_color: set("NO_COLOR"),
            force_color: text("FORCE_COLOR").map(|level| forced(&level)).or_else(|| {
                let forced = text("CLICOLOR_FORCE").is_some_and(|value| value != "0");
                forced.then_some(Colours::Many)
            }),
            accessible: ["CPIKEY_ACCESSIBLE", "ACCESSIBLE"]
                .into_iter()
                .find_map(text)
                .is_some_and(|value| is_on(&value)),
            term: text("TERM"),
            ssh: set("SSH_CONNECTION") || set("SSH_TTY") || set("SSH_CLIENT"),
            tmux: set("TMUX"),
            screen: set("STY"),
            terminal: TerminalVariables {
                program: text("TERM_PROGRAM"),
                features: text("TERM_FEATURES"),
                ptyxis: text("PTYXIS_VERSION"),
                windows_terminal: set("WT_SESSION"),
                conemu: value("ConEmuANSI").is_some_and(|value| value == "ON"),
            },
            display: set("DISPLAY"),
            wayland: set("WAYLAND_DISPLAY"),
            utf8: cfg!(windows) || is_utf8,
            pipes_in_code_page: cfg!(windows) && !is_utf8,
            // Both spellings are in use, as with the proxies themselves.
            background: text("COLORFGBG").as_deref().and_then(background),
            tells_background: tells_background(&text, &set),
            no_proxy: text("NO_PROXY").or_else(|| text("no_proxy")),
            zone: lookup("TZ"),
            home: value(if cfg!(windows) { "USERPROFILE" } else { "HOME" }).map(PathBuf::from),
            path: value("PATH"),
            cf_home: value("CF_HOME").map(PathBuf::from),
            step_summary: value("GITHUB_STEP_SUMMARY").map(PathBuf::from),
            certificates: value("SSL_CERT_FILE").or_else(|| value("SSL_CERT_DIR")).map(PathBuf::from),
        }
    }

    /// Whether non-ASCII characters are displayed correctly, on a terminal or in a file or pipe.
    pub fn shows_unicode(&self, terminal: bool) -> bool {
        self.utf8 && (terminal || !self.pipes_in_code_page)
    }

    /// How many colours to use on a terminal. A command-line option takes precedence, then `NO_COLOR`, then
    /// `FORCE_COLOR` and `CLICOLOR_FORCE`, then `TERM`.
    pub fn colours(&self, asked: Option<bool>) -> Colours {
        let forced = self.force_color.filter(|_| !self.no_color);
        match asked {
            Some(false) => Colours::None,
            Some(true) => forced.filter(|forced| *forced > Colours::None).unwrap_or(Colours::Many),
            None if self.no_color => Colours::None,
            None => forced.unwrap_or(if self.is_monochrome() { Colours::None } else { Colours::Many }),
        }
    }

    /// Terminals that are known to have no colours: DEC's, and those whose name says so.
    fn is_monochrome(&self) -> bool {
        let term = self.term.as_deref().unwrap_or_default();
        self.is_dumb() || term.starts_with("vt") || term.ends_with("-mono") || term.ends_with("-m")
    }

    /// Whether the terminal can only print: `TERM=dumb`, or no `TERM` outside Windows.
    pub fn is_dumb(&self) -> bool {
        self.term.as_deref().map_or(!cfg!(windows), |term| term == "dumb")
    }
}

/// Whether a set variable means yes.
fn is_on(value: &str) -> bool {
    !matches!(value.to_ascii_lowercase().as_str(), "0" | "false" | "no")
}

/// The level of `FORCE_COLOR`: 0 to 3, as supports-colour reads it.
fn forced(level: &str) -> Colours {
    match level {
        "0" | "false" => Colours::None,
        "2" | "3" => Colours::Many,
        _ => Colours::Sixteen,
    }
}

/// `foreground;background` or `foreground;default;background`, as numbers of the sixteen colours (rxvt, Konsole).
fn background(colours: &str) -> Option<Background> {
    match colours.rsplit(';').next()?.parse::<u8>().ok()? {
        7 | 9..=15 => Some(Background::Light),
        0..=8 => Some(Background::Dark),
        _ => None,
    }
}

/// Terminals that are known to answer OSC 11. Over SSH the answer is slow, and GNU screen swallows it.
fn tells_background(text: &impl Fn(&str) -> Option<String>, set: &impl Fn(&str) -> bool) -> bool {
    const PROGRAMS: &[&str] = &["iTerm.app", "Apple_Terminal", "WezTerm", "ghostty", "vscode", "rio", "contour"];
    const MARKS: &[&str] =
        &["KITTY_WINDOW_ID", "VTE_VERSION", "KONSOLE_VERSION", "ALACRITTY_WINDOW_ID", "XTERM_VERSION"];
    const KINDS: &[&str] = &["xterm-kitty", "xterm-ghostty", "alacritty", "foot", "contour"];
    let is_far = set("SSH_CONNECTION") || set("SSH_TTY") || set("SSH_CLIENT");
    let is_inside = set("STY") || set("TMUX");
    let program = text("TERM_PROGRAM").is_some_and(|name| PROGRAMS.contains(&name.as_str()));
    let kind = text("TERM").is_some_and(|name| KINDS.contains(&name.trim_end_matches("-extra")));
    cfg!(unix) && !is_far && !is_inside && (program || kind || MARKS.iter().any(|mark| set(mark)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        Environment::from_lookup(|name| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| value.into()))
    }

    #[test]
    fn what_a_code_page_would_garble_is_ascii() {
        let here = Environment { utf8: true, ..Environment::default() };
        let windows = Environment { pipes_in_code_page: true, ..here.clone() };
        assert!(here.shows_unicode(false) && windows.shows_unicode(true));
        assert!(!windows.shows_unicode(false) && !Environment::default().shows_unicode(true));
        assert!(!environment(&[("LANG", "de_DE.UTF-8")]).pipes_in_code_page);
        assert_eq!(environment(&[]).pipes_in_code_page, cfg!(windows));
    }

    #[test]
    fn the_background_is_the_last_number_of_colorfgbg() {
        let background = |value| environment(&[("COLORFGBG", value)]).background;
        assert_eq!(background("15;0"), Some(Background::Dark));
        assert_eq!(background("0;15"), Some(Background::Light));
        assert_eq!(background("0;default;15"), Some(Background::Light));
        assert_eq!(background("12;8"), Some(Background::Dark));
        for unknown in ["default;default", "", "0;", "7;300"] {
            assert_eq!(background(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn only_a_near_terminal_that_is_known_to_answer_is_asked_for_its_background() {
        let kitty = ("KITTY_WINDOW_ID", "1");
        let asked = |variables: &[_]| environment(variables).tells_background;
        assert_eq!(asked(&[kitty]), cfg!(unix));
        for near in [&[("TERM", "xterm-256color")][..], &[kitty, ("SSH_TTY", "/dev/pts/1")], &[kitty, ("TMUX", "x")]] {
            assert!(!asked(near), "{near:?}");
        }
    }

    #[test]
    fn an_empty_no_color_does_not_count() {
        assert!(!environment(&[("NO_COLOR", "")]).no_color);
        assert!(environment(&[("NO_COLOR", "1")]).no_color);
    }

    #[test]
    fn an_option_counts_before_no_color_before_force_color_before_the_terminal() {
        let xterm = ("TERM", "xterm-256color");
        for (variables, asked, expected) in [
            (&[xterm][..], None, Colours::Many),
            (&[xterm], Some(false), Colours::None),
            (&[xterm, ("NO_COLOR", "1")], None, Colours::None),
            (&[xterm, ("NO_COLOR", "1")], Some(true), Colours::Many),
            (&[xterm, ("NO_COLOR", "1"), ("FORCE_COLOR", "3")], None, Colours::None),
            (&[xterm, ("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], None, Colours::None),
            (&[xterm, ("FORCE_COLOR", "0")], None, Colours::None),
            (&[xterm, ("FORCE_COLOR", "0")], Some(true), Colours::Many),
            (&[xterm, ("FORCE_COLOR", "1")], None, Colours::Sixteen),
            (&[xterm, ("FORCE_COLOR", "1")], Some(true), Colours::Sixteen),
            (&[xterm, ("FORCE_COLOR", "1")], Some(false), Colours::None),
            (&[("TERM", "vt220")], None, Colours::None),
            (&[("TERM", "xterm-mono")], None, Colours::None),
            (&[("TERM", "vt220"), ("FORCE_COLOR", "2")], None, Colours::Many),
            (&[("TERM", "vt220"), ("FORCE_COLOR", "3")], None, Colours::Many),
            (&[("TERM", "vt220"), ("FORCE_COLOR", "true")], None, Colours::Sixteen),
            (&[("TERM", "vt220"), ("CLICOLOR_FORCE", "1")], None, Colours::Many),
            (&[("TERM", "vt220"), ("CLICOLOR_FORCE", "0")], None, Colours::None),
            (&[("TERM", "vt220"), ("FORCE_COLOR", "0"), ("CLICOLOR_FORCE", "1")], None, Colours::None),
        ] {
            assert_eq!(environment(variables).colours(asked), expected, "{variables:?} {asked:?}");
        }
    }

    #[cfg(not(windows))]
    #[test]
    fn the_first_locale_variable_that_is_set_decides() {
        assert!(environment(&[("LANG", "de_DE.UTF-8")]).utf8);
        assert!(environment(&[("LANG", "C"), ("LC_CTYPE", "en_US.utf8")]).utf8);
        assert!(!environment(&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "C")]).utf8);
        assert!(!environment(&[]).utf8);
    }

    #[test]
    fn both_spellings_of_no_proxy_count_the_capital_one_first() {
        let of = |variables: &[(&str, &str)]| environment(variables).no_proxy;
        assert_eq!(of(&[("no_proxy", "a.example")]).as_deref(), Some("a.example"));
        assert_eq!(of(&[("no_proxy", "a.example"), ("NO_PROXY", "b.example")]).as_deref(), Some("b.example"));
        assert_eq!(of(&[("NO_PROXY", "")]), None);
    }

    #[test]
    fn plain_mode_is_asked_for_by_a_variable_that_does_not_say_no() {
        for (variables, asked) in [
            (&[("ACCESSIBLE", "1")] as &[_], true),
            (&[("CPIKEY_ACCESSIBLE", "yes")], true),
            (&[("ACCESSIBLE", "")], false),
            (&[("ACCESSIBLE", "0")], false),
            (&[("ACCESSIBLE", "False")], false),
            (&[("CPIKEY_ACCESSIBLE", "no"), ("ACCESSIBLE", "1")], false),
            (&[], false),
        ] {
            assert_eq!(environment(variables).accessible, asked, "{variables:?}");
        }
    }

    #[cfg(not(windows))]
    #[test]
    fn a_terminal_without_a_name_counts_as_dumb() {
        assert!(environment(&[]).is_dumb());
        assert!(environment(&[("TERM", "dumb")]).is_dumb());
        assert!(!environment(&[("TERM", "xterm-256color")]).is_dumb());
    }
}
