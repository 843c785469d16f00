//! Values of the form that are typed: the token validity, a redirect URI, a role of one's own.

use ratatui::{Frame, layout::Rect, style::Style, text::Line};

use crate::{
    domain::sap::parameters::{InstanceParameters, ParameterProblem, readable_seconds},
    model::Session,
    ui::{Theme, text, widget::field::Field},
};

/// What is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// `token-validity`, in seconds.
    Validity,
    /// The redirect URI at this place, or a new one.
    RedirectUri(Option<usize>),
    /// A new role of the plan `integration-flow`.
    Role,
}

/// A value on its way.
#[derive(Debug)]
pub struct Typing {
    what: What,
    /// The text field.
    pub field: Field,
}

impl Typing {
    /// A field with the value that is there now.
    pub fn begin(what: What, session: &Session) -> Self {
        let parameters = &session.draft.parameters;
        let text = match &what {
            What::Validity => parameters.effective_token_validity().to_string(),
            What::RedirectUri(place) => {
                place.and_then(|place| parameters.redirect_uris.get(place).cloned()).unwrap_or_default()
            }
            What::Role => String::new(),
        };
        Self { what, field: Field::new(&text) }
    }

    fn label(&self) -> &'static str {
        match self.what {
            What::Validity => "Token validity in seconds: ",
            What::RedirectUri(_) => "Redirect URI: ",
            What::Role => "Role: ",
        }
    }

    /// The parameters with the value in them, and what there is to say about it in words.
    ///
    /// # Errors
    ///
    /// What the broker would refuse.
    pub fn taken(&self, session: &Session) -> Result<(InstanceParameters, Option<String>), String> {
        let mut parameters = session.draft.parameters.clone();
        let typed = self.field.text().trim();
        let mut value = Some(typed.to_owned());
        let property = match &self.what {
            What::Validity => {
                let seconds =
                    typed.parse::<u32>().map_err(|_| "Type a number of seconds, 3600 to 86400.".to_owned())?;
                parameters.set_token_validity(seconds);
                value = None;
                "token-validity"
            }
            What::RedirectUri(place) => {
                let mut uris = parameters.redirect_uris.clone();
                match place.filter(|place| *place < uris.len()) {
                    Some(place) => uris[place] = typed.to_owned(),
                    None => uris.push(typed.to_owned()),
                }
                parameters.set_redirect_uris(uris);
                "redirect-uris"
            }
            What::Role if typed.is_empty() => return Ok((parameters, None)),
            What::Role => {
                if !parameters.has_role(typed) {
                    parameters.toggle_role(typed);
                }
                "roles"
            }
        };
        let about = |problem: &&ParameterProblem| {
            problem.property == property && problem.value.as_ref().map(|value| value.as_str()) == value.as_deref()
        };
        let problems = parameters.check(&session.content.catalogue);
        let words = session.content.words;
        match problems.iter().find(about) {
            // What a role or a number may be says more than that this one is wrong.
            Some(problem) if problem.is_error() => Err(match self.what {
                What::RedirectUri(_) => problem.explain(words).what,
                What::Validity | What::Role => problem.explain(words).why,
            }),
            Some(problem) => Ok((parameters, Some(problem.explain(words).what))),
            None => Ok((parameters, None)),
        }
    }

    /// What stands behind the field while somebody types.
    fn remark(&self, session: &Session, theme: &Theme) -> (String, Style) {
        match self.taken(session) {
            Err(problem) => (format!("{} {problem}", theme.glyphs.bad), theme.bad),
            Ok((_, Some(warning))) => (format!("{} {warning}", theme.glyphs.warning), theme.warning),
            Ok((parameters, None)) if self.what == What::Validity => {
                let words = readable_seconds(parameters.effective_token_validity(), session.content.words);
                (format!("{} {words}", theme.glyphs.good), theme.good)
            }
            Ok(_) if self.field.text().trim().is_empty() => ("empty: enter leaves it out".to_owned(), theme.dim),
            Ok(_) => (theme.glyphs.good.to_owned(), theme.good),
        }
    }

    /// Draws label and field, and the remark below.
    pub fn draw(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let label = self.label();
        let used = label.len() as u16;
        frame.render_widget(Line::styled(label, theme.title), Rect { height: 1.min(area.height), ..area });
        let wanted = if matches!(self.what, What::RedirectUri(_)) { 60 } else { 30 };
        let field = Rect {
            x: area.x + used.min(area.width),
            width: wanted.min(area.width.saturating_sub(used)),
            height: 1.min(area.height),
            ..area
        };
        self.field.draw(true, theme, frame, field);
        let (remark, style) = self.remark(session, theme);
        let below = Rect { y: area.y + 1, height: 1, ..area };
        if area.height > 1 {
            let words = text::truncate(&remark, below.width, theme.glyphs.ellipsis);
            frame.render_widget(Line::styled(words, style), below);
        }
    }
}
