//! The output: everything about a page, or what has changed on it.

use crate::{
    app::{BoundCommand, Described, Over},
    domain::text::wrap::{NO_BREAK, SEPARATOR, wrap},
    keymap::{Action, Context},
    model::Tone,
    ui::page::{Choice, Fact, PageField},
    words::Words,
};

/// More changes at once are counted instead of read out.
const MOST_CHANGES: usize = 6;

/// More new choices than this make it another list.
const MOST_NEW: usize = 12;

/// A line to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its text.
    pub text: String,
    /// Its kind.
    pub tone: Option<Tone>,
    /// Whether it is printed verbatim: a line of JSON or of a script.
    pub exact: bool,
}

impl Line {
    /// A line without a tone.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        // A dot between facts only helps visually.
        let between = if text.contains(", ") { "; " } else { ", " };
        Self { text: text.replace(&format!(" {SEPARATOR} "), between), tone: None, exact: false }
    }
}

/// Whether only changes are to be read out.
pub fn is_same_page(last: &Described, now: &Described) -> bool {
    let labels = |fields: &[PageField]| fields.iter().map(|field| field.label.clone()).collect::<Vec<_>>();
    // A heading directly above the choices is the question they answer.
    let question = now.page.facts.last().filter(|fact| matches!(fact, Fact::Heading(_)));
    (last.place, last.over, last.context) == (now.place, now.over, now.context)
        && question.is_none_or(|question| last.page.facts.contains(question))
        && new_choices(last, now).is_some()
        && labels(&last.page.fields) == labels(&now.page.fields)
}

/// The choices that have changed, if the others are the same; `None` if it is another list.
fn new_choices<'a>(last: &Described, now: &'a Described) -> Option<Vec<(usize, &'a Choice)>> {
    let (before, after) = (&last.page.choices, &now.page.choices);
    let is_known = |index: usize, choice: &Choice| {
        let same = |other: &Choice| (&other.text, other.chosen) == (&choice.text, choice.chosen);
        if before.len() == after.len() { before.get(index).is_some_and(same) } else { before.iter().any(same) }
    };
    let new: Vec<(usize, &Choice)> =
        after.iter().enumerate().filter(|(index, choice)| !is_known(*index, choice)).collect();
    let opened = after.len() > before.len() && !before.is_empty() && new.len() <= MOST_NEW;
    (before.len() == after.len() || opened).then_some(new)
}

/// Everything about a page.
pub fn whole(now: &Described, words: Words) -> Vec<Line> {
    let mut lines = Vec::new();
    if now.over == Over::Nothing {
        lines.push(Line::new(now.title.as_str()));
    }
    lines.extend(notice(now, words));
    lines.extend(now.page.facts.iter().flat_map(|fact| said(fact, words)));
    for (index, choice) in now.page.choices.iter().enumerate() {
        lines.extend(choice.heading.iter().map(|heading| Line::new(words.plain().heading(heading))));
        lines.push(numbered(index, choice, words));
    }
    let several = now.page.fields.len() > 1;
    for (index, field) in now.page.fields.iter().enumerate() {
        if several || now.page.field != Some(index) {
            lines.push(of_field(field, words));
        }
    }
    lines.extend(asked(now, words));
    lines.extend(commands(now, words));
    lines
}

/// Whether everything in the program is offered: far too much to read out before the user types.
pub fn is_long_palette(now: &Described) -> bool {
    now.over == Over::Palette && now.page.choices.len() > MOST_NEW
}

/// The number of choices instead of the choices.
pub fn count(now: &Described, words: Words) -> Vec<Line> {
    vec![Line::new(words.plain().many_choices(now.page.choices.len()))]
}

