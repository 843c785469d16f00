//! Saves, loads and deletes the user's progress.

use crate::{
    domain::{platform::Platform, problem::Problem, progress::Progress, text::safe_text::SafeText},
    platform::{
        progress::{ProgressFile, cause},
        store::StoreError,
    },
    words::Words,
};

/// The progress of an earlier session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Where the user stopped.
    pub progress: Option<Progress>,
    /// A note about a file that could not be read and was quarantined.
    pub set_aside: Option<String>,
}

/// Loads the progress. A file that is unreadable, too large, or written by another or a newer program is quarantined.
///
/// # Errors
///
/// If it cannot be quarantined either.
pub fn load(file: &ProgressFile, words: Words) -> Result<Found, Problem> {
    let damage = match file.read() {
        Ok(None) => return Ok(Found::default()),
        Ok(Some(bytes)) => match Progress::from_json(&bytes) {
            Ok(progress) => return Ok(Found { progress: Some(progress), set_aside: None }),
            Err(damage) => damage.text(words),
        },
        Err(error) => cause(&error).map(|cause| cause.text(words)).unwrap_or_default(),
    };
    let renamed = file.quarantine().map_err(|error| error.problem(words))?;
    let set_aside = renamed.map(|path| {
        let path = SafeText::line(&path.to_string_lossy());
        words.progress().quarantined(path, damage)
    });
    Ok(Found { progress: None, set_aside })
}

/// Saves the progress. `file` is `None` if the account has no home directory.
///
/// # Errors
///
/// If it cannot be written.
pub fn save(file: Option<&ProgressFile>, progress: &Progress, words: Words) -> Result<(), Problem> {
    let labels = words.progress();
    let advice = Platform::HERE.without_progress(words);
    let problem = |cause: &str| labels.not_saved().fill(&[("cause", &cause), ("advice", &advice)]).failed();
    let file = file.ok_or_else(|| problem(labels.no_home()))?;
    file.write(&progress.to_json()).map_err(|error| problem(&reason(&error, words)))
}

/// Deletes the progress.
///
/// # Errors
///
/// If the file cannot be deleted.
pub fn forget(file: &ProgressFile, words: Words) -> Result<(), Problem> {
    let problem =
        |error: StoreError| words.progress().not_forgotten().fill(&[("cause", &reason(&error, words))]).failed();
    file.remove().map_err(problem)
}

/// Which file is unusable, and why.
fn reason(error: &StoreError, words: Words) -> String {
    let Problem { what, why, .. } = error.problem(words);
    format!("{what} {why}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::draft::Draft;

    fn words() -> Words {
        Words::default()
    }

    #[test]
    fn what_was_remembered_is_known_until_it_is_forgotten() {
        let directory = tempfile::tempdir().unwrap();
        let file = ProgressFile::in_directory(directory.path(), false);
        assert_eq!(load(&file, words()), Ok(Found::default()));
        let progress =
            Progress { draft: Draft { instance: "api".to_owned(), ..Draft::default() }, ..Progress::default() };
        save(Some(&file), &progress, words()).unwrap();
        let other = ProgressFile::in_directory(directory.path(), true);
        assert_eq!(load(&other, words()), Ok(Found::default()));
        assert_eq!(load(&file, words()), Ok(Found { progress: Some(progress), set_aside: None }));
        forget(&file, words()).unwrap();
        assert_eq!(load(&file, words()), Ok(Found::default()));
    }

    #[test]
    fn a_file_that_cannot_be_used_is_renamed_and_reported_and_is_not_in_the_way() {
        let large = "x".repeat(1 << 20);
        for text in ["", "{", "{\"tabs\":1}", "{\"version\":99}", &large] {
            let directory = tempfile::tempdir().unwrap();
            let file = ProgressFile::in_directory(directory.path(), false);
            std::fs::write(file.path(), text).unwrap();
            let found = load(&file, words()).unwrap();
            let said = found.set_aside.expect("it is reported");
            assert!(found.progress.is_none() && said.contains(".bad-1"), "{said}");
            let kept = std::fs::read_to_string(directory.path().join("progress.json.bad-1")).unwrap();
            assert!(kept == text && !file.path().exists());
            save(Some(&file), &Progress::default(), words()).unwrap();
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_directory_a_link_and_a_pipe_in_its_place_are_renamed() {
        use std::os::unix::fs::symlink;
        let directory = tempfile::tempdir().unwrap();
        let file = ProgressFile::in_directory(directory.path(), false);
        std::fs::create_dir(file.path()).unwrap();
        assert!(load(&file, words()).unwrap().set_aside.is_some());
        symlink("/dev/zero", file.path()).unwrap();
        assert!(load(&file, words()).unwrap().set_aside.is_some());
        assert_eq!(load(&file, words()), Ok(Found::default()));
    }

    #[test]
    fn without_a_home_directory_the_person_is_told() {
        let problem = save(None, &Progress::default(), words()).unwrap_err();
        assert!(problem.why.contains(words().progress().no_home()), "{problem:?}");
    }
}
