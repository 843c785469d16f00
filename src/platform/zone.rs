//! The time zone of this machine.

use jiff::tz::TimeZone;

use super::env::Environment;

/// Where systems with a time zone database configure their zone.
const LOCAL: &str = "/etc/localtime";

/// The time zone for displayed times. jiff finds it in the database, which it lists completely first: that takes longer
/// than the rest of the startup. The file to which the system points needs no database.
pub fn local(environment: &Environment) -> TimeZone {
    let file = if environment.names_zone || !cfg!(unix) { None } else { std::fs::read(LOCAL).ok() };
    file.and_then(|file| TimeZone::tzif(LOCAL, &file).ok()).unwrap_or_else(TimeZone::system)
}
