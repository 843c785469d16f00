//! The time zone of this machine.

use std::{ffi::OsStr, path::Path};

use jiff::tz::TimeZone;

use super::env::Environment;

/// Where systems with a time zone database configure their zone.
const LOCAL: &str = "/etc/localtime";

/// The time zone for displayed times. jiff finds it in the database, which it lists completely first: that takes longer
/// than the rest of the startup. The file to which the system points needs no database.
pub fn local(environment: &Environment) -> TimeZone {
    if environment.zone.as_deref().is_some_and(names_no_file) {
        return TimeZone::UTC;
    }
    let file = if environment.zone.is_some() || !cfg!(unix) { None } else { std::fs::read(LOCAL).ok() };
    file.and_then(|file| TimeZone::tzif(LOCAL, &file).ok()).unwrap_or_else(TimeZone::system)
}

/// Whether it names a device, a pipe or a directory instead of a file with a time zone: such a thing may have no end.
fn names_no_file(zone: &OsStr) -> bool {
    let zone = zone.to_string_lossy();
    let path = Path::new(zone.strip_prefix(':').unwrap_or(&zone));
    path.is_absolute() && path.metadata().is_ok_and(|metadata| !metadata.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_that_is_a_device_or_a_directory_is_not_read() {
        let folder = std::env::temp_dir().display().to_string();
        let devices = if cfg!(unix) { &["/dev/zero", ":/dev/zero", "/dev"][..] } else { &[] };
        for zone in devices.iter().copied().chain([folder.as_str()]) {
            assert!(names_no_file(OsStr::new(zone)), "{zone}");
            let environment = Environment { zone: Some(zone.into()), ..Environment::default() };
            assert_eq!(local(&environment), TimeZone::UTC, "{zone}");
        }
        for zone in ["", "Europe/Berlin", ":Europe/Berlin", "CET-1CEST", "/etc/hostname", "/nowhere"] {
            assert!(!names_no_file(OsStr::new(zone)), "{zone}");
        }
    }
}
