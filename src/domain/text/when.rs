//! When something happened, as a person says it.

use jiff::{Timestamp, ToSpan as _, tz::TimeZone};

use crate::words::Words;

/// `today 14:03`, `yesterday 16:20`, `12 Nov 2026`, in the zone of the person.
pub fn when(at: Timestamp, now: Timestamp, zone: &TimeZone, words: Words) -> String {
    let words = words.progress();
    let (at, today) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()).date());
    let time = format!("{:02}:{:02}", at.hour(), at.minute());
    let date = at.date();
    if date == today {
        return words.today(time);
    }
    if date.checked_add(1.day()).is_ok_and(|next| next == today) {
        return words.yesterday(time);
    }
    let month = usize::try_from(date.month()).unwrap_or_default();
    let month = words.months().split_whitespace().nth(month.saturating_sub(1)).unwrap_or_default();
    words.day(date.day().to_string(), month, date.year().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_in_the_zone_of_the_person() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let shown = |at: &str, now: &str| when(at.parse().unwrap(), now.parse().unwrap(), &zone, Words::default());
        assert_eq!(shown("2026-11-27T12:03:00Z", "2026-11-27T13:00:00Z"), "today 14:03");
        // Half past midnight, although it is still the 26th in Greenwich.
        assert_eq!(shown("2026-11-26T22:30:00Z", "2026-11-27T13:00:00Z"), "today 00:30");
        assert_eq!(shown("2026-11-26T14:20:00Z", "2026-11-27T13:00:00Z"), "yesterday 16:20");
        assert_eq!(shown("2026-02-28T12:00:00Z", "2026-03-01T12:00:00Z"), "yesterday 14:00");
        assert_eq!(shown("2026-01-02T12:00:00Z", "2026-11-27T13:00:00Z"), "2 Jan 2026");
        // A clock that was set back.
        assert_eq!(shown("2026-12-31T12:00:00Z", "2026-11-27T13:00:00Z"), "31 Dec 2026");
    }
}
