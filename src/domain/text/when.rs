//! Human-readable days and times. The only place that formats them.

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};

use super::{mask::Mask, safe_text::SafeText, shown::Shown};
use crate::words::Words;

/// `today 14:03`, `yesterday 16:20`, `12 Nov`, `12 Nov 2025`, in the user's time zone.
pub fn when(at: Timestamp, now: Timestamp, zone: &TimeZone, words: Words) -> String {
    let labels = words.when();
    let (at, today) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()).date());
    let time = format!("{:02}:{:02}", at.hour(), at.minute());
    let date = at.date();
    if date == today {
        return labels.today_at(time);
    }
    if date.checked_add(1.day()).is_ok_and(|next| next == today) {
        return labels.yesterday_at(time);
    }
    if date.year() == today.year() && date < today {
        return labels.date_of_this_year(date.day(), month(date, words));
    }
    shown_date(date, words)
}

/// `14:02:11` in the user's time zone.
pub fn clock(at: Timestamp, zone: &TimeZone) -> String {
    let at = at.to_zoned(zone.clone());
    format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
}

/// `1 Jan 2036, in 9 years`
pub fn day(at: Timestamp, now: Timestamp, zone: &TimeZone, words: Words) -> String {
    let date = shown_date(at.to_zoned(zone.clone()).date(), words);
    words.when().date_and_distance(date, distance(at, now, zone, words))
}

/// `Jan`
fn month(date: Date, words: Words) -> &'static str {
    let month = usize::try_from(date.month()).unwrap_or_default();
    words.when().months().split_whitespace().nth(month.saturating_sub(1)).unwrap_or_default()
}

/// `1 Jan 2036`
fn shown_date(date: Date, words: Words) -> String {
    words.when().date(date.day(), month(date, words), date.year())
}

/// How far away a day is, in the usual unit: `tomorrow`, `in 9 years`, `3 months ago`.
pub fn distance(at: Timestamp, now: Timestamp, zone: &TimeZone, words: Words) -> String {
    let words = words.when();
    let date = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let days = date(at).duration_since(date(now)).as_hours() / 24;
    let count = usize::try_from(days.unsigned_abs()).unwrap_or(usize::MAX);
    match (days, count) {
        (0, _) => words.today().to_owned(),
        (1, _) => words.tomorrow().to_owned(),
        (-1, _) => words.yesterday().to_owned(),
        (1.., ..=60) => words.in_days(count),
        (1.., ..=730) => words.in_months(count / 30),
        (1.., _) => words.in_years(count / 365),
        (_, ..=60) => words.days_ago(count),
        (_, ..=730) => words.months_ago(count / 30),
        (_, _) => words.years_ago(count / 365),
    }
}

/// A date of a certificate or key, in its original form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayText {
    came: SafeText,
    /// When it was read, if known: the distance is relative to that.
    seen_at: Option<Timestamp>,
}

impl DayText {
    /// A date in this original form.
    pub fn new(came: SafeText) -> Self {
        Self { came, seen_at: None }
    }

    /// Sets when it was read.
    #[must_use]
    pub fn seen_at(self, now: Timestamp) -> Self {
        Self { seen_at: Some(now), ..self }
    }
}

impl Shown for DayText {
    /// The date and how far away it is, or the original text if it is not a date.
    fn shown(&self, words: Words) -> String {
        match (self.came.as_str().parse::<Timestamp>(), self.seen_at) {
            (Ok(at), Some(now)) => day(at, now, &TimeZone::UTC, words),
            (Ok(at), None) => shown_date(at.to_zoned(TimeZone::UTC).date(), words),
            (Err(_), _) => self.came.to_string(),
        }
    }

    fn mask(&mut self, mask: &Mask) {
        self.came.mask(mask);
    }
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
        assert_eq!(shown("2026-01-02T12:00:00Z", "2026-11-27T13:00:00Z"), "2 Jan");
        assert_eq!(shown("2025-12-31T12:00:00Z", "2026-01-02T13:00:00Z"), "31 Dec 2025");
        // The clock was set back.
        assert_eq!(shown("2026-12-31T12:00:00Z", "2026-11-27T13:00:00Z"), "31 Dec 2026");
    }

    #[test]
    fn a_day_says_how_far_away_it_is() {
        let words = Words::default();
        let now = "2026-11-27T13:00:00Z".parse().unwrap();
        let said = |at: &str| day(at.parse().unwrap(), now, &TimeZone::UTC, words);
        let with = |date, distance: String| words.when().date_and_distance(date, distance);
        assert_eq!(said("2036-01-01T00:00:00Z"), with("1 Jan 2036", words.when().in_years(9)));
        assert_eq!(said("2026-11-28T01:00:00Z"), with("28 Nov 2026", words.when().tomorrow().to_owned()));
        assert_eq!(said("2026-11-20T01:00:00Z"), with("20 Nov 2026", words.when().days_ago(7)));
        assert_eq!(said("2027-05-27T00:00:00Z"), with("27 May 2027", words.when().in_months(6)));
    }

    #[test]
    fn a_text_that_is_not_a_time_is_shown_unchanged() {
        let words = Words::default();
        let (day, now) = (DayText::new("2036-01-01T00:00:00Z".into()), "2026-11-27T13:00:00Z".parse().unwrap());
        assert_eq!(day.shown(words), "1 Jan 2036");
        assert_eq!(day.seen_at(now).shown(words), "1 Jan 2036, in 9 years");
        assert_eq!(DayText::new("soon".into()).seen_at(now).shown(words), "soon");
    }
}
