//! A path as users enter it: copied from a file manager, dropped on a terminal, or typed.

use std::borrow::Cow;

use crate::domain::platform::Platform;

/// The path in a `file:///…` URL, or `None` if the text is not one.
pub fn of_file_url(text: &str, platform: Platform) -> Option<String> {
    strip_scheme(text).map(|rest| of_url(rest, platform))
}

/// What follows a leading `~/` (on Windows also `~\`): a path relative to the home directory.
pub fn below_home(text: &str, platform: Platform) -> Option<&str> {
    let rest = text.strip_prefix('~')?;
    let is_separator = |c| c == '/' || (c == '\\' && platform == Platform::Windows);
    rest.strip_prefix(is_separator).map(|rest| rest.trim_start_matches(is_separator))
}

/// A Windows path as git and users expect it: without the prefix `\\?\`, which the system adds to canonical paths.
pub fn without_verbatim(path: &str) -> Cow<'_, str> {
    /// Longer paths only work with the prefix.
    const LONGEST: usize = 259;
    let Some(rest) = path.strip_prefix(r"\\?\").filter(|rest| rest.len() <= LONGEST) else { return path.into() };
    let has_drive = matches!(rest.as_bytes(), [drive, b':', b'\\', ..] if drive.is_ascii_alphabetic());
    match rest.strip_prefix(r"UNC\") {
        Some(share) => format!(r"\\{share}").into(),
        None if has_drive => rest.into(),
        None => path.into(),
    }
}

/// Whether a Windows path is in a folder: case-insensitive, with either separator.
pub fn is_below(path: &str, folder: &str) -> bool {
    let names = |path: &str| -> Vec<String> {
        let path = without_verbatim(path).to_lowercase();
        path.split(['/', '\\']).filter(|name| !name.is_empty()).map(str::to_owned).collect()
    };
    names(path).starts_with(&names(folder))
}

/// The intended path: without the quotes that Explorer copies and that terminals add to dropped files, and without the
/// `file:///…` form that file managers copy. Except on Windows, a backslash before a punctuation character is a shell
/// escape.
pub fn as_meant(typed: &str, platform: Platform) -> String {
    let typed = typed.trim();
    let quoted = ['"', '\''].into_iter().find_map(|quote| typed.strip_prefix(quote)?.strip_suffix(quote));
    let path = quoted.unwrap_or(typed);
    if let Some(path) = of_file_url(path, platform) {
        return path;
    }
    match (quoted, platform) {
        (None, Platform::Linux | Platform::MacOs) => without_backslashes(path),
        _ => path.to_owned(),
    }
}

fn strip_scheme(text: &str) -> Option<&str> {
    const SCHEME: &str = "file://";
    text.get(..SCHEME.len()).filter(|start| start.eq_ignore_ascii_case(SCHEME))?;
    text.get(SCHEME.len()..)
}

