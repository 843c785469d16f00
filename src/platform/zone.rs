//! The time zone of this machine.

use jiff::tz::TimeZone;

use super::env::Environment;

/// Where systems with a zone database say which of its zones is theirs.
const LOCAL: &str = "/etc/localtime";

/// The time zone in which a person reads times. jiff finds it in the database, all of which it lists first: that costs more
/// than the rest of the start. The file that the system points to needs no database.
pub fn local(environment: &Environment) -> TimeZone {
    let file = if environment.names_zone || !cfg!(unix) { None } else { std::fs::read(LOCAL).ok() };
    file.and_then(|file| TimeZone::tzif(LOCAL, &file).ok()).unwrap_or_else(TimeZone::system)
}
