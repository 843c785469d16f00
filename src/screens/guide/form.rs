//! The form of the service key: its name, its type, and what belongs to that type.

use ratatui::text::{Line, Span};

use crate::{
    domain::sap::{
        key_parameters::{KEY_LENGTHS, KeyField, KeyType, VALIDITY_MAX},
        name,
        parameters::ParameterProblem,
    },
    model::{Notice, Pasted, Session},
    ui::{
        Theme, text,
        widget::{field::Field, list::Entry},
    },
};

/// A row of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// The name.
    Name,
    /// A parameter.
    Parameter(KeyField),
}

/// The rows that mean something with the plan and the type chosen.
pub fn rows(session: &Session) -> Vec<Row> {
    let draft = &session.draft;
    let applies = |field: &KeyField| {
        field.applies_to(draft.key_parameters.key_type) && field.is_offered_by(draft.parameters.plan)
    };
    std::iter::once(Row::Name).chain(KeyField::ALL.into_iter().filter(applies).map(Row::Parameter)).collect()
}

/// What the broker would refuse of the key's parameters.
pub fn problems(session: &Session) -> Vec<ParameterProblem> {
    session.draft.key_parameters.check_for(&session.draft.parameters, session.now.wall)
}

impl Row {
    fn title(self) -> &'static str {
        match self {
            Row::Name => "Service Key Name",
            Row::Parameter(field) => field.title(),
        }
    }

    fn value(self, session: &Session) -> String {
        let parameters = &session.draft.key_parameters;
        match self {
            Row::Name => session.draft.key_name.clone(),
            Row::Parameter(KeyField::KeyType) => parameters.key_type.title().to_owned(),
            Row::Parameter(KeyField::Validity) => parameters.validity.to_string(),
            Row::Parameter(KeyField::KeyLength) => parameters.key_length.to_string(),
            Row::Parameter(KeyField::Pinning) => if parameters.pinning { "on" } else { "off" }.to_owned(),
            Row::Parameter(KeyField::Certificate) if parameters.certificate.is_empty() => "none yet".to_owned(),
            Row::Parameter(KeyField::Certificate) => {
                format!("PEM, {} lines", parameters.certificate.lines().count())
            }
        }
    }

    /// What the row is about, shown while it has the focus.
    fn about(self, session: &Session) -> &'static str {
        match (self, session.draft.key_parameters.key_type) {
            (Row::Name, _) => "Name it after its holder. Space or e changes it.",
            (Row::Parameter(KeyField::KeyType), KeyType::ClientSecret) => {
                "What most tools take. It has no expiry date and lives until the key is deleted. Space takes the next type."
            }
            (Row::Parameter(KeyField::KeyType), KeyType::Certificate) => {
                "SAP issues a certificate with its private key; both stand in the key. Space takes the next type."
            }
            (Row::Parameter(KeyField::KeyType), KeyType::ExternalCertificate) => {
                "A certificate of your own; its private key stays with you. Space takes the next type."
            }
            (Row::Parameter(KeyField::Validity), _) => {
                "1 to 365 days; then the key is dead and a new one is needed. Space steps through the usual values, e lets you type one."
            }
            (Row::Parameter(KeyField::KeyLength), _) => "In bits; 2048 is the default. Space takes the next one.",
            (Row::Parameter(KeyField::Certificate), _) => {
                "Paste the PEM block here, or read it from a file with f: the client's own certificate, no chain, no private key. One certificate serves one key only."
            }
            (Row::Parameter(KeyField::Pinning), _) => {
                "On: exactly this certificate opens the flow. Off: a renewed one with the same subject and issuer as well."
            }
        }
    }

    /// True where `e` opens a text field.
    pub fn is_typed(self) -> bool {
        matches!(self, Row::Name | Row::Parameter(KeyField::Validity))
    }

    /// What space does, in words.
    pub fn action(self) -> &'static str {
        match self {
            Row::Name => "change the name",
            Row::Parameter(KeyField::KeyType) => "next type",
            Row::Parameter(KeyField::Validity | KeyField::KeyLength) => "next value",
            Row::Parameter(KeyField::Certificate) => "paste",
            Row::Parameter(KeyField::Pinning) => "switch",
        }
    }

    /// Takes the next value. False where the row has none to step through.
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

