//! Input of values: the token validity, a redirect URI, a custom role.

use crate::{
    domain::sap::parameters::{InstanceParameters, ParameterProblem, readable_seconds},
    model::Session,
    ui::widget::{
        field::Field,
        form::{Form, FormField, Remark},
    },
};

/// Which value is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// `token-validity`, in seconds.
    Validity,
    /// The redirect URI with this index, or a new one.
    RedirectUri(Option<usize>),
    /// A new role of the plan `integration-flow`.
    Role,
}

/// A form with one field.
#[derive(Debug)]
pub struct Typing {
    /// The value being typed.
    pub target: Target,
    /// The field.
    pub form: Form,
}

impl Typing {
    /// Starts with the current value.
    pub fn new(target: Target, session: &Session) -> Self {
        let words = session.content.words.roles();
        let parameters = &session.draft.parameters;
        let uri = |index: usize| parameters.redirect_uris.get(index).cloned();
        let (label, text) = match target {
            Target::Validity => (words.validity_field(), parameters.effective_token_validity().to_string()),
            Target::RedirectUri(index) => (words.redirect_uri_field(), index.and_then(uri).unwrap_or_default()),
            Target::Role => (words.role_field(), String::new()),
        };
        let width = if matches!(target, Target::RedirectUri(_)) { 60 } else { 30 };
        Self { target, form: Form::new(vec![FormField::new(label, Field::new(&text)).width(width)]) }
    }

    fn typed(&self) -> &str {
        self.form.text(0)
    }

    /// The parameters with the typed value, and a warning about it.
    ///
    /// # Errors
    ///
    /// Returns a message for the user if the broker would refuse the value.
    pub fn apply(&self, session: &Session) -> Result<(InstanceParameters, Option<String>), String> {
        let mut parameters = session.draft.parameters.clone();
        let typed = self.typed();
        let (property, value) = match self.target {
            Target::Validity => {
                let seconds = typed.parse::<u32>();
                parameters.set_token_validity(seconds.map_err(|_| session.content.words.roles().validity_range())?);
                ("token-validity", None)
            }
            Target::RedirectUri(index) => {
                parameters.set_redirect_uris(with_uri(parameters.redirect_uris.clone(), index, typed));
                ("redirect-uris", Some(typed))
            }
            Target::Role => {
                if !typed.is_empty() && !parameters.has_role(typed) {
                    parameters.toggle_role(typed);
                }
                ("roles", Some(typed))
            }
        };
        let is_about_value = |problem: &ParameterProblem| {
            problem.property == property && problem.value.as_ref().map(|value| value.as_str()) == value
        };
        match parameters.check(&session.content.catalogue).into_iter().find(is_about_value) {
            Some(problem) => self.judge(&problem, parameters, session),
            None => Ok((parameters, None)),
        }
    }

    fn judge(
        &self,
        problem: &ParameterProblem,
        parameters: InstanceParameters,
        session: &Session,
    ) -> Result<(InstanceParameters, Option<String>), String> {
        let said = problem.explain(session.content.words);
        match self.target {
            _ if !problem.is_error() => Ok((parameters, Some(said.what))),
            Target::RedirectUri(_) => Err(said.what),
            // The rule for roles and numbers is more helpful than that this one is wrong.
            Target::Validity | Target::Role => Err(said.why),
        }
    }

    /// The remark on the value while it is being typed.
    pub fn remark(&self, session: &Session) -> Option<Remark> {
        let words = session.content.words;
        match self.apply(session) {
            Err(problem) => Some(Remark::Bad(problem)),
            Ok((_, Some(warning))) => Some(Remark::Warning(warning)),
            Ok((parameters, None)) if self.target == Target::Validity => {
                Some(Remark::Good(readable_seconds(parameters.effective_token_validity(), words)))
            }
            Ok(_) if self.typed().is_empty() => Some(Remark::Hint(words.roles().empty_removes().to_owned())),
            Ok(_) => None,
        }
    }
}

/// `uris` with `typed` at `index`, or appended.
fn with_uri(mut uris: Vec<String>, index: Option<usize>, typed: &str) -> Vec<String> {
    match index.and_then(|index| uris.get_mut(index)) {
        Some(uri) => *uri = typed.to_owned(),
        None => uris.push(typed.to_owned()),
    }
    uris
}
