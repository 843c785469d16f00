//! Opens a link in the user's browser.

use std::io;

use crate::{domain::problem::Problem, words::Words};

/// Why a link was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum BrowserError {
    /// It is not one of the program's own links.
    NotOurs,
    /// No browser could be started.
    NoBrowser(io::ErrorKind),
}

impl BrowserError {
    /// The problem to show.
    pub fn problem(self, words: Words) -> Problem {
        let words = words.browser();
        match self {
            BrowserError::NotOurs => words.not_ours().fill(&[]).unusable(),
            BrowserError::NoBrowser(cause) => words.no_browser().fill(&[("cause", &cause)]).failed(),
        }
    }
}

/// Opens `address`, which must be one of `known`: nothing from a key or a server is ever opened.
///
/// Blocks until the launcher is running, which takes milliseconds. Its output is discarded.
///
/// # Errors
///
/// If the URL is not one of the program's own, or no browser could be started.
pub fn open(address: &str, known: &[String]) -> Result<(), BrowserError> {
    open_with(address, known, |address| open::that_detached(address))
}

fn open_with(address: &str, known: &[String], launch: impl FnOnce(&str) -> io::Result<()>) -> Result<(), BrowserError> {
    if !address.starts_with("https://") || !known.iter().any(|own| own == address) {
        return Err(BrowserError::NotOurs);
    }
    launch(address).map_err(|error| BrowserError::NoBrowser(error.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Vec<String> {
        vec!["https://help.sap.com/docs/btp".to_owned(), "http://plain.example".to_owned()]
    }

    #[test]
    fn a_link_of_the_program_is_passed_on_unchanged() {
        let mut opened = None;
        let result = open_with("https://help.sap.com/docs/btp", &known(), |address| {
            opened = Some(address.to_owned());
            Ok(())
        });
        assert_eq!((result, opened.as_deref()), (Ok(()), Some("https://help.sap.com/docs/btp")));
    }

    #[test]
    fn no_other_address_is_passed_on() {
        for address in
            ["https://evil.example", "http://plain.example", "file:///etc/passwd", "--help", "https://help.sap.com"]
        {
            let result = open_with(address, &known(), |_| panic!("{address} was opened"));
            assert_eq!(result, Err(BrowserError::NotOurs), "{address}");
        }
    }

    #[test]
    fn a_missing_browser_is_reported() {
        let missing = |_: &str| Err(io::ErrorKind::NotFound.into());
        let result = open_with("https://help.sap.com/docs/btp", &known(), missing);
        assert_eq!(result, Err(BrowserError::NoBrowser(io::ErrorKind::NotFound)));
    }
}
