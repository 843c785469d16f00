//! A screen as sentences, choices and fields: what is read aloud or printed line by line. No layout, no style.

use crate::{
    domain::finding::{Explained, Severity},
    keymap::Action,
    model::Tone,
    words::Words,
};

/// One thing that a page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A sentence, and how it is meant if that matters.
    Said(Option<Tone>, String),
    /// What the facts after it are about.
    Heading(String),
    /// Lines to be taken over as they are: JSON, a script.
    Text(String),
}

/// Something that can have the focus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The heading above it, if a group begins with it.
    pub heading: Option<String>,
    /// What it is.
    pub text: String,
    /// Whether it is chosen, if that is what it is about.
    pub chosen: Option<bool>,
    /// What pressing it does. Nothing is pressed if moving there is all.
    pub press: Option<Action>,
}

impl Choice {
    /// A choice that is pressed by `press`.
    pub fn new(text: impl Into<String>, press: Action) -> Self {
        Self { heading: None, text: text.into(), chosen: None, press: Some(press) }
    }

    /// A choice for which having the focus is all.
    pub fn to_look_at(text: impl Into<String>) -> Self {
        Self { heading: None, text: text.into(), chosen: None, press: None }
    }

    /// Says whether it is chosen.
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
    /// What belongs into it.
    pub label: String,
    /// Its text, or a mask.
    pub text: String,
    /// Whether it hides its text.
    pub masked: bool,
    /// Whether it may stay empty.
    pub optional: bool,
    /// What there is to say about the text.
    pub remark: Option<Fact>,
}

/// A screen as it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// What is said first.
    pub facts: Vec<Fact>,
    /// What can have the focus, in the order in which the focus moves.
    pub choices: Vec<Choice>,
    /// The choice with the focus.
    pub focus: usize,
    /// About the choice with the focus.
    pub details: Vec<Fact>,
    /// The fields of the form, if one is open.
    pub fields: Vec<PageField>,
    /// The field with the focus.
    pub field: Option<usize>,
}

impl Page {
    /// A page that says this.
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

/// How a severity is meant.
pub fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Error => Tone::Error,
        Severity::Warning => Tone::Warning,
        Severity::Note => Tone::Note,
    }
}

/// What happened, why it usually happens, and what to do, each in a line of its own.
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
