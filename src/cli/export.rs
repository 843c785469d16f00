//! `export`: a key in the dialect of its consumer.

use std::{
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::{
    args::ExportArgs,
    content, input,
    key::KeyInput,
    output::Output,
    status::{Outcome, Status},
};
use crate::{
    domain::{
        check::diagnosis::assess_key,
        content::Content,
        finding::Severity,
        handover::export::{self, ExportTarget, ExportedFile, SECRET_GOES_HERE, WithSecret},
        key::service_key::ServiceKey,
        problem::Problem,
        text::safe_text::SafeText,
    },
    jobs::write_export::{Written, write_export},
    platform::work_tree::GitStatus,
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
        refuse_standard_output(target)?;
    }
    let key = usable_key(args.file.as_deref(), target, &content, output)?;
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
    for target in targets {
        let names: Vec<&str> = target.files.iter().map(|file| file.name.as_str()).collect();
        output.line(format!("{:<24}{:<48}{}", target.id, target.title, names.join(", ")))?;
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
    let close: Vec<&str> = content
        .exports
        .iter()
        .filter(|target| !typed.is_empty() && (target.id.contains(&typed) || typed.contains(&target.id)))
        .map(|target| target.id.as_str())
        .collect();
    let fix = match close.as_slice() {
        [] => "List all of them with: cpikey export --list".to_owned(),
        close => format!("Did you mean {}?", close.join(" or ")),
    };
    Problem::unusable(format!("\"{}\" is no consumer.", SafeText::capped(id, 60)), "Consumers have fixed names.", fix)
}

/// Says no where the secret would be shown, or would stand somewhere between several files.
fn refuse_standard_output(target: &ExportTarget) -> Result<(), Problem> {
    if io::stdout().is_terminal() {
        return Err(Problem::unusable(
            "The secret is not written to a terminal.",
            "It would stay in the scrollback, and whoever sees the screen or a recording of it would have it.",
            "Write it into a new file with --output FILE, pipe it on, or leave out --with-secret.",
        ));
    }
    match target.files.len() {
        0 | 1 => Ok(()),
        count => Err(Problem::unusable(
            format!("The consumer {} has {count} files.", target.id),
            "On standard output nobody could tell them apart.",
            "Name a directory for them with --output DIRECTORY.",
        )),
    }
}

/// The key, where it can be used; what there is to look at goes to the messages.
fn usable_key(
    file: Option<&Path>,
    target: &ExportTarget,
    content: &Content,
    output: &mut Output<'_>,
) -> Result<ServiceKey, Problem> {
    let input = KeyInput::read(file, None, &format!("export {}", target.id))?;
    let report = assess_key(content, input.found().map(|found| &found.summary), &input.findings());
    for finding in report.together.iter().filter(|finding| finding.severity == Severity::Warning) {
        output.message(format!("cpikey: warning: {} {}", finding.title, finding.fix.as_deref().unwrap_or_default()));
    }
    if let Some(key) = input.found().and_then(|found| found.key.clone()) {
        return Ok(key);
    }
    Err(match report.together.first() {
        Some(finding) => Problem::unusable(&finding.title, &finding.cause, finding.fix.as_deref().unwrap_or_default()),
        None => Problem::unusable("There is no key in the text.", "", "Look at it with: cpikey inspect"),
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
    let written = write_export(files, places(target, files, place)?, content.words)?;
    for file in &written {
        warn_of_git(file, output);
    }
    for (file, written) in files.iter().zip(&written) {
        let note = if file.is_secret() { ", with the secret" } else { "" };
        output.message(format!("cpikey: {} written{note}", SafeText::line(&written.path.to_string_lossy())));
        if file.expose().contains(SECRET_GOES_HERE) {
            output.message(format!("cpikey: put the secret where {SECRET_GOES_HERE} stands, or use --with-secret"));
        }
    }
    output.message(format!("cpikey: {}", target.about));
    Ok(())
}

/// Where each file goes: under its own name into a directory, or a single one under the name that was given.
fn places(target: &ExportTarget, files: &[ExportedFile], place: &Path) -> Result<Vec<PathBuf>, Problem> {
    if place.is_dir() {
        return Ok(files.iter().map(|file| place.join(&file.name)).collect());
    }
    if files.len() == 1 {
        return Ok(vec![place.to_owned()]);
    }
    Err(Problem::unusable(
        format!("{} is not a directory.", SafeText::line(&place.to_string_lossy())),
        format!("The consumer {} has {} files, and each has its own name.", target.id, files.len()),
        "Name a directory that exists.",
    ))
}

fn warn_of_git(written: &Written, output: &mut Output<'_>) {
    let name = SafeText::line(&written.path.to_string_lossy());
    let (root, why) = match &written.git {
        None | Some(GitStatus::Outside | GitStatus::Ignored) => return,
        Some(GitStatus::Exposed(root)) => (root, "and is not ignored there"),
        Some(GitStatus::Unknown(root)) => (root, "and git cannot be asked whether it is ignored there"),
    };
    let root = SafeText::line(&root.to_string_lossy());
    output.message(format!("cpikey: warning: {name} lies in the git work tree {root} {why}. Put it into .gitignore."));
}
