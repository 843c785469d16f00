//! Whether other accounts may read files written to a location.

use std::path::{Path, PathBuf};

use super::paths;
use crate::domain::text::typed_path::is_below;

/// The user profile that a path is outside of, on systems where a file inherits the permissions of its folder. On other
/// systems a file with a secret has its own permissions, wherever it is.
pub fn left_by(path: &Path) -> Option<PathBuf> {
    let profile = paths::home().filter(|_| cfg!(windows))?;
    // Both in canonical form: either may have a short name or be a link.
    let looked_up = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let is_inside = is_below(&looked_up(path).to_string_lossy(), &looked_up(&profile).to_string_lossy());
    (!is_inside).then_some(profile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_where_a_folder_decides_the_profile_can_be_left() {
        let home = paths::home().unwrap();
        assert_eq!(left_by(&home.join("key.json")), None);
        assert_eq!(left_by(home.ancestors().last().unwrap()), cfg!(windows).then_some(home.clone()));
    }
}
