//! `systems test --format github`: workflow commands, which GitHub shows as annotations, and the job summary.

use super::{Run, Tested};
use crate::{
    domain::{
        finding::{Explained, Severity, Verdict},
        systems::describe,
    },
    words::Words,
};

/// One command per system with an error, one per warning, the worst first, and a human-readable line.
///
/// GitHub shows only the first ten of each kind per step, so an error is never split.
pub fn annotations(run: &Run<'_>, words: Words) -> String {
    let mut out = String::new();
    for tested in run.tested {
        if tested.result.verdict != Some(Verdict::Ready) {
            let title =
                words.systems().annotation(&tested.subject.name, describe::verdict(tested.result.verdict, words));
            out.push_str(&command("error", &title, &errors(tested)));
        }
    }
    for tested in run.tested {
        for warning in tested.found(Severity::Warning) {
            out.push_str(&command("warning", tested.subject.name.as_str(), &said(warning)));
        }
    }
    out.push_str(&counted(run, words));
    out.push('\n');
    out
}

/// Markdown for the job page: a table of all systems, then what to do.
pub fn summary(run: &Run<'_>, words: Words) -> String {
    let (labels, tables) = (words.systems(), words.tables());
    let mut out = format!("## {}\n\n{}\n\n", labels.summary_title(), counted(run, words));
    if run.tested.is_empty() {
        return out;
    }
    out.push_str(&format!(
        "| | {} | {} | {} |\n|---|---|---|---|\n",
        tables.system(),
        tables.verdict(),
        tables.details()
    ));
    for tested in run.tested {
        let sign = match (tested.result.verdict, tested.found(Severity::Warning).next()) {
            (Some(Verdict::Ready), None) => "✅",
            (Some(Verdict::Ready), Some(_)) => "⚠️",
            _ => "❌",
        };
        let cells = [
            tested.subject.name.as_str(),
            describe::verdict(tested.result.verdict, words),
            &tested.details(run, words).join("; "),
        ]
        .map(cell);
        out.push_str(&format!("| {sign} | {} |\n", cells.join(" | ")));
    }
    for tested in run.tested {
        let found: Vec<&Explained> = tested.found(Severity::Error).chain(tested.found(Severity::Warning)).collect();
        if found.is_empty() {
            continue;
        }
        out.push_str(&format!("\n### {}\n\n", cell(tested.subject.name.as_str())));
        for finding in found {
            let fix = finding.fix.as_deref().unwrap_or_default();
            let text = [cell(&finding.cause), cell(fix)].join(" ");
            out.push_str(&format!("- **{}** {}\n", cell(&finding.title), text.trim()));
        }
    }
    out
}

/// How many systems there are, and how many are fine.
fn counted(run: &Run<'_>, words: Words) -> String {
    let ready = run.tested.iter().filter(|tested| tested.result.verdict == Some(Verdict::Ready)).count();
    let due = run.tested.iter().filter(|tested| !tested.due.is_empty()).count();
    words.systems().counted(run.tested.len(), ready, due)
}

fn errors(tested: &Tested) -> String {
    let errors: Vec<String> = tested.found(Severity::Error).map(said).collect();
    if errors.is_empty() { tested.result.reason.clone() } else { errors.join("\n\n") }
}

fn said(finding: &Explained) -> String {
    let parts = [finding.title.as_str(), &finding.cause, finding.fix.as_deref().unwrap_or_default()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// `::error title=...::...`
fn command(kind: &str, title: &str, text: &str) -> String {
    let text = data(text);
    let title = data(title).replace(':', "%3A").replace(',', "%2C");
    format!("::{kind} title={title}::{text}\n")
}

/// Escapes characters that could end a command or start another one.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Text in a Markdown table: markup is escaped, and it stays on one line.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '~' | '#' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{run, samples},
        *,
    };

    /// The commands as GitHub's runner reads them: kind, title, text.
    fn read(text: &str) -> Vec<(String, String, String)> {
        let decoded = |text: &str| {
            let marks = [("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")];
            marks.iter().fold(text.to_owned(), |text, (mark, plain)| text.replace(mark, plain))
        };
        let commands = text.lines().filter_map(|line| line.strip_prefix("::"));
        let command = |line: &str| {
            let (head, text) = line.split_once("::").unwrap();
            let (kind, title) = head.split_once(" title=").unwrap();
            assert!(!title.contains([':', ',']), "{title}");
            (kind.to_owned(), decoded(title), decoded(text))
        };
        commands.map(command).collect()
    }

    #[test]
    fn what_ends_a_command_or_a_title_is_escaped() {
        let text = command("error", "100%, a:b\r\nc", "100%, a:b\r\n::warning::c");
        assert_eq!(text, "::error title=100%25%2C a%3Ab%0D%0Ac::100%25, a:b%0D%0A::warning::c\n");
    }

    #[test]
    fn each_error_and_each_warning_is_one_command_the_errors_first() {
        let (samples, words) = (samples(), Words::default());
        let text = annotations(&run(&samples), words);
        let commands = read(&text);
        let kinds: Vec<&str> = commands.iter().map(|(kind, ..)| kind.as_str()).collect();
        assert_eq!(kinds, ["error", "error", "error", "warning"]);
        let rejected = words.systems().annotation("\"dev\" & <test>: 100%\\n", Verdict::Rejected.in_short(words));
        assert_eq!(commands[0].1, rejected);
        assert_eq!(commands[0].2, "Wrong client id or secret.\nA cause, with 100 %: it happens.\nA fix.");
        assert_eq!((commands[1].2.as_str(), commands[3].1.as_str()), ("Nobody agreed.", "due"));
        assert_eq!(text.lines().count(), 5);
        assert_eq!(text.lines().last(), Some(words.systems().counted(5, 2, 1).as_str()));
    }

    #[test]
    fn the_summary_is_a_table_that_names_cannot_break() {
        let mut samples = samples();
        let text = summary(&run(&samples), Words::default());
        let row = text.lines().find(|line| line.contains("dev")).unwrap();
        assert!(row.contains(r#""dev" &amp; &lt;test&gt;: 100%\\n |"#), "{row}");
        samples[0].subject.name = crate::domain::systems::system::SystemName::new("a | b").unwrap();
        let text = summary(&run(&samples), Words::default());
        let row = text.lines().find(|line| line.contains("a \\| b")).unwrap();
        assert_eq!(row.replace("\\|", "").matches('|').count(), 5, "{row}");
    }
}
