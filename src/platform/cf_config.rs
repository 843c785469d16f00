//! The file in which the cf CLI stores its login. It is read once and never written.

use std::path::PathBuf;

use super::{
    env::Environment,
    files::read_limited,
    open::{Links, OpenError, for_reading},
};
use crate::domain::{
    cf::cf_cli::{self, CfLogin},
    finding::{Fact, Finding},
    text::safe_text::SafeText,
};

/// The file is a few kilobytes.
const LIMIT: usize = 1024 * 1024;

/// The path of the file, if there is a home directory. It need not exist.
pub fn path(environment: &Environment) -> Option<PathBuf> {
    let home = environment.cf_home.as_ref().or(environment.home.as_ref())?;
    Some(home.join(".cf").join("config.json"))
}

/// The login of the cf CLI.
///
/// # Errors
/// `cf-login-unusable` with the reason.
pub fn read(environment: &Environment) -> Result<CfLogin, Finding> {
    let logged_out = || cf_cli::unusable(Fact::CfLoggedOut);
    let path = path(environment).ok_or_else(logged_out)?;
    let file = for_reading(&path, Links::Refuse).map_err(|error| match error {
        OpenError::Io(error) if error.kind() == std::io::ErrorKind::NotFound => logged_out(),
        OpenError::Io(error) => unreadable(&error.to_string()),
        OpenError::Directory | OpenError::Special => cf_cli::unusable(Fact::CfFileNotOrdinary),
    })?;
    let bytes = read_limited(file, LIMIT).map_err(|error| unreadable(&error.to_string()))?;
    if bytes.len() > LIMIT {
        return Err(cf_cli::unusable(Fact::CfFileDamaged));
    }
    cf_cli::read(&bytes)
}

fn unreadable(cause: &str) -> Finding {
    cf_cli::unusable(Fact::CfFileUnreadable { error: SafeText::line(cause) })
}

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, os::unix::fs::symlink, path::Path};

    use super::*;

    fn read_in(home: &Path) -> Result<CfLogin, Option<Fact>> {
        let home = home.as_os_str().to_owned();
        let environment = Environment::from_lookup(|name| (name == "HOME").then(|| home.clone()));
        read(&environment).map_err(|finding| finding.evidence)
    }

    #[test]
    fn only_an_ordinary_file_of_ordinary_size_is_read() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(read_in(home.path()), Err(Some(Fact::CfLoggedOut)));
        fs::create_dir(home.path().join(".cf")).unwrap();
        let config = home.path().join(".cf/config.json");
        let text = r#"{"Target":"https://api.cf.eu10.hana.ondemand.com","RefreshToken":"r"}"#;
        fs::write(&config, text).unwrap();
        assert_eq!(read_in(home.path()).unwrap().api, "https://api.cf.eu10.hana.ondemand.com");
        fs::write(&config, " ".repeat(LIMIT) + text).unwrap();
        assert_eq!(read_in(home.path()), Err(Some(Fact::CfFileDamaged)));
        fs::rename(&config, home.path().join("elsewhere")).unwrap();
        symlink(home.path().join("elsewhere"), &config).unwrap();
        assert_eq!(read_in(home.path()), Err(Some(Fact::CfFileNotOrdinary)));
    }
}
