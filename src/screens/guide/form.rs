//! The form of the service key: its name, its type, and the parameters of that type.

use ratatui::text::{Line, Span};

use crate::{
    domain::sap::{
        key_parameters::{KEY_LENGTH_DEFAULT, KEY_LENGTHS, KeyField, KeyType, VALIDITY_MAX},
        name,
        parameters::ParameterProblem,
    },
    model::{Notice, Pasted, Session},
    ui::{
        Theme, text,
        widget::{
            field::Field,
            form::{Form, FormField, Remark},
            list::Entry,
        },
    },
    words::Words,
};

/// A row of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// The name.
    Name,
    /// A parameter.
    Parameter(KeyField),
}

/// The rows that matter for the chosen plan and type.
pub fn rows(session: &Session) -> Vec<Row> {
    let draft = &session.draft;
    let applies = |field: &KeyField| {
        field.applies_to(draft.key_parameters.key_type) && field.is_offered_by(draft.parameters.plan)
    };
    std::iter::once(Row::Name).chain(KeyField::ALL.into_iter().filter(applies).map(Row::Parameter)).collect()
}

/// The key's parameters that the broker would refuse.
pub fn problems(session: &Session) -> Vec<ParameterProblem> {
    let draft = &session.draft;
    draft.key_parameters.check_for(&draft.parameters, session.now.wall, &session.content.authorities)
}

impl Row {
    fn title(self, words: Words) -> &'static str {
        match self {
            Row::Name => words.guide().key_name(),
            Row::Parameter(field) => field.title(),
        }
    }

    fn value(self, session: &Session) -> String {
        let (parameters, words) = (&session.draft.key_parameters, session.content.words.guide());
        match self {
            Row::Name => session.draft.key_name.clone(),
            Row::Parameter(KeyField::KeyType) => parameters.key_type.title().to_owned(),
            Row::Parameter(KeyField::Validity) => parameters.validity.to_string(),
            Row::Parameter(KeyField::KeyLength) => parameters.key_length.to_string(),
            Row::Parameter(KeyField::Pinning) => if parameters.pinning { words.on() } else { words.off() }.to_owned(),
            Row::Parameter(KeyField::Certificate) => match parameters.certificate.lines().count() {
                0 => words.no_certificate().to_owned(),
                lines => words.certificate(lines),
            },
        }
    }

    /// Its title and value.
    pub fn said(self, session: &Session) -> String {
        let words = session.content.words;
        words.plain().fact(self.title(words), self.value(session))
    }

    /// What the row is about, shown while it has the focus.
    pub fn about(self, session: &Session) -> String {
        let words = session.content.words.guide();
        let text = match (self, session.draft.key_parameters.key_type) {
            (Row::Name, _) => words.about_name(),
            (Row::Parameter(KeyField::KeyType), KeyType::ClientSecret) => words.about_client_secret(),
            (Row::Parameter(KeyField::KeyType), KeyType::Certificate) => words.about_certificate_key(),
            (Row::Parameter(KeyField::KeyType), KeyType::ExternalCertificate) => words.about_external_certificate(),
            (Row::Parameter(KeyField::Validity), _) => return words.about_validity(VALIDITY_MAX),
            (Row::Parameter(KeyField::KeyLength), _) => return words.about_key_length(KEY_LENGTH_DEFAULT),
            (Row::Parameter(KeyField::Certificate), _) => words.about_certificate(),
            (Row::Parameter(KeyField::Pinning), _) => words.about_pinning(),
        };
        text.to_owned()
    }

    /// The value that can be edited with `e`.
    pub fn typed(self) -> Option<Typed> {
        match self {
            Row::Name => Some(Typed::Name),
            Row::Parameter(KeyField::Validity) => Some(Typed::Validity),
            Row::Parameter(_) => None,
        }
    }

    /// What space does.
    pub fn command(self, words: Words) -> &'static str {
        let words = words.guide();
        match self {
            Row::Name => words.change_name(),
            Row::Parameter(KeyField::KeyType) => words.next_type(),
            Row::Parameter(KeyField::Validity | KeyField::KeyLength) => words.next_value(),
            Row::Parameter(KeyField::Certificate) => words.paste_certificate(),
            Row::Parameter(KeyField::Pinning) => words.switch(),
        }
    }

    /// Selects the next value. Returns false if the row has no list of values.
    pub fn step(self, session: &mut Session) -> bool {
        const USUAL: [u32; 5] = [30, 90, 180, 270, VALIDITY_MAX];
        fn next<T: Copy + PartialOrd>(values: &[T], now: T) -> T {
            values.iter().copied().find(|value| *value > now).unwrap_or(values[0])
        }
        let parameters = &mut session.draft.key_parameters;
        match self {
            Row::Parameter(KeyField::KeyType) => {
                let at = KeyType::ALL.iter().position(|key_type| *key_type == parameters.key_type).unwrap_or_default();
                parameters.key_type = KeyType::ALL[(at + 1) % KeyType::ALL.len()];
            }
            Row::Parameter(KeyField::Validity) => parameters.validity = next(&USUAL, parameters.validity),
            Row::Parameter(KeyField::KeyLength) => parameters.key_length = next(&KEY_LENGTHS, parameters.key_length),
            Row::Parameter(KeyField::Pinning) => parameters.pinning = !parameters.pinning,
            Row::Name | Row::Parameter(KeyField::Certificate) => return false,
        }
        true
    }
}

