//! `export`: a key in the format of the tool that uses it.

use std::{
    fmt::Display,
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::{
    args::hand_over::ExportArgs,
    content, input,
    key::KeyInput,
    output::Output,
    status::{Outcome, Status},
    systems,
};
use crate::{
    domain::{
        check::diagnosis::assess_key,
        content::Content,
        finding::Severity,
        handover::export::{self, ExportTarget, ExportedFile, SECRET_GOES_HERE, WithSecret},
        key::service_key::ServiceKey,
        problem::Problem,
        text::{columns::widest, safe_text::SafeText},
    },
    jobs::write_export::{Written, write_export},
    platform::work_tree::GitStatus,
    words::Words,
};

/// `export --list --json`
#[derive(Serialize)]
struct Listing<'a> {
    schema: u32,
    exports: Vec<Row<'a>>,
}

/// One target of `export --list --json`.
#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    title: &'a str,
    consumer: &'a str,
    about: &'a str,
    purposes: &'a [String],
    certificates: bool,
    files: Vec<FileRow<'a>>,
}

/// One file of a target.
#[derive(Serialize)]
struct FileRow<'a> {
    name: &'a str,
    format: &'static str,
    secret: bool,
}

pub fn run(args: ExportArgs, output: &mut Output<'_>) -> Outcome {
    let content = content();
    let Some(id) = args.consumer.as_deref().filter(|_| !args.list) else {
        return list(&content.exports, args.json, output);
    };
    let target = content.export(id).ok_or_else(|| unknown(id, &content))?;
    let with_secret = if args.with_secret { WithSecret::Yes } else { WithSecret::No };
    let place = args.output.as_deref().filter(|path| path.as_os_str() != input::STDIN);
    if place.is_none() && args.with_secret {
        refuse_standard_output(target, content.words)?;
    }
    let input = match &args.system {
        Some(name) => systems::saved_key(name, output)?,
        None => match args.file.as_deref().and_then(systems::named_as_file) {
            Some(problem) => return Err(problem),
            None => KeyInput::read(args.file.as_deref(), None, &format!("export {}", target.id))?,
        },
    };
    let key = usable_key(&input, &content, output)?;
    let files = export::render(target, &key, with_secret).map_err(|error| error.explain(content.words).unusable())?;
    match place {
        None => print(&files, output)?,
        Some(place) => save(target, &files, place, &content, output)?,
    }
    Ok(Status::Done)
}

fn list(targets: &[ExportTarget], json: bool, output: &mut Output<'_>) -> Outcome {
    if json {
        output.json(&Listing { schema: 1, exports: targets.iter().map(row).collect() })?;
        return Ok(Status::Done);
    }
    let words = output.words().tables();
    let width = widest(targets.iter().map(|target| target.id.as_str()));
    output.head(0, words.target(), width, words.used_by())?;
    for target in targets {
        output.entry(0, &target.id, width, &target.title)?;
    }
    Ok(Status::Done)
}

fn row(target: &ExportTarget) -> Row<'_> {
    let files = target.files.iter();
    let files = files.map(|file| FileRow { name: &file.name, format: file.format.as_str(), secret: file.secret });
    Row {
        id: &target.id,
        title: &target.title,
        consumer: &target.consumer,
        about: &target.about,
        purposes: &target.purposes,
        certificates: target.certificates,
        files: files.collect(),
    }
}

fn unknown(id: &str, content: &Content) -> Problem {
    let typed = id.to_lowercase();
    let similar: Vec<&str> = content
        .exports
        .iter()
        .filter(|target| !typed.is_empty() && (target.id.contains(&typed) || typed.contains(&target.id)))
        .map(|target| target.id.as_str())
        .collect();
    let words = content.words.export_command();
    let (template, similar) = match similar.as_slice() {
        [] => (words.unknown(), String::new()),
        [only] => (words.misspelled(), (*only).to_owned()),
        [others @ .., last] => (words.misspelled(), content.words.parameters().either(others.join(", "), last)),
    };
    template.fill(&[("id", &SafeText::capped(id, 60)), ("similar", &similar)]).unusable()
}