/// What follows `file://`: a host (empty for this computer) and a percent-encoded path.
fn of_url(rest: &str, platform: Platform) -> String {
    let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let path = percent_decoded(path);
    if platform != Platform::Windows {
        return path;
    }
    if !host.is_empty() && !host.eq_ignore_ascii_case("localhost") {
        return format!(r"\\{host}{}", path.replace('/', r"\"));
    }
    // `/C:/Users`
    let has_drive = matches!(path.as_bytes(), [b'/', drive, b':', ..] if drive.is_ascii_alphabetic());
    if has_drive { path[1..].replace('/', r"\") } else { path }
}

/// Anything that is not a valid code stays as is.
fn percent_decoded(text: &str) -> String {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let (bytes, mut out, mut at) = (text.as_bytes(), Vec::with_capacity(text.len()), 0);
    while at < bytes.len() {
        let code = digit(bytes.get(at + 1)).zip(digit(bytes.get(at + 2))).filter(|_| bytes[at] == b'%');
        match code.and_then(|(high, low)| u8::try_from(high * 16 + low).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

/// `my\ key.json` as a shell reads it. A backslash before a letter or digit is part of the name.
fn without_backslashes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let escapes = c == '\\' && rest.peek().is_some_and(|next| next.is_ascii() && !next.is_ascii_alphanumeric());
        out.extend(if escapes { rest.next() } else { Some(c) });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_copied_on_windows_loses_its_quotes_and_its_scheme() {
        for (typed, meant) in [
            (r#""C:\Users\A B\key.json""#, r"C:\Users\A B\key.json"),
            (r"C:\tmp\key.json", r"C:\tmp\key.json"),
            (r"  C:\tmp\key.json ", r"C:\tmp\key.json"),
            ("file:///C:/Users/A%20B/k%C3%A9y.json", r"C:\Users\A B\kéy.json"),
            ("FILE://localhost/C:/key.json", r"C:\key.json"),
            ("file://server/share/key.json", r"\\server\share\key.json"),
            (r#""file:///C:/key.json""#, r"C:\key.json"),
            (r"\\server\share\key.json", r"\\server\share\key.json"),
            (r#"""#, r#"""#),
            ("file://", ""),
            ("file:///100%.json", "/100%.json"),
            ("", ""),
        ] {
            assert_eq!(as_meant(typed, Platform::Windows), meant, "{typed}");
        }
    }

    #[test]
    fn what_windows_looked_up_is_named_as_people_write_it() {
        let long = format!(r"\\?\C:\{}", "x".repeat(260));
        for (path, named) in [
            (r"\\?\C:\Users\A B", r"C:\Users\A B"),
            (r"\\?\UNC\server\share\x", r"\\server\share\x"),
            (r"\\?\Volume{0a1b}\x", r"\\?\Volume{0a1b}\x"),
            (r"\\?\C:", r"\\?\C:"),
            (r"\\.\COM1", r"\\.\COM1"),
            (r"C:\x", r"C:\x"),
            ("/home/p", "/home/p"),
            (&long, &long),
        ] {
            assert_eq!(without_verbatim(path), named, "{path}");
        }
    }

    #[test]
    fn a_path_lies_in_a_folder_of_windows_however_both_are_written() {
        let profile = r"C:\Users\Ada";
        for path in [profile, r"c:\users\ADA\keys\key.json", r"\\?\C:\Users\Ada\key.json", "C:/Users/Ada/key.json"] {
            assert!(is_below(path, profile), "{path}");
        }
        for path in [r"C:\Users\Adam\key.json", r"C:\Users", r"D:\Users\Ada\key.json", r"\\server\Users\Ada\key.json"] {
            assert!(!is_below(path, profile), "{path}");
        }
        assert!(is_below(r"\\?\UNC\server\homes\ada\key.json", r"\\server\homes\ada"));
    }

    #[test]
    fn a_leading_tilde_is_the_home_directory_with_the_separators_of_the_system() {
        for (text, everywhere, windows) in [
            ("~/a/b", Some("a/b"), Some("a/b")),
            (r"~\a\b", None, Some(r"a\b")),
            ("~//a", Some("a"), Some("a")),
            ("~", None, None),
            ("~p/a", None, None),
            ("a/~/b", None, None),
        ] {
            assert_eq!(below_home(text, Platform::Linux), everywhere, "{text}");
            assert_eq!(below_home(text, Platform::Windows), windows, "{text}");
        }
    }

    #[test]
    fn a_path_dropped_on_a_terminal_of_unix_is_read_as_a_shell_reads_it() {
        for platform in [Platform::Linux, Platform::MacOs] {
            for (typed, meant) in [
                (r"/home/p/my\ key\ \(1\).json", "/home/p/my key (1).json"),
                ("'/home/p/my key.json'", "/home/p/my key.json"),
                (r"'a\ b'", r"a\ b"),
                (r"a\b", r"a\b"),
                ("file:///home/p/my%20key.json", "/home/p/my key.json"),
                ("~/key.json", "~/key.json"),
                ("a\\", "a\\"),
                ("ä'ö", "ä'ö"),
            ] {
                assert_eq!(as_meant(typed, platform), meant, "{typed}");
            }
        }
    }
}
