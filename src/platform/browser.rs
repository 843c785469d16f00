//! Opens a link in the person's browser.

use std::io;

/// Opens `address`, which must be one of `known`: nothing that came from a key or a server is ever opened.
///
/// Blocks until the launcher is running, which takes milliseconds. What it prints goes nowhere.
///
/// # Errors
///
/// In words, where the address is not one of the program's own or no browser could be started.
pub fn open(address: &str, known: &[String]) -> Result<(), String> {
    open_with(address, known, |address| open::that_detached(address))
}

fn open_with(address: &str, known: &[String], launch: impl FnOnce(&str) -> io::Result<()>) -> Result<(), String> {
    if !address.starts_with("https://") || !known.iter().any(|own| own == address) {
        return Err(
            "This address is not one of the program's own links, so it is not opened. Copy it if you trust it."
                .to_owned(),
        );
    }
    launch(address).map_err(|error| {
        format!("No browser could be started ({}). Copy the address and open it yourself.", error.kind())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Vec<String> {
        vec!["https://help.sap.com/docs/btp".to_owned(), "http://plain.example".to_owned()]
    }

    #[test]
    fn a_link_of_the_program_is_handed_over_as_it_is() {
        let mut opened = None;
        let result = open_with("https://help.sap.com/docs/btp", &known(), |address| {
            opened = Some(address.to_owned());
            Ok(())
        });
        assert_eq!((result, opened.as_deref()), (Ok(()), Some("https://help.sap.com/docs/btp")));
    }

    #[test]
    fn nothing_else_is_ever_handed_over() {
        for address in
            ["https://evil.example", "http://plain.example", "file:///etc/passwd", "--help", "https://help.sap.com"]
        {
            let result = open_with(address, &known(), |_| panic!("{address} was opened"));
            assert!(result.unwrap_err().contains("not opened"), "{address}");
        }
    }

    #[test]
    fn without_a_browser_the_reason_is_said_in_words() {
        let missing = |_: &str| Err(io::ErrorKind::NotFound.into());
        let words = open_with("https://help.sap.com/docs/btp", &known(), missing).unwrap_err();
        assert!(words.starts_with("No browser could be started"), "{words}");
    }
}
