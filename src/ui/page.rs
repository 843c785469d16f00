//! A screen as sentences, choices and fields: to be read aloud or printed line by line. No layout, no style.

use crate::{
    domain::finding::{Explained, Severity},
    keymap::Action,
    model::Tone,
    words::Words,
};

/// A statement on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A sentence with an optional tone.
    Said(Option<Tone>, String),
    /// The heading of the facts that follow.
    Heading(String),
    /// Verbatim lines: JSON, a script.
    Text(String),
}

/// Something that can have the focus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The heading above it, if it starts a group.
    pub heading: Option<String>,
    /// What it is.
    pub text: String,
    /// Whether it is chosen, if it can be.
    pub chosen: Option<bool>,
    /// The action of pressing it; `None` if it can only be focused.
    pub press: Option<Action>,
}

impl Choice {
    /// A choice that is pressed by `press`.
    pub fn new(text: impl Into<String>, press: Action) -> Self {
        Self { heading: None, text: text.into(), chosen: None, press: Some(press) }
    }

    /// A choice that can only be focused.
    pub fn to_look_at(text: impl Into<String>) -> Self {
        Self { heading: None, text: text.into(), chosen: None, press: None }
    }

    /// Sets whether it is chosen.
    #[must_use]
    pub fn chosen(mut self, chosen: bool) -> Self {
        self.chosen = Some(chosen);
        self
    }

    /// Puts it below a heading.
    #[must_use]
    pub fn below(mut self, heading: Option<String>) -> Self {
        self.heading = heading;
        self
    }
}

/// A text field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageField {
    /// Its label.
    pub label: String,
    /// Its text, or a mask.
    pub text: String,
    /// Whether it hides its text.
    pub masked: bool,
    /// Whether it may stay empty.
    pub optional: bool,
    /// The remark on its text.
    pub remark: Option<Fact>,
}

/// The linear form of a screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The facts at the start.
    pub facts: Vec<Fact>,
    /// The focusable choices, in focus order.
    pub choices: Vec<Choice>,
    /// The choice with the focus.
    pub focus: usize,
    /// Details of the focused choice.
    pub details: Vec<Fact>,
    /// The fields of the form, if one is open.
    pub fields: Vec<PageField>,
    /// The field with the focus.
    pub field: Option<usize>,
}

impl Page {
    /// A page with these facts.
    pub fn new(facts: Vec<Fact>) -> Self {
        Self { facts, ..Self::default() }
    }
}

/// A sentence without a tone.
pub fn said(text: impl Into<String>) -> Fact {
    Fact::Said(None, text.into())
}

/// A name and its value.
pub fn fact(label: &str, value: &str, words: Words) -> Fact {
    said(words.plain().fact(label, value))
}

/// The tone of a severity.
pub fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Error => Tone::Error,
        Severity::Warning => Tone::Warning,
        Severity::Note => Tone::Note,
    }
}

/// What happened, why it usually happens, and what to do, each on a separate line.
pub fn findings(found: &[Explained], words: Words) -> Vec<Fact> {
    let labels = words.widgets();
    let of = |found: &Explained| {
        let cause = (found.severity != Severity::Note).then(|| fact(labels.why(), &found.cause, words));
        let fix = found.fix.as_ref().map(|fix| fact(labels.fix(), fix, words));
        let title = Fact::Said(Some(tone(found.severity)), found.title.clone());
        [Some(title), cause, fix].into_iter().flatten().collect::<Vec<_>>()
    };
    found.iter().flat_map(of).collect()
}
