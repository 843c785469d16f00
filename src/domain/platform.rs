//! The operating system as a value, so that the texts for each can be tested on all.

use crate::words::Words;

/// A family of operating systems.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Platform {
    /// Linux and similar systems.
    #[default]
    Linux,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
}

impl Platform {
    /// The system the program was built for.
    pub const HERE: Self = if cfg!(windows) {
        Self::Windows
    } else if cfg!(target_os = "macos") {
        Self::MacOs
    } else {
        Self::Linux
    };

    /// Selects the value for this system.
    pub fn choose<T>(self, linux: T, macos: T, windows: T) -> T {
        match self {
            Self::Linux => linux,
            Self::MacOs => macos,
            Self::Windows => windows,
        }
    }

    /// The keys with which a terminal there usually pastes.
    pub fn paste_keys(self, words: Words) -> &'static str {
        let words = words.platform();
        self.choose(words.paste_linux(), words.paste_macos(), words.paste_windows())
    }

    /// What to do without a home directory.
    pub fn without_home(self, words: Words) -> &'static str {
        let words = words.platform();
        self.choose(words.no_home_linux(), words.no_home_macos(), words.no_home_windows())
    }

    /// What to do if progress cannot be saved.
    pub fn without_progress(self, words: Words) -> &'static str {
        let words = words.platform();
        self.choose(words.not_saved_linux(), words.not_saved_macos(), words.not_saved_windows())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_names_what_the_system_has() {
        let words = Words::default();
        for advice in [Platform::paste_keys, Platform::without_home, Platform::without_progress] {
            for other in [Platform::MacOs, Platform::Windows] {
                assert!(!advice(other, words).contains("XDG"), "{other:?}");
            }
        }
        assert!(Platform::MacOs.paste_keys(words).contains("Cmd"));
        assert!(!Platform::Windows.without_home(words).contains("HOME"));
    }
}