/// What is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Name of the key.
    Name,
    /// Days.
    Validity,
    /// Path of a file with a certificate.
    File,
}

/// A value on its way.
#[derive(Debug)]
pub struct Typing {
    /// What it is.
    pub what: What,
    /// The text field.
    pub field: Field,
}

impl Typing {
    /// A field with the value that is there now.
    pub fn begin(what: What, session: &Session) -> Self {
        let text = match what {
            What::Name => session.draft.key_name.clone(),
            What::Validity => session.draft.key_parameters.validity.to_string(),
            What::File => String::new(),
        };
        Self { what, field: Field::new(&text) }
    }

    /// The label before the field.
    pub fn label(&self) -> &'static str {
        match self.what {
            What::Name => "Service Key Name: ",
            What::Validity => "Validity in days: ",
            What::File => "File with the certificate, PEM: ",
        }
    }

    /// What is wrong with the text, if anything.
    ///
    /// # Errors
    ///
    /// In words.
    pub fn check(&self) -> Result<(), String> {
        let text = self.field.text().trim();
        match self.what {
            What::Name => name::check_name(self.field.text()).map_err(|problem| problem.to_string()),
            What::Validity => match text.parse::<u32>() {
                Ok(1..=VALIDITY_MAX) => Ok(()),
                _ => Err(format!("SAP issues certificates for 1 to {VALIDITY_MAX} days.")),
            },
            What::File if text.is_empty() => Err("Type the path of the file.".to_owned()),
            What::File => Ok(()),
        }
    }
}

/// True for text that is meant as a certificate, with or without what does not belong to it, and not as a key.
pub fn is_pem(text: &Pasted) -> bool {
    let text = text.text();
    text.contains("-----BEGIN ") && !text.contains('{')
}

/// Takes a certificate of one's own, and with it the type of key that it is for.
pub fn take_certificate(text: &Pasted, session: &mut Session) {
    let parameters = &mut session.draft.key_parameters;
    session.notice = Some(match parameters.set_certificate(&text.text()) {
        Err(problem) => Notice::error(problem.short(session.content.words)),
        Ok(()) => {
            parameters.key_type = KeyType::ExternalCertificate;
            match problems(session).into_iter().next() {
                Some(problem) if problem.is_error() => Notice::error(problem.short(session.content.words)),
                Some(problem) => Notice::warning(problem.short(session.content.words)),
                None => Notice::good("The certificate is taken; the key type is External Certificate."),
            }
        }
    });
}

/// The form as rows of the list.
pub fn entries(session: &Session, focused: Option<usize>, theme: &Theme, width: u16) -> Vec<Entry> {
    let mut entries = vec![Entry::heading(vec![Line::styled("Your service key", theme.accent)])];
    for (index, row) in rows(session).into_iter().enumerate() {
        let value = text::truncate(&row.value(session), width.saturating_sub(24), theme.glyphs.ellipsis);
        let mut lines = vec![Line::from(vec![
            Span::raw(format!("  {}", text::pad(row.title(), 22, ""))),
            Span::styled(value, theme.value),
        ])];
        if focused == Some(index) {
            let about = row.about(session).to_owned();
            lines.extend(text::wrap_indented("   ", theme.dim, &[(about, theme.dim)], width));
        }
        entries.push(Entry::item(lines));
    }
    let mut remarks = Vec::new();
    for problem in problems(session) {
        let (style, mark) = theme.severity(problem.severity());
        let words = problem.short(session.content.words);
        remarks.extend(text::wrap_bullet(mark, style, &words, theme.text, width));
    }
    remarks.push(Line::default());
    entries.push(Entry::heading(remarks));
    entries
}