/// What has changed since `last`. `again`: a message counts as new. `pressed`: the focused choice is already known.
pub fn changes(last: &Described, now: &Described, again: bool, pressed: bool, words: Words) -> Vec<Line> {
    let mut lines = Vec::new();
    if again || last.notice != now.notice {
        lines.extend(notice(now, words));
    }
    lines.extend(new_facts(&last.page.facts, &now.page.facts).into_iter().flat_map(|fact| said(fact, words)));
    let changed = new_choices(last, now).unwrap_or_default();
    if last.page.choices.len() != now.page.choices.len() {
        lines.push(Line::new(words.plain().renumbered(now.page.choices.len())));
    }
    if last.page.choices.len() != now.page.choices.len() {
        lines.extend(changed.iter().map(|(index, choice)| numbered(*index, choice, words)));
    } else if changed.len() <= MOST_CHANGES {
        lines.extend(changed.iter().map(|(index, choice)| now_is(*index, choice, words)));
    } else {
        lines.push(Line::new(words.plain().many_changes(changed.len())));
    }
    let moved = last.page.focus != now.page.focus;
    if moved && let Some(choice) = now.page.choices.get(now.page.focus) {
        let is_said = changed.iter().any(|(index, _)| *index == now.page.focus);
        if !is_said && !matches!(now.over, Over::Question) {
            lines.push(at(now.page.focus, choice, words));
        }
    }
    if !pressed && last.page.details != now.page.details {
        let new =
            if moved { now.page.details.iter().collect() } else { new_facts(&last.page.details, &now.page.details) };
        lines.extend(new.into_iter().flat_map(|fact| said(fact, words)));
    }
    for (before, field) in last.page.fields.iter().zip(&now.page.fields) {
        if before != field {
            lines.push(of_field(field, words));
        }
    }
    if last.page.field != now.page.field {
        lines.extend(asked(now, words));
    }
    // Not only their wording has changed: something started or ended.
    let offered = |described: &Described| -> Vec<Action> {
        let ready = described.commands.iter().filter(|command| command.shown && command.disabled_because.is_none());
        ready.map(|command| command.action).collect()
    };
    if offered(last) != offered(now) {
        lines.extend(commands(now, words));
    }
    lines
}

/// The details of the focused choice.
pub fn about(now: &Described, words: Words) -> Vec<Line> {
    let choice = now.page.choices.get(now.page.focus).map(|choice| numbered(now.page.focus, choice, words));
    choice.into_iter().chain(now.page.details.iter().flat_map(|fact| said(fact, words))).collect()
}

/// Facts of `now` that are not in `last`, with their headings.
fn new_facts<'a>(last: &[Fact], now: &'a [Fact]) -> Vec<&'a Fact> {
    let mut heading = None;
    let mut new = Vec::new();
    for fact in now {
        if let Fact::Heading(_) = fact {
            heading = Some(fact);
        } else if !last.contains(fact) {
            new.extend(heading.take());
            new.push(fact);
        }
    }
    new
}

fn notice(now: &Described, words: Words) -> Option<Line> {
    let notice = now.notice.as_ref()?;
    Some(toned(Some(notice.tone), &notice.text, words))
}

/// Facts as lines.
pub fn facts(facts: &[Fact], words: Words) -> Vec<Line> {
    facts.iter().flat_map(|fact| said(fact, words)).collect()
}

fn said(fact: &Fact, words: Words) -> Vec<Line> {
    match fact {
        Fact::Said(tone, text) => vec![toned(*tone, text, words)],
        Fact::Heading(text) if text.ends_with(['?', '.', '!']) => vec![Line::new(text.clone())],
        Fact::Heading(text) => vec![Line::new(words.plain().heading(text))],
        Fact::Text(text) => text.lines().map(|line| Line { text: line.to_owned(), tone: None, exact: true }).collect(),
    }
}

/// A sentence with its tone in words.
fn toned(tone: Option<Tone>, text: &str, words: Words) -> Line {
    let plain = words.plain();
    let text = match tone {
        Some(Tone::Warning) => plain.warning(text),
        Some(Tone::Error) => plain.error(text),
        Some(Tone::Good | Tone::Note) | None => text.to_owned(),
    };
    Line { tone, ..Line::new(text) }
}

fn numbered(index: usize, choice: &Choice, words: Words) -> Line {
    let plain = words.plain();
    let number = index + 1;
    Line::new(match choice.chosen {
        Some(true) => plain.chosen(number, &choice.text),
        _ => plain.choice(number, &choice.text),
    })
}

/// A changed choice; "not chosen" is read out too.
fn now_is(index: usize, choice: &Choice, words: Words) -> Line {
    match choice.chosen {
        Some(false) => Line::new(words.plain().not_chosen(index + 1, &choice.text)),
        _ => numbered(index, choice, words),
    }
}

fn at(index: usize, choice: &Choice, words: Words) -> Line {
    Line::new(words.plain().at(numbered(index, choice, words).text))
}

fn of_field(field: &PageField, words: Words) -> Line {
    let plain = words.plain();
    let text = match (field.text.as_str(), field.optional) {
        // The remark tells what to enter.
        ("", true) if field.remark.is_some() => plain.empty(),
        ("", true) => plain.empty_optional(),
        ("", false) => plain.empty(),
        (text, _) => text,
    };
    let line = plain.fact(&field.label, text);
    match &field.remark {
        Some(Fact::Said(tone, remark)) => toned(*tone, &plain.with_remark(line, remark), words),
        _ => Line::new(line),
    }
}