/// What can be typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// Name of the key.
    Name,
    /// Days.
    Validity,
    /// Path of a file with a certificate.
    File,
}

/// A form with the value being typed.
#[derive(Debug)]
pub struct Typing {
    /// The value being typed.
    pub typed: Typed,
    /// The text field.
    pub form: Form,
}

impl Typing {
    /// A field with the current value.
    pub fn begin(typed: Typed, session: &Session) -> Self {
        let words = session.content.words.guide();
        let (label, text) = match typed {
            Typed::Name => (words.key_name(), session.draft.key_name.clone()),
            Typed::Validity => (words.validity(), session.draft.key_parameters.validity.to_string()),
            Typed::File => (words.certificate_file(), String::new()),
        };
        Self { typed, form: Form::new(vec![FormField::new(label, Field::new(&text)).width(60)]) }
    }

    /// The trimmed text.
    pub fn text(&self) -> &str {
        self.form.text(0)
    }

    /// What is wrong with the text, if anything.
    pub fn problem(&self, words: Words) -> Option<String> {
        match self.typed {
            // A leading or trailing space would be invisible in the cockpit.
            Typed::Name => name::check_name(self.form.exact_text(0)).err().map(|problem| problem.shown(words)),
            Typed::Validity => match self.text().parse::<u32>() {
                Ok(1..=VALIDITY_MAX) => None,
                _ => Some(words.guide().validity_range(VALIDITY_MAX)),
            },
            Typed::File => self.text().is_empty().then(|| words.guide().certificate_file_missing().to_owned()),
        }
    }

    /// The problem as a remark below the field. An empty path is not wrong yet.
    pub fn remark(&self, words: Words) -> Option<Remark> {
        let problem = self.problem(words)?;
        Some(if self.typed == Typed::File { Remark::Hint(problem) } else { Remark::Bad(problem) })
    }
}

/// Whether the text is meant as a certificate, with or without surrounding text, and not as a key.
pub fn is_pem(text: &Pasted) -> bool {
    let text = text.text();
    text.contains("-----BEGIN ") && !text.contains('{')
}

/// Accepts an external certificate, and selects the type of key that it is for.
pub fn take_certificate(text: &Pasted, session: &mut Session) {
    let words = session.content.words;
    session.notice = Some(match session.draft.key_parameters.set_certificate(&text.text()) {
        Err(problem) => Notice::error(problem.short(words)),
        Ok(()) => {
            session.draft.key_parameters.key_type = KeyType::ExternalCertificate;
            match problems(session).into_iter().next() {
                Some(problem) if problem.is_error() => Notice::error(problem.short(words)),
                Some(problem) => Notice::warning(problem.short(words)),
                None => Notice::good(words.guide().certificate_taken()),
            }
        }
    });
}

/// A row of the form: its cockpit label and its value.
pub fn line(row: Row, session: &Session, theme: &Theme, width: u16) -> Line<'static> {
    let words = session.content.words;
    let titles = rows(session).into_iter().map(|row| text::width(row.title(words))).max().unwrap_or_default() as u16;
    let column = (titles + 2).min(width / 2);
    let value = text::truncate(&row.value(session), width.saturating_sub(column + 6), theme.glyphs.ellipsis);
    Line::from(vec![
        Span::raw(format!("      {}", text::pad(row.title(words), column, theme.glyphs.ellipsis))),
        Span::styled(value, theme.value),
    ])
}

/// What the broker would refuse.
pub fn remarks(session: &Session, theme: &Theme, width: u16) -> Option<Entry> {
    let problems = problems(session).into_iter().map(|problem| {
        let (style, mark) = theme.severity(problem.severity());
        text::wrap_bullet(&format!("  {mark}"), style, &problem.short(session.content.words), theme.text, width)
    });
    let lines: Vec<Line<'static>> = problems.flatten().collect();
    (!lines.is_empty()).then(|| Entry::heading(lines))
}