/// Refuses to show the secret, or to write several files with it into one stream.
fn refuse_standard_output(target: &ExportTarget, words: Words) -> Result<(), Problem> {
    let words = words.export_command();
    if io::stdout().is_terminal() {
        return Err(words.terminal().fill(&[]).unusable());
    }
    if target.files.len() > 1 {
        return Err(words.several_files().fill(&[("target", &target.id)]).unusable());
    }
    Ok(())
}

/// The key, if usable. Warnings about it are messages.
fn usable_key(input: &KeyInput, content: &Content, output: &mut Output<'_>) -> Result<ServiceKey, Problem> {
    let report = assess_key(content, input.found().map(|found| &found.summary), &input.findings());
    for finding in report.together.iter().filter(|finding| finding.severity == Severity::Warning) {
        output.warning(match &finding.fix {
            Some(fix) => content.words.export_command().finding(&finding.title, fix),
            None => finding.title.clone(),
        });
    }
    if let Some(key) = input.found().and_then(|found| found.key.clone()) {
        return Ok(key);
    }
    Err(match report.together.first() {
        Some(finding) => Problem::unusable(&finding.title, &finding.cause, finding.fix.as_deref().unwrap_or_default()),
        None => content.words.export_command().no_key().fill(&[]).unusable(),
    })
}

fn print(files: &[ExportedFile], output: &mut Output<'_>) -> Result<(), Problem> {
    for file in files {
        if files.len() > 1 {
            output.line(format!("--- {}", file.name))?;
        }
        output.bytes(file.expose().as_bytes())?;
    }
    Ok(())
}

fn save(
    target: &ExportTarget,
    files: &[ExportedFile],
    place: &Path,
    content: &Content,
    output: &mut Output<'_>,
) -> Result<(), Problem> {
    let words = content.words.export_command();
    let written = write_export(files, places(target, files, place, content.words)?, content.words)?;
    for file in &written {
        warn_of_readers(file, output);
    }
    for (file, written) in files.iter().zip(&written) {
        let name = SafeText::line(&written.path.to_string_lossy());
        output.remark(if file.is_secret() { words.written_with_secret(name) } else { words.written(name) });
        if file.expose().contains(SECRET_GOES_HERE) {
            output.remark(words.placeholder(SECRET_GOES_HERE));
        }
    }
    output.remark(&target.about);
    Ok(())
}

/// The path of each file: under its own name in a directory, or a single file under the given name.
fn places(target: &ExportTarget, files: &[ExportedFile], place: &Path, words: Words) -> Result<Vec<PathBuf>, Problem> {
    if place.is_dir() {
        return Ok(files.iter().map(|file| place.join(&file.name)).collect());
    }
    if files.len() == 1 {
        return Ok(vec![place.to_owned()]);
    }
    let facts: [(&str, &dyn Display); 2] =
        [("name", &SafeText::line(&place.to_string_lossy())), ("target", &target.id)];
    Err(words.export_command().not_a_directory().fill(&facts).unusable())
}

/// Warns if others may read a file with a secret: through git, or with other accounts.
pub fn warn_of_readers(written: &Written, output: &mut Output<'_>) {
    let name = SafeText::line(&written.path.to_string_lossy());
    let words = output.words().export_command();
    let shown = |root: &Path| SafeText::line(&root.to_string_lossy());
    match &written.git {
        None | Some(GitStatus::Outside | GitStatus::Ignored) => {}
        Some(GitStatus::Exposed(root)) => output.warning(words.exposed(&name, shown(root))),
        Some(GitStatus::Unknown(root)) => output.warning(words.perhaps_exposed(&name, shown(root))),
    }
    if let Some(profile) = &written.left_profile {
        output.warning(words.outside_of_profile(name, shown(profile)));
    }
}