/// The field into which the next line goes.
fn asked(now: &Described, words: Words) -> Option<Line> {
    let field = now.page.fields.get(now.page.field?)?;
    if now.over == Over::Palette {
        return None;
    }
    let plain = words.plain();
    let line = match (field.masked, field.text.is_empty()) {
        (true, _) => plain.type_hidden(&field.label),
        (false, true) => plain.type_it(&field.label),
        (false, false) => plain.type_or_keep(&field.label, &field.text),
    };
    Some(Line::new(line))
}

/// The available commands in one line.
fn commands(now: &Described, words: Words) -> Option<Line> {
    let plain = words.plain();
    if now.over == Over::Reading {
        return None;
    }
    let by_number = !now.page.choices.is_empty() && now.over != Over::Question;
    let several = now.page.fields.len() > 1;
    let skipped = |command: &&BoundCommand| {
        !(command.shown || (several && command.action == Action::NextField))
            || command.disabled_because.is_some()
            || matches!(command.action, Action::Up | Action::Down)
            || (by_number && command.action == Action::Toggle)
    };
    let mut said: Vec<String> = Vec::new();
    if by_number {
        said.push(plain.typed(plain.a_number(), plain.presses()));
    }
    let shown = now.commands.iter().filter(|command| !skipped(command));
    // A letter is faster to type than the name of a key.
    let key = |command: &BoundCommand| {
        let keys = &command.keys;
        keys.iter().find(|key| key.chars().count() == 1).or(keys.first()).cloned()
    };
    said.extend(shown.filter_map(|command| Some(plain.typed(key(command)?, &command.label))));
    // Keeps a key next to its description.
    said.iter_mut().for_each(|typed| *typed = typed.replace(" = ", &format!("{NO_BREAK}={NO_BREAK}")));
    (!said.is_empty()).then(|| Line::new(plain.you_can_type(said.join(", "))))
}

/// The lines as printed: wrapped between words if there is a width, with colours if requested.
pub fn print(lines: &[Line], width: Option<u16>, colour: bool) -> String {
    let mut out = String::new();
    for line in lines {
        let clean: String = line.text.chars().filter(|c| !c.is_control()).collect();
        let rows = match width.filter(|_| !line.exact) {
            // A URL stays whole: it is copied or read aloud in one piece.
            Some(width) => wrap(&clean, width.max(1).into()),
            None => vec![clean],
        };
        for row in rows.iter().map(|row| row.replace(NO_BREAK, " ")) {
            match line.tone.filter(|_| colour).and_then(sgr) {
                Some(code) => out.push_str(&format!("\x1b[{code}m{}\x1b[0m\n", row.trim_end())),
                None => out.push_str(&format!("{}\n", row.trim_end())),
            }
        }
    }
    out
}

/// The colour of a tone, from the sixteen that every terminal has.
fn sgr(tone: Tone) -> Option<u8> {
    match tone {
        Tone::Good => Some(32),
        Tone::Warning => Some(33),
        Tone::Error => Some(31),
        Tone::Note => None,
    }
}

/// The prompt of the input line.
pub fn prompt(now: &Described, words: Words) -> String {
    let plain = words.plain();
    let field = now.page.field.and_then(|at| now.page.fields.get(at));
    match (now.over, field) {
        (Over::Question, _) => plain.prompt_question(),
        (Over::Palette, _) => plain.prompt_commands(),
        (_, Some(field)) if matches!(now.context, Context::Edit) => return plain.prompt_field(&field.label),
        _ => return plain.prompt(&now.name),
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_wrap_between_words_at_any_width_and_carry_no_control_character() {
        let line = Line { text: "one two\u{1b}[2J three".to_owned(), tone: Some(Tone::Error), exact: false };
        assert_eq!(print(std::slice::from_ref(&line), None, false), "one two[2J three\n");
        for width in 1..30 {
            let said = print(std::slice::from_ref(&line), Some(width), false);
            assert!(said.lines().all(|row| row.chars().count() <= usize::from(width).max("two[2J".len())), "{said}");
            assert_eq!(said.split_whitespace().collect::<Vec<_>>(), ["one", "two[2J", "three"]);
        }
        assert_eq!(print(&[line], None, true), "\u{1b}[31mone two[2J three\u{1b}[0m\n");
    }

    #[test]
    fn a_line_of_a_script_is_not_wrapped() {
        let line = Line { text: "  a b c".to_owned(), tone: None, exact: true };
        assert_eq!(print(&[line], Some(2), false), "  a b c\n");
    }
}
