//! What can be typed instead of pasting the key: the name of its file, or its four fields.

use ratatui::{Frame, layout::Rect};

use crate::{
    domain::{
        key::service_key::KeyForm,
        text::{safe_text::SafeText, secret::Secret},
    },
    model::Session,
    ui::{
        Theme, layout, text,
        widget::{
            field::Field,
            form::{Form, FormField, Remark},
            list,
        },
    },
    words::Words,
};

/// Columns of a host or a path.
const WIDE: u16 = 72;

/// A form for the name of a file.
pub fn file_form(words: Words) -> Form {
    Form::new(vec![FormField::new(words.quick_fill().file_name(), Field::default()).width(WIDE)])
}

/// A form with what is known about the key, but never its secret. The labels are SAP's names of the fields.
pub fn fields_form(session: &Session) -> Form {
    let summary = session.key.found().map(|found| &found.summary);
    let field = |label: &str, value: Option<&SafeText>| {
        FormField::new(label, Field::new(value.map_or("", SafeText::as_str))).width(WIDE)
    };
    Form::new(vec![
        field("url", summary.and_then(|summary| summary.url.as_ref())),
        field("tokenurl", summary.and_then(|summary| summary.token_url.as_ref())),
        field("clientid", summary.and_then(|summary| summary.client_id.as_ref())),
        FormField::new("clientsecret", Field::masked()).width(WIDE),
    ])
}

/// The fields as typed.
pub fn typed(form: &Form) -> KeyForm {
    let text = |index: usize| form.text(index).to_owned();
    KeyForm { url: text(0), token_url: text(1), client_id: text(2), secret: Secret::new(form.text(3)) }
}

/// What the file is to contain.
pub fn file_title(session: &Session) -> &'static str {
    let words = session.content.words.quick_fill();
    if session.key.wants_private_key() { words.private_key_file_title() } else { words.file_title() }
}

/// The hint for an empty field.
pub fn remark(form: &Form, index: usize, words: Words) -> Option<Remark> {
    let words = words.quick_fill();
    let hint = match index {
        _ if !form.text(index).is_empty() => return None,
        0 => words.url_hint(),
        1 => words.token_url_hint(),
        2 => words.client_id_hint(),
        _ => words.client_secret_hint(),
    };
    Some(Remark::Hint(hint.to_owned()))
}

/// Draws the form for the fields.
pub fn draw_fields(form: &Form, words: Words, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let about = text::wrap(words.quick_fill().fields_about(), area.width.min(layout::PROSE), theme.text);
    let (above, below) = layout::top(area, about.len() as u16 + 1);
    list::draw_lines(&about, 0, theme, frame, above);
    form.draw(&|index| remark(form, index, words), theme, frame, below);
}
